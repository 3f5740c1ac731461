"""Presses of the question for a payment. `method` is its name in the process file."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import callback
from keyboards.callbacks.forms.question_callbacks import QuestionPress


@callback("form", verb="sum")
@dataclass(frozen=True, slots=True)
class ChooseAmount(QuestionPress):
    """A likely sum, in kopecks."""

    kopecks: int


@callback("form", verb="dates")
@dataclass(frozen=True, slots=True)
class OpenCalendar(QuestionPress):
    """Any other day: the calendar."""


@callback("form", verb="by")
@dataclass(frozen=True, slots=True)
class ChooseMethod(QuestionPress):
    """How it was paid; before the day was said, on which `day` the button was drawn for «today» (an ordinal)."""

    method: str
    day: int | None = None


@callback("form", verb="over")
@dataclass(frozen=True, slots=True)
class EnterOverpayment(QuestionPress):
    """More has come than is due indeed."""


@callback("form", verb="more")
@dataclass(frozen=True, slots=True)
class EnterSecondPayment(QuestionPress):
    """It is a second payment indeed."""


@callback("form", verb="drop")
@dataclass(frozen=True, slots=True)
class DropSecondPayment(QuestionPress):
    """It was entered already: nothing is entered."""
