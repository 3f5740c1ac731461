"""What is said about files."""

from __future__ import annotations

from dataclasses import dataclass

from models.notices.notice import Notice, notice


@notice("unsaved")
@dataclass(frozen=True, slots=True)
class FileNotSaved(Notice):
    """The bytes of a file cannot be had: the reader is asked to send it again."""

    name: str
    file: int


@notice("handed_in")
@dataclass(frozen=True, slots=True)
class HandedIn(Notice):
    """Who was late with it has sent what his task asked for: `fields` by their titles."""

    name: str
    fields: tuple[str, ...] = ()
