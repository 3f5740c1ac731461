"""What a message says that can be true or false, as typed values: it is kept with the message as it was sent.

The words are made at the edge; these are what they claim. So it can be asked afterwards of any message whether it was
true when it left, without reading its text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from models.stored_kinds import StoredKind, StoredKinds


@dataclass(frozen=True, slots=True)
class Statement(StoredKind):
    """A claim of a message."""


STATEMENTS: StoredKinds[Statement] = StoredKinds("statement")
statement = STATEMENTS.register


@statement("deal")
@dataclass(frozen=True, slots=True)
class DealSaid(Statement):
    """It is about this deal, which stands at `place` (`pipeline.stage`)."""

    deal: int
    place: str


@statement("moment")
@dataclass(frozen=True, slots=True)
class MomentSaid(Statement):
    """What is called `of` (a field, `task`, `visit`) is at that moment."""

    of: str
    at: datetime


@statement("day")
@dataclass(frozen=True, slots=True)
class DaySaid(Statement):
    """What is called `of` (a field) is on that day."""

    of: str
    on: date


@statement("sum")
@dataclass(frozen=True, slots=True)
class SumSaid(Statement):
    """`of` (a field, `paid`, `balance`) is so much."""

    of: str
    amount: Decimal


@statement("person")
@dataclass(frozen=True, slots=True)
class PersonSaid(Statement):
    """Who is meant by `of` (`responsible`, a field) is that employee."""

    of: str
    person: int


@statement("value")
@dataclass(frozen=True, slots=True)
class ValueSaid(Statement):
    """The field `of` holds this, as it is kept in JSON."""

    of: str
    value: Any


@statement("was")
@dataclass(frozen=True, slots=True)
class FormerSaid(Statement):
    """The field `of` held this before it was changed."""

    of: str
    value: Any


@statement("days")
@dataclass(frozen=True, slots=True)
class DaysSaid(Statement):
    """So many days have passed since `since`, as `of` counts them (`stage`: working days on it)."""

    of: str
    since: datetime
    days: int


@statement("count")
@dataclass(frozen=True, slots=True)
class CountSaid(Statement):
    """So many of what is called `of` (deals, tasks, visits, calls)."""

    of: str
    n: int


@statement("task")
@dataclass(frozen=True, slots=True)
class TaskSaid(Statement):
    """The task is in that state."""

    task: int
    state: str


@statement("words")
@dataclass(frozen=True, slots=True)
class WordsSaid(Statement):
    """A person's own words, which the bot passes on and does not vouch for."""

    by: int | None


@statement("file")
@dataclass(frozen=True, slots=True)
class FileSaid(Statement):
    """A file or a paper of this id, and whether it is there."""

    of: str
    id: int
    is_there: bool


def to_data(said: Iterable[Statement]) -> list[dict[str, Any]]:
    """The JSON of a message's statements."""
    return [{"kind": one.kind, **one.to_data()} for one in said]


def read(data: Any) -> tuple[Statement, ...]:
    """The statements of a message out of their JSON. UnknownKind for one that this version does not know."""
    return tuple(STATEMENTS.read(str(one.get("kind")), one) for one in data or ())
