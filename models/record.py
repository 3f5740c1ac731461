"""Frozen values whose attributes are the columns of a table, so that a column is written down once."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import FrozenInstanceError
from typing import Any, Self


class Record:
    """A row as a value: read in one transaction, carried anywhere, never changed.

    A subclass inherits its columns from the class that its table is made of, and adds nothing of its own.
    """

    def __init__(self, **columns: Any) -> None:
        self.__dict__.update(columns)

    def __setattr__(self, name: str, value: Any) -> None:
        raise FrozenInstanceError(f"cannot assign to {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete {name!r}")

    def replace(self, **columns: Any) -> Self:
        """The same value with other columns."""
        return type(self)(**{**self.__dict__, **columns})

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), self.__dict__.get("id")))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({shown})"

    @classmethod
    def from_row(cls, row: Mapping[Any, Any], **decoded: Any) -> Self:
        """The value out of a row's mapping; columns of other tables in it are passed over."""
        return cls(**{name: row[name] for name in cls.columns() if name not in decoded}, **decoded)

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The names of the columns."""
        found = _COLUMNS.get(cls)
        if found is None:
            annotated = [inspect.get_annotations(base) for base in reversed(cls.__mro__)]
            found = _COLUMNS[cls] = tuple(name for names in annotated for name in names)
        return found


_COLUMNS: dict[type[Record], tuple[str, ...]] = {}
