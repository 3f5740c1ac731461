"""Booked visits: hold a window while one talks, book it, move it, free it. No window twice, by constraint (promise 6).

A visit takes the half hours from its beginning until the way to the next client is over: a row of `booking_cell` each,
whose primary key no second visit can have, on any database. The checks before it only find the words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from models.entities import Employee
from models.errors import NotFound, SlotTaken
from models.fields.booking_field import BookingField
from models.values.invalid_value import N_, InvalidValue
from models.values.visit_slot import VisitSlot
from models.visits import BOOKED, HELD, NO_TRAVEL, Booking, Unavailable
from services.unit_of_work import UnitOfWork
from services.visits import booking_rows, free_windows, half_hours

HOLD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Place:
    """What a booking is for and where: locked until the transaction ends."""

    deal_id: int | None
    field: str
    slot: VisitSlot
    travel: timedelta
    hold: timedelta
    person: Employee
    practice: bool


def hold(
    work: UnitOfWork,
    deal_id: int | None,
    field: str,
    slot: VisitSlot,
    minutes: int | None = None,
    *,
    travel: timedelta | None = None,
) -> Booking:
    """Keep a window for some minutes (by default what the field says, else ten) while one talks with the client.

    An earlier hold for the same field of the same deal is given up. What the deal has booked stays booked meanwhile.
    Raises SlotTaken, Wrong("slot.half_hour"), NotFound.
    """
    place = _place(work, deal_id, field, slot, travel)
    _check(work, place)
    booked, held = _own(work, place)
    length = place.hold if minutes is None else timedelta(minutes=minutes)

    def take() -> int:
        booking_rows.drop(work, held)
        key = work.add(booking_rows.ADD, state=HELD, held_until=work.now + length, **_values(work, place))
        # half hours that the deal has already need not be taken again when its visit is only shifted
        _take(work, place, key, booking_rows.cells_of(work, booked, slot.person_id))
        return key

    return booking_rows.get(work, _attempt(work, place, take))


def release(work: UnitOfWork, deal_id: int | None, field: str) -> None:
    """Give up what is held for the field; nothing happens if nothing is."""
    found = booking_rows.of_ids(work, half_hours.own_ids(work, deal_id, field))
    booking_rows.drop(work, [one for one in found if one.state == HELD])


def book(work: UnitOfWork, deal_id: int, field: str, slot: VisitSlot, *, travel: timedelta | None = None) -> Booking:
    """Book the window for the deal's field: what was held or booked for it before is free from then on.

    A visit that is moved stays the same booking; one that is over stays as it was, and the new one is another. Exactly
    the window that the deal has already is kept, even if it has begun. Raises SlotTaken with the reason and the nearest
    free windows, Wrong("slot.half_hour"), NotFound.
    """
    place = _place(work, deal_id, field, slot, travel)
    booked, held = _own(work, place)
    current = booked[0] if booked else None
    if current is not None and current.slot == slot:
        booking_rows.drop(work, held)
        return current
    _check(work, place)

    def take() -> int:
        booking_rows.drop(work, held)
        if current is not None:
            booking_rows.move(work, current.id, slot)
        key = (
            current.id if current else work.add(booking_rows.ADD, state=BOOKED, held_until=None, **_values(work, place))
        )
        _take(work, place, key, set())
        return key

    return booking_rows.get(work, _attempt(work, place, take))


def free(work: UnitOfWork, deal_id: int, field: str) -> list[Booking]:
    """Free what is booked or held for the field and not over yet; gives the visits that were booked (K-21)."""
    return booking_rows.set_free(work, [one for one in booking_rows.standing(work, deal_id) if one.field == field])


def free_all(work: UnitOfWork, deal_id: int) -> list[Booking]:
    """Free everything that the deal still has before it: it failed, or was deleted."""
    return booking_rows.set_free(work, booking_rows.standing(work, deal_id))


# --- how a window is taken ------------------------------------------------------------------------------------------


def _place(work: UnitOfWork, deal_id: int | None, field: str, slot: VisitSlot, travel: timedelta | None) -> _Place:
    """Lock the deal, then the people in the order of their ids, so that nobody waits in a ring.

    NotFound if the person does not work here or is not of the role that the field wants.
    """
    if not half_hours.is_half_hour(slot.starts_at):
        raise InvalidValue(
            "slot.half_hour", N_("Выезд начинается в начале часа или в половине."), N_("26 ноября в 10:30")
        )
    row = work.tx.execute(booking_rows.LOCK_DEAL, {"id": deal_id}).one_or_none() if deal_id is not None else None
    if deal_id is not None and row is None:
        raise NotFound("deal")
    process = work.company.processes.get(row.process) if row else None
    known = process.fields.get(field) if process else None
    wanted = known if isinstance(known, BookingField) else None
    before = {one.person_id for one in booking_rows.standing(work, deal_id)} if deal_id is not None else set()
    locked = work.tx.execute(booking_rows.LOCK_PEOPLE, {"who": sorted({slot.person_id, *before})})
    person = {one.id: Employee.of(one) for one in locked}.get(slot.person_id)
    if person is None or not person.active or (wanted and person.role != wanted.role):
        raise NotFound("employee")
    way = travel if travel is not None else wanted.travel if wanted else NO_TRAVEL
    practice = row is not None and row.kind == booking_rows.PRACTICE
    return _Place(deal_id, field, slot, way, wanted.hold if wanted else HOLD, person, practice)


def _check(work: UnitOfWork, place: _Place) -> None:
    """Raise SlotTaken if the person cannot come then."""
    why = _why_not(work, place)
    if why is not None:
        raise _taken(work, place, why)


def _why_not(work: UnitOfWork, place: _Place) -> Unavailable | None:
    slot, deal_id, field = place.slot, place.deal_id, place.field
    return free_windows.why_not(
        work, slot.person_id, slot.starts_at, slot.ends_at, place.travel, deal_id=deal_id, field=field
    )


def _taken(work: UnitOfWork, place: _Place, why: Unavailable) -> SlotTaken:
    slot = place.slot
    near = free_windows.nearest(
        work,
        place.person.role,
        slot.ends_at - slot.starts_at,
        place.travel,
        slot.starts_at,
        person_id=slot.person_id,
        deal_id=place.deal_id,
        field=place.field,
    )
    return SlotTaken(why, tuple(near))


def _attempt(work: UnitOfWork, place: _Place, take: Callable[[], int]) -> int:
    """Take the cells; whoever lost the race for one of them hears who has it, and nothing of his was changed."""
    try:
        with work.tx.begin_nested():
            booking_rows.sweep(work, place.slot.person_id)
            return take()
    except IntegrityError:
        why = _why_not(work, place) or Unavailable("busy", place.person.name)
        raise _taken(work, place, why) from None


def _take(work: UnitOfWork, place: _Place, key: int, have: set[int]) -> None:
    """Practice takes nobody's time (K-2)."""
    if not place.practice:
        booking_rows.take(work, key, place.slot, place.travel, have)


def _own(work: UnitOfWork, place: _Place) -> tuple[list[Booking], list[Booking]]:
    """(What is booked for the field and not over, what is held for it)."""
    found = booking_rows.of_ids(work, half_hours.own_ids(work, place.deal_id, place.field))
    booked = [one for one in found if one.state == BOOKED and one.ends_at > work.now]
    return booked, [one for one in found if one.state == HELD]


def _values(work: UnitOfWork, place: _Place) -> dict[str, Any]:
    slot = place.slot
    return {
        "deal_id": place.deal_id,
        "field": place.field,
        "employee_id": slot.person_id,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "author_id": work.actor_id,
        "at": work.now,
    }
