"""Questions and answers while somebody is on the spot (C-6, M-10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from models.notices.notice import Notice, notice


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file of the deal's folder that goes with a message. `kind`: as `models.entities.File` has it."""

    id: int
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class ChatSaid(Notice):
    """A person's words and files; `more`: a further part of what was said before."""

    text: str
    from_id: Annotated[int | None, Field(alias="from")] = None
    files: tuple[AttachedFile, ...] = ()
    more: bool = False


@notice("question")
@dataclass(frozen=True, slots=True)
class QuestionAsked(ChatSaid):
    """A question about the deal."""


@notice("answer")
@dataclass(frozen=True, slots=True)
class AnswerGiven(ChatSaid):
    """The answer to it."""


@notice("unheard")
@dataclass(frozen=True, slots=True)
class MessageUndelivered(Notice):
    """`name` does not get what the reader said: he is to call."""

    text: str
    name: str
