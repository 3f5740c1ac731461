"""Sending a message to a person of the company: the one place where its row is made and its hour is chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from models.entities import Employee
from models.notices.notice import Notice
from models.outbox import EMPTY, Envelope, Planned
from models.values.personal_hours import PersonalHours
from models.values.work_calendar import WorkCalendar
from services.unit_of_work import UnitOfWork


def to(
    work: UnitOfWork,
    person: Employee,
    said: Notice,
    *,
    rule: str,
    cause: str,
    at: datetime | None = None,
    deal_id: int | None = None,
    task_id: int | None = None,
    envelope: Envelope = EMPTY,
    scheduled_for: datetime | None = None,
) -> Planned:
    """A message to one person, to be written with `schedule.put`.

    It comes `at` that moment; without one, whoever has just pressed is awake and hears at once, everybody else within
    his hours. `cause` tells it from other messages of the same rule; `scheduled_for` is when it was to be said
    (default: now), however late it is.
    """
    if at is None:
        at = work.now if person.id == work.actor_id else polite(work, person)
    envelope = replace(envelope, role=person.role)
    return Planned(
        "notice", rule, cause, at, scheduled_for or work.now,
        deal_id=deal_id, task_id=task_id, employee_id=person.id, content=said, envelope=envelope,
    )  # fmt: skip


def polite(work: UnitOfWork, person: Employee) -> datetime:
    """The first moment from now on at which the person may be disturbed."""
    return polite_time(work.company.calendar, person, work.now)


def polite_time(calendar: WorkCalendar, person: Employee, at: datetime) -> datetime:
    """The first moment, not before `at`, when the person works and does not want quiet.

    Hours decide when a message comes, never whether.
    """
    return hours_of(calendar, person).next(at)


def hours_of(calendar: WorkCalendar, person: Employee) -> PersonalHours:
    """When the person may be told something: by his own week, or by the company's hours; not in his quiet hours."""
    return PersonalHours.of(calendar, person.week, person.quiet_from, person.quiet_to)
