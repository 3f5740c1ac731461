"""A person who was erased, by number: what a restore applies again, and what the certificate says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ErasureReason = Literal["asked", "deleted", "expired", "restored"]
Key = tuple[int, int]  # the id of a row, and its `created_at` in microseconds: another row of that id is another one


@dataclass(frozen=True, slots=True)
class ErasedPerson:
    """Whose rows were erased, by numbers."""

    clients: tuple[Key, ...] = ()
    deals: tuple[Key, ...] = ()

    @classmethod
    def of(cls, clients: Iterable[Sequence[int]], deals: Iterable[Sequence[int]]) -> ErasedPerson:
        """Out of JSON's lists. TypeError or ValueError for what are no pairs of numbers."""
        return cls(_pairs(clients), _pairs(deals))


@dataclass(frozen=True, slots=True)
class LeftOutside:
    """What is to be done outside the database yet: bytes by hash, messages by (employee, message in his chat)."""

    shas: tuple[str, ...] = ()
    messages: tuple[Key, ...] = ()
    kept: int = 0  # messages that could not be changed any more

    @classmethod
    def of(cls, shas: Iterable[str], messages: Iterable[Sequence[int]], kept: int) -> LeftOutside:
        """Out of JSON's lists."""
        return cls(tuple(shas), _pairs(messages), kept)


def _pairs(given: Iterable[Sequence[int]]) -> tuple[Key, ...]:
    return tuple((int(one), int(other)) for one, other in given)


@dataclass(frozen=True, slots=True)
class Erasure:
    """Somebody was erased. `asked`: the owner has; `deleted`: with his deal; `expired`: kept long enough; `restored`:
    a backup had brought him back. `counts`: how many rows of which table. `done_at`: everywhere."""

    id: int
    reason: ErasureReason
    person: ErasedPerson
    counts: Mapping[str, int]
    outside: LeftOutside
    author: str | None
    author_id: int | None
    asked_at: datetime
    done_at: datetime | None = None
