"""A screen is plain data: lines of styled text and rows of buttons. Telegram's HTML is made of it at the edge.

User text can never become markup: only `Span`s carry a style, and the edge escapes what they hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

Style = Literal["b", "i", "u", "s", "code", "quote", "folded", "link", "time"]
Colour = Literal["success", "danger", "primary"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in a style; `link` needs `url`, `time` needs `at` (shown in the reader's own zone)."""

    text: str
    style: Style
    url: str | None = None
    at: datetime | None = None


Piece = str | Span
Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """One button: exactly one of callback `data`, `url`, `copy`; one with none of them only looks."""

    text: str
    data: str | None = None
    colour: Colour | None = None
    url: str | None = None
    copy: str | None = None


@dataclass(frozen=True, slots=True)
class DealFile:
    """A file of a deal's folder, by its row: sent by Telegram's id for it, or from our disk if that is not good."""

    file_id: int
    name: str


@dataclass(frozen=True, slots=True)
class InlineFile:
    """A file made on the spot."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BlobFile:
    """Bytes on our disk by their hash, which are no file of a deal (a trial, a sample)."""

    sha: str
    name: str


Rows = tuple[tuple[Button, ...], ...]


def rows_of(rows: Iterable[Iterable[Button]]) -> Rows:
    """Rows of buttons for a screen; empty ones are left out."""
    return tuple(made for row in rows if (made := tuple(row)))


Document = str | DealFile | InlineFile | BlobFile  # a text is Telegram's own id of a file


@dataclass(frozen=True, slots=True)
class Screen:
    """What one message shows."""

    lines: tuple[Line, ...] = ()
    rows: Rows = ()
    photo: str | DealFile | None = None
    document: Document | None = None
    contact_button: str | None = None
    protect: bool = False

    def with_rows(self, *rows: Iterable[Button]) -> Screen:
        """The screen with more rows of buttons below; empty rows are left out."""
        return replace(self, rows=self.rows + tuple(tuple(row) for row in rows if row))

    def under(self, *pieces: Piece) -> Screen:
        """The screen with a line above it that says what has just been done."""
        return replace(self, lines=(pieces, EMPTY, *self.lines))

    @property
    def plain(self) -> str:
        """The text without styles, for tests and for a text-only fallback."""
        return "\n".join("".join(p if isinstance(p, str) else p.text for p in line) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a press or a message is answered with.

    `screen` is shown in place of the message that was pressed (`new`: as a message of its own). `toast` is the short
    line over the chat, `alert` makes it a window to close. `also` are further messages below.
    """

    screen: Screen | None = None
    toast: str | None = None
    alert: bool = False
    new: bool = False
    also: tuple[Screen, ...] = field(default=())
    edit: tuple[int, Screen] | None = None  # an earlier message to be redrawn beside the answer: (message id, screen)
    remember_form: bool = False  # the message that shows it is the form's: later answers edit it in place
    remember_heap: str | None = None  # the message that shows it tells of that heap of files: later ones edit it


def line(*pieces: Piece) -> Line:
    """A line of text."""
    return pieces


def bold(text: str) -> Span:
    return Span(text, "b")


def quote(text: str, *, folded: bool = False) -> Line:
    """A quotation, perhaps folded."""
    return (Span(text, "folded" if folded else "quote"),)


EMPTY: Line = ()
