"""Files of any kind."""

from __future__ import annotations

from typing import ClassVar, Literal

from models.fields.groups import FileLike
from models.values.invalid_value import N_, InvalidValue


class FileField(FileLike):
    """One or many files, kept in the deal's `folder` (K-11)."""

    type: Literal["file"]

    rank: ClassVar[int] = 10

    def takes(self, *, picture: bool) -> bool:
        """Anything."""
        return True

    def is_meant_for(self, *, picture: bool) -> bool:
        """Pictures belong among the photos."""
        return not picture

    def wrong_kind(self) -> InvalidValue:
        """A file is wanted."""
        return InvalidValue("file.wanted", N_("Здесь нужен файл: пришлите документ или фото через скрепку."))
