"""Visits as they were before a press that is put back; whoever has the time by now keeps it."""

from __future__ import annotations

from dataclasses import replace

from models.engine.effects import VisitSet
from models.errors import CannotPutBack, NotFound, SlotTaken
from models.undo import DealBefore
from models.visits import Visit
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
    try:
        bookings.put(changes.work, changes.before.id, kind, VisitSet(was, now), was.id)
    except SlotTaken as taken:
        raise CannotPutBack("slot", slot=taken) from None
    except NotFound:  # who was to come works here no more
        raise CannotPutBack("person") from None
