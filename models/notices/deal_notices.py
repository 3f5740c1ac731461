"""What is said about a deal: by its robots, and when it passes from hand to hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.notices.notice import Notice, notice


@dataclass(frozen=True, slots=True)
class FormerValue:
    """A field whose change is told, and its value before as JSON: {was} in the text."""

    field: str
    value: Any


@dataclass(frozen=True, slots=True)
class RuleSaid(Notice):
    """A text of the process file, with placeholders. `card`: on the card of that task of the reader's (M-11)."""

    text: str
    was: FormerValue | None = None
    card: str | None = None


@notice("note")
@dataclass(frozen=True, slots=True)
class Reminder(RuleSaid):
    """A robot reminds: `notify`."""


@notice("escalation")
@dataclass(frozen=True, slots=True)
class Escalation(RuleSaid):
    """A robot calls those above: `escalate`, with buttons that act (C-6)."""


@notice("ask")
@dataclass(frozen=True, slots=True)
class FieldsWanted(Notice):
    """A robot asks for fields, in conversation."""

    text: str
    fields: tuple[str, ...] = ()


@notice("blocked")
@dataclass(frozen=True, slots=True)
class RobotBlocked(Notice):
    """A robot could not move the deal to this stage."""

    stage: str


@notice("assigned")
@dataclass(frozen=True, slots=True)
class DealAssigned(Notice):
    """The deal was handed to the reader."""


@notice("called_off")
@dataclass(frozen=True, slots=True)
class VisitCalledOff(Notice):
    """The reader was to come at that time and need not. `title` is the deal's, where it is there no more."""

    starts_at: datetime
    title: str = ""
