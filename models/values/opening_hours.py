"""The company's opening hours as a setting says them: `9-21`, `1-5 9-21, 6 10-16`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time

from models.values.work_calendar import EVERY_DAY, MIDNIGHT, Hours

PART = re.compile(r"(?:([1-7])(?:[-–]([1-7]))?\s+)?(\d{1,2})(?::([0-5]\d))?\s*[-–]\s*(\d{1,2})(?::([0-5]\d))?")


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """`every` are the hours of each weekday that is not named; `by_day` those of the named ones, Monday 0."""

    every: Hours | None = None
    by_day: dict[int, Hours] = field(default_factory=dict)

    @property
    def days(self) -> frozenset[int]:
        """The weekdays that have hours."""
        return EVERY_DAY if self.every else frozenset(self.by_day)

    def of_week(self) -> dict[int, Hours]:
        """The hours of each weekday that has some."""
        every = dict.fromkeys(range(7), self.every) if self.every else {}
        return {day: hours for day, hours in sorted({**every, **self.by_day}.items()) if hours is not None}


def parse(raw: str) -> OpeningHours:
    """Read «1-5 9-21, 6 10-16»: parts with commas, days from 1 (Monday); a part without days is every other day.

    ValueError says what is wrong with it.
    """
    every: Hours | None = None
    by_day: dict[int, Hours] = {}
    for part in raw.split(","):
        match = PART.fullmatch(part.strip())
        if match is None:
            raise ValueError("must be hours like 9-21, or by weekday from 1 (Monday) to 7: 1-5 9-21, 6 10-16")
        hours = (_clock(match[3], match[4]), _clock(match[5], match[6], end=True))
        if not hours[0] < hours[1] and hours[1] != MIDNIGHT:
            raise ValueError("must open before it closes: 9-21, 10:30-19, 0-24")
        named = range(int(match[1]) - 1, int(match[2] or match[1])) if match[1] else ()
        if (match[1] and not named) or (not match[1] and every) or not by_day.keys().isdisjoint(named):
            raise ValueError("must name each weekday once, the first before the last: 1-5 9-21, 6 10-16")
        by_day.update(dict.fromkeys(named, hours))
        every = every if match[1] else hours
    return OpeningHours(every, by_day)


def _clock(hour: str, minute: str | None, *, end: bool = False) -> time:
    if end and (int(hour), int(minute or 0)) == (24, 0):
        return MIDNIGHT
    if int(hour) > 23:
        raise ValueError("must be hours of a day, from 0 to 24")
    return time(int(hour), int(minute or 0))
