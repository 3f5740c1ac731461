"""What can be taken back, and what it was before: kept as JSON, put back by the feature that did it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.entities import Deal
from models.ids import DealId, EmployeeId, UndoId
from models.stored_kinds import StoredKind, StoredKinds
from models.visits import Visit

Values = dict[str, Any]  # of a row, by its columns; as JSON


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
class RowChanges:
    """What a press has done to rows of a deal: those that are `new`; those that are `gone`, as they were; and of those
    that `changed`, by column, what was and what is now."""

    new: tuple[int, ...] = ()
    gone: Mapping[int, Values] = field(default_factory=dict)
    changed: Mapping[int, Mapping[str, tuple[Any, Any]]] = field(default_factory=dict)

    @classmethod
    def between(cls, before: Mapping[int, Values], after: Mapping[int, Values]) -> RowChanges:
        """What differs between two looks at the same rows."""
        changed = {
            key: {name: (was, row[name]) for name, was in old.items() if row[name] != was}
            for key, old in before.items()
            if (row := after.get(key)) is not None and row != old
        }
        new = tuple(key for key in after if key not in before)
        return cls(new, {key: row for key, row in before.items() if key not in after}, changed)


@state_before("deal")
@dataclass(frozen=True, slots=True)
class DealBefore(StateBefore):
    """A deal before one press changed it: its history grew from `version` to `now`.

    `columns` and `fields` are those that changed, as JSON, with what was and what is now; `rows` are changes of its
    tasks, lines and what was planned; `visits` those that changed, as they were (None: there was none) and as they are.
    `pin`: what the pinned message said, and says. `kinds`: of the lines of history that the press has written;
    `author` is whose press it was.
    """

    deal: DealId
    version: int
    now: int
    columns: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    rows: Mapping[str, RowChanges] = field(default_factory=dict)
    visits: tuple[tuple[Visit | None, Visit | None], ...] = ()
    pin: tuple[str | None, str | None] = (None, None)
    kinds: tuple[str, ...] = ()
    author: int = 0

    def rows_of(self, part: str) -> RowChanges:
        """What the press did to the rows of that name."""
        return self.rows.get(part, NO_CHANGES)

    @property
    def visit_names(self) -> tuple[str, ...]:
        """Which visits it was about."""
        return tuple(sorted({one.name for pair in self.visits for one in pair if one is not None}))

    @property
    def people(self) -> tuple[int, ...]:
        """Who was to come to them, before or after."""
        return tuple(sorted({who for pair in self.visits for one in pair if one is not None for who in one.people}))

    @property
    def led(self) -> bool:
        """Whether it was about who leads the deal."""
        return "responsible_id" in self.columns

    @property
    def moved(self) -> bool:
        """Whether the deal stands elsewhere since."""
        return not self.columns.keys().isdisjoint(("pipeline", "stage"))


NO_CHANGES = RowChanges()


@dataclass(slots=True)
class DealSnapshot:
    """How a deal stood when a person began to change it, in one transaction; `after` is how it stands by now, `kinds`
    the lines of history written meanwhile. `lasting`: something was done that has a verb of its own to take it back."""

    deal: Deal
    rows: dict[str, dict[int, Values]]
    pin: str | None = None
    after: Deal | None = None
    kinds: list[str] = field(default_factory=list)
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """Something that can be taken back until that moment, `about` one thing (a client's card, a deal)."""

    id: UndoId
    before: StateBefore
    about: int
    author_id: EmployeeId
    until: datetime
