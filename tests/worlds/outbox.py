"""What stands on the schedule, for tests: rows as values."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from models.outbox import Scheduled
from models.tables.outbox import ScheduledRow
from services.outbox import schedule
from services.unit_of_work import UnitOfWork


def scheduled(work: UnitOfWork, *conditions: Any) -> list[Scheduled]:
    """Every row that meets the conditions, in the order in which they were written."""
    rows = work.tx.execute(select(ScheduledRow).where(*conditions).order_by(ScheduledRow.id))
    return [schedule.read(row) for row in rows]


def notices(work: UnitOfWork, *conditions: Any) -> list[Scheduled]:
    """The messages that meet the conditions."""
    return scheduled(work, ScheduledRow.kind == "notice", *conditions)


def text_of(row: Scheduled) -> str:
    """The text that a message carries; empty for a kind that has none of its own."""
    return str(getattr(row.notice, "text", ""))
