"""The owner's and the supervisor's view of the people: what one holds, and which role one has (C-8)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from models import access
from models.entities import Employee
from models.errors import NotAllowed, NotFound
from models.roles import ROLES, Role
from models.tables.deals import DealCounterRow, DealRow
from models.tables.tasks import TaskRow
from services.people import employees
from services.unit_of_work import UnitOfWork

OPEN_DEALS = select(func.coalesce(func.sum(DealCounterRow.n), 0)).where(
    DealCounterRow.responsible_id == bindparam("who"), DealCounterRow.kind != "practice"
)
OPEN_TASKS = (
    select(func.count())
    .select_from(TaskRow)
    .join(DealRow, DealRow.id == TaskRow.deal_id)
    .where(TaskRow.assignee_id == bindparam("who"), TaskRow.state == "open", DealRow.kind != "practice")
)


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """What hangs on a person: open deals and open tasks."""

    deals: int
    tasks: int


def load(work: UnitOfWork, employee_id: int) -> PersonLoad:
    """How much hangs on a person, asked before he is dismissed."""
    asked = {"who": employee_id}
    return PersonLoad(
        int(work.tx.execute(OPEN_DEALS, asked).scalar_one()), int(work.tx.execute(OPEN_TASKS, asked).scalar_one())
    )


def can_change(actor: Employee, person: Employee) -> bool:
    """Whether the actor may dismiss that person or change the role: never his own, an owner's only as an owner."""
    return (
        actor.id != person.id
        and person.active
        and access.CHANGE_PERSON.allows(actor, below=access.can_change_person(actor, person))
    )


def check_changeable(work: UnitOfWork, employee_id: int) -> Employee:
    """The person whose phone is changed. NotFound; NotAllowed for an owner's, but by an owner."""
    person = employees.get(work, employee_id)
    below = work.actor is not None and access.can_change_person(work.actor, person)
    access.CHANGE_PERSON.check(work.actor, below=below)
    return person


def change_role(work: UnitOfWork, employee_id: int, role: Role) -> Employee:
    """Give somebody another role; the very next press is judged by it. NotAllowed, NotFound."""
    person = employees.get(work, employee_id)
    if work.actor is None or not can_change(work.actor, person):
        raise NotAllowed
    if role not in ROLES:
        raise NotFound("button")
    if role not in access.roles_given_by(work.actor.role):
        raise NotAllowed
    if role == person.role:
        return person
    employees.set_role(work, employee_id, role)
    return employees.get(work, employee_id)
