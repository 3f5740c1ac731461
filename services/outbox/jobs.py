"""Jobs: what must happen outside a transaction, written down in the transaction of its cause.

A job is a row of the one schedule: a file to fetch, a paper to print, an SMS to send, a pin to redraw. It is claimed,
carried out, retried and kept like everything else that is due; `bot.jobs` carries it out.
"""

from __future__ import annotations

from datetime import datetime

from models.jobs import Job
from models.outbox import Planned
from services.outbox import schedule
from services.unit_of_work import UnitOfWork


def ask(
    work: UnitOfWork,
    job: Job,
    *,
    deal_id: int | None = None,
    employee_id: int | None = None,
    at: datetime | None = None,
) -> None:
    """Write a job down, to be carried out at `at` (default: now). It may be carried out twice after a crash."""
    when = at or work.now
    new = Planned("job", job.kind, "", when, when, deal_id=deal_id, employee_id=employee_id, content=job)
    schedule.put(work, [new])
