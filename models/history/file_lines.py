"""Files in the history (K-7)."""

from __future__ import annotations

from dataclasses import dataclass

from models.history.line import HistoryLine, line
from models.values.product_text import NO_TEXT, ProductText


@line("file")
@dataclass(frozen=True, slots=True)
class FilesAdded(HistoryLine):
    """A file came in, or `count` of them at once; `name` of the first; the words that came with them."""

    name: str = ""
    count: int = 1
    words: str = ""


@line("file_words")
@dataclass(frozen=True, slots=True)
class CaptionCorrected(HistoryLine):
    """Other words stand with a file now; `fields`: under which one it lies."""

    name: str = ""
    words: str = ""
    fields: tuple[str, ...] | None = ()


@line("file_removed")
@dataclass(frozen=True, slots=True)
class FilesRemoved(HistoryLine):
    """Taken out of the folder, into the bin; `fields`: under which ones they lay, None where an older version has not
    said."""

    name: str = ""
    count: int = 1
    fields: tuple[str, ...] | None = None


@line("file_restored")
@dataclass(frozen=True, slots=True)
class FileRestored(HistoryLine):
    """Put back out of the bin; `to` is the title of its place, `fields` under which one it lay, and where it lies."""

    name: str = ""
    to: ProductText = NO_TEXT
    fields: tuple[str, ...] | None = None


@line("file_moved")
@dataclass(frozen=True, slots=True)
class FileMoved(HistoryLine):
    """Put under another title; `fields`: from which one and to which one, None as above."""

    name: str = ""
    to: ProductText = NO_TEXT
    fields: tuple[str, ...] | None = None
