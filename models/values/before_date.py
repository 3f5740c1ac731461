"""A reminder before a date: the moment that its rule means, when it rings in open time, and when the date begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.values.work_calendar import WorkCalendar

EARLY = timedelta(hours=1)  # before the end of the last open time: enough to call somebody
PATIENCE = timedelta(minutes=30)  # what is agreed late gives people so long before those above hear that it is undone
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class BeforeDate:
    """When to remind of a date that is to come (all aware UTC).

    `means_at` is the rule's own moment. `rings_at` is the same where the company is open then, else `EARLY` before the
    end of the last open time before it. `begins_at` is when the date begins: whoever hears of it then hears too late.
    """

    means_at: datetime
    rings_at: datetime
    begins_at: datetime

    @classmethod
    def of(cls, means_at: datetime, begins_at: datetime, calendar: WorkCalendar) -> BeforeDate:
        """The reminder of that moment, in open time."""
        rings_at = means_at if calendar.is_open(means_at) else calendar.last_open(means_at, EARLY)
        return cls(means_at, rings_at, begins_at)

    def next_ring(self, now: datetime) -> datetime | None:
        """When it rings next after a ring: in open time, and once more at its own moment for those who work then."""
        return next((at for at in (self.rings_at, self.means_at) if at > now), None)

    def late_ring(self, now: datetime, calendar: WorkCalendar, *, alarm: bool) -> datetime:
        """When it rings if its time has passed already: at once; an `alarm` to those above gives people a while."""
        later = now + PATIENCE
        if not alarm or not calendar.is_open(now):
            return now
        if calendar.is_open(later) and later < self.begins_at:
            return later
        return max(now, min(calendar.closing(calendar.today(now)), self.begins_at) - MINUTE)
