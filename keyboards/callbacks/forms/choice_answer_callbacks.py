"""Presses of a choice, and of yes or no. `option` is its name in the process file."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import callback
from keyboards.callbacks.forms.question_callbacks import QuestionPress


@callback("form", verb="opt")
@dataclass(frozen=True, slots=True)
class ChooseOption(QuestionPress):
    """One of the options."""

    option: str


@callback("form", verb="tick")
@dataclass(frozen=True, slots=True)
class TickOption(QuestionPress):
    """Tick an option of many, or take the tick away."""

    option: str


@callback("form", verb="yes")
@dataclass(frozen=True, slots=True)
class AnswerYes(QuestionPress):
    """Yes."""


@callback("form", verb="no")
@dataclass(frozen=True, slots=True)
class AnswerNo(QuestionPress):
    """No."""
