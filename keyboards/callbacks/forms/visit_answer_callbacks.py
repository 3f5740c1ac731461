"""Presses of the question for a visit."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import callback
from keyboards.callbacks.forms.question_callbacks import QuestionPress
from models.ids import EmployeeId


@callback("form", verb="win")
@dataclass(frozen=True, slots=True)
class ChooseWindow(QuestionPress):
    """That window with that person. `at` is its beginning in whole minutes since 1970."""

    employee: EmployeeId
    at: int


@callback("form", verb="later")
@dataclass(frozen=True, slots=True)
class ShowLaterWindows(QuestionPress):
    """Windows from that day on. `day` is its ordinal (`date.toordinal`)."""

    day: int


@callback("form", verb="other")
@dataclass(frozen=True, slots=True)
class ChooseOtherWindow(QuestionPress):
    """Another window: the one that was held is free for others at once."""


@callback("form", verb="agreed")
@dataclass(frozen=True, slots=True)
class ConfirmWindow(QuestionPress):
    """The client agreed."""
