"""An agreed visit: who comes, from when to when, perhaps several people, perhaps on several days (K-19)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class VisitSlot:
    """`person_id` is an employee, the times are aware; a slot ends after it begins.

    `others` come along with him; `more_starts` are the beginnings of further days of the same visit, each as long as
    the first.
    """

    person_id: int
    starts_at: datetime
    ends_at: datetime
    others: tuple[int, ...] = ()
    more_starts: tuple[datetime, ...] = ()

    def __post_init__(self) -> None:
        if self.ends_at <= self.starts_at:
            raise ValueError("a slot ends after it begins")

    @property
    def people(self) -> tuple[int, ...]:
        """Everybody who comes, the first one first."""
        return (self.person_id, *self.others)

    @property
    def length(self) -> timedelta:
        """How long it takes on each day."""
        return self.ends_at - self.starts_at

    @property
    def spans(self) -> tuple[tuple[datetime, datetime], ...]:
        """From when to when, day by day."""
        return tuple((at, at + self.length) for at in (self.starts_at, *self.more_starts))

    def to_data(self) -> dict[str, Any]:
        """JSON: the ids and ISO moments in UTC."""
        data: dict[str, Any] = {"who": self.person_id, "from": _text(self.starts_at), "to": _text(self.ends_at)}
        if self.others:
            data["with"] = list(self.others)
        if self.more_starts:
            data["also"] = [_text(at) for at in self.more_starts]
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> VisitSlot:
        """The slot out of its JSON."""
        others = tuple(int(one) for one in data.get("with", ()))
        also = tuple(datetime.fromisoformat(one) for one in data.get("also", ()))
        starts_at, ends_at = datetime.fromisoformat(data["from"]), datetime.fromisoformat(data["to"])
        return cls(int(data["who"]), starts_at, ends_at, others, also)


def start_of(value: date | datetime | VisitSlot) -> date | datetime:
    """What a date field says of time: its day, its moment, or the moment at which a booked visit begins."""
    return value.starts_at if isinstance(value, VisitSlot) else value


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
