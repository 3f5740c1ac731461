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
from services.outbox import notices
from services.unit_of_work import UnitOfWork

SAID = select(ScheduledRow.employee_id, ScheduledRow.envelope).where(
    ScheduledRow.deal_id == bindparam("deal"),
    ScheduledRow.kind == "notice",
    ScheduledRow.rule == bindparam("rule"),
    ScheduledRow.delivery_state != DeliveryState.VOID,
)


def told_already(work: UnitOfWork, deal_id: int, rule: str, anchor: str | None) -> frozenset[int]:
    """Whom the rule has told of this date already."""
    rows = work.tx.execute(SAID, {"deal": deal_id, "rule": rule})
    return frozenset(row.employee_id for row in rows if Envelope.from_data(row.envelope).anchor == anchor)


def tell_at(
    hours: PersonalHours, before: BeforeDate, rang_for: datetime, now: datetime, *, told: bool
) -> datetime | None:
    """When somebody is told, as the timer planned for `rang_for` rings now; None if not by this ring.

    Whoever has been told hears once more at the moment meant, if he works then by his own hours; and at any later
    ring, for somebody has put it off. A ring that came early is for those who could not hear the next one in time.
    """
    if told and rang_for == before.means_at and now < before.begins_at:
        return now if hours.own is not None and hours.contain(now) else None
    if told and rang_for <= before.means_at and rang_for <= before.rings_at:
        return None
    if now < before.rings_at and hours.next(before.rings_at) < before.begins_at:
        return None
    return hours.next(now)


def ring_at(work: UnitOfWork, before: BeforeDate, due_at: datetime, readers: Iterable[Employee]) -> datetime:
    """When the timer rings: earlier than `due_at` for a reader who could not hear of it then before the date."""
    if due_at != before.rings_at:
        return due_at
    for hours in (notices.hours_of(work.company.calendar, one) for one in readers):
        if hours.differ and hours.next(before.rings_at) >= before.begins_at:
            early = hours.last(before.rings_at, EARLY)
            due_at = min(due_at, early) if early is not None and early > work.now else due_at
    return due_at
