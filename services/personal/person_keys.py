"""Whose rows are a person's: his client cards with those that were joined to them, his leads and deals.

A lead has no card until it is converted: it is his by the deal that came of it, or by the same phone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import BindParameter, Text, bindparam, or_, select, type_coerce

from models.fields import codec
from models.personal.erasure import ErasedPerson, Key
from models.tables.claims import ClaimRow
from models.tables.clients import ClientPhoneRow, ClientRow
from models.tables.columns import EPOCH, MICROSECOND
from models.tables.deals import DealRow
from services.unit_of_work import UnitOfWork

IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
JOINED = select(ClientRow.id, ClientRow.merged_into_id).where(
    or_(ClientRow.id.in_(IDS), ClientRow.merged_into_id.in_(IDS))
)
PHONES = select(ClientPhoneRow.phone).where(ClientPhoneRow.client_id.in_(IDS))
OF_CLIENTS = select(DealRow.id).where(DealRow.client_id.in_(IDS))
DEALS = select(DealRow.id, DealRow.process, DealRow.fields, DealRow.client_id, DealRow.origin_id).where(
    DealRow.id.in_(IDS)
)
BORN = select(DealRow.id, DealRow.client_id).where(DealRow.origin_id.in_(IDS))
REPAIRS = select(ClaimRow.repair_id).where(ClaimRow.deal_id.in_(IDS), ClaimRow.repair_id.is_not(None))
BY_PHONE = select(DealRow.id).where(
    DealRow.client_id.is_(None), type_coerce(DealRow.fields, Text).like(bindparam("like"))
)
CLIENT_KEYS = select(ClientRow.id, ClientRow.created_at).where(ClientRow.id.in_(IDS)).order_by(ClientRow.id)
DEAL_KEYS = select(DealRow.id, DealRow.created_at).where(DealRow.id.in_(IDS)).order_by(DealRow.id)


@dataclass(frozen=True, slots=True)
class PersonKeys:
    """The ids of a person's rows. `phones` (E.164) are those by which he is known."""

    clients: tuple[int, ...] = ()
    deals: tuple[int, ...] = ()
    phones: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.clients or self.deals)


def of_client(work: UnitOfWork, client_id: int) -> PersonKeys:
    """All that hangs on a client's card, deleted deals included."""
    return gather(work, (client_id,), ())


def near(work: UnitOfWork, client_id: int) -> PersonKeys:
    """The same without the leads that are his by nothing but the phone: no other deals are looked through."""
    return gather(work, (client_id,), (), by_phone=False)


def around(work: UnitOfWork, deal_id: int) -> PersonKeys:
    """The same for whoever's deal or lead it is: by its card, and by what it came of."""
    client = work.tx.execute(select(DealRow.client_id).where(DealRow.id == deal_id)).scalar_one_or_none()
    return gather(work, () if client is None else (client,), (deal_id,), by_phone=False)


def of_deals(deals: Collection[int]) -> PersonKeys:
    """These deals alone, and nobody's card: for what is taken away without the person."""
    return PersonKeys((), tuple(sorted(deals)), frozenset())


def of_lead(work: UnitOfWork, deal_id: int) -> PersonKeys:
    """The person of a lead that has no card; of a deal that has one, the card's."""
    client = work.tx.execute(select(DealRow.client_id).where(DealRow.id == deal_id)).scalar_one_or_none()
    return of_client(work, client) if client is not None else gather(work, (), (deal_id,))


def exactly(work: UnitOfWork, clients: Iterable[int], deals: Iterable[int]) -> PersonKeys:
    """These rows and no others."""
    cards, found = set(clients), set(deals)
    phones = set(work.tx.execute(PHONES, {"ids": sorted(cards)}).scalars()) | _phones_of(work, found)
    return PersonKeys(tuple(sorted(cards)), tuple(sorted(found)), frozenset(phones))


def gather(work: UnitOfWork, clients: Iterable[int], deals: Iterable[int], *, by_phone: bool = True) -> PersonKeys:
    """The rows that hang together with these, until nothing new is found."""
    cards = _joined(work, set(clients))
    found = set(deals) | _ids(work, OF_CLIENTS, cards)
    phones = set(work.tx.execute(PHONES, {"ids": sorted(cards)}).scalars())
    looked = set[str]()
    while True:
        before = set(found)
        found |= _born(work, cards, found) | _ids(work, REPAIRS, found)
        phones |= _phones_of(work, found)
        for number in sorted(phones - looked) if by_phone else ():
            found |= set(work.tx.execute(BY_PHONE, {"like": f'%"{number}"%'}).scalars())
        looked |= phones
        if found == before:
            return PersonKeys(tuple(sorted(cards)), tuple(sorted(found)), frozenset(phones))


def _joined(work: UnitOfWork, cards: set[int]) -> set[int]:
    """With the card into which one was joined, and those that were joined into it."""
    while True:
        rows = work.tx.execute(JOINED, {"ids": sorted(cards)}).all()
        grown = cards | {row.id for row in rows} | {row.merged_into_id for row in rows if row.merged_into_id}
        if grown == cards:
            return cards
        cards = grown


def _born(work: UnitOfWork, cards: set[int], deals: set[int]) -> set[int]:
    """What the deals came of and what came of them, as far as it is nobody else's."""
    rows = work.tx.execute(DEALS, {"ids": sorted(deals)}).all()
    origins = {row.origin_id for row in rows if row.origin_id is not None}
    near = [*work.tx.execute(BORN, {"ids": sorted(deals)}), *work.tx.execute(DEALS, {"ids": sorted(origins)})]
    return {row.id for row in near if row.client_id is None or row.client_id in cards}


def _phones_of(work: UnitOfWork, deals: set[int]) -> set[str]:
    found = set[str]()
    for row in work.tx.execute(DEALS, {"ids": sorted(deals)}):
        process = work.company.processes.get(row.process)
        if process is None:
            continue
        values = codec.decode({process.client.phone: process.fields[process.client.phone]}, row.fields)
        found |= {str(value) for value in values.values() if value}
    return found


def _ids(work: UnitOfWork, statement: object, ids: Collection[int]) -> set[int]:
    return set(work.tx.execute(statement, {"ids": sorted(ids)}).scalars())  # type: ignore[call-overload]


# --- by numbers, for the list that a restore applies again -------------------------------------------------------


def numbers(work: UnitOfWork, keys: PersonKeys) -> ErasedPerson:
    """The rows by their numbers, so that they are known again in a backup, and no other row is taken for one."""

    def read(statement: object, ids: Collection[int]) -> tuple[Key, ...]:
        rows = work.tx.execute(statement, {"ids": list(ids)})  # type: ignore[call-overload]
        return tuple((row.id, (row.created_at - EPOCH) // MICROSECOND) for row in rows)

    return ErasedPerson(read(CLIENT_KEYS, keys.clients), read(DEAL_KEYS, keys.deals))


def known_again(work: UnitOfWork, person: ErasedPerson) -> PersonKeys:
    """Which of these rows are there: the same number, made at the same moment."""
    there = numbers(work, PersonKeys(tuple(key for key, _ in person.clients), tuple(key for key, _ in person.deals)))
    return PersonKeys(
        tuple(key for key, at in there.clients if (key, at) in set(person.clients)),
        tuple(key for key, at in there.deals if (key, at) in set(person.deals)),
    )
