"""The rows under booked visits: who holds which half hours. Verbs and their rules are in `services.visits.bookings`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, or_, select, update

from models.tables.deals import DealRow
from models.tables.people import EmployeeRow
from models.tables.visits import BookingRow, HalfHourRow
from models.values.visit_slot import VisitSlot
from models.visits import BOOKED, FREED, HELD, Booking
from services.unit_of_work import UnitOfWork
from services.visits import half_hours

PRACTICE = "practice"

# NO KEY UPDATE: bookings of one person wait for each other, and hardly anybody else does; SQLite has one writer anyway
LOCK_DEAL = select(DealRow.kind, DealRow.process).where(DealRow.id == bindparam("id")).with_for_update(key_share=True)
LOCK_PEOPLE = (
    select(EmployeeRow)
    .where(EmployeeRow.id.in_(bindparam("who", expanding=True)))
    .order_by(EmployeeRow.id)
    .with_for_update(key_share=True)
)
LAPSED = select(BookingRow.id).where(
    BookingRow.employee_id == bindparam("who"), BookingRow.state == HELD, BookingRow.held_until <= bindparam("now")
)
CLEAR = delete(HalfHourRow).where(HalfHourRow.booking_id.in_(bindparam("ids", expanding=True)))
DROP = delete(BookingRow).where(BookingRow.id.in_(bindparam("ids", expanding=True)), BookingRow.state == HELD)
FREE = (
    update(BookingRow)
    .where(BookingRow.id.in_(bindparam("ids", expanding=True)))
    .values(state=FREED, held_until=None, at=bindparam("now"))
)
ADD = insert(BookingRow).returning(BookingRow.id)
TAKE = insert(HalfHourRow)
MOVE = (
    update(BookingRow)
    .where(BookingRow.id == bindparam("key"))
    .values(
        employee_id=bindparam("to_person"),
        starts_at=bindparam("to_start"),
        ends_at=bindparam("to_end"),
        state=BOOKED,
        held_until=None,
        at=bindparam("now"),
    )
)
BY_ID = select(BookingRow).where(BookingRow.id == bindparam("id"))
OF_DEAL = (
    select(BookingRow)
    .where(BookingRow.deal_id == bindparam("deal"), BookingRow.state == BOOKED)
    .order_by(BookingRow.starts_at, BookingRow.id)
)
COMING = OF_DEAL.where(BookingRow.ends_at > bindparam("now"))
HOLDS = select(BookingRow).where(BookingRow.deal_id == bindparam("deal"), BookingRow.state == HELD)
OF_PERSON = (
    select(BookingRow)
    .join(DealRow, DealRow.id == BookingRow.deal_id)
    .where(
        BookingRow.employee_id == bindparam("who"),
        BookingRow.state == BOOKED,
        BookingRow.ends_at > bindparam("first"),
        BookingRow.starts_at < bindparam("last"),
        DealRow.deleted_at.is_(None),
        or_(DealRow.kind != PRACTICE, BookingRow.author_id == bindparam("who")),
    )
    .order_by(BookingRow.starts_at, BookingRow.id)
)
BY_IDS = select(BookingRow).where(BookingRow.id.in_(bindparam("ids", expanding=True))).order_by(BookingRow.id)
CELLS = select(HalfHourRow.cell).where(
    HalfHourRow.booking_id.in_(bindparam("ids", expanding=True)), HalfHourRow.employee_id == bindparam("who")
)


def read(row: Row[Any]) -> Booking:
    """A booking from its row."""
    return Booking(
        row.id, row.deal_id, row.field, row.employee_id, row.starts_at, row.ends_at, row.state, row.held_until, row.at
    )


def get(work: UnitOfWork, key: int) -> Booking:
    """A booking by its id."""
    return read(work.tx.execute(BY_ID, {"id": key}).one())


def of_ids(work: UnitOfWork, keys: Iterable[int]) -> list[Booking]:
    """Bookings by their ids."""
    wanted = list(keys)
    return [read(row) for row in work.tx.execute(BY_IDS, {"ids": wanted})] if wanted else []


def standing(work: UnitOfWork, deal_id: int) -> list[Booking]:
    """What the deal has booked and not behind it, and what is held for it."""
    booked = work.tx.execute(COMING, {"deal": deal_id, "now": work.now}).all()
    return [read(row) for row in (*booked, *work.tx.execute(HOLDS, {"deal": deal_id}))]


def of_deal(work: UnitOfWork, deal_id: int) -> list[Booking]:
    """The deal's booked visits, those that are over included, by time."""
    return [read(row) for row in work.tx.execute(OF_DEAL, {"deal": deal_id})]


def find(work: UnitOfWork, deal_id: int, field: str) -> Booking | None:
    """The visit booked for the field (the latest, if there were several); None if there is none."""
    return next((one for one in reversed(of_deal(work, deal_id)) if one.field == field), None)


def find_hold(work: UnitOfWork, deal_id: int, field: str) -> Booking | None:
    """The window that is held for the field now, if any."""
    found = [read(row) for row in work.tx.execute(HOLDS, {"deal": deal_id}) if row.field == field]
    return next((one for one in found if one.held_until is not None and one.held_until > work.now), None)


def of_person(work: UnitOfWork, person_id: int, from_: datetime, to: datetime) -> list[Booking]:
    """A person's booked visits that touch this time, by time. Of practice deals only what he booked himself (K-2)."""
    return [read(row) for row in work.tx.execute(OF_PERSON, {"who": person_id, "first": from_, "last": to})]


def cells_of(work: UnitOfWork, found: Iterable[Booking], person_id: int) -> set[int]:
    """The half hours of a person that these bookings have."""
    keys = [one.id for one in found]
    return set(work.tx.execute(CELLS, {"ids": keys, "who": person_id}).scalars()) if keys else set()


def sweep(work: UnitOfWork, person_id: int) -> None:
    """Holds whose time is over take no room any more."""
    lapsed = list(work.tx.execute(LAPSED, {"who": person_id, "now": work.now}).scalars())
    if lapsed:
        work.tx.execute(CLEAR, {"ids": lapsed})
        work.tx.execute(DROP, {"ids": lapsed})


def take(work: UnitOfWork, key: int, slot: VisitSlot, travel: timedelta, have: set[int]) -> None:
    """Take the half hours but for those one has, in order: two who want the same ones meet at the first.

    IntegrityError if one of them is another's.
    """
    wanted = [cell for cell in half_hours.touched(slot.starts_at, slot.ends_at + travel) if cell not in have]
    if wanted:
        work.tx.execute(TAKE, [{"employee_id": slot.person_id, "cell": cell, "booking_id": key} for cell in wanted])


def move(work: UnitOfWork, key: int, slot: VisitSlot) -> None:
    """The booking is at another time or somebody else's; its half hours are given back."""
    work.tx.execute(CLEAR, {"ids": [key]})
    to = {"to_person": slot.person_id, "to_start": slot.starts_at, "to_end": slot.ends_at, "now": work.now}
    work.tx.execute(MOVE, {"key": key, **to})


def drop(work: UnitOfWork, held: Sequence[Booking]) -> None:
    """Holds are given up, without a trace."""
    keys = [one.id for one in held]
    if keys:
        work.tx.execute(CLEAR, {"ids": keys})
        work.tx.execute(DROP, {"ids": keys})


def set_free(work: UnitOfWork, found: Sequence[Booking]) -> list[Booking]:
    """Give back what these have; gives those that were booked (they stay as freed)."""
    drop(work, [one for one in found if one.state == HELD])
    booked = [one for one in found if one.state == BOOKED]
    if booked:
        keys = [one.id for one in booked]
        work.tx.execute(CLEAR, {"ids": keys})
        work.tx.execute(FREE, {"ids": keys, "now": work.now})
    return booked
