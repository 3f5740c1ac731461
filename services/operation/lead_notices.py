"""Messages that have offered a lead to several people: when one has taken it, when it is handed over, closed, deleted
or put back, all of them say what is true then."""

from __future__ import annotations

from sqlalchemy import bindparam, or_, select

from models.engine.effects import Plan
from models.entities import Deal, Employee
from models.jobs import CorrectLeadNotices
from models.notices.deal_notices import Reminder
from models.outbox import DeliveryState, Scheduled
from models.tables.outbox import ScheduledRow
from models.undo import DealBefore
from services.deals import hooks
from services.deals.changes import DealChanges
from services.outbox import jobs, schedule
from services.unit_of_work import UnitOfWork

LEFT = (DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNSURE)
# its reader has it, may have it, or has it in a moment; and looks at it still
SAID = (
    select(ScheduledRow)
    .where(
        ScheduledRow.deal_id == bindparam("deal"), ScheduledRow.kind == "notice", ScheduledRow.turned.is_(None),
        or_(ScheduledRow.holder.is_not(None), ScheduledRow.delivery_state.in_(LEFT)),
    )
    .order_by(ScheduledRow.id)
)  # fmt: skip


def find(work: UnitOfWork, deal_id: int) -> list[Scheduled]:
    """What robots have told of a lead, and people have before their eyes."""
    rows = [schedule.read(row) for row in work.tx.execute(SAID, {"deal": deal_id})]
    return [row for row in rows if isinstance(row.notice, Reminder)]


def _correct(work: UnitOfWork, deal: Deal) -> None:
    if deal.kind == "lead" and find(work, deal.id):
        jobs.ask(work, CorrectLeadNotices(deal.id), deal_id=deal.id)


@hooks.handed_over.register
def _taken(changes: DealChanges, old: int | None, person: Employee) -> None:
    _correct(changes.work, changes.before)


@hooks.plan_applied.register
def _closed(changes: DealChanges, plan: Plan) -> None:
    """Who moves a lead of nobody's has taken it."""
    before = changes.before
    if (changes.status, changes.responsible_id) != (before.status, before.responsible_id):
        _correct(changes.work, before)


@hooks.removed.register
def _deleted(work: UnitOfWork, deal: Deal) -> None:
    _correct(work, deal)


@hooks.put_back.register
def _put_back(changes: DealChanges, before: DealBefore) -> None:
    """It may be there for the taking again."""
    _correct(changes.work, changes.before)
