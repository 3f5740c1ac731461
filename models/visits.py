"""Booked visits as frozen values: free windows, bookings, absences, and why a window cannot be had (K-19, K-20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from models.ids import AbsenceId, DealId, EmployeeId
from models.states import AbsenceKind, BookingState
from models.values.visit_slot import VisitSlot

ABSENCES: tuple[AbsenceKind, ...] = ("off", "leave", "sick")
HELD: Final = "held"
BOOKED: Final = "booked"
FREED: Final = "freed"

# hours by weekday, Monday 0; a missing day is off; an end at 00:00 is the end of the day
Hours = tuple[time, time]
Week = Mapping[int, Hours]


def read_week(data: Mapping[str, Sequence[str]] | None) -> Week | None:
    """A week out of its JSON; None if there is none."""
    if data is None:
        return None
    return {int(day): (time.fromisoformat(opens), time.fromisoformat(closes)) for day, (opens, closes) in data.items()}


@dataclass(frozen=True, slots=True)
class VisitWindow:
    """A time at which somebody is free to come; `travel` after it is not part of it. Times are aware UTC."""

    person_id: int
    name: str
    starts_at: datetime
    ends_at: datetime

    @property
    def slot(self) -> VisitSlot:
        """The window as the value of a booking field."""
        return VisitSlot(self.person_id, self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Booking:
    """A visit that is booked, or a window that is held until `held_until` while somebody talks with the client."""

    id: int
    deal_id: DealId | None
    field: str
    person_id: EmployeeId
    starts_at: datetime
    ends_at: datetime
    state: BookingState
    held_until: datetime | None
    at: datetime

    @property
    def slot(self) -> VisitSlot:
        """The visit as the value of a booking field."""
        return VisitSlot(self.person_id, self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Absence:
    """Days, both included, on which a person does not work: a day off, a leave, an illness."""

    id: AbsenceId
    person_id: EmployeeId
    kind: AbsenceKind
    first_on: date
    last_on: date

    def covers(self, day: date) -> bool:
        """Whether the person is away on that day."""
        return self.first_on <= day <= self.last_on


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why somebody cannot come then (K-20).

    `code`: `past`; `absent` (`kind`, `until` the last day); `day_off`; `hours` (`opens`–`closes` that day); `busy` and
    `held` (`starts_at`–`ends_at` of the other visit, its deal's `number`; `road`: only the way to or from it is meant;
    a hold has `until_at` and `holder`). `name` is the person who cannot come.
    """

    code: Literal["past", "absent", "day_off", "hours", "busy", "held"]
    name: str
    kind: str | None = None
    until: date | None = None
    opens: time | None = None
    closes: time | None = None
    number: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    until_at: datetime | None = None
    holder: str | None = None
    road: bool = False


NO_TRAVEL = timedelta(0)
