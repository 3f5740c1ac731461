"""What the net under a deal asks the database, when it rings and when its message is sent; never at a press."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select

from models.engine import silences
from models.engine.silences import LastActs
from models.entities import Deal
from models.history.deal_lines import EscalationSnoozed
from models.history.message_lines import QuestionLine
from models.history.task_lines import TaskWasPutOff
from models.notices.deal_notices import DealSilent, DealSilentLong, SilenceSaid
from models.outbox import Scheduled
from models.process import own_tasks
from models.tables.deals import HistoryRow
from models.tables.tasks import TaskRow
from services.deals import deal_queries
from services.obsolete_notices import obsolete_row_when
from services.unit_of_work import UnitOfWork

# a person has asked, or put off what is to be done: nothing has been done on the deal by that
NO_ACTS = (EscalationSnoozed.kind, TaskWasPutOff.kind, QuestionLine.kind)
LAST_ACT = select(func.max(HistoryRow.at)).where(
    HistoryRow.deal_id == bindparam("deal"), HistoryRow.actor_id.is_not(None), HistoryRow.kind.not_in(NO_ACTS)
)
AHEAD = select(TaskRow.name, TaskRow.assignee_id).where(
    TaskRow.deal_id == bindparam("deal"), TaskRow.state == "open", TaskRow.due_at > bindparam("now")
)


def last_acts(work: UnitOfWork, deal: Deal) -> LastActs:
    """When a person has last done something on the deal (a comment, a field, a file, an answer, a move), whether one of
    its open tasks is for a time still ahead, and whether its responsible has a step ahead that a person has set."""
    at: datetime | None = work.tx.execute(LAST_ACT, {"deal": deal.id}).scalar_one_or_none()
    ahead = work.tx.execute(AHEAD, {"deal": deal.id, "now": work.now}).all()
    given = any(not own_tasks.is_step(row.name) for row in ahead)
    own = any(own_tasks.is_step(row.name) and row.assignee_id == deal.responsible_id for row in ahead)
    return LastActs(at, given, own)


def days_of(work: UnitOfWork, said: SilenceSaid) -> int:
    """For how many working days nothing has happened by now."""
    return silences.days_between(said.since, work.now, work.company.calendar)


@obsolete_row_when(DealSilent, DealSilentLong)
def _is_broken(work: UnitOfWork, row: Scheduled) -> bool:
    """The deal is closed or gone, somebody has done something on it since, or a day is agreed."""
    said, deal = row.notice, deal_queries.find(work, row.deal_id or 0)
    if not isinstance(said, SilenceSaid) or deal is None or deal.status != "open":
        return True
    process = work.company.processes.get(deal.process)
    if process is None:
        return True
    acts = last_acts(work, deal)
    since = max(acts.at or deal.entered_at, deal.entered_at)
    state = deal_queries.state_of(work, deal)
    if acts.step_ahead and isinstance(said, DealSilent):
        return True
    return since > said.since or acts.task_ahead or silences.waits_for_a_day(process, state, work.moment)
