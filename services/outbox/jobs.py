"""Errands: what must happen outside a transaction, written down in the transaction of its cause.

An errand is a row of the one schedule: a file to fetch, a paper to print, an SMS to send, a pin to redraw. It is
claimed, carried out, retried and kept like everything else that is due; `bot.jobs.job_runner` carries it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.outbox import schedule
from services.unit_of_work import UnitOfWork

KIND = "errand"


def ask(
    work: UnitOfWork,
    name: str,
    payload: Mapping[str, Any],
    *,
    deal_id: int | None = None,
    employee_id: int | None = None,
    at: datetime | None = None,
) -> None:
    """Write an errand down, to be carried out at `at` (default: now). It may be carried out twice after a crash."""
    due_at = at or work.now
    new = schedule.row(work, KIND, name, "", due_at, deal_id=deal_id, employee_id=employee_id, payload=dict(payload))
    schedule.put(work, [new])
