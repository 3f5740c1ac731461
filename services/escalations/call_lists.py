"""A day's calls: told to who makes them as one list; what was not made, to those above, as one line (F-E5)."""

from __future__ import annotations

from datetime import date, time, timedelta

from models.engine import task_escalations as rules
from models.entities import Employee
from models.notices.notice import Notice
from models.notices.people_notices import CallsUndone
from models.notices.task_notices import CallsDue
from models.outbox import Envelope, Planned, Scheduled
from models.values.product_text import ProductText
from models.values.spans import Days
from services.outbox import notices, schedule
from services.people import employees, presence
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork

MOST = 100
SEP = "/"  # between the list's day and how often those above have heard that it is not done


def fire(work: UnitOfWork, row: Scheduled) -> bool:
    """The list's day has come, or its calls are still not made; False if there is no call left."""
    person, (day, _, times) = employees.get(work, row.reader_id), row.dedup_key.partition(SEP)
    if not _count(work, person, row.rule, date.fromisoformat(day) if times else None):
        return False
    told = int(times or 0)
    if times:
        _tell_above(work, row, person, date.fromisoformat(day), told)
    else:
        said = CallsDue(_title(row), row.dedup_key)
        schedule.put(work, [_message(work, row, person, said, f"list-{row.dedup_key}")])
    _plan(work, person, row.rule, day, told + 1)
    return True


def _tell_above(work: UnitOfWork, row: Scheduled, person: Employee, day: date, told: int) -> None:
    above = presence.nearest(work, presence.roles_above(person.role))
    if told > 1:
        above = [*above, *(one for one in employees.of_role(work, "owner") if one not in above)]
    said = CallsUndone(_title(row), person.id, person.name, _count(work, person, row.rule, day), day)
    rows = [_message(work, row, one, said, f"calls-{person.id}-{row.dedup_key}") for one in above]
    schedule.put(work, rows)


def _title(row: Scheduled) -> ProductText:
    return ProductText(row.rule)  # a list has its title there, out of the process file


def _plan(work: UnitOfWork, person: Employee, title: str, day: str, times: int) -> None:
    """The rhythm of undone tasks: a working day later, then three, then every week."""
    span = {1: Days(days=1), 2: rules.FIRST_AGAIN}.get(times, rules.WEEK)
    at = work.company.calendar.later(work.now, span)
    schedule.put_once(work, schedule.call_list(title, f"{day}{SEP}{times}", person.id, at))


def _count(work: UnitOfWork, person: Employee, title: str, day: date | None) -> int:
    """How many calls of the list are open: due by now, or on the list's day and before."""
    calendar = work.company.calendar
    until = calendar.at(day + timedelta(days=1), time(0)) if day else work.now
    reader = UnitOfWork(work.tx, work.now, work.company, person)
    return len(task_queries.mine(reader, list_=title, until=until, most=MOST))


def _message(work: UnitOfWork, row: Scheduled, person: Employee, said: Notice, cause: str) -> Planned:
    return notices.to(
        work, person, said, rule=row.rule, cause=cause, at=notices.polite(work, person),
        envelope=Envelope(late=work.is_late), scheduled_for=row.scheduled_for,
    )  # fmt: skip
