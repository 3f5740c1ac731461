"""What can be taken back, and what it was before: kept as JSON, put back by the feature that did it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.ids import EmployeeId, UndoId
from models.stored_kinds import StoredKind, StoredKinds


@dataclass(frozen=True, slots=True)
class StateBefore(StoredKind):
    """What something was before it was done."""


STATES: StoredKinds[StateBefore] = StoredKinds("undo")
state_before = STATES.register


@state_before("merge")
@dataclass(frozen=True, slots=True)
class CardsBefore(StateBefore):
    """Two client cards before they became one, `keep`.

    `note` and `company` of the kept one, before and after: what was changed since stays. `phones` are those of the
    other, `added` those of them that the kept one had not. `contacts` of the other firm, cards that were `merged` into
    it before, its `deals`: what went over.
    """

    keep: int
    drop: int
    note: tuple[str | None, str | None]
    company: tuple[int | None, int | None]
    phones: tuple[str, ...]
    added: tuple[str, ...]
    contacts: tuple[int, ...]
    merged: tuple[int, ...]
    deals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Undo:
    """Something that can be taken back until that moment, `about` one thing (a client's card)."""

    id: UndoId
    before: StateBefore
    about: int
    author_id: EmployeeId
    until: datetime
