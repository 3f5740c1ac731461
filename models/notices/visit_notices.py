"""What is said about visits that can no longer take place as agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from models.notices.notice import Notice, notice


@notice("away")
@dataclass(frozen=True, slots=True)
class VisitImpossible(Notice):
    """Whoever was to come cannot: leave, illness, other hours, or he has left (`why`, `first_on`–`last_on`)."""

    name: str
    person: int
    booking: int
    field: str
    starts_at: datetime
    why: str | None = None
    first_on: date | None = None
    last_on: date | None = None
