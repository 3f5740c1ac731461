"""A day with a clock time: chosen in a calendar and among the hours, or typed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from keyboards import buttons
from keyboards.callbacks.forms.date_answer_callbacks import ChooseTime, ResetCalendar
from keyboards.forms import field_words
from keyboards.forms.field_words import Reading
from keyboards.forms.prompts import Question, screen
from keyboards.screen import EMPTY, Screen, bold, line
from keyboards.translator import Translator
from models.fields.moment_field import MomentField

FIRST_HOUR, LAST_HOUR = 9, 20


def hours(t: Translator, ask: Question, day: date, today: date) -> Screen:
    """The hours of the day that was chosen."""
    clocks = [time(hour) for hour in range(FIRST_HOUR, LAST_HOUR + 1)]
    found = [buttons.button(f"{one.hour}:00", ChooseTime(ask.step, one.hour * 60)) for one in clocks]
    rows = [tuple(found[at : at + 3]) for at in range(0, len(found), 3)]
    lines = [EMPTY, line(t("День: "), bold(t.day(day, today=today)))]
    other = buttons.button(t("Другой день"), ResetCalendar(ask.step))
    return screen(t, ask, *rows, (other,), lines=lines, how=t("Во сколько? Другое время — напишите, например «10:30»."))


@field_words.shows(MomentField)
def _words(t: Translator, one: MomentField, typed: datetime, reading: Reading) -> str:
    """«пт, 14 марта, 10:00»."""
    return t.moment(typed, now=reading.now)


@field_words.samples(MomentField)
def _sample(t: Translator, one: MomentField, now: datetime) -> str:
    return t.moment(now + timedelta(days=1), now=now)
