"""What every line of the history shares, and the family of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import structlog

from models.stored_kinds import StoredKind, StoredKinds, UnknownKind


@dataclass(frozen=True, slots=True)
class HistoryLine(StoredKind):
    """Something that has happened to a deal; who, when and by which rule stand beside it."""


@dataclass(frozen=True, slots=True)
class Footnote(HistoryLine):
    """A line that changes no card: it stands below the deal's last step, and the buttons people look at stay good."""


logger = structlog.get_logger("models.history.line")
LINES: StoredKinds[HistoryLine] = StoredKinds("line of the history")
line = LINES.register


@dataclass(frozen=True, slots=True)
class UnknownLine(HistoryLine):
    """A row that this version cannot read: the word under which it stands, and the text that it holds, if any."""

    kind: ClassVar[str] = ""
    word: str
    text: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A line with who has set it going and when; `rule` if a robot has; stages as `pipeline.stage`."""

    at: datetime
    actor: str | None
    line: HistoryLine
    from_stage: str | None
    to_stage: str | None
    rule: str | None
    undone: bool = False  # it was put back


def read(word: str, data: Any) -> HistoryLine:
    """The line out of its row; an UnknownLine for one that this version cannot read."""
    try:
        return LINES.read(word, data)
    except UnknownKind as unknown:
        logger.info("a line of the history that this version cannot read", kind=unknown.word, problem=unknown.problem)
        return UnknownLine(word, str(data.get("text") or "") if isinstance(data, Mapping) else "")
