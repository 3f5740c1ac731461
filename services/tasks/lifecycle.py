"""Tasks by effects: given, closed, put off, taken back, handed over, as a plan says; and what rings for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, insert, select, update

from models.engine import effects
from models.entities import Employee
from models.notices.task_notices import TaskDue, TaskTaken
from models.outbox import Planned
from models.process.process import Process
from models.roles import Role
from models.states import TaskState
from models.tables.tasks import ItemRow, TaskRow
from models.values.product_text import ProductText
from services.outbox import notices, schedule
from services.people import employees, presence
from services.tasks import task_queries, task_templates, urgent_tasks
from services.unit_of_work import UnitOfWork

ADD = insert(TaskRow).returning(TaskRow.id)
OF_DEAL = select(TaskRow.id).where(TaskRow.deal_id == bindparam("id"), TaskRow.state == "open")
OPEN_BY_NAME = select(TaskRow.id, TaskRow.list, TaskRow.assignee_id, TaskRow.words, TaskRow.every).where(
    TaskRow.deal_id == bindparam("deal"), TaskRow.name == bindparam("name"), TaskRow.state == "open"
)
OPEN = select(TaskRow.id, TaskRow.assignee_id, TaskRow.title, TaskRow.name).where(
    TaskRow.deal_id == bindparam("deal"), TaskRow.state == "open"
)
CLOSED_BY = (
    select(TaskRow.closed_by_id)
    .where(TaskRow.deal_id == bindparam("deal"), TaskRow.name == bindparam("name"), TaskRow.state == "done")
    .order_by(TaskRow.id.desc())
    .limit(1)
)
LAPSE = (
    update(TaskRow)
    .where(
        TaskRow.deal_id == bindparam("deal"), TaskRow.state == "done",
        TaskRow.name.in_(bindparam("names", expanding=True)),
    )
    .values(state="lapsed")
)  # fmt: skip
TICKED = select(ItemRow.id, ItemRow.fill).where(
    ItemRow.task_id == bindparam("key"), ItemRow.done_at.is_not(None), ItemRow.paper.is_(None)
)
UNTICK = update(ItemRow).where(ItemRow.id == bindparam("line")).values(done_at=None, done_by_id=None)
CLOSE = (
    update(TaskRow)
    .where(TaskRow.id == bindparam("key"), TaskRow.state == "open")
    .values(
        state=bindparam("to_state"),
        outcome=bindparam("how"),
        closed_at=bindparam("at"),
        closed_by_id=bindparam("who"),
    )
)


def assign(
    work: UnitOfWork,
    deal_id: int,
    process: Process,
    effect: effects.TaskGiven,
    origin: str,
    person: Employee | None,
    role: Role | None,
    *,
    practice: bool = False,
) -> list[Planned]:
    """Write the task with its checklist, as the owner has edited it (K-5); gives the schedule's rows that ring for it.

    A task with a `list` stays silent until its day, when all of that day come as one message (F-E5). A learner's task
    is on no list, and nobody but the learner hears of it (K-2).
    """
    described = task_templates.applied(work, process, effect.name, effect.task)
    if practice:
        described = described.model_copy(update={"list": None})
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
        {
            "task_id": key,
            "position": place,
            "title": one.title,
            "fill": list(one.fill),
            "offers": list(one.offers) or None,
            "paper": one.paper,
            "optional": one.optional,
        }
        for place, one in enumerate(described.checklist)
    ]
    if lines:
        work.tx.execute(insert(ItemRow), lines)
    if described.list:
        list_row(work, described.list, person, role, effect.due_at)
        return []
    rows = [schedule.task_bell(deal_id, key, effect.due_at)]
    if practice and person is None:
        return rows
    if person is None or person.id != work.actor_id or described.to != "responsible":
        rows += given_rows(work, deal_id, key, person, role)
        rows += urgent_tasks.late_rows(work, deal_id, key, effect.due_at, rows)
    elif effect.due_at <= work.now:
        rows.append(urgent_tasks.due_now(work, deal_id, key, person, effect.due_at))
    return rows


def given_rows(work: UnitOfWork, deal_id: int, key: int, person: Employee | None, role: Role | None) -> list[Planned]:
    """Who has the task now hears of it; of a role everybody."""
    told = [person] if person else presence.first_of(work, role or "manager")
    return [
        notices.to(
            work, one, TaskDue(key), rule="task", cause=f"given-{one.id}-{work.now.isoformat()}",
            deal_id=deal_id, task_id=key,
        )
        for one in told
    ]  # fmt: skip


def list_row(work: UnitOfWork, title: str, person: Employee | None, role: Role | None, due_at: datetime) -> None:
    """The calls of that day come to a person, or to everybody of a role, as one message (F-E5)."""
    day = work.company.calendar.local(due_at).date().isoformat()
    for one in [person] if person else presence.first_of(work, role or "manager"):
        schedule.put_once(work, schedule.call_list(title, day, one.id, due_at))


def finish(work: UnitOfWork, deal_id: int, name: str, outcome: str) -> Sequence[Any]:
    """Close the deal's open tasks of that name; gives their rows."""
    found = work.tx.execute(OPEN_BY_NAME, {"deal": deal_id, "name": name}).all()
    for row in found:
        _close(work, row.id, "done", outcome)
    return found


def _close(work: UnitOfWork, key: int, state: TaskState, outcome: str | None) -> None:
    work.tx.execute(CLOSE, {"key": key, "to_state": state, "how": outcome, "at": work.now, "who": work.actor_id})
    schedule.void_task(work, key)


def cancel_but(work: UnitOfWork, deal_id: int, but: frozenset[str]) -> list[tuple[int | None, ProductText]]:
    """Leaving a stage takes back what is open, the tasks named `but` aside; gives (whose, title) of each."""
    return _cancel(work, [row for row in work.tx.execute(OPEN, {"deal": deal_id}).all() if row.name not in but])


def cancel(work: UnitOfWork, deal_id: int, names: Collection[str]) -> list[tuple[int | None, ProductText]]:
    """Take back the open tasks of these names; gives (whose, title) of each."""
    return _cancel(work, [row for row in work.tx.execute(OPEN, {"deal": deal_id}).all() if row.name in names])


def _cancel(
    work: UnitOfWork, found: Sequence[Row[int, int | None, ProductText, str]]
) -> list[tuple[int | None, ProductText]]:
    for row in found:
        _close(work, row.id, "void", None)
    return [(row.assignee_id, row.title) for row in found]


def cancel_all(work: UnitOfWork, deal_id: int) -> None:
    """Take back every open task of a deal."""
    for row in work.tx.execute(OF_DEAL, {"id": deal_id}).all():
        _close(work, row.id, "void", None)


def closed_by(work: UnitOfWork, deal_id: int, name: str) -> int | None:
    """Who has closed the deal's task of that name; None if a robot has."""
    return work.tx.execute(CLOSED_BY, {"deal": deal_id, "name": name}).scalar()


def lapse(work: UnitOfWork, deal_id: int, names: Iterable[str]) -> None:
    """What was said when these tasks were closed counts no longer."""
    work.tx.execute(LAPSE, {"deal": deal_id, "names": list(names)})


def untick(work: UnitOfWork, deal_id: int, name: str, known: Collection[str]) -> None:
    """What a person has ticked was about another day; lines whose answers stand on the card (the fields that are
    `known`) stay ticked."""
    for row in work.tx.execute(OPEN_BY_NAME, {"deal": deal_id, "name": name}).all():
        for line in work.tx.execute(TICKED, {"key": row.id}).all():
            if not line.fill or not set(line.fill) <= set(known):
                work.tx.execute(UNTICK, {"line": line.id})


def move_due(work: UnitOfWork, deal_id: int, name: str, due_at: datetime) -> None:
    """The task's date moved, or it was put off: it rings then, not before. A call of a list comes again by itself."""
    for row in work.tx.execute(OPEN_BY_NAME, {"deal": deal_id, "name": name}).all():
        ring_at(work, deal_id, row.id, due_at)


def ring_at(work: UnitOfWork, deal_id: int, key: int, at: datetime) -> None:
    """Set when the task is due, and ring for it then."""
    work.tx.execute(update(TaskRow).where(TaskRow.id == key).values(due_at=at))
    schedule.void_task(work, key)
    schedule.put_anew(work, schedule.task_bell(deal_id, key, at))


def hand_over(work: UnitOfWork, deal_id: int, old: int | None, person: Employee) -> None:
    """The old responsible's open tasks of the deal go to the new one."""
    whose = TaskRow.assignee_id == old if old else and_(TaskRow.assignee_id.is_(None), TaskRow.role == "manager")
    mine_ = and_(TaskRow.deal_id == deal_id, TaskRow.state == "open", whose)
    moved = work.tx.execute(select(TaskRow.list, TaskRow.due_at).where(mine_, TaskRow.list.is_not(None))).all()
    for row in moved:
        list_row(work, row.list, person, None, row.due_at)
    work.tx.execute(update(TaskRow).where(mine_).values(assignee_id=person.id, role=None))


def follow(
    work: UnitOfWork, deal_id: int, process: Process, field: str, person: Employee | None, role: Role | None
) -> None:
    """The open tasks for whomever the field names go to the person whom it names now; the old one is told too."""
    rows = []
    for found in task_queries.of_deal(work, deal_id):
        described = task_queries.description_of(process, found)
        if described is None or described.to != field or (person and found.assignee_id == person.id):
            continue
        taker = person.id if person else None
        work.tx.execute(update(TaskRow).where(TaskRow.id == found.id).values(assignee_id=taker, role=role))
        rows += given_rows(work, deal_id, found.id, person, role)
        rows += taken_rows(work, deal_id, found.id, found.assignee_id)
    schedule.put(work, rows)


def taken_rows(work: UnitOfWork, deal_id: int, key: int, who: int | None) -> list[Planned]:
    """Who had the task hears that it is somebody else's now; who works here no more is told nothing of it."""
    loser = employees.find_working(work, who)
    if loser is None:
        return []
    cause, at = f"taken-{who}-{work.now.isoformat()}", notices.polite(work, loser)
    return [
        notices.to(work, loser, TaskTaken(key), rule="task", cause=cause, at=at, deal_id=deal_id, task_id=key)
    ]  # fmt: skip
