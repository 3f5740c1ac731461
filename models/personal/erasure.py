"""A person who was erased, by number: what a restore applies again, and what the certificate says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

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
class DoneOutside:
    """What was done outside the database so far, as the certificate says it: bytes taken off the disk, messages that
    were replaced, deleted, or that could not be changed (or nobody knows whether they arrived); whether the database's
    file was written anew."""

    files: int = 0
    replaced: int = 0
    deleted: int = 0
    kept: int = 0
    rewritten: bool = False


@dataclass(frozen=True, slots=True)
class LeftOutside:
    """What is to be done outside the database yet: bytes by hash, messages by (employee, message in his chat).

    `flying`: rows of messages that were just being sent, `pins`: deals whose pin was just being redrawn: what they say
    is known when they have landed. `done`: what was done so far.
    """

    shas: tuple[str, ...] = ()
    messages: tuple[Key, ...] = ()
    flying: tuple[int, ...] = ()
    pins: tuple[int, ...] = ()
    done: DoneOutside = DoneOutside()

    def __bool__(self) -> bool:
        return bool(self.shas or self.messages or self.flying or self.pins)

    @classmethod
    def from_data(cls, data: Any) -> LeftOutside:
        """Out of JSON, of an older version's too."""
        said = data or {}
        done = {"kept": said.get("kept", 0), **said.get("done", {})}
        return cls(
            tuple(said.get("shas", ())), _pairs(said.get("messages", ())), tuple(said.get("flying", ())),
            tuple(said.get("pins", ())), DoneOutside(**done),
        )  # fmt: skip


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
