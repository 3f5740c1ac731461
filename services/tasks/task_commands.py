"""Tasks: given with a checklist that stays as it was given, ticked, closed with an outcome, snoozed, handed over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, update

from models import access
from models.engine import moves
from models.engine.effects import Reason, Refusal
from models.entities import Deal, Task
from models.errors import AlreadyDone, MoveRefused, NotAllowed, NotFound
from models.field_values import FieldValues
from models.history.task_lines import TaskWasPutOff
from models.notices.task_notices import TaskPutOff
from models.process.stages import Outcome
from models.tables.people import EmployeeRow
from models.tables.tasks import ItemRow, TaskRow
from services.deals import before_press, deal_commands, deal_queries
from services.deals import changes as deal_changes
from services.tasks import lifecycle, task_queries
from services.unit_of_work import UnitOfWork

TICK_PAPER = (
    update(ItemRow)
    .where(
        ItemRow.paper == bindparam("named"),
        ItemRow.done_at.is_(None),
        ItemRow.task_id.in_(select(TaskRow.id).where(TaskRow.deal_id == bindparam("deal"), TaskRow.state == "open")),
    )
    .values(done_at=bindparam("moment"), done_by_id=bindparam("who"))
)
TOO_OFTEN = 3  # put off so many times, a task is the supervisor's business


def tick(work: UnitOfWork, task_id: int, item_id: int) -> Task:
    """Tick a line of the checklist, or untick it (C-3)."""
    found = _begun(work, task_queries.get_mine(work, task_id))
    line = next((one for one in found.items if one.id == item_id), None)
    if line is None:
        raise NotFound("item")
    done = line.done_at is None
    work.tx.execute(
        update(ItemRow)
        .where(ItemRow.id == item_id)
        .values(done_at=work.now if done else None, done_by_id=work.actor_id if done else None)
    )
    return task_queries.get(work, task_id)


def tick_paper(work: UnitOfWork, deal_id: int, paper: str) -> None:
    """Tick the lines that a paper does («Сформировать счёт»), wherever it was asked for: on the card or on the line."""
    given = {"deal": deal_id, "named": paper, "moment": work.now, "who": work.actor_id}
    work.tx.execute(TICK_PAPER, given)


def close(work: UnitOfWork, task_id: int, outcome: str, values: FieldValues | None = None) -> Deal:
    """Close the task with one of its outcomes; `values` are the answers to what the outcome asks.

    MoveRefused carries what stands against it: open lines, missing answers, a condition.
    """
    found = task_queries.get_mine(work, task_id)
    card = deal_queries.find(work, found.deal_id)
    if card is None:
        raise NotFound("deal")
    before_press.look(work, card)
    found = _begun(work, found)
    process = work.process(card.process)
    if values:
        card = deal_commands.put(work, card, values)
    plan_or_no = moves.plan_close(
        process,
        deal_queries.state_of(work, card),
        found.name,
        task_queries.description_of(process, found),
        outcome,
        found.open_items,
        work.moment,
    )
    return deal_commands.perform(work, card, plan_or_no)


def check_lines(found: Task, chosen: Outcome) -> None:
    """Raise MoveRefused if lines are open that the outcome needs: said before it asks anything."""
    if found.open_items and not (chosen.stays or chosen.unchecked or chosen.puts_off):
        raise MoveRefused(Refusal((Reason("items_open", {"items": found.open_items}),)))


def take(work: UnitOfWork, task_id: int) -> Task:
    """Take a task that was given to a role; AlreadyDone names who was faster, NotAllowed for another role."""
    found, actor = task_queries.get_mine(work, task_id), work.actor
    if actor is None:
        raise NotAllowed
    if found.assignee_id is None:
        task_queries.TAKE.check(actor, role=found.role == actor.role)
    # the condition stands in the UPDATE too: of two at once one gets it
    free = update(TaskRow).where(TaskRow.id == task_id, TaskRow.assignee_id.is_(None))
    if found.assignee_id == actor.id or work.tx.execute(free.values(assignee_id=actor.id, role=None)).rowcount == 1:
        return task_queries.get(work, task_id)
    holder = select(EmployeeRow.name).join(TaskRow, TaskRow.assignee_id == EmployeeRow.id).where(TaskRow.id == task_id)
    raise AlreadyDone(work.tx.execute(holder).scalar_one_or_none())


def _begun(work: UnitOfWork, found: Task) -> Task:
    """Who acts on a task of his role has taken it: of two people the second one is told who is at it."""
    if work.actor is None or found.assignee_id is not None or found.role != work.actor.role:
        return found
    return take(work, found.id)


def put_off(work: UnitOfWork, task_id: int, until: datetime, reason: str) -> Task:
    """Put an open task off until a later moment; who, until when and why stand in the deal's history.

    Put off for the third time, the supervisor is told, once (K-4). ValueError if the moment is not ahead.
    """
    if until <= work.now:
        raise ValueError(f"a task is put off to a later moment, not to {until}")
    found = _begun(work, task_queries.get_mine(work, task_id))
    card = deal_queries.find(work, found.deal_id)
    if card is None:
        raise NotFound("deal")
    times = 1 + task_queries.times_put_off(work, found)
    lifecycle.ring_at(work, found.deal_id, found.id, until)
    changes = deal_changes.begin(work, card)
    changes.note(TaskWasPutOff(found.id, found.name, found.template, found.words or "", until.isoformat(), reason))
    if times == TOO_OFTEN and work.actor is not None and work.actor.role not in access.MANAGEMENT:
        changes.say("supervisor", "task", TaskPutOff(reason, found.id, found.title, work.actor_id))
    deal_changes.write(changes)
    return task_queries.get(work, task_id)
