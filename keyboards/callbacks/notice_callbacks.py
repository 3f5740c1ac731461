"""Presses of a message that the schedule has sent: why it came, its answer, putting it off."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import DealId, NoticeId


@callback("notice")
@dataclass(frozen=True, slots=True)
class OpenNotice(CallbackData):
    """A line of a digest as the message it would have been."""

    notice: NoticeId


@callback("why")
@dataclass(frozen=True, slots=True)
class ExplainNotice(CallbackData):
    """«Почему мне это пришло?»"""

    notice: NoticeId


@callback("answer")
@dataclass(frozen=True, slots=True)
class AnswerRobot(CallbackData):
    """The fields that a robot asked for."""

    notice: NoticeId


@callback("putoff")
@dataclass(frozen=True, slots=True)
class ChoosePutOff(CallbackData):
    """For how long is an escalation put off?"""

    deal: DealId
    notice: NoticeId


@callback("putoff_for")
@dataclass(frozen=True, slots=True)
class PutOffEscalation(CallbackData):
    """Put it off for that many days."""

    deal: DealId
    notice: NoticeId
    days: int
