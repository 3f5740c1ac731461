"""When one person may be told something: his own week or the company's hours, less the hours when he wants quiet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from models.values.work_calendar import DAY, MIDNIGHT, Hours, QuietHours, WorkCalendar

LOOK_BACK = 14  # days
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class WeekCalendar(WorkCalendar):
    """A week of one's own within a company's calendar: a public holiday of the company is off for everybody."""

    company: WorkCalendar | None = None

    def is_working(self, day: date) -> bool:
        """Tell whether the person works on a day."""
        assert self.company is not None
        own, shared = day.weekday() in self.weekdays, day.weekday() in self.company.weekdays
        return own and (self.company.is_working(day) or not shared)


@dataclass(frozen=True)
class PersonalHours:
    """The hours of one person: by `own` week if he has one, else the company's, and without his `quiet` hours.

    Hours decide when somebody is told, never whether: a week or a quiet that leaves nothing open is passed over.
    """

    company: WorkCalendar
    own: WorkCalendar | None = None
    quiet: QuietHours | None = None

    @classmethod
    def of(
        cls, company: WorkCalendar, week: Mapping[int, Hours] | None, quiet_from: int | None, quiet_to: int | None
    ) -> PersonalHours:
        """The hours out of a person's week and his quiet minutes of the day."""
        own = WeekCalendar(company.zone, weekdays=frozenset(week), hours=week, company=company) if week else None
        quiet = None if quiet_from is None or quiet_to is None else QuietHours(_clock(quiet_from), _clock(quiet_to))
        return cls(company, own, quiet)

    @property
    def calendar(self) -> WorkCalendar:
        """Whose days and hours count."""
        return self.own or self.company

    @property
    def differ(self) -> bool:
        """Whether they are other ones than the company's."""
        return self.own is not None or self.quiet is not None

    def contain(self, at: datetime) -> bool:
        """Tell whether the person may be told something at a moment."""
        quiet = self.quiet is not None and self.quiet.contains(self.calendar.local(at).time())
        return self.calendar.is_open(at) and not quiet

    def next(self, at: datetime) -> datetime:
        """Give the first moment, not before ``at``, when the person may be told something (UTC)."""
        opened = self.calendar.next_open(at)
        if self.quiet is None:
            return opened
        moment = opened
        for _ in range(3):
            moment = self.quiet.end_after(moment, self.calendar.zone)
            if self.calendar.is_open(moment):
                return moment
            moment = self.calendar.next_open(moment)
        return opened

    def last(self, before: datetime, early: timedelta) -> datetime | None:
        """Give a moment ``early`` before the end of his last hours before a moment, or where those hours began.

        None if he has had none for two weeks.
        """
        day = self.calendar.today(before)
        for _ in range(LOOK_BACK):
            for starts, ends in reversed(self._spans(day)):
                if starts < before:
                    return max(starts, min(ends, before) - early)
            day -= DAY
        return None

    def _spans(self, day: date) -> list[Span]:
        """From when to when he may be told something on a day."""
        if not self.calendar.is_working(day):
            return []
        found = [(self.calendar.opening(day), self.calendar.closing(day))]
        for starts, ends in self._quiet_on(day):
            found = [part for one in found for part in ((one[0], min(one[1], starts)), (max(one[0], ends), one[1]))]
        return [(starts, ends) for starts, ends in found if starts < ends]

    def _quiet_on(self, day: date) -> list[Span]:
        if self.quiet is None or self.quiet.starts == self.quiet.ends:
            return []
        at, starts, ends = self.calendar.at, self.quiet.starts, self.quiet.ends
        if starts < ends:
            return [(at(day, starts), at(day, ends))]
        return [(at(day, MIDNIGHT), at(day, ends)), (at(day, starts), at(day + DAY, MIDNIGHT))]


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
