"""Families of frozen values that stand in the database as JSON under a word: notices, jobs, lines of the history.

The word and the keys stay as they are once they have been written: rows of older versions hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from models import discovery


class StoredKind:
    """A value of such a family. Subclasses are frozen dataclasses, registered with their family."""

    __slots__ = ()
    kind: ClassVar[str]

    def to_data(self) -> dict[str, Any]:
        """The JSON of the value: what differs from the defaults."""
        data: dict[str, Any] = _adapter(type(self)).dump_python(self, mode="json", by_alias=True, exclude_defaults=True)
        return data


K = TypeVar("K", bound=StoredKind)


class UnknownKind(ValueError):
    """A word that no kind has, or data that its kind cannot hold: `word`, and what is wrong (never a value)."""

    def __init__(self, family: str, word: str, problem: str) -> None:
        super().__init__(f"{family} {word!r}: {problem}")
        self.word, self.problem = word, problem


class StoredKinds(Generic[K]):
    """The kinds of one family, by their words."""

    def __init__(self, family: str) -> None:
        self.family = family
        self._known: dict[str, type[K]] = {}

    def __iter__(self) -> Iterator[type[K]]:
        return iter(self._known.values())

    def undeclared(self, base: type[K]) -> list[str]:
        """A line for each kind of the family that has no word, and so could be written and never read."""
        known = set(self._known.values())
        lone = (one for one in discovery.leaves(base) if one not in known and not one.__name__.startswith("Unknown"))
        return [f"{self.family} {one.__name__}: it has no word" for one in lone]

    def register(self, word: str) -> Callable[[type[K]], type[K]]:
        """Give a kind its word. ValueError if the word is taken."""

        def give(kind: type[K]) -> type[K]:
            if word in self._known:
                raise ValueError(f"the {self.family} {word} is registered twice")
            kind.kind = word
            self._known[word] = kind
            return kind

        return give

    def read(self, word: str, data: Any) -> K:
        """The value out of its JSON; keys that its kind does not know are passed over. UnknownKind."""
        kind = self._known.get(word)
        if kind is None:
            raise UnknownKind(self.family, word, "no such kind")
        if not isinstance(data or {}, Mapping):
            raise UnknownKind(self.family, word, "cannot be read: it is no mapping")
        try:
            made: K = _adapter(kind).validate_python(dict(data or {}))
        except ValidationError as error:
            wrong = ", ".join(sorted({".".join(map(str, one["loc"])) for one in error.errors()}))
            raise UnknownKind(self.family, word, f"cannot be read: {wrong}") from None
        return made


_ADAPTERS: dict[type[StoredKind], TypeAdapter[Any]] = {}


def _adapter(kind: type[StoredKind]) -> TypeAdapter[Any]:
    """Built at first use, once: building one costs a hundred times its use."""
    found = _ADAPTERS.get(kind)
    if found is None:
        found = _ADAPTERS[kind] = TypeAdapter(kind)
    return found
