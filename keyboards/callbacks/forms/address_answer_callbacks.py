"""Presses of the question for an address. `part` is a name of `models.fields.address_field.PART_TITLES`."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import callback
from keyboards.callbacks.forms.question_callbacks import QuestionPress


@callback("form", verb="private")
@dataclass(frozen=True, slots=True)
class MarkPrivateHouse(QuestionPress):
    """It is a private house: no flat, no entrance."""


@callback("form", verb="none")
@dataclass(frozen=True, slots=True)
class MarkPartEmpty(QuestionPress):
    """The address has no such part."""

    part: str


@callback("form", verb="part")
@dataclass(frozen=True, slots=True)
class CorrectPart(QuestionPress):
    """Enter that part anew."""

    part: str
