"""Presses of questions from the spot and their answers."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import DealId, NoticeId, TaskId


@callback("askman")
@dataclass(frozen=True, slots=True)
class AskManager(CallbackData):
    """A question to the responsible; to who has the `task`, if one is named."""

    deal: DealId
    task: TaskId | None = None


@callback("reply")
@dataclass(frozen=True, slots=True)
class ReplyToMessage(CallbackData):
    """«Ответить», «Спросить ещё»."""

    deal: DealId
    notice: NoticeId
