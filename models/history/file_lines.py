"""Files in the history (K-7)."""

from __future__ import annotations

from dataclasses import dataclass

from models.history.line import HistoryLine, line
from models.values.product_text import NO_TEXT, ProductText


@line("file")
@dataclass(frozen=True, slots=True)
class FilesAdded(HistoryLine):
    """A file came in, or `count` of them at once; `name` of the first."""

    name: str = ""
    count: int = 1


@line("file_removed")
@dataclass(frozen=True, slots=True)
class FilesRemoved(HistoryLine):
    """Taken out of the folder, into the bin."""

    name: str = ""
    count: int = 1


@line("file_restored")
@dataclass(frozen=True, slots=True)
class FileRestored(HistoryLine):
    """Put back out of the bin; `to` is the title of its place."""

    name: str = ""
    to: ProductText = NO_TEXT


@line("file_moved")
@dataclass(frozen=True, slots=True)
class FileMoved(HistoryLine):
    """Put under another title."""

    name: str = ""
    to: ProductText = NO_TEXT
