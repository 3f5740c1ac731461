"""Photos, and pictures sent as files."""

from __future__ import annotations

from typing import ClassVar, Literal

from models.fields.groups import FileLike
from models.values.invalid_value import N_, InvalidValue


class PhotoField(FileLike):
    """One or many photos, kept in the deal's `folder` (K-11)."""

    type: Literal["photo"]

    rank: ClassVar[int] = 11

    def takes(self, *, picture: bool) -> bool:
        """Pictures only."""
        return picture

    def is_meant_for(self, *, picture: bool) -> bool:
        """Pictures only."""
        return picture

    def wrong_kind(self) -> InvalidValue:
        """A picture is wanted."""
        return InvalidValue("file.wanted", N_("Здесь нужно фото: пришлите снимок или картинку файлом."))
