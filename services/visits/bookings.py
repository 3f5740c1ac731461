"""Agreed visits: hold a window while one talks, agree it, move it, free it. Nobody is promised twice (promise 6).

A visit takes the half hours of everybody who comes, day by day, from its beginning until the way to the next client is
over: a row of `visit_cell` each, whose primary key no second visit can have, on any database and in any process. The
checks before it only find the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from models.engine.effects import VisitSet
from models.entities import Employee
from models.errors import NotFound, SlotTaken
from models.process.visit_kinds import HOLD, VisitKind
from models.values.invalid_value import N_, InvalidValue
from models.values.product_text import ProductText
from models.values.visit_slot import VisitSlot
from models.visits import NO_TRAVEL, RESERVED, Unavailable, Visit
from services.deals import deal_visits
from services.people import employees
from services.unit_of_work import UnitOfWork
from services.visits import booking_rows, free_windows, half_hours


@dataclass(frozen=True, slots=True)
class _Place:
    """What a visit is for and where: locked until the transaction ends."""

    deal_id: int | None
    name: str
    slot: VisitSlot
    travel: timedelta
    hold: timedelta
    person: Employee
    practice: bool


def hold(
    work: UnitOfWork,
    deal_id: int | None,
    name: str,
    slot: VisitSlot,
    minutes: int | None = None,
    *,
    travel: timedelta | None = None,
) -> Visit:
    """Keep a window for some minutes (by default what the field says, else ten) while one talks with the client.

    An earlier hold for the same visit of the same deal is given up. What the deal has agreed stays agreed meanwhile.
    Raises SlotTaken, InvalidValue("slot.half_hour"), NotFound.
    """
    _check_half_hours(slot)
    place = _place(work, deal_id, name, slot, travel)
    _check(work, place)
    agreed, held = _own(work, place)
    length = place.hold if minutes is None else timedelta(minutes=minutes)

    def take() -> int:
        booking_rows.drop(work, held)
        kept = replace(_visit(place), state=RESERVED, current=False, held_until=work.now + length)
        key = booking_rows.add(work, deal_id, kept)
        # half hours that the deal has already need not be taken again when its visit is only shifted
        _take(work, place, key, agreed)
        return key

    return booking_rows.get(work, _attempt(work, place, take))


def release(work: UnitOfWork, deal_id: int | None, name: str) -> None:
    """Give up what is held for the visit; nothing happens if nothing is."""
    found = booking_rows.of_ids(work, half_hours.own_ids(work, deal_id, name))
    booking_rows.drop(work, [one for one in found if one.state == RESERVED])


def book(work: UnitOfWork, deal_id: int, name: str, slot: VisitSlot, *, travel: timedelta | None = None) -> Visit:
    """Agree the window for the deal's visit: what was held or agreed for it before is free from then on.

    A visit that is moved stays the same one; one that is over stays as it was, and the new one is another. Exactly
    the window that the deal has already is kept, even if it has begun. Raises SlotTaken with the reason and the nearest
    free windows, InvalidValue("slot.half_hour"), NotFound.
    """
    _check_half_hours(slot)
    place = _place(work, deal_id, name, slot, travel)
    agreed, held = _own(work, place)
    known = agreed[0] if agreed else None
    if known is not None and known.slot == slot:
        booking_rows.drop(work, held)
        return known
    _check(work, place)
    if known is None:
        _put_aside(work, deal_id, name)
    key = _attempt(
        work, place, lambda: _written(work, place, replace(_visit(place), id=known.id if known else 0), held)
    )
    return booking_rows.get(work, key)


def put(work: UnitOfWork, deal_id: int, kind: VisitKind, change: VisitSet, key: int) -> int:
    """Keep a visit as a plan has it, in the row `key` (0: a new one); gives its row.

    Whoever comes is locked for its hours; what is not agreed any more is free. One entered for a time that is past
    takes nobody's time. Raises SlotTaken, InvalidValue("slot.half_hour"), NotFound.
    """
    visit, was, slot = change.visit, change.was, change.visit.slot
    if not visit.is_agreed() or slot is None:
        if key and was is not None and was.is_agreed() and (was.is_ahead(work.now) or visit.state == "off"):
            booking_rows.clear(work, key)
        return _kept(work, deal_id, visit, key)
    if key and was is not None and was.slot == slot and was.is_agreed():
        return _kept(work, deal_id, visit, key)
    if kind.slot:
        _check_half_hours(slot)
    place = _place(work, deal_id, kind.name, slot, None)
    held = _own(work, place)[1]
    if kind.slot is None and slot.starts_at < work.now:
        if key:
            booking_rows.clear(work, key)
        booking_rows.drop(work, held)
        return _kept(work, deal_id, visit, key)
    _check(work, place)
    return _attempt(work, place, lambda: _written(work, place, replace(visit, id=key), held))


def check_free(work: UnitOfWork, deal_id: int | None, kind: VisitKind, visit: Visit) -> None:
    """Raise SlotTaken if somebody whom the visit names cannot come then; nothing is locked yet."""
    slot = visit.slot
    if slot is None or slot.starts_at < work.now:
        return
    person = employees.get(work, slot.person_id)
    place = _Place(deal_id, kind.name, slot, kind.travel, kind.hold, person, practice=False)
    _check(work, place)


def free(work: UnitOfWork, deal_id: int, name: str) -> list[Visit]:
    """Free what is agreed or held for the visit and not over yet; gives the visits that were agreed (K-21)."""
    return _set_free(work, [one for one in booking_rows.standing(work, deal_id) if one.name == name])


def free_all(work: UnitOfWork, deal_id: int, why: ProductText | None = None) -> list[Visit]:
    """Free everything that the deal still has before it; gives the visits that were agreed."""
    return _set_free(work, booking_rows.standing(work, deal_id), why)


def _set_free(work: UnitOfWork, found: list[Visit], why: ProductText | None = None) -> list[Visit]:
    booking_rows.drop(work, [one for one in found if one.state == RESERVED])
    agreed = [one for one in found if one.is_agreed()]
    for one in agreed:
        booking_rows.clear(work, one.id)
        off_by = work.actor.id if work.actor else None
        booking_rows.change(work, one.id, replace(one, state="off", current=False, off_why=why, off_by=off_by))
    return agreed


# --- how a window is taken ------------------------------------------------------------------------------------------


def _check_half_hours(slot: VisitSlot) -> None:
    """A window begins on a half hour."""
    if not all(half_hours.is_half_hour(begins) for begins, _ in slot.spans):
        raise InvalidValue(
            "slot.half_hour", N_("Выезд начинается в начале часа или в половине."), N_("26 ноября в 10:30")
        )


def _place(work: UnitOfWork, deal_id: int | None, name: str, slot: VisitSlot, travel: timedelta | None) -> _Place:
    """Lock the deal, then the people in the order of their ids, so that nobody waits in a ring.

    NotFound if somebody does not work here or is not of the role that the visit wants.
    """
    row = work.tx.execute(booking_rows.LOCK_DEAL, {"id": deal_id}).one_or_none() if deal_id is not None else None
    if deal_id is not None and row is None:
        raise NotFound("deal")
    process = work.company.processes.get(row.process) if row else None
    kind = process.visit_kinds.get(name) if process else None
    before = {who for one in booking_rows.standing(work, deal_id) for who in one.people} if deal_id is not None else ()
    locked = work.tx.execute(booking_rows.LOCK_PEOPLE, {"who": sorted({*slot.people, *before})})
    people = {one.id: Employee.of(one) for one in locked}
    for who in slot.people:
        person = people.get(who)
        if person is None or not person.active or (kind and kind.role and person.role != kind.role):
            raise NotFound("employee")
    way = travel if travel is not None else kind.travel if kind else NO_TRAVEL
    practice = row is not None and row.kind == booking_rows.PRACTICE
    return _Place(deal_id, name, slot, way, kind.hold if kind else HOLD, people[slot.person_id], practice)


def _check(work: UnitOfWork, place: _Place) -> None:
    """Raise SlotTaken if somebody cannot come then."""
    if place.practice:  # a learner takes nobody's time (K-2)
        return
    why = _why_not(work, place)
    if why is not None:
        raise _taken(work, place, why)


def _why_not(work: UnitOfWork, place: _Place) -> Unavailable | None:
    return next((why for why in _reasons(work, place) if why is not None), None)


def _reasons(work: UnitOfWork, place: _Place) -> Iterator[Unavailable | None]:
    for who in place.slot.people:
        for begins, ends in place.slot.spans:
            yield free_windows.why_not(
                work, who, begins, ends, place.travel, deal_id=place.deal_id, field=place.name
            )  # fmt: skip


def _taken(work: UnitOfWork, place: _Place, why: Unavailable) -> SlotTaken:
    slot = place.slot
    near = free_windows.nearest(
        work,
        place.person.role,
        slot.length,
        place.travel,
        slot.starts_at,
        person_id=slot.person_id,
        deal_id=place.deal_id,
        field=place.name,
    )
    return SlotTaken(why, tuple(near))


def _attempt(work: UnitOfWork, place: _Place, take: Callable[[], int]) -> int:
    """Take the half hours; whoever lost the race for one of them hears who has it, and nothing of his was changed."""
    try:
        with work.tx.begin_nested():
            booking_rows.sweep(work, place.slot.people)
            return take()
    except IntegrityError:
        why = _why_not(work, place) or Unavailable("busy", place.person.name)
        raise _taken(work, place, why) from None


def _written(work: UnitOfWork, place: _Place, visit: Visit, held: list[Visit]) -> int:
    booking_rows.drop(work, held)
    if visit.id:
        booking_rows.clear(work, visit.id)
    key = _kept(work, place.deal_id, visit, visit.id)
    _take(work, place, key, [])
    return key


def _take(work: UnitOfWork, place: _Place, key: int, own: list[Visit]) -> None:
    """Practice takes nobody's time (K-2)."""
    if not place.practice:
        booking_rows.take(work, key, place.slot, place.travel, own)


def _kept(work: UnitOfWork, deal_id: int | None, visit: Visit, key: int) -> int:
    if not key:
        return booking_rows.add(work, deal_id, visit)
    booking_rows.change(work, key, visit)
    return key


def _visit(place: _Place) -> Visit:
    slot = place.slot
    return Visit(place.name, "planned", None, slot.people, slot.starts_at, slot.ends_at, slot.more_starts)


def _put_aside(work: UnitOfWork, deal_id: int, name: str) -> None:
    """An earlier visit of that name is history."""
    for one in deal_visits.of_deal(work, deal_id).get(name, ()):
        if one.current:
            booking_rows.change(work, one.id, replace(one, current=False))


def _own(work: UnitOfWork, place: _Place) -> tuple[list[Visit], list[Visit]]:
    """(What is agreed for the visit and not over, what is held for it)."""
    found = booking_rows.of_ids(work, half_hours.own_ids(work, place.deal_id, place.name))
    agreed = [one for one in found if one.is_agreed() and _is_ahead(one, work.now)]
    return agreed, [one for one in found if one.state == RESERVED]


def _is_ahead(one: Visit, now: datetime) -> bool:
    return one.last_ends_at is not None and one.last_ends_at > now
