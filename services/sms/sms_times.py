"""When a message to a client goes, and whether what it speaks of is over by then (K-21)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from models.field_values import FieldValues
from models.fields.groups import DateLike
from models.values.visit_slot import start_of
from services.deals import before_press
from services.unit_of_work import UnitOfWork

NO_WAIT = timedelta()
SOON = timedelta(hours=2)
SETTLES = timedelta(minutes=10)  # so long a change may be put right before the client is told of it


def speaks_of_past(
    work: UnitOfWork, process: str, fields: FieldValues, text: str, written_at: datetime, sent_at: datetime
) -> Literal["visit", "day"] | None:
    """Whether the text names a moment that was ahead when it was written, and has begun when it is sent, or a day that
    was not over then, and is."""
    calendar = work.company.calendar
    for name, field in work.process(process).fields.items():
        value = fields.get(name) if isinstance(field, DateLike) and f"{{{name}}}" in text else None
        begins = start_of(value) if value is not None else None
        if isinstance(begins, datetime):
            if written_at < begins <= sent_at:
                return "visit"
        elif begins is not None and calendar.today(written_at) <= begins < calendar.today(sent_at):
            return "day"
    return None


def goes_at(work: UnitOfWork, process: str, fields: FieldValues, *, tells_change: bool) -> datetime:
    """Within the company's hours, but for the few minutes in which what was pressed can still be put back; what tells a
    change not before it has settled. Neither makes it a day later. Where somebody comes within two hours the client
    hears at once."""
    calendar, wait = work.company.calendar, before_press.LIFE if work.actor is not None else NO_WAIT
    if tells_change:
        wait = max(wait, SETTLES)
    elif _comes_soon(work, process, fields):
        wait = NO_WAIT
    settled = work.now + wait
    return settled if calendar.is_open(settled) else calendar.next_open(work.now)


def _comes_soon(work: UnitOfWork, process: str, fields: FieldValues) -> bool:
    """Whether a visit begins within two hours."""
    described = work.process(process).fields
    begin = (start_of(fields[name]) for name, one in described.items() if isinstance(one, DateLike) and name in fields)
    return any(isinstance(at, datetime) and work.now <= at <= work.now + SOON for at in begin)
