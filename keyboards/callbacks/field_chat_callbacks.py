"""Presses of questions from the spot and their answers."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import DealId, NoticeId


@callback("askman")
@dataclass(frozen=True, slots=True)
class AskManager(CallbackData):
    """A question to the responsible."""

    deal: DealId


@callback("reply")
@dataclass(frozen=True, slots=True)
class ReplyToMessage(CallbackData):
    """«Ответить», «Спросить ещё»."""

    deal: DealId
    notice: NoticeId
