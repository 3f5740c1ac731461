"""Every table that can be taken out of the bot: `verstak export WORD FILE` writes it, whatever it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.sheet import Sheet
from services.unit_of_work import UnitOfWork

Read = Callable[[UnitOfWork], list[Sheet[Any]]]


@dataclass(frozen=True, slots=True)
class Report:
    """A table: the word that asks for it, what a row of it is called in English, and what reads it.

    `empty`: why there is no table at all, where `read` gives none.
    """

    word: str
    rows: str
    empty: str
    read: Read


REPORTS: dict[str, Report] = {}


def report(word: str, *, rows: str = "rows", empty: str = "there is nothing to report on") -> Callable[[Read], Read]:
    """Register what reads a table: all of its sheets have the same columns. ValueError if the word is taken."""

    def register(read: Read) -> Read:
        if word in REPORTS:
            raise ValueError(f"the report {word} is registered twice")
        REPORTS[word] = Report(word, rows, empty, read)
        return read

    return register
