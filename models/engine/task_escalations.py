"""When those above hear that a task is undone: pure rules in the company's calendar.

The first time one working day after it was due (or as the file says), then three working days later, then every week,
until it is done. One that prepares a day is told on the last working day before that day too, two hours before
closing: whatever is missing can still be mended then. Putting a task off again and again begins no new count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from models.engine import due_dates
from models.engine.deal_state import DealState, Moment
from models.fields.groups import DateLike
from models.process.process import Process
from models.process.stages import DueAfter, DueHalfMonth, DueOn, TaskDefinition, TaskEscalation
from models.values.spans import Days, Weeks
from models.values.work_calendar import WorkCalendar

UNDONE = "undone"  # the rule by which an undone task is told to those above
UNREADY = "undone-day"  # … and one that a day waits for
FIRST_AGAIN = Days(days=3)  # working days after the first time
WEEK = Weeks(weeks=1)  # between the times after that
LEFT = timedelta(hours=2)  # of the last working day before an agreed one, for those who can still mend it
PUT_OFF_LONG = Days(days=3)  # working days after the first due time, however often the task was put off


@dataclass(frozen=True, slots=True)
class AlreadyTold:
    """What those above have heard of a task: how often that it is late, and of which days that they wait for it."""

    late: int = 0
    days: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class AgreedDay:
    """A day that waits for a task: the date field that says it, and the moment at which those above hear."""

    field: str
    day: date
    told_at: datetime


@dataclass(frozen=True, slots=True)
class NextEscalation:
    """When an undone task is told next; `day` if because of an agreed one, else because it is late."""

    at: datetime
    day: AgreedDay | None = None

    @property
    def rule(self) -> Literal["undone", "undone-day"]:
        """The rule of its row in the schedule."""
        return "undone" if self.day is None else "undone-day"


def next_escalation(
    process: Process, task: TaskDefinition, deal: DealState, due_at: datetime, told: AlreadyTold, moment: Moment
) -> NextEscalation:
    """The next time, perhaps now, at which an open task that was due at `due_at` is told to those above."""
    at = late_at(task.escalates, due_at, told.late, moment)
    day = next_agreed_day(process, task, deal, due_at, told, moment)
    return NextEscalation(at) if day is None or day.told_at >= at else NextEscalation(day.told_at, day)


def late_at(escalates: TaskEscalation, due_at: datetime, told: int, moment: Moment) -> datetime:
    """When it is told for being late, after `told` times: counted from when it was due, then from now; never past."""
    calendar = moment.calendar
    if told == 0:
        return max(calendar.later(due_at, escalates.after), moment.now)
    if told == 1:
        return calendar.later(moment.now, FIRST_AGAIN)
    return calendar.later(moment.now, WEEK)


def next_agreed_day(
    process: Process, task: TaskDefinition, deal: DealState, due_at: datetime, told: AlreadyTold, moment: Moment
) -> AgreedDay | None:
    """The nearest agreed day that an undone task leaves unprepared and that is still to be told of.

    A task that *is* the day (`on` its date, or after it) prepares none. What falls due after the last working day
    before has ended is told when it falls due.
    """
    due_on = moment.calendar.local(due_at).date()
    found = [
        AgreedDay(field, day, max(told_before(day, moment.calendar), due_at, moment.now))
        for field, day in _days(process, task, deal, moment)
        if day >= max(due_on, moment.today) and day not in told.days
    ]
    return min(found, key=lambda one: (one.told_at, one.day), default=None)


def told_before(day: date, calendar: WorkCalendar) -> datetime:
    """Two hours before the company closes on the last working day before that day."""
    last = calendar.previous_working(day - timedelta(days=1))
    return calendar.closing(last) - LEFT


def is_put_off_long(task: TaskDefinition, deal: DealState, given_at: datetime, moment: Moment) -> bool:
    """Whether it has been put off for days beyond the time at which it was due at first, however often."""
    first = due_dates.task_due(task.due, deal, Moment(given_at, moment.calendar))
    return moment.calendar.later(first, PUT_OFF_LONG) <= moment.now


def _days(process: Process, task: TaskDefinition, deal: DealState, moment: Moment) -> Iterator[tuple[str, date]]:
    """The agreed days that the task prepares: of its due rule, and of the date fields that its card shows."""
    match task.due:
        case DueOn(on=own, before=before) if before is not None:
            names = dict.fromkeys((own, *task.shows))
        case DueAfter():
            names = dict.fromkeys(task.shows)
        case DueOn() | DueHalfMonth():
            names = {}
    for name in names:
        value = deal.fields.get(name)
        if value is not None and isinstance(process.fields.get(name), DateLike):
            yield name, moment.day_of(value)
