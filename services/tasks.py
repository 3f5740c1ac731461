"""Tasks: given with a checklist that stays as it was given, ticked, closed with an outcome, snoozed, handed over."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, or_, select, update

from models import access
from models.engine import moves
from models.engine.effects import Reason, Refusal
from models.entities import Deal, Item, Task
from models.errors import AlreadyDone, MoveRefused, NotAllowed, NotFound
from models.process.process import Process
from models.process.stages import Outcome
from models.process.stages import Task as Description
from models.tables.deals import deal, event
from models.tables.people import employee
from models.tables.tasks import item, task
from services import given
from services.work import Work

BY_ID = select(task).where(task.c.id == bindparam("id"))
ITEMS = select(item).where(item.c.task_id == bindparam("id")).order_by(item.c.position)
OF_DEAL = (
    select(task).where(task.c.deal_id == bindparam("id"), task.c.state == "open").order_by(task.c.due_at, task.c.id)
)

PUT_OFF = select(event.c.data).where(event.c.deal_id == bindparam("id"), event.c.kind == "put_off")
TOO_OFTEN = 3  # put off so many times, a task is the supervisor's business


def get(work: Work, task_id: int) -> Task:
    """The task with its checklist, if the actor may see its deal or it is his: NotFound, NotAllowed."""
    from services import deals

    row = work.tx.execute(BY_ID, {"id": task_id}).one_or_none()
    if row is None or row.state == "void":
        raise NotFound("task")
    if not _mine(work, row):
        try:
            deals.get(work, row.deal_id)
        except NotAllowed:
            faster = _faster(work, _read(work, row, items=False))
            if faster is None:
                raise
            raise AlreadyDone(faster) from None
    return _read(work, row)


def _faster(work: Work, found: Task) -> str | None:
    """The colleague who has taken a task that was given to the role of both; None if it was never for the actor."""
    from services import deals, people

    card = deals.find(work, found.deal_id)
    process = work.company.processes.get(card.process) if card else None
    described = description_of(process, found) if process else None
    if work.actor is None or described is None or described.to != work.actor.role or found.assignee_id is None:
        return None
    holder = people.get(work, found.assignee_id)
    return holder.name if holder.role == work.actor.role else None


def find(work: Work, task_id: int) -> Task | None:
    """The task, whoever asks and whatever its state; None if there is none."""
    row = work.tx.execute(BY_ID, {"id": task_id}).one_or_none()
    return _read(work, row) if row else None


def _mine(work: Work, row: Row[Any]) -> bool:
    actor = work.actor
    return actor is None or row.assignee_id == actor.id or (row.assignee_id is None and row.role == actor.role)


def _read(work: Work, row: Row[Any], *, items: bool = True) -> Task:
    lines = work.tx.execute(ITEMS, {"id": row.id}).all() if items else []
    return Task.of(row, tuple(Item.of(one) for one in lines))


def of_deal(work: Work, deal_id: int) -> list[Task]:
    """The open tasks of a deal, the next due first."""
    return [_read(work, row, items=False) for row in work.tx.execute(OF_DEAL, {"id": deal_id})]


def mine(work: Work, *, list_: str | None = None, until: datetime | None = None, most: int = 30) -> list[Task]:
    """The actor's open tasks, the most overdue first: his own, and those of his role that nobody has taken.

    Tasks that belong to a call list stay out until their day, unless that list is asked for. Those of practice deals
    stay apart (K-2): see `agenda`.
    """
    actor = work.actor
    if actor is None:
        return []
    whose = or_(task.c.assignee_id == actor.id, and_(task.c.assignee_id.is_(None), task.c.role == actor.role))
    query = select(task).join(deal, deal.c.id == task.c.deal_id)
    query = query.where(whose, task.c.state == "open", deal.c.kind != "practice")
    if list_ is not None:
        query = query.where(task.c.list == list_)
    else:
        query = query.where(or_(task.c.list.is_(None), task.c.due_at <= work.now))
    if until is not None:
        query = query.where(task.c.due_at <= until)
    query = query.order_by(task.c.due_at, task.c.id).limit(most)
    return [_read(work, row, items=False) for row in work.tx.execute(query)]


def jobs_today(work: Work) -> int:
    """How many of the actor's open tasks are due today."""
    calendar = work.company.calendar
    end = calendar.at(calendar.today(work.now) + timedelta(days=1), time(0))
    return sum(1 for one in mine(work, until=end) if one.due_at < end)


def description_of(process: Process, found: Task) -> Description | None:
    """What the process says of the task today (its outcomes); None if the file no longer has it."""
    pipeline, _, stage = found.origin.partition(".")
    try:
        return process.task(pipeline, stage, found.name)
    except KeyError:
        return process.find_task(found.name)


def tick(work: Work, task_id: int, item_id: int) -> Task:
    """Tick a line of the checklist, or untick it (C-3)."""
    found = _begun(work, get_mine(work, task_id))
    line = next((one for one in found.items if one.id == item_id), None)
    if line is None:
        raise NotFound("item")
    done = line.done_at is None
    work.tx.execute(
        update(item)
        .where(item.c.id == item_id)
        .values(done_at=work.now if done else None, done_by_id=work.actor_id if done else None)
    )
    return get(work, task_id)


def get_mine(work: Work, task_id: int) -> Task:
    """The open task for a change: by whom it was given to, or by those above. AlreadyDone names who closed it."""
    found = get(work, task_id)
    if found.state != "open":
        row = work.tx.execute(
            select(employee.c.name).join(task, task.c.closed_by_id == employee.c.id).where(task.c.id == task_id)
        ).scalar_one_or_none()
        raise AlreadyDone(row)
    if not may_act(work, found):
        raise NotAllowed
    return found


def may_act(work: Work, found: Task) -> bool:
    """Whether the actor may tick and close the task: it is his or his role's, or he stands above.

    The responsible may act for those who work on his deal, but not for those above him: nobody agrees to his own
    discount (F-E5).
    """
    from services import deals, people

    actor = work.actor
    if actor is None or actor.role in access.MANAGEMENT or actor.id == found.assignee_id:
        return True
    if found.assignee_id is None and found.role == actor.role:
        return True
    role = people.get(work, found.assignee_id).role if found.assignee_id else found.role
    card = deals.find(work, found.deal_id)
    return role not in access.MANAGEMENT and card is not None and card.responsible_id == actor.id


def close(work: Work, task_id: int, outcome: str, values: dict[str, Any] | None = None) -> Deal:
    """Close the task with one of its outcomes; `values` are the answers to what the outcome asks.

    MoveRefused carries what stands against it: open lines, missing answers, a condition.
    """
    from services import deals

    found = _begun(work, get_mine(work, task_id))
    card = deals.find(work, found.deal_id)
    if card is None:
        raise NotFound("deal")
    process = work.process(card.process)
    if values:
        plan = moves.plan_fields(process, deals.state_of(work, card), values, work.moment)
        card = deals.perform(work, card, plan)
    plan_or_no = moves.plan_close(
        process,
        deals.state_of(work, card),
        found.name,
        description_of(process, found),
        outcome,
        found.open_items,
        work.moment,
    )
    return deals.perform(work, card, plan_or_no)


def check_lines(found: Task, chosen: Outcome) -> None:
    """Raise MoveRefused if lines are open that the outcome needs: said before it asks anything."""
    if found.open_items and not (chosen.stays or chosen.unchecked or chosen.snooze):
        raise MoveRefused(Refusal((Reason("items_open", {"items": found.open_items}),)))


def take(work: Work, task_id: int) -> Task:
    """Take a task that was given to a role; AlreadyDone names who was faster, NotAllowed for another role."""
    found, actor = get_mine(work, task_id), work.actor
    if actor is None:
        raise NotAllowed
    if found.assignee_id is None and found.role != actor.role and actor.role not in access.MANAGEMENT:
        raise NotAllowed
    # the condition stands in the UPDATE too: of two at once one gets it
    free = update(task).where(task.c.id == task_id, task.c.assignee_id.is_(None))
    if found.assignee_id == actor.id or work.tx.execute(free.values(assignee_id=actor.id, role=None)).rowcount == 1:
        return get(work, task_id)
    holder = select(employee.c.name).join(task, task.c.assignee_id == employee.c.id).where(task.c.id == task_id)
    raise AlreadyDone(work.tx.execute(holder).scalar_one_or_none())


def _begun(work: Work, found: Task) -> Task:
    """Who acts on a task of his role has taken it: of two people the second one is told who is at it."""
    if work.actor is None or found.assignee_id is not None or found.role != work.actor.role:
        return found
    return take(work, found.id)


def put_off(work: Work, task_id: int, until: datetime, reason: str) -> Task:
    """Put an open task off until a later moment; who, until when and why stand in the deal's history.

    Put off for the third time, the supervisor is told, once (K-4). ValueError if the moment is not ahead.
    """
    from services import deals, ledgers

    if until <= work.now:
        raise ValueError(f"a task is put off to a later moment, not to {until}")
    found = _begun(work, get_mine(work, task_id))
    card = deals.find(work, found.deal_id)
    if card is None:
        raise NotFound("deal")
    times = 1 + sum(1 for data in work.tx.execute(PUT_OFF, {"id": card.id}).scalars() if data.get("id") == found.id)
    given.ring_at(work, found.deal_id, found.id, until)
    ledger = ledgers.begin(work, card)
    until_said = until.isoformat()
    ledger.history("put_off", id=found.id, task=found.name, title=found.title, until=until_said, text=reason)
    if times == TOO_OFTEN and work.actor is not None and work.actor.role not in access.MANAGEMENT:
        payload = {"kind": "put_off", "text": reason, "task": found.id, "title": found.title, "from": work.actor_id}
        ledger.notices.append(("supervisor", "task", payload))
    ledgers.write(ledger)
    return get(work, task_id)
