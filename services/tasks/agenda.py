"""What a person has to do: his tasks by urgency, an installer's day (C-5), call lists (F-E5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import Row, and_, bindparam, case, func, not_, or_, select

from models.client_contact import ClientContact, contact
from models.entities import Deal, Item, Task
from models.ids import DealId, TaskId
from models.process.stages import DueOn
from models.tables.clients import ClientRow
from models.tables.deals import DealRow
from models.tables.tasks import ItemRow, TaskRow
from models.tables.visits import VisitRow
from models.values.product_text import ProductText
from models.values.visit_slot import start_of
from models.visits import AGREED
from services.deals import deal_queries
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork

Section = Literal["overdue", "today", "coming", "practice"]
SECTIONS: tuple[Section, ...] = ("overdue", "today", "coming")
EVERY: tuple[Section, ...] = (*SECTIONS, "practice")
PAGE = 8
MOST_JOBS = 200  # open jobs of one person; more than anybody can drive to
MOST_CALLS = 90  # a keyboard holds 100 buttons

WHOSE = or_(
    TaskRow.assignee_id == bindparam("who"),
    and_(TaskRow.assignee_id.is_(None), TaskRow.role == bindparam("role")),
)
REAL, LEARNT = DealRow.kind != "practice", DealRow.kind == "practice"  # a learner's tasks stand apart (K-2)
ABOUT = DealRow.id == TaskRow.deal_id
# what waits for its day in a call list is not shown before
OPEN = and_(WHOSE, TaskRow.state == "open", or_(TaskRow.list.is_(None), TaskRow.due_at <= bindparam("now")))
# whoever is at the client's from ten to two is not late at five past ten, and is as long as the visit lasts
VISIT_ENDS = (
    select(func.max(VisitRow.ends_at))
    .where(VisitRow.deal_id == TaskRow.deal_id, VisitRow.current, VisitRow.starts_at == TaskRow.due_at)
    .where(VisitRow.state.in_(AGREED))
    .correlate(TaskRow)
    .scalar_subquery()
)
IS_OVER = and_(TaskRow.due_at < bindparam("now"), func.coalesce(VISIT_ENDS, TaskRow.due_at) < bindparam("now"))
BOUNDS = {
    "overdue": and_(REAL, IS_OVER),
    "today": and_(REAL, not_(IS_OVER), TaskRow.due_at < bindparam("midnight")),
    "coming": and_(REAL, TaskRow.due_at >= bindparam("now"), TaskRow.due_at >= bindparam("midnight")),
    "practice": LEARNT,
}
COUNTS = (
    select(*(func.sum(case((bound, 1), else_=0)).label(name) for name, bound in BOUNDS.items()))
    .select_from(TaskRow)
    .join(DealRow, ABOUT)
    .where(OPEN)
)
PAGES = {
    name: select(TaskRow)
    .join(DealRow, ABOUT)
    .where(OPEN, bound)
    .order_by(TaskRow.due_at, TaskRow.id)
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
    for name, bound in BOUNDS.items()
}
JOBS = (
    select(TaskRow)
    .join(DealRow, ABOUT)
    .where(WHOSE, TaskRow.state == "open", TaskRow.list.is_(None), REAL)
    .order_by(TaskRow.due_at, TaskRow.id)
    .limit(MOST_JOBS)
)
CALLS = (
    select(TaskRow)
    .where(WHOSE, TaskRow.state == "open", TaskRow.list == bindparam("list"), TaskRow.due_at <= bindparam("now"))
    .order_by(TaskRow.due_at, TaskRow.id)
    .limit(MOST_CALLS)
)
LISTS = (
    select(TaskRow.list, func.min(TaskRow.id).label("first"), func.count().label("n"))
    .where(WHOSE, TaskRow.state == "open", TaskRow.list.is_not(None), TaskRow.due_at <= bindparam("now"))
    .group_by(TaskRow.list)
    .order_by(TaskRow.list)
)
OPEN_COUNTS = (
    select(TaskRow.assignee_id, func.count().label("n"))
    .join(DealRow, ABOUT)
    .where(TaskRow.state == "open", TaskRow.assignee_id.is_not(None), REAL)
    .group_by(TaskRow.assignee_id)
)
DEALS = select(DealRow).where(DealRow.id.in_(bindparam("ids", expanding=True)), DealRow.deleted_at.is_(None))
NAMES = select(ClientRow.id, ClientRow.name).where(ClientRow.id.in_(bindparam("ids", expanding=True)))
ITEMS = (
    select(ItemRow)
    .where(ItemRow.task_id.in_(bindparam("ids", expanding=True)))
    .order_by(ItemRow.task_id, ItemRow.position)
)


@dataclass(frozen=True, slots=True)
class AgendaTask:
    """A task with what it is about. `at` is when one has to be there: the date it hangs on, or when it is due."""

    task: Task
    deal: Deal
    client: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CallList:
    """A call list of the actor with calls due now; `first` is one of its tasks, by which a button finds it again."""

    title: ProductText
    first: TaskId
    n: int


def counts(work: UnitOfWork) -> dict[str, int]:
    """How many open tasks the actor has: overdue, still today, on later days; apart from them those of practice."""
    row = work.tx.execute(COUNTS, _asked(work)).one()
    return {name: int(getattr(row, name) or 0) for name in BOUNDS}


def page(work: UnitOfWork, section: Section, number: int = 0) -> tuple[list[AgendaTask], bool]:
    """One page of the actor's open tasks, the most urgent first, and whether there are more."""
    skip = min(max(number, 0), 1000) * PAGE
    rows = work.tx.execute(PAGES[section], {**_asked(work), "most": PAGE + 1, "skip": skip}).all()
    return _errands(work, rows[:PAGE]), len(rows) > PAGE


def jobs(work: UnitOfWork) -> list[AgendaTask]:
    """The actor's open jobs with their checklists, by the time to be there (C-5)."""
    found = _errands(work, work.tx.execute(JOBS, _asked(work)).all(), items=True)
    return sorted(found, key=lambda one: (one.at, one.task.id))


def lists(work: UnitOfWork) -> list[CallList]:
    """The actor's call lists that have calls due now."""
    return [CallList(row.list, row.first, row.n) for row in work.tx.execute(LISTS, _asked(work))]


def calls(work: UnitOfWork, title: ProductText) -> list[AgendaTask]:
    """The actor's open calls of a list, due by now (F-E5)."""
    return _errands(work, work.tx.execute(CALLS, {**_asked(work), "list": title}).all())


def open_counts(work: UnitOfWork) -> dict[int, int]:
    """How many open tasks each employee has."""
    return {row.assignee_id: int(row.n) for row in work.tx.execute(OPEN_COUNTS)}


def _asked(work: UnitOfWork) -> dict[str, Any]:
    calendar = work.company.calendar
    midnight = calendar.at(calendar.today(work.now) + timedelta(days=1), time(0))
    return {
        "who": work.actor.id if work.actor else 0,
        "role": work.actor.role if work.actor else "",
        "now": work.now,
        "midnight": midnight,
    }


def _errands(work: UnitOfWork, rows: Sequence[Row[Any]], *, items: bool = False) -> list[AgendaTask]:
    if not rows:
        return []
    about_rows = work.tx.execute(DEALS, {"ids": {row.deal_id for row in rows}}).all()
    found = {one.id: one for one in deal_queries.read_all(work, about_rows)}
    names = _names(work, found.values())
    lines = _items(work, [row.id for row in rows]) if items else {}
    return [
        AgendaTask(made, about, names[about.id], _at(work, made, about))
        for made, about in ((Task.of(row, lines.get(row.id, ())), found.get(row.deal_id)) for row in rows)
        if about is not None
    ]


def _names(work: UnitOfWork, found: Iterable[Deal]) -> dict[DealId, str]:
    """The client of each deal by name: of his card, or as the lead has it."""
    about = list(found)
    ids = {one.client_id for one in about if one.client_id}
    cards = {row.id: ClientContact(row.name) for row in work.tx.execute(NAMES, {"ids": ids})} if ids else {}
    out = {}
    for one in about:
        process = work.company.processes.get(one.process)
        card = cards.get(one.client_id or 0)
        out[one.id] = (contact(process.client, one, card).name if process else "") or one.title
    return out


def _items(work: UnitOfWork, ids: Sequence[int]) -> dict[int, tuple[Item, ...]]:
    out: dict[int, tuple[Item, ...]] = {}
    for one in work.tx.execute(ITEMS, {"ids": ids}):
        made = Item.of(one)
        out[one.task_id] = (*out.get(one.task_id, ()), made)
    return out


def _at(work: UnitOfWork, found: Task, about: Deal) -> datetime:
    process = work.company.processes.get(about.process)
    described = task_queries.description_of(process, found) if process else None
    value = about.fields.get(described.due.on) if described and isinstance(described.due, DueOn) else None
    at = start_of(value) if value is not None else None
    return at if isinstance(at, datetime) else found.due_at
