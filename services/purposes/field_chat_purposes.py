"""Forms of questions from the spot and their answers. `task` is the job that one comes back to."""

from __future__ import annotations

from dataclasses import dataclass

from models.ids import DealId, NoticeId, TaskId
from services.form_purposes import Purpose, purpose


@purpose("ask")
@dataclass(frozen=True, slots=True)
class AskPurpose(Purpose):
    """A question to the manager."""

    deal: DealId
    task: TaskId | None = None


@purpose("reply")
@dataclass(frozen=True, slots=True)
class ReplyPurpose(Purpose):
    """The answer to a message, or a question back."""

    deal: DealId
    notice: NoticeId
    task: TaskId | None = None
