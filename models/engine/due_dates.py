"""When a rule falls due: triggers by the clock and due rules of tasks, in the company's calendar.

Days are working days of the company, hours are hours (`models.values.spans`).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, assert_never

from models.engine.deal_state import DealState, Moment
from models.process.stages import Due, DueAfter, DueHalfMonth, DueOn
from models.process.triggers import OnDate, Stuck
from models.values.before_date import EARLY, BeforeDate
from models.values.spans import Days
from models.values.visit_slot import start_of
from models.values.work_calendar import half_month


def stuck_due(on: Stuck, entered_at: datetime, moment: Moment) -> datetime:
    """The moment at which the deal has stood so long; with a clock time, that time of the day so many days later."""
    calendar = moment.calendar
    if on.clock is None:
        return calendar.later(entered_at, on.stuck)
    return calendar.at(calendar.day_later(calendar.local(entered_at).date(), on.stuck), on.clock)


def date_due(on: OnDate, value: Any, moment: Moment) -> datetime | None:
    """The moment that a date trigger means, or None if it lies so far back that it was missed before it was planned.

    `before` is not rung for a date that has passed; `at` and `after` are rung at once then; what says
    `missed: skip` never is.
    """
    due = _shifted(start_of(value), on.by, on.clock, moment, back=bool(on.before))
    if due >= moment.now:
        return due
    if on.missed == "skip" or (on.before and is_over(value, moment)):
        return None
    return moment.now


def before_date(on: OnDate, value: Any, moment: Moment) -> BeforeDate:
    """When a `before` that only speaks to people rings: in open time, before the date begins."""
    begins = start_of(value)
    begins_at = begins if isinstance(begins, datetime) else moment.calendar.at(begins, time(0))
    return BeforeDate.of(_shifted(begins, on.by, on.clock, moment, back=True), begins_at, moment.calendar)


def first_ring(on: OnDate, value: Any, moment: Moment, *, alarm: bool) -> datetime | None:
    """When such a reminder rings first, if its date is set now; None if it has been missed (see `date_due`)."""
    before = before_date(on, value, moment)
    if before.rings_at >= moment.now:
        return before.rings_at
    if is_over(value, moment) or on.missed == "skip":
        return None
    return before.late_ring(moment.now, moment.calendar, alarm=alarm)


def is_over(value: Any, moment: Moment) -> bool:
    """Whether a date has passed: a moment or a visit when it has begun, a day when it has ended."""
    begins = start_of(value)
    if isinstance(begins, datetime):
        return begins <= moment.now
    return moment.calendar.at(begins + timedelta(days=1), time(0)) <= moment.now


def task_due(due: Due, deal: DealState, moment: Moment) -> datetime:
    """When a task given now is due: not before now (see `task_meant`)."""
    return max(task_meant(due, deal, moment), moment.now)


def task_meant(due: Due, deal: DealState, moment: Moment) -> datetime:
    """The moment that a due rule means, even if it has passed.

    A date field that is still empty counts as the next opening after today: it must be asked. What is due some hours
    before a date is due in open time, early enough to act. Nothing is due while nobody is at work: hours are counted
    from the next opening and end in open time, and a day off without an hour is the next day that works.
    """
    calendar = moment.calendar
    match due:
        case DueAfter():
            if due.clock:
                return calendar.at(calendar.day_later(moment.today, due.after), due.clock)
            if isinstance(due.after, Days):
                return calendar.later(moment.now, due.after)
            return calendar.next_open(calendar.next_open(moment.now) + due.after)
        case DueOn():
            value = deal.fields.get(due.on)
            if value is None:
                return calendar.opening(calendar.add_working_days(moment.today, 1))
            begins = start_of(value)
            if due.by is None and not isinstance(begins, datetime):
                begins = calendar.next_working(begins)
            at = _shifted(begins, due.by, due.clock, moment, back=due.after is None)
            shut = due.before is not None and due.clock is None and not calendar.is_open(at)
            return calendar.last_open(at, EARLY) if shut else at
        case DueHalfMonth():
            day = half_month(moment.today, due.first, due.second)
            return calendar.at(day, due.clock) if due.clock else calendar.opening(day)
        case _:
            assert_never(due)


def promised_due(on: str, deal: DealState, moment: Moment) -> datetime:
    """When a task rings that waits for a promised day: when that day opens; for today, before it closes; what was
    promised for a time that has passed, on the next working day."""
    due = task_meant(DueOn(on=on), deal, moment)
    if due > moment.now:
        return due
    evening = moment.calendar.last_open(moment.calendar.at(moment.today + timedelta(days=1), time(0)), EARLY)
    return (
        evening if evening > moment.now else moment.calendar.opening(moment.calendar.add_working_days(moment.today, 1))
    )


def is_to_come(due: Due, deal: DealState, moment: Moment) -> bool:
    """Whether a task hangs on a day of the deal that is known and not yet reached."""
    if not isinstance(due, DueOn) or deal.fields.get(due.on) is None:
        return False
    return task_due(due, deal, moment) > moment.now


def _shifted(value: Any, by: timedelta | None, clock: time | None, moment: Moment, *, back: bool) -> datetime:
    """A date field's moment, moved by days of the company or by hours.

    Days before a date are counted by the calendar, and land on the last working day until then; days after it are
    working days. A clock time takes the place of the field's own time; a date without a clock has the opening hour.
    """
    calendar, sign = moment.calendar, -1 if back else 1
    own = calendar.local(value).date() if isinstance(value, datetime) else value
    day, rest = own, timedelta()
    if isinstance(by, Days):
        day = calendar.day_earlier(own, by) if back else calendar.day_later(own, by)
    elif by:
        rest = by
    if clock is not None:
        return calendar.at(day, clock)
    if not isinstance(value, datetime):
        return calendar.opening(day) + sign * rest
    start = value if day == own else calendar.at(day, calendar.local(value).time())
    return start + sign * rest
