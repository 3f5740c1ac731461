"""The rows under visits: who has which half hours. Verbs and their rules are in `services.visits.bookings`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, or_, select, update

from models.tables.columns import EPOCH
from models.tables.deals import DealRow
from models.tables.people import EmployeeRow
from models.tables.visits import HalfHourRow, VisitRow
from models.values.visit_slot import VisitSlot
from models.visits import AGREED, RESERVED, Visit
from services.deals import deal_visits
from services.deals.deal_visits import read
from services.unit_of_work import RowValues, UnitOfWork
from services.visits import half_hours

PRACTICE = "practice"
SECOND = timedelta(seconds=1)

# NO KEY UPDATE: visits of one person wait for each other, and hardly anybody else does; SQLite has one writer anyway
LOCK_DEAL = select(DealRow.kind, DealRow.process).where(DealRow.id == bindparam("id")).with_for_update(key_share=True)
LOCK_PEOPLE = (
    select(EmployeeRow)
    .where(EmployeeRow.id.in_(bindparam("who", expanding=True)))
    .order_by(EmployeeRow.id)
    .with_for_update(key_share=True)
)
LAPSED = (
    select(VisitRow.id)
    .join(HalfHourRow, HalfHourRow.visit_id == VisitRow.id)
    .where(
        HalfHourRow.employee_id == bindparam("who"), VisitRow.state == RESERVED, VisitRow.held_until <= bindparam("now")
    )
    .distinct()
)
CLEAR = delete(HalfHourRow).where(HalfHourRow.visit_id.in_(bindparam("ids", expanding=True)))
DROP = delete(VisitRow).where(VisitRow.id.in_(bindparam("ids", expanding=True)), VisitRow.state == RESERVED)
REMOVE = delete(VisitRow).where(VisitRow.id == bindparam("key"))
GIVE = (
    update(VisitRow)
    .where(VisitRow.deal_id == bindparam("from_deal"), VisitRow.name.in_(bindparam("names", expanding=True)))
    .values(deal_id=bindparam("to_deal"))
)
ADD = insert(VisitRow).returning(VisitRow.id)
TAKE = insert(HalfHourRow)
WRITTEN = (
    "employee_id", "others", "day", "starts_at", "ends_at", "more_starts", "state", "current", "told", "off_why",
    "off_by_id", "at",
)  # fmt: skip
CHANGE = (
    update(VisitRow).where(VisitRow.id == bindparam("key")).values({name: bindparam(f"to_{name}") for name in WRITTEN})
)
BY_ID = select(VisitRow).where(VisitRow.id == bindparam("id"))
HOLDS = select(VisitRow).where(VisitRow.deal_id == bindparam("deal"), VisitRow.state == RESERVED)
OF_PERSON = (
    select(VisitRow)
    .join(DealRow, DealRow.id == VisitRow.deal_id)
    .where(
        or_(
            VisitRow.employee_id == bindparam("who"),
            VisitRow.id.in_(select(HalfHourRow.visit_id).where(HalfHourRow.employee_id == bindparam("who"))),
        ),
        VisitRow.state.in_((*AGREED, "held")),
        VisitRow.starts_at < bindparam("last"),
        or_(VisitRow.ends_at > bindparam("first"), VisitRow.more_starts.is_not(None)),
        DealRow.deleted_at.is_(None),
        or_(DealRow.kind != PRACTICE, VisitRow.author_id == bindparam("who")),
    )
    .order_by(VisitRow.starts_at, VisitRow.id)
)
BY_IDS = select(VisitRow).where(VisitRow.id.in_(bindparam("ids", expanding=True))).order_by(VisitRow.id)
CELLS = select(HalfHourRow.cell).where(
    HalfHourRow.visit_id.in_(bindparam("ids", expanding=True)), HalfHourRow.employee_id == bindparam("who")
)


def get(work: UnitOfWork, key: int) -> Visit:
    """A visit by its id."""
    return read(work.tx.execute(BY_ID, {"id": key}).one())


def of_ids(work: UnitOfWork, keys: Iterable[int]) -> list[Visit]:
    """Visits by their ids."""
    wanted = list(keys)
    return [read(row) for row in work.tx.execute(BY_IDS, {"ids": wanted})] if wanted else []


def standing(work: UnitOfWork, deal_id: int) -> list[Visit]:
    """What the deal has agreed and not behind it, and what is held for it."""
    agreed = [one for one in of_deal(work, deal_id) if one.last_ends_at is None or one.last_ends_at > work.now]
    return [*agreed, *(read(row) for row in work.tx.execute(HOLDS, {"deal": deal_id}))]


def of_deal(work: UnitOfWork, deal_id: int) -> list[Visit]:
    """The deal's agreed visits, those whose hour is over included, by time."""
    every = [one for found in deal_visits.of_deal(work, deal_id).values() for one in found if one.is_agreed()]
    return sorted(every, key=lambda one: (one.starts_at or EPOCH, one.id))


def find(work: UnitOfWork, deal_id: int, name: str) -> Visit | None:
    """The visit agreed under that name (the latest, if there were several); None if there is none."""
    return next((one for one in reversed(of_deal(work, deal_id)) if one.name == name), None)


def find_hold(work: UnitOfWork, deal_id: int, name: str) -> Visit | None:
    """The window that is held for the visit now, if any."""
    found = [read(row) for row in work.tx.execute(HOLDS, {"deal": deal_id}) if row.name == name]
    return next((one for one in found if one.held_until is not None and one.held_until > work.now), None)


def of_person(work: UnitOfWork, person_id: int, from_: datetime, to: datetime) -> list[Visit]:
    """A person's agreed and held visits that touch this time, of all processes, by time. Of practice deals only what he
    agreed himself (K-2)."""
    rows = work.tx.execute(OF_PERSON, {"who": person_id, "first": from_, "last": to})
    found = [read(row) for row in rows]
    return [one for one in found if one.last_ends_at is not None and one.last_ends_at > from_]


def cells_of(work: UnitOfWork, found: Iterable[Visit], person_id: int) -> set[int]:
    """The half hours of a person that these visits have."""
    keys = [one.id for one in found]
    return set(work.tx.execute(CELLS, {"ids": keys, "who": person_id}).scalars()) if keys else set()


def sweep(work: UnitOfWork, people: Iterable[int]) -> None:
    """Holds whose time is over take no room any more."""
    lapsed = [key for who in people for key in work.tx.execute(LAPSED, {"who": who, "now": work.now}).scalars()]
    if lapsed:
        work.tx.execute(CLEAR, {"ids": lapsed})
        work.tx.execute(DROP, {"ids": lapsed})


def take(work: UnitOfWork, key: int, slot: VisitSlot, travel: timedelta, own: Iterable[Visit] = ()) -> None:
    """Take the half hours but for those that `own` visits have, in order: two who want the same meet at the first.

    IntegrityError if one of them is another's.
    """
    had = list(own)
    wanted = [
        {"employee_id": who, "cell": cell, "visit_id": key}
        for who in sorted(slot.people)
        for cell in sorted(_cells(slot, travel) - cells_of(work, had, who))
    ]
    if wanted:
        work.tx.execute(TAKE, wanted)


def _cells(slot: VisitSlot, travel: timedelta) -> set[int]:
    return {cell for begins, ends in slot.spans for cell in half_hours.touched(begins, ends + travel)}


def add(work: UnitOfWork, deal_id: int | None, visit: Visit) -> int:
    """A new row for the visit; gives its id."""
    own = {"deal_id": deal_id, "name": visit.name, "held_until": visit.held_until, "author_id": work.actor_id}
    return work.add(ADD, **own, **_values(work, visit))


def change(work: UnitOfWork, key: int, visit: Visit) -> None:
    """The row says what the visit is now."""
    work.tx.execute(CHANGE, {"key": key, **{f"to_{name}": one for name, one in _values(work, visit).items()}})


def _values(work: UnitOfWork, visit: Visit) -> RowValues:
    return {
        "employee_id": visit.person_id,
        "others": list(visit.people[1:]) or None,
        "day": visit.day,
        "starts_at": visit.starts_at,
        "ends_at": visit.ends_at,
        "more_starts": [(at - EPOCH) // SECOND for at in visit.more_starts] or None,
        "state": visit.state,
        "current": visit.current,
        "told": visit.told,
        "off_why": visit.off_why,
        "off_by_id": visit.off_by,
        "at": work.now,
    }


def clear(work: UnitOfWork, key: int) -> None:
    """The visit's half hours are given back."""
    work.tx.execute(CLEAR, {"ids": [key]})


def remove(work: UnitOfWork, key: int) -> None:
    """The visit was never agreed: what had agreed it is put back."""
    clear(work, key)
    work.tx.execute(REMOVE, {"key": key})


def give(work: UnitOfWork, deal_id: int, to: int, names: Sequence[str]) -> None:
    """Visits of these names are another deal's from now on, with their half hours and whatever came before them."""
    work.tx.execute(GIVE, {"from_deal": deal_id, "names": list(names), "to_deal": to})


def drop(work: UnitOfWork, held: Sequence[Visit]) -> None:
    """Holds are given up, without a trace."""
    keys = [one.id for one in held]
    if keys:
        work.tx.execute(CLEAR, {"ids": keys})
        work.tx.execute(DROP, {"ids": keys})
