"""Presses of the question for an employee."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import callback
from keyboards.callbacks.forms.question_callbacks import QuestionPress
from models.ids import EmployeeId


@callback("form", verb="who")
@dataclass(frozen=True, slots=True)
class ChoosePerson(QuestionPress):
    """This one."""

    employee: EmployeeId
