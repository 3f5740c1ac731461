"""A day: chosen among the days of a month, or typed."""

from __future__ import annotations

from calendar import Calendar
from datetime import date, datetime, timedelta

from babel import dates

from keyboards import buttons
from keyboards.callbacks.forms.date_answer_callbacks import ChooseDay, OpenMonth, ResetCalendar
from keyboards.callbacks.forms.question_callbacks import ConfirmAnswer
from keyboards.forms import field_words
from keyboards.forms.field_words import Reading
from keyboards.forms.prompts import Question, screen
from keyboards.screen import EMPTY, Button, Screen, line
from keyboards.translator import Translator
from models.fields.date_field import DateField
from models.values.product_text import ProductText

MONTHS = 12
YEARS_AWAY = 10


def month_of(day: date) -> int:
    """A month as one number, so that ‹ and › are −1 and +1."""
    return day.year * MONTHS + day.month - 1


def first_of(month: int) -> date:
    """The first day of such a number."""
    return date(month // MONTHS, month % MONTHS + 1, 1)


def calendar(
    t: Translator,
    ask: Question,
    month: int,
    today: date,
    *,
    earliest: date | None = None,
    latest: date | None = None,
    how: str = "",
) -> Screen:
    """The month's days; those that the field does not allow are dots that do nothing."""
    rows = [_shortcuts(t, ask, today, earliest, latest), _turns(t, ask, month, today)]
    rows += [
        tuple(_day(ask, day, month, today, earliest, latest) for day in week)
        for week in Calendar().monthdatescalendar(first_of(month).year, first_of(month).month)
    ]
    return screen(t, ask, *rows, how=how or t("Выберите день или напишите, например «завтра» или «14.03»."))


def _shortcuts(
    t: Translator, ask: Question, today: date, earliest: date | None, latest: date | None
) -> tuple[Button, ...]:
    titles = [t("Сегодня"), t("Завтра"), t("Послезавтра")]
    if latest is not None and latest <= today:
        titles = [t("Сегодня"), t("Вчера")]
    step = -1 if len(titles) == 2 else 1
    days = [(title, today + timedelta(days=step * n)) for n, title in enumerate(titles)]
    return tuple(
        buttons.button(title, ChooseDay(ask.step, day.toordinal()))
        for title, day in days
        if _allowed(day, earliest, latest)
    )


def _allowed(day: date, earliest: date | None, latest: date | None) -> bool:
    return (earliest is None or day >= earliest) and (latest is None or day <= latest)


def _turns(t: Translator, ask: Question, month: int, today: date) -> tuple[Button, ...]:
    title = dates.format_date(first_of(month), "LLLL y", locale=t.locale)
    away = YEARS_AWAY * MONTHS
    before = [buttons.button("‹", OpenMonth(ask.step, month - 1))] if month - 1 >= month_of(today) - away else []
    after = [buttons.button("›", OpenMonth(ask.step, month + 1))] if month + 1 <= month_of(today) + away else []
    return (*before, Button(title), *after)


def _day(ask: Question, day: date, month: int, today: date, earliest: date | None, latest: date | None) -> Button:
    if month_of(day) != month:
        return Button("·")
    if not _allowed(day, earliest, latest):
        return Button("·")
    return buttons.button(f"[{day.day}]" if day == today else str(day.day), ChooseDay(ask.step, day.toordinal()))


def other_day(t: Translator, ask: Question, day: date, at: datetime, stage: ProductText | None) -> Screen:
    """The hour is on another day than the deal has: is the visit to be moved, and the deal with it?"""
    today = at.astimezone(t.zone).date()
    chosen = t.moment(at, now=at)
    lines = [EMPTY, line(t("В сделке {day}, Вы выбрали {chosen}.", day=t.day(day, today=today), chosen=chosen))]
    if stage is not None:
        lines.append(line(t("Сделка перейдёт в «{stage}».", stage=t(stage))))
    yes = buttons.button(t("Да, перенести"), ConfirmAnswer(ask.step), colour="success")
    other = buttons.button(t("Выбрать другое время"), ResetCalendar(ask.step))
    return screen(t, ask, (yes,), (other,), lines=lines, how=t("Перенести на этот день?"))


@field_words.shows(DateField)
def _words(t: Translator, one: DateField, typed: date, reading: Reading) -> str:
    """«пт, 14 марта»."""
    return field_words.day(t, typed, reading)


@field_words.samples(DateField)
def _sample(t: Translator, one: DateField, now: datetime) -> str:
    return t.day((now + timedelta(days=1)).astimezone(t.zone).date())
