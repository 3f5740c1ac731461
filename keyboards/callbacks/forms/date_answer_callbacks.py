"""Presses of every calendar, and of the hours of a day."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import callback
from keyboards.callbacks.forms.question_callbacks import QuestionPress


@callback("form", verb="month")
@dataclass(frozen=True, slots=True)
class OpenMonth(QuestionPress):
    """Another page. `month` is year · 12 + month − 1."""

    month: int


@callback("form", verb="day")
@dataclass(frozen=True, slots=True)
class ChooseDay(QuestionPress):
    """A day. `day` is its ordinal (`date.toordinal`)."""

    day: int


@callback("form", verb="time")
@dataclass(frozen=True, slots=True)
class ChooseTime(QuestionPress):
    """A clock time of the chosen day. `minutes` are those since midnight."""

    minutes: int


@callback("form", verb="reset")
@dataclass(frozen=True, slots=True)
class ResetCalendar(QuestionPress):
    """Back to the calendar."""
