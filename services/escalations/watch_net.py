"""Once a day: every open task and every open deal that would be told of by nothing gets its next row of the schedule.

Such are those of a version before, and those whose row failed for good: nobody's neglect is silent.
"""

from __future__ import annotations

from sqlalchemy import bindparam, exists, select

from models.engine import task_escalations
from models.engine.silences import SILENCE
from models.engine.trigger_rules import stamp
from models.tables.deals import DealRow
from models.tables.outbox import ScheduledRow
from models.tables.tasks import TaskRow
from models.values.spans import Days
from services.outbox import schedule
from services.unit_of_work import UnitOfWork

MOST = 500  # at once: the rest comes the next day
TOMORROW = Days(days=1)

RINGS = exists().where(
    ScheduledRow.task_id == TaskRow.id, ScheduledRow.kind == "task", ScheduledRow.done_at.is_(None)
)  # fmt: skip
MUTE_TASKS = (
    select(TaskRow.id, TaskRow.deal_id)
    .join(DealRow, DealRow.id == TaskRow.deal_id)
    .where(
        TaskRow.state == "open", TaskRow.list.is_(None), ~RINGS,
        DealRow.kind != "practice", DealRow.deleted_at.is_(None),
        DealRow.process.in_(bindparam("running", expanding=True)),
    )
    .order_by(TaskRow.id)
    .limit(MOST)
)  # fmt: skip
NETTED = exists().where(
    ScheduledRow.deal_id == DealRow.id, ScheduledRow.kind == "timer", ScheduledRow.rule == SILENCE,
    ScheduledRow.done_at.is_(None),
)  # fmt: skip
MUTE_DEALS = (
    select(DealRow.id, DealRow.entered_at)
    .where(
        DealRow.status == "open", DealRow.deleted_at.is_(None), ~NETTED,
        DealRow.process.in_(bindparam("running", expanding=True)),
    )
    .order_by(DealRow.id)
    .limit(MOST)
)  # fmt: skip


def mend(work: UnitOfWork) -> int:
    """Plan what is missing for the next working day; gives how many rows it wrote."""
    at = work.company.calendar.later(work.now, TOMORROW)
    running = {"running": list(work.company.processes)}
    rows = [
        schedule.escalation(row.deal_id, row.id, task_escalations.UNDONE, at)
        for row in work.tx.execute(MUTE_TASKS, running)
    ] + [schedule.timer(row.id, SILENCE, stamp(row.entered_at), at) for row in work.tx.execute(MUTE_DEALS, running)]
    schedule.put(work, rows)
    return len(rows)
