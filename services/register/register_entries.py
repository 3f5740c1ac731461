"""«Учёт клиентов»: a view of the deals, one entry for each measurement (M-5, M-12, M-14 … M-16).

Nothing is kept here. Date and sums are the deal's fields, the status follows from the stage where the deal stands, so
that the two can never differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from models import access
from models.client_contact import ClientContact, contact
from models.entities import Deal
from models.errors import NotFound
from models.ids import DealId
from models.process.process import Process, RegisterDefinition
from models.tables.clients import ClientPhoneRow, ClientRow
from models.tables.deals import DealRow
from models.values.addresses.address import Address
from models.values.product_text import ProductText
from services.clients import client_cards
from services.deals import deal_queries
from services.people import employees
from services.register import register_queries as where
from services.register import register_status
from services.unit_of_work import UnitOfWork

PAGE = 8
AT_ONCE = 500  # entries read by one statement where all are wanted
NAMES = select(ClientRow.id, ClientRow.name, ClientRow.merged_into_id).where(
    ClientRow.id.in_(bindparam("ids", expanding=True))
)
PHONES = (
    select(ClientPhoneRow.client_id, ClientPhoneRow.phone)
    .where(ClientPhoneRow.client_id.in_(bindparam("ids", expanding=True)))
    .order_by(ClientPhoneRow.client_id, ClientPhoneRow.position)
)
Day = date  # the entry has a `date` of its own


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A line of the ledger. `phones` are E.164; `address` is one line; sums are in roubles."""

    deal_id: DealId
    number: str
    status: ProductText
    client: str
    phones: tuple[str, ...] = ()
    address: str = ""
    date: Day | None = None
    sum: Decimal | None = None
    contract_number: str = ""
    contract_sum: Decimal | None = None
    discount: Decimal | None = None
    full_name: str = ""
    result: str = ""
    responsible: str = ""


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """Entries, the newest deal first; `after` leads to the next page."""

    entries: tuple[RegisterEntry, ...]
    after: int | None


def find(work: UnitOfWork, name: str) -> Process:
    """The process of that name, if it keeps a ledger; NotFound else."""
    found = work.company.processes.get(name)
    if found is None or found.ledger is None:
        raise NotFound("button")
    return found


def kept(work: UnitOfWork) -> tuple[Process, ...]:
    """The processes that keep a ledger."""
    return tuple(one for one in work.company.processes.values() if one.ledger)


def titles(process: Process) -> dict[str, str]:
    """What the process calls the fields of the ledger's columns."""
    ledger = _ledger(process)
    named = {
        "phone": process.client.phone, "date": ledger.date, "sum": ledger.sum, "result": ledger.result,
        "contract_number": ledger.contract_number, "contract_sum": ledger.contract_sum,
        "discount": "discount", "full_name": "full_name",
    }  # fmt: skip
    return {column: process.fields[name].title for column, name in named.items() if name in process.fields}


def entries(
    work: UnitOfWork, process: Process, *, after: int | None = None, most: int = PAGE, status: ProductText | None = None
) -> RegisterPage:
    """A page of the ledger, perhaps of one status. NotAllowed for those who do not sell: it tells prices (C-8)."""
    sees_all = work.actor is None or work.actor.role in access.ALL_SEEING
    kept_here = where.kept_in(process, newest=sees_all and status is None)
    query = select(DealRow).where(kept_here, where.reach(work)).order_by(DealRow.id.desc()).limit(most + 1)
    if after is not None:
        query = query.where(DealRow.id < after)
    if status is not None:
        query = query.where(where.has_status(process, status))
    rows = work.tx.execute(query).all()
    found = _read(work, process, rows[:most])
    return RegisterPage(found, found[-1].deal_id if len(rows) > most else None)


def every(work: UnitOfWork, process: Process, most: int | None = None) -> Iterator[RegisterEntry]:
    """All entries in the actor's reach, or the newest so many."""
    after: int | None = None
    left = most
    while left is None or left > 0:
        page = entries(work, process, after=after, most=AT_ONCE if left is None else min(left, AT_ONCE))
        yield from page.entries
        if page.after is None:
            return
        after, left = page.after, left if left is None else left - len(page.entries)


def counts(work: UnitOfWork, process: Process) -> dict[ProductText, int]:
    """How many entries have which status, in the order of the stages; only those that there are."""
    query = (
        select(
            DealRow.pipeline,
            DealRow.stage,
            where.lost_option(process),
            where.is_off(process).label("off"),
            func.count().label("n"),
        )
        .where(where.kept_in(process), where.reach(work))
        .group_by(DealRow.pipeline, DealRow.stage, "how_lost", "off")  # by names: repeated they would be bound anew
    )
    found = dict.fromkeys(register_status.every(process), 0)
    for row in work.tx.execute(query):
        words = register_status.of(process, row.pipeline, row.stage, row.how_lost or None, off=bool(row.off))
        found[words] = found.get(words, 0) + int(row.n)
    return {words: n for words, n in found.items() if n}


def get(work: UnitOfWork, deal_id: int) -> tuple[Deal, RegisterEntry]:
    """The deal and its entry; NotFound if it has none, NotAllowed where the deal is not the actor's to see."""
    where.check_sells(work)
    found = deal_queries.get(work, deal_id)
    entry = find_entry(work, found)
    if entry is None:
        raise NotFound("deal")
    return found, entry


def find_entry(work: UnitOfWork, found: Deal) -> RegisterEntry | None:
    """The entry of a deal, None if it stands in no ledger."""
    process = work.company.processes.get(found.process)
    if process is None or process.ledger is None:
        return None
    row = work.tx.execute(select(DealRow).where(DealRow.id == found.id, where.kept_in(process))).one_or_none()
    return _read(work, process, [row])[0] if row is not None else None


# --- what an entry shows ----------------------------------------------------------------------------------------


def _ledger(process: Process) -> RegisterDefinition:
    assert process.ledger is not None
    return process.ledger


def _read(work: UnitOfWork, process: Process, rows: Sequence[Row[Any]]) -> tuple[RegisterEntry, ...]:
    found = [deal_queries.as_seen(work, one) for one in deal_queries.read_all(work, rows)]
    ids = sorted({one.client_id for one in found if one.client_id})
    known = _clients(work, ids) if ids else {}
    staff: dict[int, str] = {one.id: one.name for one in employees.staff(work)} if found else {}
    return tuple(_entry(work, process, one, known, staff) for one in found)


def _clients(work: UnitOfWork, ids: Sequence[int]) -> dict[int, ClientContact]:
    """Names and phones of many clients by two statements; a merged one is read on its own."""
    numbers: dict[int, list[str]] = {}
    for row in work.tx.execute(PHONES, {"ids": ids}):
        numbers.setdefault(row.client_id, []).append(row.phone)
    found = {}
    for one in work.tx.execute(NAMES, {"ids": ids}):
        if one.merged_into_id is not None:
            now = client_cards.get(work, one.id)
            found[one.id] = ClientContact(now.name, now.phones)
        else:
            found[one.id] = ClientContact(one.name, tuple(numbers.get(one.id, ())))
    return found


def _entry(
    work: UnitOfWork,
    process: Process,
    one: Deal,
    known: Mapping[int, ClientContact],
    staff: Mapping[int, str],
) -> RegisterEntry:
    ledger = _ledger(process)
    values = one.fields
    client = contact(process.client, one, known.get(one.client_id or 0))
    address = next((value for value in values.values() if isinstance(value, Address)), None)
    return RegisterEntry(
        deal_id=one.id,
        number=one.number,
        status=register_status.of(
            process, one.pipeline, one.stage, values.get(register_status.LOST_RESULT), off=_is_off(process, one)
        ),
        client=client.name or one.title,
        phones=client.phones,
        address=address.one_line() if address else "",
        date=_day(work, values.get(ledger.date)),
        sum=values.get(ledger.sum),
        contract_number=str(values.get(ledger.contract_number or "") or ""),
        contract_sum=values.get(ledger.contract_sum or ""),
        discount=values.get("discount"),
        full_name=str(values.get("full_name") or ""),
        result=_words(process, ledger.result, values),
        responsible=staff.get(one.responsible_id or 0, ""),
    )


def _is_off(process: Process, one: Deal) -> bool:
    visit = one.visit(register_status.visit_of(process) or "")
    return visit is not None and visit.state == "off"


def _day(work: UnitOfWork, value: Any) -> date | None:
    return work.company.calendar.local(value).date() if isinstance(value, datetime) else value


def _words(process: Process, name: str | None, values: Mapping[str, Any]) -> str:
    """A choice by its title, a text as it is."""
    value, field = values.get(name or ""), process.fields.get(name or "")
    if value is None:
        return ""
    return field.spelled(value) if field else str(value)
