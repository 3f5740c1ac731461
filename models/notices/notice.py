"""What every notice shares, and the family of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from models.stored_kinds import StoredKind, StoredKinds, UnknownKind


@dataclass(frozen=True, slots=True)
class Notice(StoredKind):
    """A message that the bot sends by itself. Its fields are what is said, as it was when it was said.

    `tells_of_loss`: what it is about is the reader's no longer, so that he need not be able to open it.
    """

    tells_of_loss: ClassVar[bool] = False


NOTICES: StoredKinds[Notice] = StoredKinds("notice")
notice = NOTICES.register


@dataclass(frozen=True, slots=True)
class UnknownNotice(Notice):
    """A row that this version cannot read: under which word it stands, and why. It is refused, never sent."""

    kind: ClassVar[str] = ""
    word: str
    problem: str


def payload_of(one: Notice) -> dict[str, Any]:
    """The JSON of a notice's row."""
    return {"kind": one.kind, **one.to_data()}


def read(payload: Mapping[str, Any]) -> Notice:
    """The notice out of its row; an UnknownNotice for one that this version cannot read."""
    word = str(payload.get("kind", ""))
    try:
        return NOTICES.read(word, payload)
    except UnknownKind as unknown:
        return UnknownNotice(word, unknown.problem)
