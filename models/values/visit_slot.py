"""A booked visit: who comes, from when to when (K-19)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class VisitSlot:
    """`person_id` is an employee, the times are aware; a slot ends after it begins."""

    person_id: int
    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.ends_at <= self.starts_at:
            raise ValueError("a slot ends after it begins")

    def to_data(self) -> dict[str, Any]:
        """JSON: the id and two ISO moments in UTC."""
        return {"who": self.person_id, "from": _text(self.starts_at), "to": _text(self.ends_at)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> VisitSlot:
        """The slot out of its JSON."""
        return cls(int(data["who"]), datetime.fromisoformat(data["from"]), datetime.fromisoformat(data["to"]))


def start_of(value: date | datetime | VisitSlot) -> date | datetime:
    """What a date field says of time: its day, its moment, or the moment at which a booked visit begins."""
    return value.starts_at if isinstance(value, VisitSlot) else value


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
