"""Jobs: what must happen outside a transaction, written down in the transaction of its cause.

A job is a row of the one schedule: a file to fetch, a paper to print, an SMS to send, a pin to redraw. It is claimed,
carried out, retried and kept like everything else that is due; `bot.jobs` carries it out.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from models.jobs import Job
from models.outbox import Planned
from models.tables.columns import EPOCH
from models.tables.outbox import ScheduledRow
from services.outbox import schedule
from services.unit_of_work import UnitOfWork

# no job is a task's: the index of tasks' rows finds it by that
ASKED = (
    select(ScheduledRow.id)
    .where(
        ScheduledRow.task_id.is_(None), ScheduledRow.kind == "job", ScheduledRow.dedup_key == bindparam("about"),
        ScheduledRow.rule == bindparam("of_kind"), ScheduledRow.created_at > bindparam("since"),
    )
    .limit(1)
)  # fmt: skip

AT_WORK = ASKED.where(ScheduledRow.done_at.is_(None))


def ask(
    work: UnitOfWork,
    job: Job,
    *,
    deal_id: int | None = None,
    employee_id: int | None = None,
    at: datetime | None = None,
    about: str = "",
) -> None:
    """Write a job down, to be carried out at `at` (default: now). It may be carried out twice after a crash.

    `about` says of what it is, for whoever looks whether it has been asked for (`asked_since`).
    """
    when = at or work.now
    new = Planned("job", job.kind, about, when, when, deal_id=deal_id, employee_id=employee_id, content=job)
    schedule.put(work, [new])


def asked_since(work: UnitOfWork, kind: type[Job], about: str, since: datetime) -> bool:
    """Whether a job of that kind about the same was written down after that moment, whatever became of it."""
    given = {"about": about, "of_kind": kind.kind, "since": since}
    return work.tx.execute(ASKED, given).first() is not None


def is_waiting(work: UnitOfWork, kind: type[Job], about: str) -> bool:
    """Whether a job of that kind about the same is to be carried out yet."""
    given = {"about": about, "of_kind": kind.kind, "since": EPOCH}
    return work.tx.execute(AT_WORK, given).first() is not None
