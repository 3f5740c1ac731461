"""How busy people are on a day."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlalchemy import bindparam, func, select

from models.tables.deals import deal
from models.tables.tasks import task
from services.unit_of_work import UnitOfWork

JOBS = (
    select(task.c.assignee_id, func.count())
    .join(deal, deal.c.id == task.c.deal_id)
    .where(
        deal.c.kind != "practice",
        task.c.assignee_id.in_(bindparam("who", expanding=True)),
        task.c.state == "open",
        task.c.due_at >= bindparam("since"),
        task.c.due_at < bindparam("until"),
    )
    .group_by(task.c.assignee_id)
)


def jobs_on(work: UnitOfWork, day: date, who: list[int]) -> dict[int, int]:
    """How many open tasks of these employees fall due on that business day; idle ones are left out."""
    if not who:
        return {}
    calendar = work.company.calendar
    since, until = calendar.at(day, time(0)), calendar.at(day + timedelta(days=1), time(0))
    return {row[0]: row[1] for row in work.tx.execute(JOBS, {"who": who, "since": since, "until": until})}
