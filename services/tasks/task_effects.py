"""What a plan does with tasks, and what becomes of them when their deal changes."""

from __future__ import annotations

from models.engine import effects as e
from models.entities import Deal, Employee
from models.fields.groups import PersonNaming
from models.history.task_lines import (
    TaskOutcomePutAside,
    TaskWasAnswered,
    TaskWasClosed,
    TaskWasGiven,
    TaskWasSnoozed,
)
from models.notices.task_notices import ApprovalOver, TaskWithdrawn
from models.roles import Role, find_role
from models.values.product_text import ProductText
from services.deals import hooks, plans
from services.deals.changes import DealChanges
from services.deals.effect_appliers import applies
from services.outbox import schedule
from services.people import employees
from services.tasks import lifecycle, next_steps
from services.unit_of_work import UnitOfWork


@applies(e.TaskGiven)
def _give(changes: DealChanges, effect: e.TaskGiven) -> None:
    """The responsible as he is after this plan gets it: who moves a deal that is nobody's takes its tasks too."""
    work, origin = changes.work, f"{changes.pipeline}.{changes.stage}"
    person, role = _assignee(changes, effect.task.to)
    rows = lifecycle.assign(
        work, changes.before.id, changes.process, effect, origin, person, role, practice=changes.practice
    )
    changes.note(TaskWasGiven(effect.name, effect.task.title), effect.rule)
    schedule.put(work, rows)


@applies(e.TaskMoved)
def _move(changes: DealChanges, effect: e.TaskMoved) -> None:
    lifecycle.move_due(changes.work, changes.before.id, effect.name, effect.due_at)
    if effect.anew:
        lifecycle.untick(changes.work, changes.before.id, effect.name, changes.fields.keys())


@applies(e.ApprovalLapsed)
def _lapsed(changes: DealChanges, effect: e.ApprovalLapsed) -> None:
    """Whoever gave it hears of it, and the responsible. One who has left hears nothing: the task comes to his role."""
    field = changes.process.fields[effect.was.field]
    giver = employees.find_working(changes.work, lifecycle.closed_by(changes.work, changes.before.id, effect.task))
    was = plans.former(changes.process, effect.was)
    changes.say("responsible", "task", ApprovalOver(effect.title, was=was, field=field.title))
    if giver is not None and giver.id != changes.responsible_id:
        changes.say(giver.id, "task", ApprovalOver(effect.title, was=was, field=field.title))


@applies(e.TasksTakenBack)
def _withdraw(changes: DealChanges, effect: e.TasksTakenBack) -> None:
    gone = lifecycle.cancel(changes.work, changes.before.id, effect.names)
    if effect.told:
        _tell_withdrawn(changes, gone)


@applies(e.OutcomesPutAside)
def _lapse(changes: DealChanges, effect: e.OutcomesPutAside) -> None:
    lifecycle.lapse(changes.work, changes.before.id, effect.outcomes)
    for name, outcome in effect.outcomes.items():
        changes.note(TaskOutcomePutAside(name, outcome))


@applies(e.TaskClosed)
def _close(changes: DealChanges, effect: e.TaskClosed) -> None:
    closed = lifecycle.finish(changes.work, changes.before.id, effect.name, effect.outcome)
    changes.note(TaskWasClosed(effect.name, effect.outcome, closed[0].words or "" if closed else ""))
    for row in closed:
        if row.every is not None:
            next_steps.again(changes, row.id, row.every)


@applies(e.TaskAnswered)
def _answer(changes: DealChanges, effect: e.TaskAnswered) -> None:
    changes.note(TaskWasAnswered(effect.name, effect.outcome))


@applies(e.TaskReset)
def _renew(changes: DealChanges, effect: e.TaskReset) -> None:
    lifecycle.untick(changes.work, changes.before.id, effect.name, changes.fields.keys())


@applies(e.TaskSnoozed)
def _snooze(changes: DealChanges, effect: e.TaskSnoozed) -> None:
    lifecycle.move_due(changes.work, changes.before.id, effect.name, effect.due_at)
    changes.note(TaskWasSnoozed(effect.name, effect.outcome))


@hooks.stage_left.register
def _take_back(changes: DealChanges, effect: e.StageChanged) -> None:
    """What was given on the stage is off; an installer who would drive out to a job that is off must hear of it."""
    _tell_withdrawn(changes, lifecycle.cancel_but(changes.work, changes.before.id, effect.kept))


def _tell_withdrawn(changes: DealChanges, gone: list[tuple[int | None, ProductText]]) -> None:
    for whose, title in gone:
        if whose is not None and whose not in (changes.work.actor_id, changes.responsible_id):
            changes.say(whose, "task", TaskWithdrawn(title))


@hooks.fields_set.register
def _follow(changes: DealChanges, effect: e.FieldsSet) -> None:
    """A task for whomever a field names goes along when the field names somebody else (C-5)."""
    for name in effect.values:
        if isinstance(changes.process.fields.get(name), PersonNaming):
            person, role = _assignee(changes, name)
            lifecycle.follow(changes.work, changes.before.id, changes.process, name, person, role)


@hooks.handed_over.register
def _hand_over(changes: DealChanges, old: int | None, person: Employee) -> None:
    lifecycle.hand_over(changes.work, changes.before.id, old, person)


@hooks.removed.register
def _removed(work: UnitOfWork, found: Deal) -> None:
    lifecycle.cancel_all(work, found.id)


def _assignee(changes: DealChanges, to: str) -> tuple[Employee | None, Role | None]:
    work = changes.work
    if to == "responsible" or changes.practice:  # a learner does everybody's work
        found = employees.find_working(work, changes.responsible_id)
        return (found, None) if found else (None, "manager")
    field = changes.process.fields.get(to)
    if isinstance(field, PersonNaming):
        named = changes.fields.get(to)
        found = employees.find_working(work, field.person_of(named) if named is not None else None)
        return (found, None) if found else (None, field.role)
    known = employees.of_role(work, to)
    return (known[0], None) if len(known) == 1 else (None, find_role(to))
