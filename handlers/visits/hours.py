"""Working hours, days off, leave, illness of the people (K-19); one's own schedule and its calendar (K-21)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

from handlers.forms import form_runner
from handlers.request import Visit, number, on_tap
from keyboards.screen import Answer
from keyboards.visits import hours as screens
from keyboards.visits import visit_words as words
from keyboards.visits.hours import HoursView, PlanView, StrandedLine, VisitLine
from models import access
from models.entities import Deal, Employee
from models.errors import NotFound
from models.process.fields import AddressField
from models.values import day_hours
from models.values.addresses.address import Address
from models.values.dates import date_spans
from models.visits import ABSENCES, Booking, Hours
from services.clients import client_cards
from services.deals import deal_queries
from services.people import employees
from services.tasks import task_queries
from services.visits import absences, bookings, calendar_feed, hours
from services.visits.absences import Stranded

DAY_MINUTES = 24 * 60
AHEAD = timedelta(days=60)
Purpose = dict[str, str | int]


# --- the hours of the people ----------------------------------------------------------------------------------------


@on_tap("hours_all", access.PLANNERS)
def crew(visit: Visit) -> Answer:
    """Everybody who drives out."""
    found = employees.of_role(visit.work, *sorted(access.FIELD_STAFF))
    away = [one for person in found for one in absences.coming(visit.work, person.id)]
    return Answer(screens.crew_screen(found, away, visit.work.moment.today, visit.t))


@on_tap("hours", access.EVERYONE)
def show(visit: Visit, employee_id: str) -> Answer:
    """Somebody's week and absences; one's own, or anybody's for those who plan."""
    return _shown(visit, hours.check_reader(visit.work, number(employee_id, "employee")))


@on_tap("hours_mine", access.EVERYONE)
def mine(visit: Visit) -> Answer:
    return _shown(visit, visit.me)


def _shown(visit: Visit, person: Employee, toast: str | None = None) -> Answer:
    work = visit.work
    week = hours.week_of(work, person.id)
    view = HoursView(
        person,
        hours.company_week(work.company.calendar) if week is None else week,
        week is not None,
        absences.coming(work, person.id),
        visit.me.role in access.PLANNERS,
        work.moment.today,
        _back(visit.me, person),
    )
    return Answer(screens.hours_screen(view, visit.t), toast)


def _back(me: Employee, person: Employee) -> tuple[str | int, ...]:
    if me.role in access.MANAGEMENT:
        return ("member", person.id)
    return ("hours_all",) if me.role in access.PLANNERS else ("my_plan",)


@on_tap("hours_day", access.PLANNERS)
def day(visit: Visit, employee_id: str, weekday: str) -> Answer:
    """One weekday: which hours."""
    person, place = hours.check_planner(visit.work, number(employee_id, "employee")), _weekday(weekday)
    week = hours.week_of(visit.work, person.id)
    known = hours.company_week(visit.work.company.calendar) if week is None else week
    return Answer(screens.day_screen(person, place, known.get(place), visit.t))


@on_tap("hours_set", access.PLANNERS)
def set_hours(visit: Visit, employee_id: str, weekday: str, opens: str, closes: str) -> Answer:
    """Hours by a preset."""
    span = (_time(opens), _time(closes))
    return _changed(visit, number(employee_id, "employee"), _weekday(weekday), span)


@on_tap("hours_off", access.PLANNERS)
def set_off(visit: Visit, employee_id: str, weekday: str) -> Answer:
    """That weekday is off."""
    return _changed(visit, number(employee_id, "employee"), _weekday(weekday), None)


@on_tap("hours_own", access.PLANNERS)
def own(visit: Visit, employee_id: str, weekday: str) -> Answer:
    """Any other hours, as text."""
    person, place = hours.check_planner(visit.work, number(employee_id, "employee")), _weekday(weekday)
    title = f"{person.name} — {screens.weekday(place, visit.t).lower()}"
    hint = visit.t("С какого и до какого часа? Например: {example}. Или «выходной».", example=day_hours.EXAMPLE)
    return form_runner.begin_text(visit, {"do": "hours", "who": person.id, "day": place}, title, hint, longest=40)


@form_runner.on_finish("hours")
def said(visit: Visit, purpose: Purpose, values: dict[str, Any]) -> Answer:
    """The hours have come as text."""
    return _changed(visit, int(purpose["who"]), int(purpose["day"]), day_hours.parse_day_hours(str(values["text"])))


@on_tap("hours_same", access.PLANNERS)
def same(visit: Visit, employee_id: str) -> Answer:
    """The person works as the company does."""
    key = number(employee_id, "employee")
    return _answer(visit, key, visit.t("Часы как у компании"), absences.reset(visit.work, key))


def _changed(visit: Visit, person_id: int, weekday: int, span: Hours | None) -> Answer:
    found = absences.set_day(visit.work, person_id, weekday, span)
    shown = words.clock_span(*span) if span else visit.t("выходной")
    return _answer(visit, person_id, f"{screens.weekday(weekday, visit.t)}: {shown}", found)


# --- days off, leave, illness ---------------------------------------------------------------------------------------


@on_tap("absence_new", access.PLANNERS)
def ask_days(visit: Visit, employee_id: str, kind: str) -> Answer:
    """Which days."""
    if kind not in ABSENCES:
        raise NotFound("button")
    person = hours.check_planner(visit.work, number(employee_id, "employee"))
    hint = visit.t("Какие дни? Один день или промежуток: «завтра», «14.03», «с 1 по 7 декабря».")
    title = f"{words.kind(kind, visit.t)}: {person.name}"
    return form_runner.begin_text(visit, {"do": "absence", "who": person.id, "kind": kind}, title, hint, longest=100)


@form_runner.on_finish("absence")
def enter(visit: Visit, purpose: Purpose, values: dict[str, Any]) -> Answer:
    """The days have come as text; booked visits that stand in them are named."""
    work, t = visit.work, visit.t
    first, last = date_spans.parse_days(str(values["text"]), work.moment.today)
    made, found = absences.add(work, int(purpose["who"]), str(purpose["kind"]), first, last)
    shown = words.days(made.first_on, made.last_on, work.moment.today, t)
    return _answer(visit, made.person_id, f"{words.kind(made.kind, t)}: {shown}", found)


@on_tap("absence_del", access.PLANNERS)
def take_back(visit: Visit, absence_id: str) -> Answer:
    gone = absences.remove(visit.work, number(absence_id))
    shown = words.days(gone.first_on, gone.last_on, visit.work.moment.today, visit.t)
    toast = visit.t("Убрано. {what}", what=f"{words.kind(gone.kind, visit.t)}: {shown}")
    return _shown(visit, employees.get(visit.work, gone.person_id), toast)


def _answer(visit: Visit, person_id: int, done: str, found: Sequence[Stranded]) -> Answer:
    """The person's hours again, or first the visits that can no longer take place."""
    person = employees.get(visit.work, person_id)
    if not found:
        return _shown(visit, person, done)
    lines = [_stranded(visit, one) for one in found]
    return Answer(screens.stranded_screen(person, f"{person.name}. {done}", lines, visit.work.now, visit.t))


def _stranded(visit: Visit, one: Stranded) -> StrandedLine:
    may = access.can_view(visit.me, one.deal)
    return StrandedLine(one.deal.number, one.deal.title, one.booking.starts_at, one.deal.id if may else None)


# --- one's own schedule ---------------------------------------------------------------------------------------------


@on_tap("my_plan", access.EVERYONE)
def plan(visit: Visit) -> Answer:
    """«Мой график»: from the beginning of today on."""
    work, me = visit.work, visit.me
    today = work.company.calendar.at(work.moment.today, time(0))
    found = bookings.of_person(work, me.id, today, today + AHEAD)
    lines = [line for one in found if (line := _line(visit, one)) is not None]
    return Answer(screens.plan_screen(PlanView(lines, absences.coming(work, me.id), work.now), visit.t))


def _line(visit: Visit, one: Booking) -> VisitLine | None:
    work, deal = visit.work, deal_queries.find(visit.work, one.deal_id or 0)
    process = work.company.processes.get(deal.process) if deal else None
    if deal is None or process is None:
        return None
    field = process.fields.get(one.field)
    addresses = (deal.fields.get(name) for name, known in process.fields.items() if isinstance(known, AddressField))
    place = next((known.one_line() for known in addresses if isinstance(known, Address)), "")
    job = next((task.id for task in task_queries.of_deal(work, deal.id) if task.assignee_id == visit.me.id), None)
    what = visit.t(field.title) if field else visit.t("Выезд")
    return VisitLine(what, deal.number, _client(visit, deal), place, one.starts_at, one.ends_at, job)


def _client(visit: Visit, deal: Deal) -> str:
    return client_cards.get(visit.work, deal.client_id).name if deal.client_id else deal.title


@on_tap("my_calendar", access.EVERYONE)
def calendar(visit: Visit) -> Answer:
    """How the visits get into the phone."""
    return _calendar(visit)


def _calendar(visit: Visit, toast: str | None = None) -> Answer:
    reachable = bool(visit.work.company.base_url)
    known = calendar_feed.has_secret(visit.work, visit.me.id)
    return Answer(screens.calendar_screen(visit.t, reachable=reachable, has_link=known), toast)


@on_tap("my_ics", access.EVERYONE)
def file(visit: Visit) -> Answer:
    """The calendar as a file, below."""
    data = calendar_feed.ics(visit.work, visit.me)
    return Answer(screens.file_screen("verstak.ics", data, visit.t), new=True)


@on_tap("my_link", access.EVERYONE)
def link(visit: Visit) -> Answer:
    """A new link; one that there was stops working."""
    base = visit.work.company.base_url
    if not base:
        raise NotFound("button")
    secret = calendar_feed.renew_secret(visit.work, visit.me.id)
    return Answer(screens.link_screen(base + calendar_feed.path_of(secret), visit.t))


@on_tap("my_link_off", access.EVERYONE)
def no_link(visit: Visit) -> Answer:
    calendar_feed.revoke_secret(visit.work, visit.me.id)
    return _calendar(visit, visit.t("Ссылка больше не действует"))


# --- what buttons say -----------------------------------------------------------------------------------------------


def _weekday(text: str) -> int:
    place = number(text)
    if place not in screens.WEEKDAYS:
        raise NotFound("button")
    return place


def _time(text: str) -> time:
    minutes = number(text)
    if not 0 <= minutes < DAY_MINUTES:
        raise NotFound("button")
    return time(minutes // 60, minutes % 60)
