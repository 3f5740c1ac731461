"""Working hours, days off, leave, illness of the people (K-19); one's own schedule and its calendar (K-21)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta

from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback
from keyboards.callback_data import CallbackData
from keyboards.callbacks.hours_callbacks import (
    AskAbsence,
    AskDayHours,
    ExplainCalendar,
    ListCrew,
    OpenDayHours,
    OpenHours,
    OpenOwnHours,
    OpenPlan,
    RemoveAbsence,
    RenewCalendarLink,
    ResetHours,
    RevokeCalendarLink,
    SendCalendar,
    SetDayHours,
    SetDayOff,
)
from keyboards.callbacks.team_callbacks import OpenMember
from keyboards.screen import Reply
from keyboards.visits import hours as screens
from keyboards.visits import visit_words as words
from keyboards.visits.hours import AffectedVisitLine, HoursView, PlanView, VisitLine
from models import access
from models.entities import Deal, Employee
from models.errors import NotFound
from models.field_values import FieldValues
from models.fields import address_field
from models.values import day_hours
from models.values.dates import date_spans
from models.visits import ABSENCES, Hours, Visit
from services.clients import client_cards
from services.deals import deal_queries
from services.escalations import handovers
from services.people import employees
from services.purposes.people_purposes import AbsencePurpose, DayHoursPurpose
from services.tasks import task_queries
from services.visits import absences, booking_rows, calendar_feed, hours
from services.visits.absences import AffectedVisit

DAY_MINUTES = 24 * 60
AHEAD = timedelta(days=60)


# --- the hours of the people ----------------------------------------------------------------------------------------


@on_callback(ListCrew, access.PLANNERS)
def crew(request: Request, press: ListCrew) -> Reply:
    """Everybody who drives out."""
    found = employees.of_role(request.work, *sorted(access.FIELD_STAFF))
    away = [one for person in found for one in absences.coming(request.work, person.id)]
    return Reply(screens.crew_screen(found, away, request.work.moment.today, request.t))


@on_callback(OpenHours, access.EVERYONE)
def show(request: Request, press: OpenHours) -> Reply:
    """Somebody's week and absences; one's own, or anybody's for those who plan."""
    return _shown(request, hours.check_reader(request.work, press.employee))


@on_callback(OpenOwnHours, access.EVERYONE)
def mine(request: Request, press: OpenOwnHours) -> Reply:
    return _shown(request, request.me)


def _shown(request: Request, person: Employee, toast: str | None = None) -> Reply:
    work = request.work
    week = hours.week_of(work, person.id)
    view = HoursView(
        person,
        hours.company_week(work.company.calendar) if week is None else week,
        week is not None,
        absences.coming(work, person.id),
        request.me.role in access.PLANNERS and access.can_change_person(request.me, person),
        work.moment.today,
        _back(request.me, person),
    )
    return Reply(screens.hours_screen(view, request.t), toast)


def _back(me: Employee, person: Employee) -> CallbackData:
    if me.role in access.MANAGEMENT:
        return OpenMember(person.id)
    return ListCrew() if me.role in access.PLANNERS else OpenPlan()


@on_callback(OpenDayHours, access.PLANNERS)
def day(request: Request, press: OpenDayHours) -> Reply:
    """One weekday: which hours."""
    person, place = hours.check_planner(request.work, press.employee), _weekday(press.weekday)
    week = hours.week_of(request.work, person.id)
    known = hours.company_week(request.work.company.calendar) if week is None else week
    return Reply(screens.day_screen(person, place, known.get(place), request.t))


@on_callback(SetDayHours, access.PLANNERS)
def set_hours(request: Request, press: SetDayHours) -> Reply:
    """Hours by a preset."""
    span = (_time(press.opens), _time(press.closes))
    return _changed(request, press.employee, _weekday(press.weekday), span)


@on_callback(SetDayOff, access.PLANNERS)
def set_off(request: Request, press: SetDayOff) -> Reply:
    """That weekday is off."""
    return _changed(request, press.employee, _weekday(press.weekday), None)


@on_callback(AskDayHours, access.PLANNERS)
def own(request: Request, press: AskDayHours) -> Reply:
    """Any other hours, as text."""
    person, place = hours.check_planner(request.work, press.employee), _weekday(press.weekday)
    title = f"{person.name} — {screens.weekday(place, request.t).lower()}"
    hint = request.t("С какого и до какого часа? Например: {example}. Или «выходной».", example=day_hours.EXAMPLE)
    return form_runner.begin_text(request, DayHoursPurpose(person.id, place), title, hint, longest=40)


@on_finish(DayHoursPurpose, access.PLANNERS)
def said(request: Request, purpose: DayHoursPurpose, values: FieldValues) -> Reply:
    """The hours have come as text."""
    return _changed(request, purpose.who, purpose.day, day_hours.parse_day_hours(str(values["text"])))


@on_callback(ResetHours, access.PLANNERS)
def same(request: Request, press: ResetHours) -> Reply:
    """The person works as the company does."""
    found = absences.reset(request.work, press.employee)
    return _answer(request, press.employee, request.t("Часы как у компании"), found)


def _changed(request: Request, person_id: int, weekday: int, span: Hours | None) -> Reply:
    found = absences.set_day(request.work, person_id, weekday, span)
    shown = words.clock_span(*span) if span else request.t("выходной")
    return _answer(request, person_id, f"{screens.weekday(weekday, request.t)}: {shown}", found)


# --- days off, leave, illness ---------------------------------------------------------------------------------------


@on_callback(AskAbsence, access.PLANNERS)
def ask_days(request: Request, press: AskAbsence) -> Reply:
    """Which days."""
    if press.kind not in ABSENCES:
        raise NotFound("button")
    person = hours.check_planner(request.work, press.employee)
    hint = request.t("Какие дни? Один день или промежуток: «завтра», «14.03», «с 1 по 7 декабря».")
    title = f"{words.kind(press.kind, request.t)}: {person.name}"
    purpose = AbsencePurpose(person.id, press.kind)
    return form_runner.begin_text(request, purpose, title, hint, longest=100)


@on_finish(AbsencePurpose, access.PLANNERS)
def enter(request: Request, purpose: AbsencePurpose, values: FieldValues) -> Reply:
    """The days have come as text; booked visits that stand in them are named."""
    work, t = request.work, request.t
    first, last = date_spans.parse_days(str(values["text"]), work.moment.today)
    made, found = absences.add(work, purpose.who, purpose.kind, first, last)
    handovers.away(work, made)
    shown = words.days(made.first_on, made.last_on, work.moment.today, t)
    return _answer(request, made.person_id, f"{words.kind(made.kind, t)}: {shown}", found)


@on_callback(RemoveAbsence, access.PLANNERS)
def take_back(request: Request, press: RemoveAbsence) -> Reply:
    gone = absences.remove(request.work, press.absence)
    shown = words.days(gone.first_on, gone.last_on, request.work.moment.today, request.t)
    toast = request.t("Убрано. {what}", what=f"{words.kind(gone.kind, request.t)}: {shown}")
    return _shown(request, employees.get(request.work, gone.person_id), toast)


def _answer(request: Request, person_id: int, done: str, found: Sequence[AffectedVisit]) -> Reply:
    """The person's hours again, or first the visits that can no longer take place."""
    person = employees.get(request.work, person_id)
    if not found:
        return _shown(request, person, done)
    lines = [_stranded(request, one) for one in found]
    return Reply(screens.stranded_screen(person, f"{person.name}. {done}", lines, request.work.now, request.t))


def _stranded(request: Request, one: AffectedVisit) -> AffectedVisitLine:
    may = access.can_view(request.me, one.deal)
    return AffectedVisitLine(one.deal.number, one.deal.title, one.starts_at, one.deal.id if may else None)


# --- one's own schedule ---------------------------------------------------------------------------------------------


@on_callback(OpenPlan, access.EVERYONE)
def plan(request: Request, press: OpenPlan) -> Reply:
    """«Мой график»: from the beginning of today on."""
    work, me = request.work, request.me
    today = work.company.calendar.at(work.moment.today, time(0))
    found = booking_rows.of_person(work, me.id, today, today + AHEAD)
    lines = [line for one in found for line in _lines(request, one) if line.ends_at > today]
    lines.sort(key=lambda line: line.starts_at)
    return Reply(screens.plan_screen(PlanView(lines, absences.coming(work, me.id), work.now), request.t))


def _lines(request: Request, one: Visit) -> list[VisitLine]:
    """A line for each day of the visit."""
    work, deal = request.work, deal_queries.find(request.work, one.deal_id or 0)
    process = work.company.processes.get(deal.process) if deal else None
    if deal is None or process is None or one.slot is None:
        return []
    kind = process.visit_kinds.get(one.name)
    address = address_field.find_address(process.fields, deal_queries.as_seen(work, deal).fields, process.fields)
    place = address.one_line() if address else ""
    job = next((task.id for task in task_queries.of_deal(work, deal.id) if task.assignee_id == request.me.id), None)
    what = request.t(kind.title) if kind else request.t("Выезд")
    return [
        VisitLine(what, deal.number, _client(request, deal), place, begins, ends, job)
        for begins, ends in one.slot.spans
    ]


def _client(request: Request, deal: Deal) -> str:
    return client_cards.get(request.work, deal.client_id).name if deal.client_id else deal.title


@on_callback(ExplainCalendar, access.EVERYONE)
def calendar(request: Request, press: ExplainCalendar) -> Reply:
    """How the visits get into the phone."""
    return _calendar(request)


def _calendar(request: Request, toast: str | None = None) -> Reply:
    reachable = bool(request.work.company.base_url)
    known = calendar_feed.has_secret(request.work, request.me.id)
    return Reply(screens.calendar_screen(request.t, reachable=reachable, has_link=known), toast)


@on_callback(SendCalendar, access.EVERYONE)
def file(request: Request, press: SendCalendar) -> Reply:
    """The calendar as a file, below."""
    data = calendar_feed.ics(request.work, request.me)
    return Reply(screens.file_screen("verstak.ics", data, request.t), new=True)


@on_callback(RenewCalendarLink, access.EVERYONE)
def link(request: Request, press: RenewCalendarLink) -> Reply:
    """A new link; one that there was stops working."""
    base = request.work.company.base_url
    if not base:
        raise NotFound("button")
    secret = calendar_feed.renew_secret(request.work, request.me.id)
    return Reply(screens.link_screen(base + calendar_feed.path_of(secret), request.t))


@on_callback(RevokeCalendarLink, access.EVERYONE)
def no_link(request: Request, press: RevokeCalendarLink) -> Reply:
    calendar_feed.revoke_secret(request.work, request.me.id)
    return _calendar(request, request.t("Ссылка больше не действует"))


# --- what buttons say -----------------------------------------------------------------------------------------------


def _weekday(place: int) -> int:
    if place not in screens.WEEKDAYS:
        raise NotFound("button")
    return place


def _time(minutes: int) -> time:
    if not 0 <= minutes < DAY_MINUTES:
        raise NotFound("button")
    return time(minutes // 60, minutes % 60)
