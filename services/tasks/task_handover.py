"""A task passes to somebody else: by the way by which its process says whose it is."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from models import access
from models.entities import Deal, Employee, Task
from models.errors import NotFound
from models.fields.booking_field import BookingField
from models.fields.groups import PersonNaming
from models.history.task_lines import TaskWasGivenOn
from models.process import own_tasks
from models.tables.tasks import TaskRow
from services.deals import deal_commands, deal_queries, handover, plans
from services.outbox import schedule
from services.people import employees
from services.tasks import lifecycle, next_steps, task_queries
from services.unit_of_work import UnitOfWork

GIVE = update(TaskRow).where(TaskRow.id == bindparam("key"), TaskRow.state == "open").values(
    assignee_id=bindparam("who"), role=None
)  # fmt: skip


def may_give(work: UnitOfWork, found: Task) -> bool:
    """Whether the actor may give it to somebody else: those above any, and everybody a next step that is his."""
    return task_queries.GIVE.allows(work.actor, author=own_tasks.is_step(found.name))


def takers(work: UnitOfWork, found: Task) -> list[Employee]:
    """To whom it can be given: who could be responsible, whom its field may name, those of its role; a next step to
    every colleague.

    Nobody for a booked visit: whoever takes it needs a free window, and that is chosen in the field (`window_of`).
    NotAllowed but for those above, and for whose own step it is.
    """
    task_queries.GIVE.check(work.actor, author=own_tasks.is_step(found.name))
    if own_tasks.is_step(found.name):
        deal = deal_queries.find(work, found.deal_id)
        return next_steps.colleagues(work, deal, found.assignee_id) if deal else []
    whose, field = _whose(work, found)
    if isinstance(field, BookingField):
        return []
    roles = access.SALES if whose == "responsible" else {field.role} if isinstance(field, PersonNaming) else {whose}
    known = [one for one in employees.of_role(work, *roles) if one.id != found.assignee_id]
    return known or [one for one in employees.of_role(work, *access.MANAGEMENT) if one.id != found.assignee_id]


def window_of(work: UnitOfWork, found: Task) -> str | None:
    """The field in which a free window is chosen for it; None if it is no booked visit."""
    whose, field = _whose(work, found)
    return whose if isinstance(field, BookingField) else None


def field_of(work: UnitOfWork, found: Task) -> str | None:
    """The field that names whose task it is; None for the responsible's, and for a role's."""
    whose, field = _whose(work, found)
    return whose if isinstance(field, PersonNaming) else None


def give(work: UnitOfWork, task_id: int, to: int) -> Task:
    """Give an open task to somebody else: both are told. The manager's own goes along with the deal.

    NotFound for who may not have it, NotAllowed but for those above, AlreadyDone for a task that is closed.
    """
    found = task_queries.get_mine(work, task_id)
    person = next((one for one in takers(work, found) if one.id == to), None)
    if person is None:
        raise NotFound("employee")
    deal = deal_queries.get(work, found.deal_id)
    whose, field = _whose(work, found)
    if own_tasks.is_step(found.name):
        next_steps.check_there(work, person, found.due_at)
    elif whose == "responsible" and deal.responsible_id != person.id:
        handover.assign(work, deal.id, person.id)
    elif isinstance(field, PersonNaming) and person.role == field.role:
        deal_commands.fill(work, deal.id, {whose: person.id})
    after = task_queries.find(work, task_id)
    if after is not None and after.state == "open" and after.assignee_id != person.id:
        hand_on(work, deal, after, person)
    return task_queries.get(work, task_id)


def hand_on(work: UnitOfWork, deal: Deal, found: Task, person: Employee) -> None:
    """The open task is that person's from now on; who had it hears so, and the deal's history says it."""
    plans.note(work, deal, TaskWasGivenOn(found.name, found.template, found.words or "", person.name))
    work.tx.execute(GIVE, {"key": found.id, "who": person.id})
    if found.list is not None:  # it comes with the calls of its day
        lifecycle.list_row(work, found.list, person, None, found.due_at)
        return
    schedule.put(work, lifecycle.given_rows(work, deal.id, found.id, person, None))
    schedule.put(work, lifecycle.taken_rows(work, deal.id, found.id, found.assignee_id))


def _whose(work: UnitOfWork, found: Task) -> tuple[str, object]:
    """Whose it is as its process says (`to`), and the field of that name."""
    deal = deal_queries.find(work, found.deal_id)
    process = work.company.processes.get(deal.process) if deal else None
    described = task_queries.description_of(process, found) if process else None
    whose = described.to if described else found.role or "responsible"
    return whose, process.fields.get(whose) if process else None
