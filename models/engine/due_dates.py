"""When a rule falls due: triggers by the clock and due rules of tasks, in the company's calendar."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, assert_never

from models.engine.deal_state import DealState, Moment
from models.process.stages import Due, DueAfter, DueHalfMonth, DueOn
from models.process.triggers import OnDate, Stuck
from models.values.visit_slot import start_of
from models.values.work_calendar import WorkCalendar, half_month


def stuck_due(on: Stuck, entered_at: datetime, moment: Moment) -> datetime:
    """The moment at which the deal has stood so long; with a clock time, that time of the day so many days later."""
    if on.clock is None:
        return entered_at + on.stuck
    # counted in the company's days, not in spans of 24 hours: on the night of a clock change they differ
    return moment.calendar.at(moment.calendar.local(entered_at).date() + on.stuck, on.clock)


def date_due(on: OnDate, value: Any, moment: Moment) -> datetime | None:
    """The moment that a date trigger means, or None if it lies so far back that it was missed before it was planned.

    `before` is not rung for a date that has passed; `at` and `after` are rung at once then; what says
    `missed: skip` never is.
    """
    value = start_of(value)
    due = _shifted(value, on.by, on.clock, moment, back=bool(on.before), working=on.working)
    if due >= moment.now:
        return due
    if on.missed == "skip":
        return None
    over = value if isinstance(value, datetime) else moment.calendar.at(value + timedelta(days=1), time(0))
    return None if on.before and over <= moment.now else moment.now


def task_due(due: Due, deal: DealState, moment: Moment) -> datetime:
    """When a task given now is due. A date field that is still empty counts as tomorrow's opening: it must be asked."""
    calendar = moment.calendar
    match due:
        case DueAfter():
            at = moment.now + due.after
            if due.clock:
                at = calendar.at(moment.today + due.after, due.clock)
            return max(at, moment.now)
        case DueOn():
            value = deal.fields.get(due.on)
            if value is None:
                return calendar.at(moment.today + timedelta(days=1), calendar.opens)
            back = due.after is None
            at = _shifted(start_of(value), due.by, due.clock, moment, back=back, working=due.working)
            return max(at, moment.now)
        case DueHalfMonth():
            day = half_month(moment.today, due.first, due.second)
            return calendar.at(day, due.clock or calendar.opens)
        case _:
            assert_never(due)


def working_days_after(at: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """The same hour so many working days later; 0 is the moment itself."""
    if not days:
        return at
    local = calendar.local(at)
    return calendar.at(calendar.add_working_days(local.date(), days), local.time())


def is_to_come(due: Due, deal: DealState, moment: Moment) -> bool:
    """Whether a task hangs on a day of the deal that is known and not yet reached."""
    if not isinstance(due, DueOn) or deal.fields.get(due.on) is None:
        return False
    return task_due(due, deal, moment) > moment.now


def _shifted(
    value: Any, by: timedelta | None, clock: time | None, moment: Moment, *, back: bool, working: bool = False
) -> datetime:
    """A date field's moment, moved by whole days of the company and then by the hours that are left.

    A clock time takes the place of the field's own time and of the hours; a date without a clock has the opening hour.
    """
    calendar, sign = moment.calendar, -1 if back else 1
    days = timedelta(days=by.days) if by else timedelta()
    rest = by - days if by else timedelta()
    own = calendar.local(value).date() if isinstance(value, datetime) else value
    day = own + sign * days
    if working:
        day = calendar.previous_working(day) if back else calendar.next_working(day)
    if clock is not None:
        return calendar.at(day, clock)
    if not isinstance(value, datetime):
        return calendar.at(day, calendar.opens) + sign * rest
    start = value if day == own else calendar.at(day, calendar.local(value).time())
    return start + sign * rest
