"""Clients: persons and companies, found by phone on every way in, merged with their history."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import bindparam, insert, select, update

from models.client_contact import ClientContact, contact
from models.entities import Client, Deal
from models.errors import NotFound
from models.field_values import FieldValues
from models.ids import ClientId
from models.process.process import ClientFields
from models.search import search_words
from models.states import ClientKind
from models.tables.clients import ClientPhoneRow, ClientRow, ClientWordRow
from models.values.clean_text import one_line
from services.clients import client_words
from services.unit_of_work import UnitOfWork

PHONES = (
    select(ClientPhoneRow.phone).where(ClientPhoneRow.client_id == bindparam("id")).order_by(ClientPhoneRow.position)
)
WITH_PHONES = (
    select(ClientRow, ClientPhoneRow.phone)
    .outerjoin(ClientPhoneRow, ClientPhoneRow.client_id == ClientRow.id)
    .where(ClientRow.id == bindparam("id"))
    .order_by(ClientPhoneRow.position)
)
ALL_WITH_PHONES = (
    select(ClientRow, ClientPhoneRow.phone)
    .outerjoin(ClientPhoneRow, ClientPhoneRow.client_id == ClientRow.id)
    .where(
        ClientRow.id.in_(bindparam("ids", expanding=True)),
        ClientRow.merged_into_id.is_(None),
        ClientRow.erased_at.is_(None),
    )
    .order_by(ClientRow.id, ClientPhoneRow.position)
)
BY_PHONE = (
    select(ClientPhoneRow.client_id)
    .join(ClientRow, ClientRow.id == ClientPhoneRow.client_id)
    .where(ClientPhoneRow.phone == bindparam("phone"), ClientRow.merged_into_id.is_(None))
    .order_by(ClientPhoneRow.client_id)
)
COMPANIES = (
    select(ClientRow.id, ClientRow.name)
    .join(ClientWordRow, ClientWordRow.client_id == ClientRow.id)
    .where(ClientWordRow.word == bindparam("token"), ClientRow.kind == "company", ClientRow.merged_into_id.is_(None))
    .order_by(ClientRow.id)
)
CONTACTS = (
    select(ClientRow.id)
    .where(ClientRow.company_id == bindparam("id"), ClientRow.merged_into_id.is_(None))
    .order_by(ClientRow.id)
    .limit(bindparam("most"))
)
ADD = insert(ClientRow).returning(ClientRow.id)


def get(work: UnitOfWork, client_id: int) -> Client:
    """The client with all phones; follows a merge. NotFound if there is none, or if the person was erased."""
    rows = work.tx.execute(WITH_PHONES, {"id": client_id}).all()
    if not rows or rows[0].erased_at is not None:
        raise NotFound("client")
    row = rows[0]
    if row.merged_into_id is not None:
        return get(work, row.merged_into_id)
    numbers = tuple(one.phone for one in rows if one.phone is not None)
    return Client(row.id, row.kind, row.name, row.note, row.company_id, numbers)


def get_all(work: UnitOfWork, clients: Sequence[int]) -> list[Client]:
    """These cards, in this order, by one statement; those that were joined to others, or erased, are left out."""
    rows = work.tx.execute(ALL_WITH_PHONES, {"ids": list(clients)}).all() if clients else []
    phones: dict[int, list[str]] = {row.id: [] for row in rows}
    for row in rows:
        phones[row.id] += [row.phone] if row.phone is not None else []
    made = {one.id: Client(one.id, one.kind, one.name, one.note, one.company_id, tuple(phones[one.id])) for one in rows}
    return [made[key] for key in clients if key in made]


def find_by_phone(work: UnitOfWork, number: str) -> list[Client]:
    """Everyone who has this number (E.164)."""
    return [get(work, key) for key in work.tx.execute(BY_PHONE, {"phone": number}).scalars().all()]


def known_by(work: UnitOfWork, mapping: ClientFields, fields: FieldValues) -> ClientId | None:
    """The client whom a deal's own phone field names: by a number that his card has already; None without one."""
    number = fields.get(mapping.phone)
    known = find_by_phone(work, str(number)) if number else []
    return known[0].id if known else None


def contact_of(work: UnitOfWork, deal: Deal, mapping: ClientFields) -> ClientContact:
    """The name and the phones of the deal's client."""
    return contact(mapping, deal, get(work, deal.client_id) if deal.client_id is not None else None)


def find_company(work: UnitOfWork, name: str) -> Client | None:
    """The company that is called exactly so, whatever its letters' size."""
    tokens = search_words.tokens(name, 1)
    rows = work.tx.execute(COMPANIES, {"token": tokens[0]}).all() if tokens else []
    return next((get(work, row.id) for row in rows if row.name.casefold() == name.casefold()), None)


def duplicates(work: UnitOfWork, found: Client, most: int) -> list[Client]:
    """Other cards of the same kind with one of the client's phones."""
    every = (one for number in found.phones for one in find_by_phone(work, number))
    others = {one.id: one for one in every if one.id != found.id and one.kind == found.kind}
    return list(others.values())[:most]


def contacts(work: UnitOfWork, company: Client, most: int) -> list[Client]:
    """The people of a company."""
    return [get(work, key) for key in work.tx.execute(CONTACTS, {"id": company.id, "most": most}).scalars().all()]


def create(
    work: UnitOfWork,
    name: str,
    numbers: Sequence[str] = (),
    *,
    kind: ClientKind = "person",
    company_id: int | None = None,
) -> Client:
    """A new client card. Who calls decides first whether the phone is already known (`find_by_phone`)."""
    name = one_line(name) or "—"
    key = work.add(ADD, kind=kind, name=name, company_id=company_id, created_at=work.now)
    for number in numbers:
        _add_phone(work, key, number)
    client_words.renew(work, key)
    return get(work, key)


def for_lead(
    work: UnitOfWork,
    mapping: ClientFields,
    fields: FieldValues,
    what: frozenset[str],
    may_write: Callable[[Client, Client], bool],
) -> ClientId | None:
    """The client of a lead: known by phone, or made now as `what` says — contact, company or both (F-L5).

    `may_write` is asked whether a known contact's card may get the company. Gives the contact's id, or the company's if
    only that was wanted.
    """
    number, name = fields.get(mapping.phone), str(fields.get(mapping.name) or "")
    firm = str(fields.get(mapping.company) or "") if mapping.company else ""
    company: Client | None = None
    contact_id = None
    if "company" in what:
        own = (str(number),) if number and "contact" not in what else ()
        company = find_company(work, firm) or create(work, firm or name, own, kind="company")
    if "contact" in what:
        same = [one for one in find_by_phone(work, str(number)) if one.kind == "person"] if number else []
        if same:
            contact_id = same[0].id
            if company and same[0].company_id is None and may_write(same[0], company):
                write_company(work, contact_id, company.id)
        else:
            numbers = (str(number),) if number else ()
            contact_id = create(work, name or firm, numbers, company_id=company.id if company else None).id
    return contact_id or (company.id if company else None)


def write_company(work: UnitOfWork, client_id: int, company_id: int) -> None:
    """Whose contact the client is."""
    work.tx.execute(update(ClientRow).where(ClientRow.id == client_id).values(company_id=company_id))


def add_phone(work: UnitOfWork, client_id: int, number: str) -> list[Client]:
    """Add a number; gives the other clients who have it too: duplicates to look at."""
    _add_phone(work, client_id, number)
    client_words.renew(work, client_id)
    return [one for one in find_by_phone(work, number) if one.id != client_id]


def _add_phone(work: UnitOfWork, client_id: int, number: str) -> None:
    have = work.tx.execute(PHONES, {"id": client_id}).scalars().all()
    if number not in have:
        work.tx.execute(insert(ClientPhoneRow).values(client_id=client_id, phone=number, position=len(have)))


def rename(work: UnitOfWork, client_id: int, name: str) -> None:
    """Change the name; what he is found by follows."""
    work.tx.execute(update(ClientRow).where(ClientRow.id == client_id).values(name=one_line(name)))
    client_words.renew(work, client_id)
