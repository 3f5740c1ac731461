"""Visits as they were before a press that is put back; whoever has the time by now keeps it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.exc import IntegrityError

from models.engine.effects import VisitSet
from models.errors import CannotPutBack, NotFound, SlotTaken
from models.process.visit_kinds import VisitKind
from models.undo import DealBefore
from models.visits import OFF, Visit
from services.deals import hooks
from services.deals.changes import DealChanges
from services.visits import booking_rows, bookings


@hooks.put_back.register
def _put_back(changes: DealChanges, before: DealBefore) -> None:
    """CannotPutBack where a visit is another one by now, or where it was its time is somebody else's."""
    if not before.visits:
        return
    work = changes.work
    changes.visits_changed = True
    keys = [one.id for _, one in before.visits if one is not None]
    now = {one.id: one for one in booking_rows.of_ids(work, keys)}
    for _, left in before.visits:
        if left is not None and (left.id not in now or not _same(left, now[left.id])):
            raise CannotPutBack("changed")
    for was, left in before.visits:
        if was is None and left is not None:
            booking_rows.remove(work, left.id)
    # the one that is shown gives way before another takes its place
    for was, left in sorted(before.visits, key=lambda pair: pair[0] is not None and pair[0].current):
        if was is not None and left is not None:
            _put(changes, was, replace(now[left.id], told=was.told))


def _same(one: Visit, other: Visit) -> bool:
    """But for what a client has been told meanwhile, and when it was written."""
    return replace(one, told=False, at=None) == replace(other, told=False, at=None)


def _put(changes: DealChanges, was: Visit, now: Visit) -> None:
    kind = changes.process.visit_kinds.get(was.name)
    if kind is None:
        raise CannotPutBack("changed")
    if _keeps_its_hours(changes, was, now, kind):
        return
    try:
        bookings.put(changes.work, changes.before.id, kind, VisitSet(was, now), was.id)
    except SlotTaken as taken:
        raise CannotPutBack("slot", slot=taken) from None
    except NotFound:  # who was to come works here no more
        raise CannotPutBack("person") from None


def _keeps_its_hours(changes: DealChanges, was: Visit, now: Visit, kind: VisitKind) -> bool:
    """Whether nobody need be asked for its time: it has that still, or it has begun, so that nobody can be sent
    elsewhere by it. CannotPutBack where somebody has been."""
    work, slot = changes.work, was.slot
    if slot is None or not was.is_agreed():
        return False
    if now.state != OFF and now.slot == slot:
        booking_rows.change(work, was.id, was)
        return True
    if slot.starts_at > work.now:
        return False
    try:
        with work.tx.begin_nested():
            booking_rows.clear(work, was.id)
            booking_rows.change(work, was.id, was)
            if not changes.practice:  # a learner takes nobody's time (K-2)
                booking_rows.take(work, was.id, slot, kind.travel)
    except IntegrityError:
        raise CannotPutBack("changed") from None
    return True
