"""Whether what a message claims is so, by the tables as it leaves: one test for each kind of statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models import access
from models import statements as s
from models.fields import codec
from models.tables.documents import PaperRow
from models.tables.files import FileRow
from models.tables.journal import JournalRow
from models.tables.outbox import ScheduledRow
from models.tables.people import AbsenceRow, EmployeeRow
from models.tables.tasks import TaskRow
from services.unit_of_work import UnitOfWork
from tests.walk import facts
from tests.walk.facts import COMING, DealFacts

Test = Callable[["Told", Any], bool]
TESTS: dict[type[s.Statement], Test] = {}


@dataclass(frozen=True)
class Told:
    """A message on its way: which deal it hangs on, to whom it goes (None: the client), and all it claims."""

    work: UnitOfWork
    deal: DealFacts | None
    reader: int | None
    said: tuple[s.Statement, ...]


def untrue(work: UnitOfWork, deal_id: int | None, reader: int | None, data: Any) -> Iterator[str]:
    """A line for each claim that is not so now."""
    told = Told(work, facts.of(work, deal_id), reader, s.read(data))
    for one in told.said:
        if not TESTS[type(one)](told, one):
            yield f"claims {one}, and deal {deal_id} does not bear it out"


def _test(kind: type[s.Statement]) -> Callable[[Test], Test]:
    def register(test: Test) -> Test:
        TESTS[kind] = test
        return test

    return register


@_test(s.DealSaid)
def _deal(told: Told, one: s.DealSaid) -> bool:
    return told.deal is not None and told.deal.deal.id == one.deal and told.deal.place == one.place


@_test(s.MomentSaid)
def _moment(told: Told, one: s.MomentSaid) -> bool:
    deal = told.deal
    if one.of == "visit.off":  # whoever reads it need not come then
        visits = deal.visits if deal else ()
        return not any(row.starts_at == one.at and row.state in COMING and _comes(row, told.reader) for row in visits)
    if one.of == "told":
        wanted = select(ScheduledRow.id).where(ScheduledRow.run_at == one.at)
        return told.work.tx.execute(wanted).first() is not None
    if deal is None:
        return False
    if one.of == "due":
        return any(task.due_at == one.at and task.state == "open" for task in deal.tasks)
    if one.of == "visit":
        return any(row.starts_at == one.at and row.state in COMING for row in deal.visits)
    if one.of.startswith("visit."):
        return any(row.starts_at == one.at and row.name == one.of[6:] for row in deal.visits)
    return bool(deal.value(told.work, one.of) == one.at)


def _comes(row: Any, reader: int | None) -> bool:
    return reader in (row.employee_id, *(row.others or ()))


@_test(s.DaySaid)
def _day(told: Told, one: s.DaySaid) -> bool:
    work = told.work
    if one.of == "away":
        wanted = select(AbsenceRow.id).where(AbsenceRow.last_on == one.on, AbsenceRow.employee_id.in_(_named(told)))
        return work.tx.execute(wanted).first() is not None
    if one.of in ("calls", "looks"):
        return one.on <= work.moment.today
    if told.deal is None:
        return False
    if one.of == "agreed":
        return one.on in {_on(work, at) for at in told.deal.moments(work)}
    value = told.deal.value(work, one.of)
    return value is not None and _on(work, value) == one.on


def _on(work: UnitOfWork, at: date | datetime) -> date:
    return work.moment.day_of(at) if isinstance(at, datetime) else at


def _named(told: Told) -> list[int]:
    return [one.person for one in told.said if isinstance(one, s.PersonSaid)]


@_test(s.SumSaid)
def _sum(told: Told, one: s.SumSaid) -> bool:
    deal = told.deal
    if deal is None:
        return False
    match one.of:
        case "paid":
            return deal.paid() == one.amount
        case "balance":
            return (deal.total() or Decimal(0)) - deal.paid() == one.amount
        case "left":
            return 0 < one.amount <= Decimal(sum(line.amount for line in deal.lines)) / 100
        case "refund":
            given: dict[Any, int] = {}
            for line in deal.lines:
                if line.amount < 0 and line.reverses_id is None:
                    given[line.at] = given.get(line.at, 0) - line.amount
            return one.amount * 100 in given.values()
    return bool(deal.value(told.work, one.of) == one.amount)


@_test(s.PersonSaid)
def _person(told: Told, one: s.PersonSaid) -> bool:
    work = told.work
    who = work.tx.execute(select(EmployeeRow).where(EmployeeRow.id == one.person)).first()
    if who is None:
        return False
    if one.of == "away":
        absent = select(AbsenceRow.id).where(AbsenceRow.employee_id == one.person, AbsenceRow.last_on >= _today(work))
        return not who.active or who.role not in access.SALES or work.tx.execute(absent).first() is not None
    if one.of == "looks":
        limited = JournalRow.what == "looks_limited"
        return work.tx.execute(select(JournalRow.id).where(limited, JournalRow.actor_id == who.id)).first() is not None
    if one.of == "joined":
        return True  # there he is
    if told.deal is None:
        return one.of == "assignee"
    match one.of:
        case "responsible":
            return bool(told.deal.deal.responsible_id == one.person)
        case "assignee":
            return any(task.assignee_id == one.person and task.state == "open" for task in told.deal.tasks)
        case "told":
            heard = select(ScheduledRow.id).where(
                ScheduledRow.employee_id == one.person, ScheduledRow.deal_id == told.deal.deal.id,
                ScheduledRow.task_id.is_not(None),
            )  # fmt: skip
            return work.tx.execute(heard).first() is not None
        case "visit":
            return any(_comes(row, one.person) and row.state in COMING for row in told.deal.visits)
    return one.person in told.deal.people(one.of)


def _today(work: UnitOfWork) -> date:
    return work.moment.today


@_test(s.ValueSaid)
def _value(told: Told, one: s.ValueSaid) -> bool:
    if told.deal is None:
        return False
    if one.of == "sms":
        return one.value in [row.id for row in told.deal.sms]
    value = told.deal.fields.get(one.of)
    return bool(codec.encode_value(told.deal.process.fields.get(one.of), value) == one.value)


@_test(s.FormerSaid)
def _former(told: Told, one: s.FormerSaid) -> bool:
    """The history knows that it was so."""
    if told.deal is None:
        return False
    lines = [row.data or {} for row in told.deal.history if (row.data or {}).get("field") == one.of]
    return any(one.value in (line.get("was"), line.get("value")) for line in lines) or one.value is None


@_test(s.DaysSaid)
def _days(told: Told, one: s.DaysSaid) -> bool:
    """Working days, counted one by one."""
    if told.deal is None:
        return False
    calendar, today = told.work.company.calendar, told.work.moment.today
    since = calendar.local(one.since)
    begun, day = since.date(), since.date()
    passed = 0
    while day < today:
        day += timedelta(days=1)
        passed += calendar.is_working(day)
    if one.of == "day_here":
        return one.days == max(passed + calendar.is_working(begun), 1)
    if one.of == "days_here" and told.deal.deal.entered_at != one.since:
        return False
    return one.days in (passed, passed - 1)  # not yet the hour, or it began on a day off


@_test(s.CountSaid)
def _count(told: Told, one: s.CountSaid) -> bool:
    """No more than there are."""
    if one.of != "calls":
        return one.n >= 0
    calls = select(TaskRow.id).where(
        TaskRow.state == "open", TaskRow.list.is_not(None), TaskRow.assignee_id.in_(_named(told))
    )
    return len(told.work.tx.execute(calls).all()) >= one.n > 0


@_test(s.TaskSaid)
def _task(told: Told, one: s.TaskSaid) -> bool:
    row = told.work.tx.execute(select(TaskRow).where(TaskRow.id == one.task)).first()
    same = told.deal is None or (row is not None and row.deal_id == told.deal.deal.id)
    return row is not None and row.state == one.state and same


@_test(s.WordsSaid)
def _words(told: Told, one: s.WordsSaid) -> bool:
    """Its author is there; for what he said nobody vouches."""
    wanted = select(EmployeeRow.id).where(EmployeeRow.id == one.by)
    return one.by is None or told.work.tx.execute(wanted).first() is not None


@_test(s.FileSaid)
def _file(told: Told, one: s.FileSaid) -> bool:
    table: Any = PaperRow if one.of == "paper" else FileRow
    return told.work.tx.execute(select(table.id).where(table.id == one.id)).first() is not None
