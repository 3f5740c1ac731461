"""What becomes of booked visits when their deal changes: taken, moved, given back, called off (K-20, K-21)."""

from __future__ import annotations

from typing import Any

from models.engine.effects import StageChanged
from models.entities import Deal
from models.fields.booking_field import BookingField
from models.notices.deal_notices import VisitCalledOff
from models.notices.task_notices import TaskWithdrawn
from models.values.visit_slot import VisitSlot
from models.visits import Booking
from services.deals import hooks
from services.deals.changes import DealChanges
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork
from services.visits import bookings


@hooks.field_set.register
def _book(changes: DealChanges, name: str, before: Any, value: Any) -> None:
    """The window is taken or given back in the same transaction as the card: SlotTaken if somebody was faster (K-20).

    A learner's booking takes nobody's time (K-2).
    """
    if not isinstance(changes.process.fields.get(name), BookingField):
        return
    work, deal_id = changes.work, changes.before.id
    if not changes.practice and value is None:
        bookings.free(work, deal_id, name)
    elif not changes.practice:
        bookings.book(work, deal_id, name, value)
    if isinstance(before, VisitSlot) and (value is None or value.person_id != before.person_id):
        _call_off(changes, before)


@hooks.stage_entered.register
def _free(changes: DealChanges, effect: StageChanged) -> None:
    """Nobody drives out to a deal that is off."""
    if effect.status != "lost":
        return
    told = {said.to for said in changes.notices if isinstance(said.notice, TaskWithdrawn)}
    for one in bookings.free_all(changes.work, changes.before.id):
        if one.person_id not in told:
            _call_off(changes, one)


@hooks.removed.register
def _removed(work: UnitOfWork, found: Deal) -> None:
    bookings.free_all(work, found.id)


def _call_off(changes: DealChanges, visit: VisitSlot | Booking) -> None:
    """Who was to come hears that he need not. With a task there he hears that it was taken back or given on (C-5)."""
    work, whose = changes.work, visit.person_id
    if changes.practice or visit.ends_at <= work.now or whose == work.actor_id:
        return
    if not any(task.assignee_id == whose for task in task_queries.of_deal(work, changes.before.id)):
        changes.say(whose, "task", VisitCalledOff(visit.starts_at))
