"""Who is told: from `responsible`, a role or a person field to people, within their hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from models import access
from models.entities import Deal, Employee
from models.field_values import FieldValues, NewFieldValues
from models.fields.groups import PersonNaming
from models.ids import EmployeeId
from models.notices.notice import Notice
from models.outbox import Envelope, Planned
from models.process.process import Process
from services.outbox import notices
from services.people import employees
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PlannedNotice:
    """What is to be said about a deal: to whom (a word of the process, or an employee's id), by which rule, what."""

    to: str | int
    rule: str
    notice: Notice


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
    work = source.work
    return [
        notices.to(
            work, person, said.notice, rule=said.rule, cause=f"{source.before.version + 1}", deal_id=source.before.id,
            envelope=Envelope(
                to=said.to, stage=f"{source.pipeline}.{source.stage}", practice=source.practice, late=work.is_late
            ),
            scheduled_for=work.scheduled_for,
        )
        for said in source.notices
        for person in _told(source, said.to)
    ]  # fmt: skip


def _told(source: NoticeSource, to: str | int) -> list[Employee]:
    if source.practice:  # a learner hears what everybody would hear (K-2)
        return _responsible(source)
    if isinstance(to, int):
        found = employees.find_working(source.work, to)
        return [found] if found else []
    return recipients(source.work, source.process, source.fields, source.responsible_id, to)


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
