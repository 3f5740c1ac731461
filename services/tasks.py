"""Tasks: given with a checklist that stays as it was given, ticked, closed with an outcome, snoozed, handed over."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, insert, or_, select, update

from models import access
from models.engine import effects, moves
from models.errors import AlreadyDone, NotAllowed, NotFound
from models.nouns import Deal, Employee, Item, Task
from models.process.process import Process
from models.process.stages import Task as Description
from models.tables import due, employee, item, task
from services import schedule
from services.work import Work

ADD = insert(task).returning(task.c.id)
BY_ID = select(task).where(task.c.id == bindparam("id"))
ITEMS = select(item).where(item.c.task_id == bindparam("id")).order_by(item.c.position)
OF_DEAL = (
    select(task).where(task.c.deal_id == bindparam("id"), task.c.state == "open").order_by(task.c.due_at, task.c.id)
)
OPEN_BY_NAME = select(task.c.id, task.c.list, task.c.assignee_id).where(
    task.c.deal_id == bindparam("deal"), task.c.name == bindparam("name"), task.c.state == "open"
)
OPEN_OF_STAGE = select(task.c.id, task.c.assignee_id, task.c.title).where(
    task.c.deal_id == bindparam("deal"), task.c.origin == bindparam("origin"), task.c.state == "open"
)
CLOSE = (
    update(task)
    .where(task.c.id == bindparam("key"), task.c.state == "open")
    .values(
        state=bindparam("to_state"),
        outcome=bindparam("how"),
        closed_at=bindparam("at"),
        closed_by_id=bindparam("who"),
    )
)


def get(work: Work, task_id: int) -> Task:
    """The task with its checklist, if the actor may see its deal or it is his: NotFound, NotAllowed."""
    from services import deals

    row = work.tx.execute(BY_ID, {"id": task_id}).one_or_none()
    if row is None or row.state == "void":
        raise NotFound("task")
    if not _mine(work, row):
        deals.get(work, row.deal_id)
    return _read(work, row)


def find(work: Work, task_id: int) -> Task | None:
    """The task, whoever asks and whatever its state; None if there is none."""
    row = work.tx.execute(BY_ID, {"id": task_id}).one_or_none()
    return _read(work, row) if row else None


def _mine(work: Work, row: Row[Any]) -> bool:
    actor = work.actor
    return actor is None or row.assignee_id == actor.id or (row.assignee_id is None and row.role == actor.role)


def _read(work: Work, row: Row[Any], *, items: bool = True) -> Task:
    lines = work.tx.execute(ITEMS, {"id": row.id}).all() if items else []
    return Task(
        row.id,
        row.deal_id,
        row.name,
        row.origin,
        row.title,
        row.description,
        row.video,
        row.list,
        row.assignee_id,
        row.role,
        row.state,
        row.outcome,
        row.due_at,
        tuple(Item(i.id, i.position, i.title, tuple(i.fill), i.optional, i.done_at) for i in lines),
    )


def of_deal(work: Work, deal_id: int) -> list[Task]:
    """The open tasks of a deal, the next due first."""
    return [_read(work, row, items=False) for row in work.tx.execute(OF_DEAL, {"id": deal_id})]


def mine(work: Work, *, list_: str | None = None, until: datetime | None = None, most: int = 30) -> list[Task]:
    """The actor's open tasks, the most overdue first: his own, and those of his role that nobody has taken.

    Tasks that belong to a call list stay out until their day, unless that list is asked for.
    """
    actor = work.actor
    if actor is None:
        return []
    whose = or_(task.c.assignee_id == actor.id, and_(task.c.assignee_id.is_(None), task.c.role == actor.role))
    query = select(task).where(whose, task.c.state == "open")
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


# --- by effects -------------------------------------------------------------------------------------------------


def give(
    work: Work, deal_id: int, effect: effects.TaskGiven, origin: str, person: Employee | None, role: str | None
) -> list[dict[str, Any]]:
    """Write the task with its checklist; gives the rows of the schedule that ring for it.

    A task with a `list` stays silent until its day, when all of that day come as one message (F-E5).
    """
    described = effect.task
    key = work.add(
        ADD,
        deal_id=deal_id,
        name=effect.name,
        origin=origin,
        title=described.title,
        description=described.description,
        video=described.video,
        list=described.list,
        assignee_id=person.id if person else None,
        role=role,
        state="open",
        due_at=effect.due_at,
        given_at=work.now,
    )
    lines = [
        {"task_id": key, "position": place, "title": one.title, "fill": list(one.fill), "optional": one.optional}
        for place, one in enumerate(described.checklist)
    ]
    if lines:
        work.tx.execute(insert(item), lines)
    if described.list:
        _list_row(work, described.list, person, role, effect.due_at)
        return []
    rows = [_ring_row(work, deal_id, key, effect.due_at)]
    if person is None or person.id != work.actor_id or described.to != "responsible":
        rows += _given_rows(work, deal_id, key, person, role)
    return rows


def _ring_row(work: Work, deal_id: int, key: int, at: datetime) -> dict[str, Any]:
    return schedule.row(work, "task", "task", at.isoformat(), at, deal_id=deal_id, task_id=key)


def _given_rows(work: Work, deal_id: int, key: int, person: Employee | None, role: str | None) -> list[dict[str, Any]]:
    from services import people

    told = [person] if person else people.of_role(work, role or "manager")
    rows = []
    for one in told:
        at = work.now if one.id == work.actor_id else schedule.polite_time(work.company.calendar, one, work.now)
        payload = {"kind": "task", "text": "", "task": key}
        rows.append(
            schedule.row(
                work,
                "notice",
                "task",
                f"given-{one.id}-{work.now.isoformat()}",
                at,
                deal_id=deal_id,
                task_id=key,
                employee_id=one.id,
                payload=payload,
                meant_at=work.now,
            )
        )
    return rows


def _list_row(work: Work, title: str, person: Employee | None, role: str | None, due_at: datetime) -> None:
    from services import people

    day = work.company.calendar.local(due_at).date().isoformat()
    for one in [person] if person else people.of_role(work, role or "manager"):
        schedule.put_once(work, schedule.row(work, "list", title, day, due_at, employee_id=one.id))


def finish(work: Work, deal_id: int, name: str, outcome: str) -> None:
    """Close the deal's open tasks of that name."""
    for row in work.tx.execute(OPEN_BY_NAME, {"deal": deal_id, "name": name}).all():
        _close(work, row.id, "done", outcome)


def _close(work: Work, key: int, state: str, outcome: str | None) -> None:
    work.tx.execute(CLOSE, {"key": key, "to_state": state, "how": outcome, "at": work.now, "who": work.actor_id})
    schedule.void_task(work, key)


def void_of_stage(work: Work, deal_id: int, origin: str) -> list[tuple[int | None, str]]:
    """Leaving a stage takes back what was given on it; gives (whose, title) of each."""
    found = work.tx.execute(OPEN_OF_STAGE, {"deal": deal_id, "origin": origin}).all()
    for row in found:
        _close(work, row.id, "void", None)
    return [(row.assignee_id, row.title) for row in found]


def void_all(work: Work, deal_id: int) -> None:
    """Take back every open task of a deal."""
    for row in work.tx.execute(OF_DEAL, {"id": deal_id}).all():
        _close(work, row.id, "void", None)


def move_due(work: Work, deal_id: int, name: str, due_at: datetime) -> None:
    """The task's date moved: it rings then, not before."""
    for row in work.tx.execute(OPEN_BY_NAME, {"deal": deal_id, "name": name}).all():
        _ring_at(work, deal_id, row.id, due_at)


def snooze(work: Work, deal_id: int, name: str, due_at: datetime) -> None:
    """Put the task off; a call of a list comes again by itself on its new day."""
    for row in work.tx.execute(OPEN_BY_NAME, {"deal": deal_id, "name": name}).all():
        _ring_at(work, deal_id, row.id, due_at)


def _ring_at(work: Work, deal_id: int, key: int, at: datetime) -> None:
    work.tx.execute(update(task).where(task.c.id == key).values(due_at=at))
    schedule.void_task(work, key)
    again = work.tx.execute(
        select(due.c.id).where(due.c.task_id == key, due.c.kind == "task", due.c.anchor == at.isoformat())
    ).scalar_one_or_none()
    if again is None:
        schedule.put(work, [_ring_row(work, deal_id, key, at)])
    else:  # put back to a moment it had before
        work.tx.execute(
            update(due)
            .where(due.c.id == again)
            .values(
                state=schedule.PENDING,
                due_at=at,
                meant_at=at,
                done_at=None,
                attempts=0,
                claimed_until=None,
                failure=None,
            )
        )


def hand_over(work: Work, deal_id: int, old: int | None, person: Employee) -> None:
    """The old responsible's open tasks of the deal go to the new one."""
    whose = task.c.assignee_id == old if old else and_(task.c.assignee_id.is_(None), task.c.role == "manager")
    mine_ = and_(task.c.deal_id == deal_id, task.c.state == "open", whose)
    moved = work.tx.execute(select(task.c.list, task.c.due_at).where(mine_, task.c.list.is_not(None))).all()
    for row in moved:
        _list_row(work, row.list, person, None, row.due_at)
    work.tx.execute(update(task).where(mine_).values(assignee_id=person.id, role=None))


def follow(work: Work, deal_id: int, process: Process, field: str, person: Employee | None, role: str | None) -> None:
    """The open tasks for whomever the field names go to the person whom it names now; the old one is told too."""
    rows = []
    for row in work.tx.execute(OF_DEAL, {"id": deal_id}).all():
        described = description_of(process, _read(work, row, items=False))
        if described is None or described.to != field or (person and row.assignee_id == person.id):
            continue
        work.tx.execute(
            update(task).where(task.c.id == row.id).values(assignee_id=person.id if person else None, role=role)
        )
        rows += _given_rows(work, deal_id, row.id, person, role)
        if row.assignee_id:
            rows.append(_taken_row(work, deal_id, row.id, row.assignee_id))
    schedule.put(work, rows)


def _taken_row(work: Work, deal_id: int, key: int, who: int) -> dict[str, Any]:
    from services import people

    at = schedule.polite_time(work.company.calendar, people.get(work, who), work.now)
    anchor = f"taken-{who}-{work.now.isoformat()}"
    payload = {"kind": "taken", "text": "", "task": key}
    return schedule.row(
        work, "notice", "task", anchor, at, deal_id=deal_id, task_id=key, employee_id=who, payload=payload,
        meant_at=work.now,
    )  # fmt: skip


# --- by people --------------------------------------------------------------------------------------------------


def tick(work: Work, task_id: int, item_id: int) -> Task:
    """Tick a line of the checklist, or untick it (C-3)."""
    found = get_mine(work, task_id)
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

    found = get_mine(work, task_id)
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


def put_off(work: Work, task_id: int, until: datetime, reason: str) -> Task:
    """Put an open task off until a later moment; who, until when and why stand in the deal's history.

    ValueError if the moment is not ahead.
    """
    from services import carry, deals

    if until <= work.now:
        raise ValueError(f"a task is put off to a later moment, not to {until}")
    found = get_mine(work, task_id)
    card = deals.find(work, found.deal_id)
    if card is None:
        raise NotFound("deal")
    _ring_at(work, found.deal_id, found.id, until)
    carry.note(
        work, card, "put_off", {"task": found.name, "title": found.title, "until": until.isoformat(), "text": reason}
    )
    return get(work, task_id)
