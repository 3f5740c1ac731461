"""Visits as frozen values: free windows, agreed visits, absences, and why a window cannot be had (K-19, K-20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from models.ids import AbsenceId, DealId, EmployeeId
from models.states import AbsenceKind, VisitState
from models.values.product_text import ProductText
from models.values.visit_slot import VisitSlot

ABSENCES: tuple[AbsenceKind, ...] = ("off", "leave", "sick")
RESERVED: Final = "reserved"
PLANNED: Final = "planned"
OFF: Final = "off"
AGREED: frozenset[VisitState] = frozenset({"planned", "confirmed", "under_way"})
"""An hour is agreed, and it is not over by anybody's word: the half hours of whoever comes are taken."""
DONE: frozenset[VisitState] = frozenset({"held", "off"})

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
class Visit:
    """A visit to the client, the only place that knows its day (K-19): the deal's fields of it are views.

    `day` is a wish without an hour; with an hour `starts_at`–`ends_at` say it, and `more_starts` the beginnings of
    further days. `people` are employees, the first one first. `current`: the deal's fields show it; one that was
    called off with its deal, or that was followed by another, is history. `told`: the client has had a message about
    it. `off_why` is a sentence of the process file, or a word of the engine (`models.engine.visit_changes`).
    `id` is 0 until it has a row; a window held while somebody talks is `reserved` until `held_until`.
    """

    name: str
    state: VisitState = "wished"
    day: date | None = None
    people: tuple[int, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    more_starts: tuple[datetime, ...] = ()
    told: bool = False
    current: bool = True
    off_why: ProductText | None = None
    id: int = 0
    deal_id: DealId | None = None
    held_until: datetime | None = None
    at: datetime | None = None
    off_by: EmployeeId | None = None

    @property
    def person_id(self) -> int | None:
        """Who comes, or the first of those who do."""
        return self.people[0] if self.people else None

    @property
    def slot(self) -> VisitSlot | None:
        """Who comes from when to when, as the value of a booking field; None while that is not agreed."""
        if self.starts_at is None or self.ends_at is None or not self.people:
            return None
        return VisitSlot(self.people[0], self.starts_at, self.ends_at, self.people[1:], self.more_starts)

    @property
    def last_ends_at(self) -> datetime | None:
        """When its last day is over."""
        if self.starts_at is None or self.ends_at is None:
            return None
        return max((self.starts_at, *self.more_starts)) + (self.ends_at - self.starts_at)

    def is_agreed(self) -> bool:
        """Whether somebody is to come at an hour, or has come and nobody has said how it went."""
        return self.state in AGREED

    def state_at(self, now: datetime) -> VisitState:
        """Its state at a moment: what was agreed is under way from its hour on, until somebody says how it went."""
        begun = self.starts_at is not None and self.starts_at <= now
        return "under_way" if self.state in AGREED and begun else self.state

    def is_ahead(self, now: datetime) -> bool:
        """Whether somebody is still to come: agreed, and not begun."""
        return self.state in AGREED and self.state_at(now) != "under_way"


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
