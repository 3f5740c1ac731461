"""Reading tasks: as the actor may see them, and whether they are his to close."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, or_, select

from models import access, rights
from models.entities import Item, Task
from models.errors import AlreadyDone, NotAllowed, NotFound, TaskWithdrawnError
from models.history.task_lines import TaskWasPutOff
from models.ids import ItemId, TaskId
from models.notices.task_notices import TaskDue
from models.process.process import Process
from models.process.stages import Outcome
from models.process.stages import TaskDefinition as Description
from models.rights import Ties
from models.tables.deals import DealRow, HistoryRow
from models.tables.people import EmployeeRow
from models.tables.tasks import ItemRow, TaskRow
from models.values.invalid_value import N_
from models.values.product_text import StoredTitle
from services.deals import deal_queries
from services.obsolete_notices import obsolete_when
from services.people import employees
from services.unit_of_work import UnitOfWork

TASK = rights.thing("task", N_("Задачи"), ids=(TaskId, ItemId), tables=("task", "item"))
SEE = TASK.right(N_("видеть, чья бы ни была сделка"), (access.EVERYONE, ("addressed", "role")))
ACT = TASK.right(
    N_("закрывать и откладывать"),
    (access.MANAGEMENT, ("any",)),
    (access.MANAGER, ("addressed", "role", "own")),
    (access.OTHERS, ("addressed", "role")),
)
TAKE = TASK.right(
    N_("брать ту, что дана роли"), (access.MANAGEMENT, ("any",)), (access.EVERYONE - access.MANAGEMENT, ("role",))
)
EDIT = TASK.right(N_("менять чек-лист"), (access.MANAGEMENT, ("any",)), (access.MANAGER, ("own", "free")), robots=False)
GIVE = TASK.right(
    N_("давать другому (свой шаг — каждый)"),
    (access.MANAGEMENT, ("any",)),
    (access.EVERYONE - access.MANAGEMENT, ("author",)),
    robots=False,
)

BY_ID = select(TaskRow).where(TaskRow.id == bindparam("id"))


ITEMS = select(ItemRow).where(ItemRow.task_id == bindparam("id")).order_by(ItemRow.position)


OF_DEAL = (
    select(TaskRow)
    .where(TaskRow.deal_id == bindparam("id"), TaskRow.state == "open")
    .order_by(TaskRow.due_at, TaskRow.id)
)
ITEMS_OF_DEAL = (
    select(ItemRow)
    .join(TaskRow, TaskRow.id == ItemRow.task_id)
    .where(TaskRow.deal_id == bindparam("id"), TaskRow.state == "open")
    .order_by(ItemRow.position)
)
LAST_STATE = (
    select(TaskRow.state)
    .where(TaskRow.deal_id == bindparam("deal"), TaskRow.name == bindparam("name"))
    .order_by(TaskRow.id.desc())
    .limit(1)
)

PUT_OFF = select(HistoryRow.data).where(HistoryRow.deal_id == bindparam("deal"), HistoryRow.kind == TaskWasPutOff.kind)


def get(work: UnitOfWork, task_id: int) -> Task:
    """The task with its checklist, if the actor may see its deal or it is his: NotFound, NotAllowed."""
    row = work.tx.execute(BY_ID, {"id": task_id}).one_or_none()
    if row is None:
        raise NotFound("task")
    if row.state == "void":
        raise _withdrawn(work, row)
    if not _mine(work, row):
        try:
            deal_queries.get(work, row.deal_id)
        except NotAllowed:
            faster = _faster(work, _read(work, row, items=False))
            if faster is None:
                raise
            raise AlreadyDone(faster) from None
    elif deal_queries.find(work, row.deal_id) is None:  # a task of a deal that is gone tells nobody what it was
        raise NotFound("task")
    return _read(work, row)


def _withdrawn(work: UnitOfWork, row: Row[Any]) -> NotFound:
    """Where it went, for whom it was given to or who may see its deal; for anybody else there is none."""
    deal = deal_queries.find(work, row.deal_id)
    process = work.company.processes.get(deal.process) if deal else None
    stage = process.find_stage(deal.pipeline, deal.stage) if deal and process else None
    if deal is None or stage is None or work.actor is None:
        return NotFound("task")
    known = _mine(work, row) or access.can_view(work.actor, deal)
    return TaskWithdrawnError(StoredTitle(row.words or row.title), stage.title) if known else NotFound("task")


def _faster(work: UnitOfWork, found: Task) -> str | None:
    """The colleague who has taken a task that was given to the role of both; None if it was never for the actor."""
    card = deal_queries.find(work, found.deal_id)
    process = work.company.processes.get(card.process) if card else None
    described = description_of(process, found) if process else None
    if work.actor is None or described is None or described.to != work.actor.role or found.assignee_id is None:
        return None
    holder = employees.get(work, found.assignee_id)
    return holder.name if holder.role == work.actor.role else None


def find(work: UnitOfWork, task_id: int) -> Task | None:
    """The task, whoever asks and whatever its state; None if there is none."""
    row = work.tx.execute(BY_ID, {"id": task_id}).one_or_none()
    return _read(work, row) if row else None


def _mine(work: UnitOfWork, row: Row[Any]) -> bool:
    return SEE.allows(work.actor, **_ties(work, row.assignee_id, row.role))


def _ties(work: UnitOfWork, assignee_id: int | None, role: str | None) -> Ties:
    me = work.actor
    if me is None or assignee_id is not None:
        return {"addressed": assignee_id == work.actor_id}
    return {"role": role == me.role}


def _read(work: UnitOfWork, row: Row[Any], *, items: bool = True) -> Task:
    lines = work.tx.execute(ITEMS, {"id": row.id}).all() if items else []
    return Task.of(row, tuple(Item.of(one) for one in lines))


def of_deal(work: UnitOfWork, deal_id: int, *, items: bool = False) -> list[Task]:
    """The open tasks of a deal, the next due first; with their checklists, if `items`."""
    rows = work.tx.execute(OF_DEAL, {"id": deal_id}).all()
    lines: dict[int, list[Item]] = {}
    for one in work.tx.execute(ITEMS_OF_DEAL, {"id": deal_id}) if items and rows else ():
        lines.setdefault(one.task_id, []).append(Item.of(one))
    return [Task.of(row, tuple(lines.get(row.id, ()))) for row in rows]


def times_put_off(work: UnitOfWork, found: Task) -> int:
    """How often a person has moved it to a later time."""
    lines = work.tx.execute(PUT_OFF, {"deal": found.deal_id}).scalars()
    return sum(1 for data in lines if data.get("id") == found.id)


def last_state(work: UnitOfWork, deal_id: int, name: str) -> str | None:
    """How it stands with the deal's task of that name, the newest of several; None if it never had one."""
    return work.tx.execute(LAST_STATE, {"deal": deal_id, "name": name}).scalar()


def mine(work: UnitOfWork, *, list_: str | None = None, until: datetime | None = None, most: int = 30) -> list[Task]:
    """The actor's open tasks, the most overdue first: his own, and those of his role that nobody has taken.

    Tasks that belong to a call list stay out until their day, unless that list is asked for. Those of practice deals
    stay apart (K-2): see `agenda`.
    """
    actor = work.actor
    if actor is None:
        return []
    whose = or_(TaskRow.assignee_id == actor.id, and_(TaskRow.assignee_id.is_(None), TaskRow.role == actor.role))
    query = select(TaskRow).join(DealRow, DealRow.id == TaskRow.deal_id)
    query = query.where(whose, TaskRow.state == "open", DealRow.kind != "practice")
    if list_ is not None:
        query = query.where(TaskRow.list == list_)
    else:
        query = query.where(or_(TaskRow.list.is_(None), TaskRow.due_at <= work.now))
    if until is not None:
        query = query.where(TaskRow.due_at <= until)
    query = query.order_by(TaskRow.due_at, TaskRow.id).limit(most)
    return [_read(work, row, items=False) for row in work.tx.execute(query)]


def description_of(process: Process, found: Task) -> Description | None:
    """What the process says of the task today (its outcomes); None if the file no longer has it."""
    pipeline, _, stage = found.origin.partition(".")
    try:
        return process.task(pipeline, stage, found.name)
    except KeyError:
        return process.find_task(found.name)


def find_outcome(work: UnitOfWork, found: Task, name: str) -> Outcome | None:
    """The outcome of that name, as the process describes it; None if its task has none such any more."""
    deal = deal_queries.find(work, found.deal_id)
    process = work.company.processes.get(deal.process) if deal else None
    described = description_of(process, found) if process else None
    return described.outcomes.get(name) if described else None


def get_mine(work: UnitOfWork, task_id: int) -> Task:
    """The open task for a change: by whom it was given to, or by those above. AlreadyDone names who closed it."""
    found = get(work, task_id)
    if found.state != "open":
        row = work.tx.execute(
            select(EmployeeRow.name).join(TaskRow, TaskRow.closed_by_id == EmployeeRow.id).where(TaskRow.id == task_id)
        ).scalar_one_or_none()
        raise AlreadyDone(row)
    if not can_act(work, found):
        raise NotAllowed
    return found


def can_act(work: UnitOfWork, found: Task) -> bool:
    """Whether the actor may tick and close the task: it is his or his role's, or he stands above.

    The responsible may act for those who work on his deal, but not for those above him: nobody agrees to his own
    discount (F-E5).
    """
    if ACT.allows(work.actor, **_ties(work, found.assignee_id, found.role)):
        return True
    role = employees.get(work, found.assignee_id).role if found.assignee_id else found.role
    card = deal_queries.find(work, found.deal_id)
    own = card is not None and card.responsible_id == work.actor_id
    return role not in access.MANAGEMENT and own and ACT.allows(work.actor, own=True)


@obsolete_when(TaskDue)
def _is_closed(work: UnitOfWork, said: TaskDue) -> bool:
    found = find(work, said.task)
    return found is None or found.state != "open"
