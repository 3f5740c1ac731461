"""Changes that only somebody above may make: asked for by a task of his, made by his yes, lapsed when the card changes.

The request carries what is to become what, as typed values. It is about the values that were seen: once one of them is
another one, there is nothing to say yes to, and both who asked and who was asked hear of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import bindparam, insert, select, update

from models import access
from models.engine import due_dates
from models.engine import effects as e
from models.entities import Deal
from models.errors import NotFound
from models.field_values import FieldValues
from models.fields import codec
from models.history.deal_lines import ChangeAsked
from models.ids import DealId, TaskId
from models.notices.deal_notices import ChangeAnswered
from models.notices.task_notices import TaskWithdrawn
from models.process.own_tasks import ALLOW_CHANGE, ALLOWED, DECLINED, OWN_TASKS
from models.process.process import Process
from models.tables.change_requests import ChangeRequestRow
from models.tables.people import EmployeeRow
from models.tables.tasks import TaskRow
from services.deals import changes as deal_changes
from services.deals import deal_commands, deal_queries, hooks, plans
from services.deals.changes import DealChanges
from services.people import employees
from services.tasks import lifecycle, task_commands, task_queries
from services.unit_of_work import UnitOfWork

RULE = "request"  # the rule by which what is said of requests comes
ADD = insert(ChangeRequestRow)
_ALL = (
    select(ChangeRequestRow, EmployeeRow.name.label("asker"))
    .join(TaskRow, TaskRow.id == ChangeRequestRow.task_id)
    .outerjoin(EmployeeRow, EmployeeRow.id == ChangeRequestRow.asked_by_id)
)
BY_TASK = _ALL.where(ChangeRequestRow.task_id == bindparam("task"))
OPEN = _ALL.where(ChangeRequestRow.deal_id == bindparam("deal"), TaskRow.state == "open")
NEWEST = select(TaskRow.id).where(TaskRow.deal_id == bindparam("deal"), TaskRow.name == ALLOW_CHANGE)


# of no stage: it goes along when the deal moves
AWAY = update(TaskRow).where(TaskRow.id == bindparam("key")).values(origin=RULE)


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """`values` are what fields are to become, `seen` what they, and what they are said of, were."""

    task_id: TaskId
    deal_id: DealId
    values: FieldValues
    seen: FieldValues
    why: str
    asked_by: int | None
    asker: str | None


def find(work: UnitOfWork, task_id: int) -> ChangeRequest | None:
    """What a task asks for; None for any other task."""
    return _read(work, BY_TASK, {"task": task_id})


def _read(work: UnitOfWork, query: object, keys: dict[str, int]) -> ChangeRequest | None:
    row = work.tx.execute(query, keys).first()  # type: ignore[call-overload]
    if row is None:
        return None
    deal = deal_queries.find(work, row.deal_id)
    process = work.company.processes.get(deal.process) if deal else None
    known = process.fields if process else {}
    values, seen = (
        {name: codec.decode_value(known.get(name), one) for name, one in kept.items()}
        for kept in (row.fields, row.seen)
    )
    return ChangeRequest(row.task_id, row.deal_id, values, seen, row.why, row.asked_by_id, row.asker)


# --- asking -----------------------------------------------------------------------------------------------------


def ask(work: UnitOfWork, deal_id: int, values: FieldValues, why: str) -> Deal:
    """Ask somebody above to let the fields become these values; an earlier request of the deal is taken back.

    NotAllowed for who may not change the deal.
    """
    found = deal_queries.get(work, deal_id)
    access.ASK.check(work.actor)
    process, fields = work.process(found.process), found.fields
    about = _about(process, values)
    changes = deal_changes.begin(work, found)
    _withdraw(changes)
    for name, value in values.items():
        field = process.fields[name]
        was = codec.encode_value(field, fields.get(name))
        changes.note(ChangeAsked(name, codec.encode_value(field, value), was, why))
    found = deal_changes.write(changes)
    to = "supervisor" if employees.of_role(work, "supervisor") else "owner"
    task = OWN_TASKS[ALLOW_CHANGE].model_copy(update={"to": to})
    due = due_dates.task_due(task.due, deal_queries.state_of(work, found), work.moment)
    found = plans.apply(work, found, e.Plan((e.TaskGiven(ALLOW_CHANGE, task, due, RULE),)))
    key = max(work.tx.execute(NEWEST, {"deal": found.id}).scalars())
    work.tx.execute(AWAY, {"key": key})
    kept = {name: codec.encode_value(process.fields[name], fields.get(name)) for name in about}
    wanted = codec.encode(process.fields, values)
    row = {"task_id": key, "deal_id": found.id, "fields": wanted, "seen": kept, "why": why}
    work.tx.execute(ADD, {**row, "asked_by_id": work.actor_id, "asked_at": work.now})
    return found


def _about(process: Process, values: Iterable[str]) -> tuple[str, ...]:
    """The fields themselves, and what each of them is said of."""
    names = [name for one in values for name in (one, *process.fields[one].covers)]
    return tuple(dict.fromkeys(names))


# --- deciding ---------------------------------------------------------------------------------------------------


def allow(work: UnitOfWork, task_id: int) -> Deal | None:
    """Make the change, and tell who asked; None if the card has changed since, and the request has lapsed.

    NotAllowed for who may not decide; AlreadyDone if somebody was faster.
    """
    request, deal = _open(work, task_id)
    if any(deal.fields.get(name) != value for name, value in request.seen.items()):
        changes = deal_changes.begin(work, deal)
        _withdraw(changes)
        deal_changes.write(changes)
        return None
    deal = task_commands.close(work, task_id, ALLOWED)
    deal = deal_commands.put(work, deal, request.values)
    return _tell(work, deal, request, "allowed")


def decline(work: UnitOfWork, task_id: int) -> Deal:
    """Leave it as it is, and tell who asked. NotAllowed, AlreadyDone."""
    request, _ = _open(work, task_id)
    return _tell(work, task_commands.close(work, task_id, DECLINED), request, "declined")


def _open(work: UnitOfWork, task_id: int) -> tuple[ChangeRequest, Deal]:
    task_queries.get_mine(work, task_id)
    request = find(work, task_id)
    deal = deal_queries.find(work, request.deal_id) if request else None
    if request is None or deal is None:
        raise NotFound("task")
    access.DECIDE.check(work.actor)
    return request, deal


def _tell(work: UnitOfWork, deal: Deal, request: ChangeRequest, answer: Literal["allowed", "declined"]) -> Deal:
    changes = deal_changes.begin(work, deal)
    _say(changes, request, answer)
    return deal_changes.write(changes)


def _say(changes: DealChanges, request: ChangeRequest, answer: Literal["allowed", "declined", "lapsed"]) -> None:
    """To who asked; if he has left, to who has the deal now."""
    known = changes.process.fields
    titles = tuple(known[name].title for name in request.values if name in known)
    asker = employees.find_working(changes.work, request.asked_by)
    changes.say(asker.id if asker else "responsible", RULE, ChangeAnswered(answer, titles, request.why))


# --- lapsing ----------------------------------------------------------------------------------------------------


@hooks.fields_set.register
def _lapse(changes: DealChanges, effect: e.FieldsSet) -> None:
    """What was asked for is about values that are other ones now."""
    if changes.process.asked_fields.isdisjoint(effect.values):
        return
    request = _read(changes.work, OPEN, {"deal": changes.before.id})
    if request is not None and not request.seen.keys().isdisjoint(effect.values):
        _withdraw(changes)


def _withdraw(changes: DealChanges) -> None:
    """The deal's open request lapses: who asked and who was asked hear of it."""
    request = _read(changes.work, OPEN, {"deal": changes.before.id})
    if request is None:
        return
    for whose, title in lifecycle.cancel(changes.work, changes.before.id, (ALLOW_CHANGE,)):
        if whose is not None and whose != changes.work.actor_id:
            changes.say(whose, RULE, TaskWithdrawn(title))
    if request.asked_by != changes.work.actor_id:
        _say(changes, request, "lapsed")
