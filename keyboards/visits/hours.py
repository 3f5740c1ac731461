"""Working hours and absences of a person, and his own schedule of visits (K-19, K-21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from babel import dates

from keyboards import buttons
from keyboards.callback_data import CallbackData
from keyboards.callbacks.deal_callbacks import OpenDeal
from keyboards.callbacks.hours_callbacks import (
    AskAbsence,
    AskDayHours,
    ExplainCalendar,
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
from keyboards.callbacks.task_callbacks import OpenJob
from keyboards.near_time import cut
from keyboards.people import roles
from keyboards.screen import EMPTY, Button, InlineFile, Line, Screen, Span, bold, line, rows_of
from keyboards.translator import Translator
from keyboards.visits import visit_words
from models.entities import Employee
from models.ids import DealId, TaskId
from models.visits import ABSENCES, Absence, Hours, Week

LABEL = 34
WEEKDAYS = range(7)
PRESETS: tuple[Hours, ...] = ((time(9), time(18)), (time(10), time(19)), (time(8), time(17)), (time(9), time(21)))


@dataclass(frozen=True, slots=True)
class HoursView:
    """A person's week (`own`: it differs from the company's) and his absences; `back` is where the reader came from."""

    person: Employee
    week: Week
    own: bool
    absences: Sequence[Absence]
    may_change: bool
    today: date
    back: CallbackData = field(default_factory=OpenPlan)


@dataclass(frozen=True, slots=True)
class AffectedVisitLine:
    """A booked visit that cannot take place; `deal_id` only if the reader may open the deal."""

    number: str
    title: str
    starts_at: datetime
    deal_id: DealId | None


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A booked visit of one's own; `task_id` is the open task to which it belongs."""

    what: str
    number: str
    client: str
    place: str
    starts_at: datetime
    ends_at: datetime
    task_id: TaskId | None


@dataclass(frozen=True, slots=True)
class PlanView:
    visits: Sequence[VisitLine]
    absences: Sequence[Absence]
    now: datetime


def hours_screen(view: HoursView, t: Translator) -> Screen:
    """The week by days, the absences, and for those who plan the buttons to change them."""
    lines: list[Line] = [
        line("🕘 ", bold(view.person.name)),
        line(t("Свои часы") if view.own else t("Часы как у компании")),
    ]
    lines += [line(f"{weekday(day, t)}: {_hours(view.week.get(day), t)}") for day in WEEKDAYS]
    lines += _absences(view.absences, view.today, t)
    rows: list[list[Button]] = []
    if view.may_change:
        lines += [EMPTY, line(t("Чтобы изменить часы, нажмите на день. Ниже можно добавить дни отсутствия."))]
        days = [_day_button(view, day, t) for day in WEEKDAYS]
        rows += [days[:3], days[3:6], days[6:]]
        if view.own:
            rows[-1].append(buttons.button(t("Как у компании"), ResetHours(view.person.id)))
        rows.append(
            [buttons.button(f"➕ {visit_words.kind(one, t)}", AskAbsence(view.person.id, one)) for one in ABSENCES]
        )
        rows += [[_remove(one, view.today, t)] for one in view.absences]
    rows.append(_ways_out(view, t))
    return Screen(tuple(lines), rows_of(rows))


def _ways_out(view: HoursView, t: Translator) -> list[Button]:
    return [buttons.back(t, view.back), buttons.home(t)]


def _day_button(view: HoursView, day: int, t: Translator) -> Button:
    hours = view.week.get(day)
    shown = f"{_short(hours[0])}–{_short(hours[1], end=True)}" if hours else "—"
    return buttons.button(f"{weekday(day, t, short=True)} {shown}", OpenDayHours(view.person.id, day))


def _remove(one: Absence, today: date, t: Translator) -> Button:
    label = f"✕ {visit_words.kind(one.kind, t)}: {visit_words.days(one.first_on, one.last_on, today, t)}"
    return buttons.button(cut(label, LABEL), RemoveAbsence(one.id))


def _absences(found: Sequence[Absence], today: date, t: Translator) -> list[Line]:
    if not found:
        return []
    lines = [EMPTY, line(bold(t("Не работает")))]
    for one in found:
        away = f"{visit_words.kind(one.kind, t)}: {visit_words.days(one.first_on, one.last_on, today, t)}"
        lines.append(line(f"{visit_words.ICONS[one.kind]} {away}"))
    return lines


def day_screen(person: Employee, day: int, hours: Hours | None, t: Translator) -> Screen:
    """One weekday: usual hours by a tap, others by text, or off."""
    lines = (line("🕘 ", bold(f"{person.name} — {weekday(day, t).lower()}")), line(t("Сейчас: "), _hours(hours, t)))
    presets = [
        buttons.button(
            f"{'✓ ' if one == hours else ''}{visit_words.clock_span(*one)}",
            SetDayHours(person.id, day, _minutes(one[0]), _minutes(one[1])),
        )
        for one in PRESETS
    ]
    rows = [
        presets[:2],
        presets[2:],
        [
            buttons.button(f"{'✓ ' if hours is None else ''}{t('Выходной')}", SetDayOff(person.id, day)),
            buttons.button(t("Другие часы"), AskDayHours(person.id, day)),
        ],
        [buttons.back(t, OpenHours(person.id)), buttons.home(t)],
    ]
    return Screen(lines, rows_of(rows))


def stranded_screen(
    person: Employee, said: str, found: Sequence[AffectedVisitLine], now: datetime, t: Translator
) -> Screen:
    """What was entered, and the visits that stand in it and must be moved."""
    lines: list[Line] = [line("✓ ", said), EMPTY, line("⚠️ ", bold(t("На это время уже назначены выезды")))]
    rows: list[list[Button]] = []
    for one in found:
        label = f"№ {one.number} · {one.title}"
        lines.append(line(f"• {label} — {t.moment(one.starts_at, now=now)}"))
        if one.deal_id is not None:
            rows.append([buttons.button(cut(label, LABEL), OpenDeal(one.deal_id))])
    lines.append(line(t("Их нужно перенести. Ответственные за сделки получат сообщение.")))
    rows.append([buttons.button(t("‹ Часы и отпуск"), OpenHours(person.id)), buttons.home(t)])
    return Screen(tuple(lines), rows_of(rows))


def crew_screen(people: Sequence[Employee], away: Sequence[Absence], today: date, t: Translator) -> Screen:
    """Everybody who drives out, to choose whose hours to look at; who is away today is marked."""
    lines: list[Line] = [line("🕘 ", bold(t("Графики мастеров")))]
    if not people:
        lines.append(line(t("Мастеров и замерщиков пока нет.")))
    rows: list[list[Button]] = []
    for one in people:
        absent = next((two for two in away if two.person_id == one.id and two.covers(today)), None)
        mark = f"{visit_words.ICONS[absent.kind]} " if absent else ""
        rows.append([buttons.button(cut(f"{mark}{one.name} · {roles.title(one.role, t)}", LABEL), OpenHours(one.id))])
    rows.append([buttons.home(t)])
    return Screen(tuple(lines), rows_of(rows))


# --- one's own schedule ---------------------------------------------------------------------------------------------


def plan_screen(view: PlanView, t: Translator) -> Screen:
    """«Мой график»: the coming visits by day, and one's days off."""
    today = view.now.astimezone(t.zone).date()
    lines: list[Line] = [line("🗓 ", bold(t("Мой график")))]
    if not view.visits:
        lines.append(line(t("Выездов пока не назначено.")))
    rows: list[list[Button]] = []
    shown: date | None = None
    for one in view.visits:
        day = one.starts_at.astimezone(t.zone).date()
        if day != shown:
            lines += [EMPTY, line(bold(t.day(day, today=today)))]
        shown = day
        hours = visit_words.span(one.starts_at, one.ends_at, t)
        lines.append(line(bold(hours), f" {one.what} · № {one.number} · {one.client}"))
        if one.place:
            lines.append(line(f"    {one.place}"))
        if one.task_id is not None:
            label = f"{day:%d.%m} {visit_words.span(one.starts_at, one.ends_at, t)} · {one.client}"
            rows.append([buttons.button(cut(label, LABEL), OpenJob(one.task_id))])
    lines += _absences(view.absences, today, t)
    rows.append(
        [buttons.button(t("🕘 Мои часы"), OpenOwnHours()), buttons.button(t("📲 В телефон"), ExplainCalendar())]
    )
    rows.append([buttons.home(t)])
    return Screen(tuple(lines), rows_of(rows))


def calendar_screen(t: Translator, *, reachable: bool, has_link: bool) -> Screen:
    """Two ways into the phone's calendar: the file, and the link where the bot can be reached from outside."""
    lines: list[Line] = [
        line("📲 ", bold(t("Календарь в телефон"))),
        line(t("Файл добавит в календарь телефона выезды, которые назначены сейчас.")),
    ]
    rows: list[list[Button]] = [[buttons.button(t("📎 Прислать файл"), SendCalendar(), colour="primary")]]
    if reachable:
        lines.append(line(t("Подписка обновляется сама: новые, перенесённые и снятые выезды видны без файла.")))
        if has_link:
            lines.append(line(t("Ссылка у вас уже есть. Если потеряли — сделайте новую, прежняя перестанет работать.")))
            rows.append([buttons.button(t("🔗 Новая ссылка"), RenewCalendarLink())])
            rows.append([buttons.button(t("Отключить ссылку"), RevokeCalendarLink(), colour="danger")])
        else:
            rows.append([buttons.button(t("🔗 Получить ссылку"), RenewCalendarLink())])
    rows.append([buttons.back(t, OpenPlan()), buttons.home(t)])
    return Screen(tuple(lines), rows_of(rows))


def link_screen(link: str, t: Translator) -> Screen:
    """The link, shown this one time."""
    lines = (
        line("🔗 ", bold(t("Ссылка на ваш календарь"))),
        line(Span(link, "code")),
        EMPTY,
        line(t("iPhone: «Настройки» → «Приложения» → «Календарь» → «Учётные записи» → «Подписной календарь».")),
        line(t("Google Календарь: «Другие календари» → «Добавить по URL».")),
        EMPTY,
        line(t("Ссылка только для вас: по ней видны адреса и телефоны клиентов. Второй раз её не показать.")),
    )
    rows = [[Button(t("📋 Скопировать ссылку"), copy=link)], [buttons.back(t, ExplainCalendar()), buttons.home(t)]]
    return Screen(lines, rows_of(rows))


def file_screen(name: str, data: bytes, t: Translator) -> Screen:
    """The file itself: the phone opens it in its calendar."""
    said = line(t("Откройте файл и нажмите «Добавить все»."))
    return Screen((said,), document=InlineFile(name, data))


def weekday(day: int, t: Translator, *, short: bool = False) -> str:
    """«Понедельник» or «Пн»."""
    name = str(dates.get_day_names("abbreviated" if short else "wide", "stand-alone", t.locale)[day])
    return name[:1].upper() + name[1:]


def _hours(hours: Hours | None, t: Translator) -> str:
    return visit_words.clock_span(*hours) if hours else t("выходной")


def _short(one: time, *, end: bool = False) -> str:
    hour = 24 if end and one == time(0) else one.hour
    return f"{hour}:{one:%M}" if one.minute else str(hour)


def _minutes(one: time) -> int:
    return one.hour * 60 + one.minute
