"""What is said about people of the company who are not there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from models.notices.notice import Notice, notice
from models.roles import Role
from models.states import AbsenceKind
from models.values.product_text import ProductText


@notice("handover")
@dataclass(frozen=True, slots=True)
class WorkLeft(Notice):
    """The list of what hangs on somebody who has left (`gone`), leads no deals any more (`role`), or is away until that
    day, for those above."""

    person: int
    name: str
    why: Literal["gone", "role"] | AbsenceKind
    first_on: date | None = None
    until: date | None = None


@notice("handed_over")
@dataclass(frozen=True, slots=True)
class WorkGiven(Notice):
    """The reader has got what hung on `name`: so many deals, tasks and visits."""

    name: str
    deals: int = 0
    tasks: int = 0
    visits: int = 0


@notice("joined")
@dataclass(frozen=True, slots=True)
class Joined(Notice):
    """Somebody has come in by an invitation of `maker` (empty: of the command line); the owner and `maker` hear it."""

    person: int
    name: str
    role: Role
    maker: str


@notice("merge_asked")
@dataclass(frozen=True, slots=True)
class MergeAsked(Notice):
    """`by` thinks that two client cards are one client, and may not join them: those above are to look."""

    one: int
    other: int
    first: str
    second: str
    by: str


@notice("calls_undone")
@dataclass(frozen=True, slots=True)
class CallsUndone(Notice):
    """Those above hear that `n` calls of a list (`text`, its title) were not made on their day by who has them."""

    text: ProductText
    person: int
    name: str
    n: int
    day: date
