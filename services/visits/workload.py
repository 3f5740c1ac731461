"""How busy people are on a day."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlalchemy import bindparam, func, select

from models.tables.deals import DealRow
from models.tables.tasks import TaskRow
from services.unit_of_work import UnitOfWork

JOBS = (
    select(TaskRow.assignee_id, func.count())
    .join(DealRow, DealRow.id == TaskRow.deal_id)
    .where(
        DealRow.kind != "practice",
        TaskRow.assignee_id.in_(bindparam("who", expanding=True)),
        TaskRow.state == "open",
        TaskRow.due_at >= bindparam("since"),
        TaskRow.due_at < bindparam("until"),
    )
    .group_by(TaskRow.assignee_id)
)


def jobs_on(work: UnitOfWork, day: date, who: list[int]) -> dict[int, int]:
    """How many open tasks of these employees fall due on that business day; idle ones are left out."""
    if not who:
        return {}
    calendar = work.company.calendar
    since, until = calendar.at(day, time(0)), calendar.at(day + timedelta(days=1), time(0))
    rows = work.tx.execute(JOBS, {"who": who, "since": since, "until": until})
    return {whose: n for whose, n in rows if whose is not None}
