"""What is said about files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from models.notices.notice import Notice, notice
from models.states import FileRefusal
from models.values.product_text import ProductText


@notice("unsaved")
@dataclass(frozen=True, slots=True)
class FileNotSaved(Notice):
    """The bytes of a file cannot be had: the reader is asked to send it again."""

    tells_of_loss: ClassVar[bool] = True

    name: str
    file: int


@notice("file_refused")
@dataclass(frozen=True, slots=True)
class FileRefused(Notice):
    """What the reader sent is not what it says it is, and was not kept: `why`."""

    name: str
    why: FileRefusal


@notice("album_unsent")
@dataclass(frozen=True, slots=True)
class PhotosNotSent(Notice):
    """Photos that the reader asked for could not be sent to him: so many."""

    tells_of_loss: ClassVar[bool] = True

    count: int
    file: int  # the first one


@notice("handed_in")
@dataclass(frozen=True, slots=True)
class HandedIn(Notice):
    """Who was late with it has sent what his task asked for: `fields` by their titles."""

    name: str
    fields: tuple[ProductText, ...] = ()
