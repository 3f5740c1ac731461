"""A table that leaves the bot: columns with their titles, and rows of which each column shows something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """A column: its key, its title, its width in characters, what of a row stands in it.

    A date or a Decimal becomes a real date or number of the spreadsheet, None an empty cell, anything else text.
    """

    key: str
    title: str
    width: int
    of: Callable[[R], Any]


@dataclass(frozen=True, slots=True)
class Sheet(Generic[R]):
    """A table with its title."""

    title: str
    columns: Sequence[Column[R]]
    rows: Sequence[R]
