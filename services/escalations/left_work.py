"""What hangs on a person: visits, tasks, call-backs, deals. A learner's deals are nobody else's business (K-2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import bindparam, select

from models.entities import Deal, Task
from models.tables.deals import DealRow
from models.tables.tasks import TaskRow
from models.visits import Visit
from services.deals import deal_queries
from services.unit_of_work import UnitOfWork
from services.visits import booking_rows

FAR = timedelta(days=800)
TASKS = (
    select(TaskRow)
    .join(DealRow, DealRow.id == TaskRow.deal_id)
    .where(
        TaskRow.assignee_id == bindparam("who"), TaskRow.state == "open", TaskRow.due_at < bindparam("until"),
        DealRow.kind != "practice", DealRow.deleted_at.is_(None),
    )
    .order_by(TaskRow.due_at, TaskRow.id)
)  # fmt: skip
DEALS = (
    select(DealRow)
    .where(
        DealRow.responsible_id == bindparam("who"), DealRow.status == "open", DealRow.kind != "practice",
        DealRow.deleted_at.is_(None),
    )
    .order_by(DealRow.id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeftTask:
    """An open task with the deal that it is on; a call of a list is one too."""

    task: Task
    deal: Deal


@dataclass(frozen=True, slots=True)
class LeftVisit:
    """A booked visit for which there is no task yet."""

    visit: Visit
    deal: Deal


@dataclass(frozen=True, slots=True)
class LeftWork:
    """What hangs on a person, each kind by time."""

    visits: tuple[LeftVisit, ...] = ()
    tasks: tuple[LeftTask, ...] = ()
    deals: tuple[Deal, ...] = ()

    @property
    def everything(self) -> Iterator[LeftVisit | LeftTask | Deal]:
        """The most urgent kinds first."""
        yield from self.visits
        yield from self.tasks
        yield from self.deals

    @property
    def is_empty(self) -> bool:
        return not (self.visits or self.tasks or self.deals)


def of_person(work: UnitOfWork, person_id: int, first: date | None = None, last: date | None = None) -> LeftWork:
    """What hangs on a person; with days, his tasks due and visits within them (what is overdue too), and all deals."""
    calendar = work.company.calendar
    begins = max(work.now, calendar.at(first, time(0))) if first else work.now
    ends = calendar.at(last + timedelta(days=1), time(0)) if last else work.now + FAR
    deals = _led(work, person_id)
    tasks = tuple(_tasks(work, person_id, ends))
    known = {one.deal.id for one in tasks}
    visits = tuple(one for one in _visits(work, person_id, begins, ends) if one.deal.id not in known)
    return LeftWork(visits, tasks, deals)


def deals_of(work: UnitOfWork, person_id: int) -> LeftWork:
    """The open deals that the person leads, and his tasks on them."""
    deals = _led(work, person_id)
    led = {one.id for one in deals}
    tasks = _tasks(work, person_id, work.now + FAR) if led else ()
    return LeftWork((), tuple(one for one in tasks if one.deal.id in led), deals)


def _led(work: UnitOfWork, person_id: int) -> tuple[Deal, ...]:
    return tuple(deal_queries.read(work, row) for row in work.tx.execute(DEALS, {"who": person_id}))


def leads_any(work: UnitOfWork, person_id: int) -> bool:
    """Whether open deals hang on the person."""
    return work.tx.execute(DEALS, {"who": person_id}).first() is not None


def _tasks(work: UnitOfWork, person_id: int, until: datetime) -> Iterator[LeftTask]:
    for row in work.tx.execute(TASKS, {"who": person_id, "until": until}).all():
        deal = deal_queries.find(work, row.deal_id)
        if deal is not None:
            yield LeftTask(Task.of(row), deal)


def _visits(work: UnitOfWork, person_id: int, begins: datetime, ends: datetime) -> Iterator[LeftVisit]:
    for one in booking_rows.of_person(work, person_id, begins, ends):
        coming = one.starts_at is not None and one.starts_at >= begins
        deal = deal_queries.find(work, one.deal_id) if one.deal_id is not None and coming else None
        if deal is not None and deal.kind != "practice":
            yield LeftVisit(one, deal)
