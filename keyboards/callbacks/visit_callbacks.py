"""Presses of whoever comes: he cannot, or he is late."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import TaskId


@callback("cannot_come")
@dataclass(frozen=True, slots=True)
class ReportCannotCome(CallbackData):
    """He cannot come; why is asked."""

    task: TaskId


@callback("comes_late")
@dataclass(frozen=True, slots=True)
class ReportLate(CallbackData):
    """He will be late by so many minutes; 0: in his own words; without a number, the choices."""

    task: TaskId
    minutes: int | None = None
