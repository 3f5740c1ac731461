"""When people work: the week of each, days off, leave, illness; the company's hours where nothing is said (K-19)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from models import access, rights
from models.entities import Employee
from models.ids import AbsenceId
from models.tables.people import AbsenceRow, WorkingHoursRow
from models.values.invalid_value import N_, InvalidValue
from models.values.work_calendar import DAY, MIDNIGHT, WorkCalendar
from models.visits import Absence, Hours, Week, read_week
from services.people import employees
from services.unit_of_work import UnitOfWork

HOURS = rights.thing(
    "hours", N_("Рабочее время и выезды"), ids=(AbsenceId,), tables=("working_hours", "absence", "visit", "visit_cell")
)
SEE = HOURS.right(N_("видеть чужое"), (access.PLANNERS, ("any",)), (access.EVERYONE - access.PLANNERS, ("own",)))
PLAN = HOURS.right(
    N_("менять часы, отмечать отсутствие"), (access.OWNER, ("any",)), (access.PLANNERS - access.OWNER, ("below",))
)

WEEKDAYS = range(7)

WEEKS = select(WorkingHoursRow.employee_id, WorkingHoursRow.week).where(
    WorkingHoursRow.employee_id.in_(bindparam("who", expanding=True))
)
AWAY = (
    select(AbsenceRow)
    .where(
        AbsenceRow.employee_id.in_(bindparam("who", expanding=True)),
        AbsenceRow.last_on >= bindparam("first"),
        AbsenceRow.first_on <= bindparam("last"),
    )
    .order_by(AbsenceRow.first_on, AbsenceRow.id)
)
INSERT = {
    name: module.insert(WorkingHoursRow).on_conflict_do_nothing()
    for name, module in (("sqlite", sqlite), ("postgresql", postgresql))
}
CHANGE = (
    update(WorkingHoursRow).where(WorkingHoursRow.employee_id == bindparam("key")).values(week=bindparam("to_week"))
)


@dataclass(frozen=True)
class WorkSchedule:
    """The hours and absences of some people over some days, read at once."""

    calendar: WorkCalendar
    weeks: Mapping[int, Week | None]
    absences: Mapping[int, Sequence[Absence]]

    def absence(self, person_id: int, day: date) -> Absence | None:
        """Why the person is away on that day, if he is."""
        return next((one for one in self.absences.get(person_id, ()) if one.covers(day)), None)

    def hours(self, person_id: int, day: date) -> Hours | None:
        """The local hours of that day by the week, absences aside; None for a day off.

        A day on which the whole company is closed against its week (a public holiday) is off for everybody.
        """
        calendar, week = self.calendar, self.weeks.get(person_id)
        if week is None:
            return calendar.hours_on(day) if calendar.is_working(day) else None
        if day.weekday() in calendar.weekdays and not calendar.is_working(day):
            return None
        return week.get(day.weekday())

    def spans(self, person_id: int, day: date) -> list[tuple[datetime, datetime]]:
        """From when to when the person works on that day (UTC); right on the nights when the clocks change."""
        hours = self.hours(person_id, day)
        if hours is None or self.absence(person_id, day) is not None:
            return []
        opens, closes = hours
        starts_at = self.calendar.at(day, opens)
        ends_at = self.calendar.at(day + DAY, MIDNIGHT) if closes == MIDNIGHT else self.calendar.at(day, closes)
        return [(starts_at, ends_at)] if starts_at < ends_at else []


def rota(work: UnitOfWork, people_ids: Iterable[int], first: date, last: date) -> WorkSchedule:
    """The hours and absences of these people from one day to another, both included; two statements in all."""
    who = list(people_ids)
    weeks = {row.employee_id: read_week(row.week) for row in work.tx.execute(WEEKS, {"who": who})}
    away: dict[int, list[Absence]] = {}
    for row in work.tx.execute(AWAY, {"who": who, "first": first, "last": last}):
        away.setdefault(row.employee_id, []).append(read(row))
    return WorkSchedule(work.company.calendar, weeks, away)


def working_spans(work: UnitOfWork, person_id: int, day: date) -> list[tuple[datetime, datetime]]:
    """From when to when a person works on one day (UTC); empty for a day off or an absence."""
    return rota(work, [person_id], day, day).spans(person_id, day)


def read(row: Row[Any]) -> Absence:
    """An absence from its row."""
    return Absence(row.id, row.employee_id, row.kind, row.first_on, row.last_on)


def week_of(work: UnitOfWork, person_id: int) -> Week | None:
    """The person's own week; None if he works as the company does."""
    row = work.tx.execute(WEEKS, {"who": [person_id]}).one_or_none()
    return read_week(row.week) if row else None


def company_week(calendar: WorkCalendar) -> Week:
    """The company's week, hours by weekday."""
    return {day: calendar.week_hours(day) for day in sorted(calendar.weekdays)}


def set_day(work: UnitOfWork, person_id: int, weekday: int, hours: Hours | None) -> Week:
    """Give a weekday other hours, or make it a day off (None). Raises Wrong for hours that end before they begin.

    The first change makes the company's week the person's own.
    """
    person = check_planner(work, person_id)
    if weekday not in WEEKDAYS:
        raise ValueError(f"weekdays are numbers from 0 to 6, not {weekday}")
    if hours is not None and not hours[0] < hours[1] and hours[1] != MIDNIGHT:
        raise InvalidValue("hours.order", N_("Рабочий день должен начаться раньше, чем кончится."), "9–18")
    week = dict(week_of(work, person.id) or company_week(work.company.calendar))
    week.pop(weekday, None)
    if hours is not None:
        week[weekday] = hours
    _keep(work, person.id, week)
    return week


def reset(work: UnitOfWork, person_id: int) -> None:
    """The person works as the company does."""
    _keep(work, check_planner(work, person_id).id, None)


def check_planner(work: UnitOfWork, person_id: int) -> Employee:
    """The person whose hours are changed. NotFound; NotAllowed unless the actor plans other people's time, and for an
    owner's but by an owner. Nobody: a robot."""
    person = employees.get(work, person_id)
    PLAN.check(work.actor, below=work.actor is not None and access.can_change_person(work.actor, person))
    return person


def check_reader(work: UnitOfWork, person_id: int) -> Employee:
    """The person whose hours are looked at: one's own, or anybody's for those who plan."""
    SEE.check(work.actor, own=work.actor_id == person_id)
    return employees.get(work, person_id)


def ensure(work: UnitOfWork, person_id: int) -> None:
    """Make the person's row of hours, unless there is one."""
    work.tx.execute(INSERT[work.tx.dialect.name], {"employee_id": person_id})


def _keep(work: UnitOfWork, person_id: int, week: Week | None) -> None:
    ensure(work, person_id)
    data = None if week is None else {str(day): [f"{one:%H:%M}" for one in week[day]] for day in sorted(week)}
    work.tx.execute(CHANGE, {"key": person_id, "to_week": data})


def day_of(work: UnitOfWork, at: datetime) -> date:
    """The company's date at a moment."""
    return work.company.calendar.today(at.astimezone(UTC))
