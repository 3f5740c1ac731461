"""Who is told: from `responsible`, a role or a person field to people, within their hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from models import access
from models.engine.effects import TimerSet
from models.entities import Deal, Employee
from models.field_values import FieldValues, NewFieldValues
from models.fields.groups import PersonNaming
from models.ids import EmployeeId
from models.notices.deal_notices import DealSilentLong, Escalation
from models.notices.notice import Notice
from models.outbox import Envelope, Planned
from models.process.process import Process
from models.values.before_date import BeforeDate
from services.outbox import date_reminders, notices
from services.people import employees, presence
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PlannedNotice:
    """What is to be said about a deal: to whom (a word of the process, or an employee's id), by which rule, what.

    `anchor` is that of the timer that says it; a reminder is to be heard `before` its date begins.
    """

    to: str | int
    rule: str
    notice: Notice
    anchor: str | None = None
    before: BeforeDate | None = None


class NoticeSource(Protocol):
    """A deal as it becomes, with what is to be said about it."""

    work: UnitOfWork
    before: Deal
    process: Process
    pipeline: str
    stage: str
    fields: NewFieldValues
    responsible_id: EmployeeId | None
    notices: list[PlannedNotice]

    @property
    def practice(self) -> bool: ...


def rows(source: NoticeSource) -> list[Planned]:
    """A row of the schedule for each person and message."""
    return [
        _row(source, said, person, at)
        for place, said in enumerate(source.notices)
        for person, at in _hearers(source, said)
        if not _is_told(source, person, said, place)
    ]


def _is_told(source: NoticeSource, person: Employee, said: PlannedNotice, place: int) -> bool:
    """Whether he hears the very same already: who is responsible may stand above as well. What robots say to several
    is theirs to decide: only what one rule says in the same words to more than one is looked at."""
    same = [one for one in source.notices[:place] if (one.rule, one.notice) == (said.rule, said.notice)]
    return any(person.id == other.id for one in same for other in _told_of(source, one))


def _told_of(source: NoticeSource, said: PlannedNotice) -> list[Employee]:
    return _told(source, said.to, urgent=isinstance(said.notice, Escalation | DealSilentLong))


def _row(source: NoticeSource, said: PlannedNotice, person: Employee, at: datetime | None) -> Planned:
    work, stage = source.work, f"{source.pipeline}.{source.stage}"
    envelope = Envelope(
        to=said.to, stage=stage, practice=source.practice, late=work.is_late, anchor=said.anchor
    )  # fmt: skip
    return notices.to(
        work, person, said.notice, rule=said.rule, cause=f"{source.before.version + 1}", at=at,
        deal_id=source.before.id, envelope=envelope, scheduled_for=work.scheduled_for,
    )  # fmt: skip


def _hearers(source: NoticeSource, said: PlannedNotice) -> list[tuple[Employee, datetime | None]]:
    """Who is told, and when: None for the hour that `notices.to` chooses."""
    people, work = _told_of(source, said), source.work
    if said.before is None:
        return [(person, None) for person in people]
    told = date_reminders.told_already(work, source.before.id, said.rule, said.anchor)
    found: list[tuple[Employee, datetime | None]] = []
    for person in people:
        hours, rang_for = notices.hours_of(work.company.calendar, person), work.scheduled_for or work.now
        known, waits = person.id in told, told.get(person.id, False)
        at = date_reminders.tell_at(hours, said.before, rang_for, work.now, told=known, waits=waits)
        if at is not None:
            found.append((person, at))
    return found


def ring_at(source: NoticeSource, timer: TimerSet) -> datetime:
    """When the timer rings: a reminder before a date, earlier for a reader whose own hours end earlier."""
    if timer.before is None:
        return timer.due_at
    readers = (person for to in timer.tells for person in _told(source, to, urgent=False))
    work = source.work
    return date_reminders.ring_at(work.company.calendar, timer.before, timer.due_at, readers, work.now)


def _told(source: NoticeSource, to: str | int, *, urgent: bool) -> list[Employee]:
    if source.practice:  # a learner hears what everybody would hear (K-2)
        return _responsible(source)
    if isinstance(to, int):
        person = employees.find_working(source.work, to)
        return [person] if person else []
    found = recipients(source.work, source.process, source.fields, source.responsible_id, to)
    return presence.with_stand_ins(source.work, found) if urgent else found


def _responsible(source: NoticeSource) -> list[Employee]:
    found = employees.find_working(source.work, source.responsible_id)
    return [found] if found else []


def recipients(
    work: UnitOfWork, process: Process, fields: FieldValues, responsible_id: int | None, to: str
) -> list[Employee]:
    """Who is meant by `responsible`, a role or a person field. Nobody there: those who can act instead.

    A deal that is nobody's speaks to every manager; the deal of somebody who has left, a role that nobody holds, and
    an empty field, to those above: a colleague could not open it.
    """
    actor = work.actor
    if to == "responsible" and actor and actor.id == responsible_id and actor.role in access.SALES:
        return [actor]  # nearly every move: nobody else need be read
    staff = employees.staff(work)
    found: list[Employee] = []
    if to == "responsible" and responsible_id is not None:
        found = [one for one in staff if one.id == responsible_id and one.role in access.SALES]
    elif to == "responsible":
        found = [one for one in staff if one.role == "manager"]
    elif isinstance(field := process.fields.get(to), PersonNaming):
        named = fields.get(to)
        keys = field.people_of(named) if named is not None else ()
        found = [one for one in staff if one.id in keys]
    else:
        found = [one for one in staff if one.role == to]
    for above in ("supervisor", "owner"):
        found = found or [one for one in staff if one.role == above]
    return found
