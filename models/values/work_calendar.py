"""Working days, opening hours, quiet hours, and the due day of a half month. They decide when, never whether.

Business days are ``date``; moments that come out are aware UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo

from models.values import local_time
from models.values.spans import Days, Weeks

DAY = timedelta(days=1)
MIDNIGHT = time(0)
EVERY_DAY = frozenset(range(7))
Hours = tuple[time, time]  # from, to; an end at 00:00 is the end of the day
SEARCH_DAYS = 3700  # ten years: a calendar without one working day in them is a mistake, not a long wait


class PublicHolidays(Protocol):
    """A country's official days off (`models.values.public_holidays`)."""

    def of_year(self, year: int) -> tuple[frozenset[date], frozenset[date]]:
        """Give (days off, weekend days that work) of a year, transferred days included."""
        ...


@dataclass(frozen=True)
class WorkCalendar:
    """When the company works: its zone, hours, week, public holidays and the owner's own corrections.

    ``weekdays`` are 0 (Monday) to 6; ``holidays`` of Russia are the production calendar with its transferred
    days (with Monday–Friday as weekdays it is the official one); ``overrides`` win over everything.
    ``hours`` are those of each weekday, where they are not all ``opens``–``closes``; an end at 00:00 is the end of the
    day. ValueError for hours or weekdays that leave nothing open.
    """

    zone: ZoneInfo
    opens: time = time(9)
    closes: time = time(21)
    weekdays: frozenset[int] = EVERY_DAY
    holidays: PublicHolidays | None = None
    overrides: Mapping[date, bool] = field(default_factory=dict, hash=False)
    hours: Mapping[int, Hours] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for opens, closes in ((self.opens, self.closes), *self.hours.values()):
            if not opens < closes and closes != MIDNIGHT:
                raise ValueError(f"the day must open before it closes: {opens}–{closes}")
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise ValueError(f"weekdays are numbers from 0 to 6, at least one: {sorted(self.weekdays)}")
        object.__setattr__(self, "overrides", dict(self.overrides))
        object.__setattr__(self, "hours", dict(self.hours))

    def local(self, at: datetime) -> datetime:
        """Give the same moment as the company's clocks show it; ``at`` must be aware."""
        if at.tzinfo is None:
            raise ValueError("a moment must know its time zone")
        return at.astimezone(self.zone)

    def today(self, at: datetime) -> date:
        """Give the company's date at a moment."""
        return self.local(at).date()

    def at(self, day: date, clock: time) -> datetime:
        """Give the UTC moment when the company's clocks show ``clock``; see ``wall.resolve`` for odd nights."""
        return local_time.resolve(day, clock, self.zone).astimezone(UTC)

    def is_working(self, day: date) -> bool:
        """Tell whether the company works on a day: override, then public calendar, then the week."""
        if day in self.overrides:
            return self.overrides[day]
        if self.holidays is not None:
            off, moved_to = self.holidays.of_year(day.year)
            if day in off:
                return False
            if day in moved_to:
                return True
        return day.weekday() in self.weekdays

    def next_working(self, day: date) -> date:
        """Give the day itself if it works, or else the first working day after it."""
        return self._working_from(day, DAY)

    def previous_working(self, day: date) -> date:
        """Give the day itself if it works, or else the last working day before it."""
        return self._working_from(day, -DAY)

    def add_working_days(self, day: date, n: int) -> date:
        """Give the n-th working day after a day (before it if n < 0); 0 gives ``next_working(day)``."""
        if n == 0:
            return self.next_working(day)
        step = DAY if n > 0 else -DAY
        for _ in range(abs(n)):
            day = self._working_from(day + step, step)
        return day

    # --- spans of working days

    def later(self, at: datetime, span: timedelta) -> datetime:
        """Give the moment ``span`` later: days are working days by the company's clocks, hours are hours.

        What begins on a day off counts from the next opening; a week later is the same weekday, or the next that works.
        """
        if not isinstance(span, Days):
            return at + span
        begun = self.local(at) if isinstance(span, Weeks) else self._begun(at)
        return self.at(self.day_later(begun.date(), span), begun.time())

    def open_later(self, at: datetime, span: timedelta) -> datetime:
        """Give when people are to act ``span`` later: hours count from the next opening and end in open time."""
        return self.later(at, span) if isinstance(span, Days) else self.next_open(self.next_open(at) + span)

    def day_later(self, day: date, span: timedelta) -> date:
        """Give the day ``span`` after a day: so many working days, or the working day a week later."""
        if isinstance(span, Weeks):
            return self.next_working(day + span)
        return self.add_working_days(day, span.days) if span.days else day

    def day_earlier(self, day: date, span: timedelta) -> date:
        """Give the day ``span`` before a day: so many calendar days back, and the last working day until then."""
        return self.previous_working(day - timedelta(days=span.days)) if span.days else day

    def working_days(self, first: date, last: date) -> int:
        """Count the working days from one day to another, both included."""
        return sum(self.is_working(first + n * DAY) for n in range((last - first).days + 1))

    def days_stood(self, since: datetime, now: datetime) -> int:
        """Count the whole days from one moment to another, as ``later`` counts them."""
        begun, at = self._begun(since), self.local(now)
        days = self.working_days(begun.date(), at.date()) - 1
        short = self.is_working(at.date()) and at.time() < begun.time()
        return max(days - (1 if short else 0), 0)

    def day_number(self, since: datetime, now: datetime) -> int:
        """Tell which working day of something it is, the first one counted as one."""
        return max(self.working_days(self.local(since).date(), self.local(now).date()), 1)

    def _begun(self, at: datetime) -> datetime:
        """From when something counts, by the company's clocks: what begins on a day off, from the next opening."""
        local = self.local(at)
        return local if self.is_working(local.date()) else self.local(self.opening(self.next_working(local.date())))

    # --- opening hours

    def hours_on(self, day: date) -> Hours:
        """Give from when to when the company is open on a day, if it works.

        A weekend day that works, and has no hours of its own, has those of the last weekday before it that has.
        """
        return self.week_hours(day.weekday())

    def week_hours(self, weekday: int) -> Hours:
        """Give from when to when the company is open on a weekday, Monday 0."""
        if not self.hours:
            return self.opens, self.closes
        return next(self.hours[n % 7] for n in range(weekday + 7, weekday, -1) if n % 7 in self.hours)

    def opening(self, day: date) -> datetime:
        """Give the moment at which the company opens on a day, if it works."""
        return self.at(day, self.hours_on(day)[0])

    def closing(self, day: date) -> datetime:
        """Give the moment at which the company closes on a day, if it works."""
        closes = self.hours_on(day)[1]
        return self.at(day + DAY, MIDNIGHT) if closes == MIDNIGHT else self.at(day, closes)

    def is_open(self, at: datetime) -> bool:
        """Tell whether people are at work at a moment: the opening minute counts, the closing does not."""
        local = self.local(at)
        clock, (opens, closes) = local.time(), self.hours_on(local.date())
        before_close = closes == MIDNIGHT or clock < closes
        return opens <= clock and before_close and self.is_working(local.date())

    def next_open(self, at: datetime) -> datetime:
        """Give the moment itself if open, or else the next opening (UTC)."""
        if self.is_open(at):
            return at.astimezone(UTC)
        day = self.today(at)
        for _ in range(SEARCH_DAYS):
            for opening in self._openings(day):
                if opening >= at and self.is_open(opening):
                    return opening
            day += DAY
        raise ValueError("the calendar has no working day within ten years")

    def last_open(self, before: datetime, early: timedelta) -> datetime:
        """Give a moment ``early`` before the end of the last open time before a moment, or where that time began."""
        day = self.today(before)
        for _ in range(SEARCH_DAYS):
            if self.is_working(day) and (opening := self.opening(day)) < before:
                return max(opening, min(self.closing(day), before) - early)
            day -= DAY
        raise ValueError("the calendar has no working day within ten years")

    def _openings(self, day: date) -> tuple[datetime, datetime]:
        """Both times when clocks show the opening hour: on the autumn night the second may be still ahead."""
        opens = self.hours_on(day)[0]
        first = self.at(day, opens)
        second = datetime.combine(day, opens, tzinfo=self.zone).replace(fold=1)
        return first, second.astimezone(UTC)

    def _working_from(self, day: date, step: timedelta) -> date:
        for _ in range(SEARCH_DAYS):
            if self.is_working(day):
                return day
            day += step
        raise ValueError("the calendar has no working day within ten years")


@dataclass(frozen=True)
class QuietHours:
    """Hours when nobody is disturbed, by local clocks; may go over midnight. Equal ends mean none at all."""

    starts: time
    ends: time

    def contains(self, local: time) -> bool:
        """Tell whether a local time is quiet: the first minute is, the last one is not."""
        clock = local.replace(tzinfo=None)
        if self.starts <= self.ends:
            return self.starts <= clock < self.ends
        return clock >= self.starts or clock < self.ends

    def end_after(self, at: datetime, zone: tzinfo) -> datetime:
        """Give the first moment not before ``at`` when it is not quiet in ``zone`` (UTC)."""
        local = at.astimezone(zone)
        if not self.contains(local.time()):
            return at.astimezone(UTC)
        day = local.date() if local.time() < self.ends else local.date() + DAY
        end = local_time.resolve(day, self.ends, zone).astimezone(UTC)
        # On the autumn night the end is shown twice, and the first time may be behind us already.
        if end < at:
            end = datetime.combine(day, self.ends, tzinfo=zone).replace(fold=1).astimezone(UTC)
        return end


def half_month(day: date, first: int = 1, second: int = 15) -> date:
    """Give the call-back day of a deal that failed on ``day`` (F-E5).

    Days 1–15 give the ``first`` of the next month, from the 16th on the ``second`` of the next month.
    """
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, first if day.day <= 15 else second)
