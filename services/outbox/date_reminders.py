"""When a reminder before a date is told to each of its readers: in his own hours, before the date begins.

Its timer rings in the company's open time. It rings earlier for somebody whose own hours end before that, and once more
at the moment that the rule means, for those whose own hours reach it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, select

from models.entities import Employee
from models.outbox import DeliveryState, Envelope
from models.tables.outbox import ScheduledRow
from models.values.before_date import EARLY, BeforeDate
from models.values.personal_hours import PersonalHours
from models.values.work_calendar import WorkCalendar
from services.outbox import notices
from services.unit_of_work import UnitOfWork

SAID = select(ScheduledRow.employee_id, ScheduledRow.envelope, ScheduledRow.done_at).where(
    ScheduledRow.deal_id == bindparam("deal"),
    ScheduledRow.kind == "notice",
    ScheduledRow.rule == bindparam("rule"),
    ScheduledRow.delivery_state != DeliveryState.VOID,
)


def told_already(work: UnitOfWork, deal_id: int, rule: str, anchor: str | None) -> dict[int, bool]:
    """Whom the rule has told of this date already, and whether the message still waits for his hours."""
    rows = work.tx.execute(SAID, {"deal": deal_id, "rule": rule})
    of_date = (row for row in rows if Envelope.from_data(row.envelope).anchor == anchor)
    return {row.employee_id: row.done_at is None for row in of_date}


def tell_at(
    hours: PersonalHours, before: BeforeDate, rang_for: datetime, now: datetime, *, told: bool, waits: bool = False
) -> datetime | None:
    """When somebody is told, as the timer planned for `rang_for` rings now; None if not by this ring.

    Whoever has been told (and has it: it no longer `waits`) hears once more at the moment meant, if he works then by
    his own hours; and at any later ring, for somebody has put it off. A ring that came early is for those who could not
    hear the next one.
    """
    if told and rang_for == before.means_at and now < before.begins_at:
        again = hours.own is not None and hours.contain(now) and not waits
        return now if again else None
    if told and rang_for <= before.means_at and rang_for <= before.rings_at:
        return None
    if now < before.rings_at and _hears(hours, before, before.rings_at):
        return None
    return hours.next(now)


def ring_at(
    calendar: WorkCalendar, before: BeforeDate, due_at: datetime, readers: Iterable[Employee], now: datetime
) -> datetime:
    """When the timer rings first: earlier than `due_at` for a reader who would not hear it then."""
    for hours in (notices.hours_of(calendar, one) for one in readers):
        if hours.differ and not _hears(hours, before, due_at):
            early = max(hours.last(due_at, EARLY) or now, now)
            due_at = min(due_at, early) if hours.contain(early) else due_at
    return due_at


def _hears(hours: PersonalHours, before: BeforeDate, at: datetime) -> bool:
    """Whether a ring at that moment reaches somebody as it should: before the date; and what was put into the last open
    time before is for that time, not for the hour of the visit."""
    return hours.contain(at) if before.rings_at != before.means_at else hours.next(at) < before.begins_at
