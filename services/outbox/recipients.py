"""Who is told: from `responsible`, a role or a person field to people, within their hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from models import access
from models.entities import Deal, Employee
from models.fields.groups import PersonNaming
from models.process.process import Process
from services.outbox import schedule
from services.people import employees
from services.unit_of_work import UnitOfWork


class NoticeSource(Protocol):
    """What is to be said about a deal: to whom (a word of the process, or an employee's id), by which rule, what."""

    work: UnitOfWork
    before: Deal
    process: Process
    pipeline: str
    stage: str
    fields: dict[str, Any]
    responsible_id: int | None
    notices: list[tuple[str | int, str, dict[str, Any]]]

    @property
    def practice(self) -> bool: ...


def rows(ledger: NoticeSource) -> list[dict[str, Any]]:
    """A row of the schedule for each person and message."""
    work, found = ledger.work, list[dict[str, Any]]()
    anchor = f"{ledger.before.version + 1}"
    for to, rule, payload in ledger.notices:
        for person in _told(ledger, to):
            # whoever pressed is awake; everybody else is told within his hours
            at = (
                work.now
                if person.id == work.actor_id
                else schedule.polite_time(work.company.calendar, person, work.now)
            )
            found.append(
                schedule.row(
                    work,
                    "notice",
                    rule,
                    anchor,
                    at,
                    deal_id=ledger.before.id,
                    employee_id=person.id,
                    payload={
                        **payload,
                        **({"late": True} if work.is_late else {}),
                        "to": to,
                        **({"practice": True} if ledger.practice else {}),
                        "stage_id": f"{ledger.pipeline}.{ledger.stage}",
                    },
                    meant_at=work.meant_at or work.now,
                )
            )
    return found


def _told(ledger: NoticeSource, to: str | int) -> list[Employee]:
    if ledger.practice:  # a learner hears what everybody would hear (K-2)
        return _responsible(ledger)
    if isinstance(to, int):
        found = employees.find_working(ledger.work, to)
        return [found] if found else []
    return recipients(ledger.work, ledger.process, ledger.fields, ledger.responsible_id, to)


def _responsible(ledger: NoticeSource) -> list[Employee]:
    found = employees.find_working(ledger.work, ledger.responsible_id)
    return [found] if found else []


def recipients(
    work: UnitOfWork, process: Process, fields: Mapping[str, Any], responsible_id: int | None, to: str
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
        key = field.person_of(named) if named is not None else None
        found = [one for one in staff if one.id == key]
    else:
        found = [one for one in staff if one.role == to]
    for above in ("supervisor", "owner"):
        found = found or [one for one in staff if one.role == above]
    return found
