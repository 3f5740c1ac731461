"""The net under every open deal: since when nobody has done anything on it, whether it waits for an agreed day, when it
is told next. Days are working days of the company.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.engine import due_dates, lives
from models.engine.deal_state import DealState, Moment
from models.fields.groups import DateLike
from models.process.process import Process, Silence
from models.process.triggers import OnDate
from models.values.work_calendar import DAY, WorkCalendar

SILENCE = "silence"  # the rule of the net


@dataclass(frozen=True, slots=True)
class LastActs:
    """What the deal itself does not say: when a person has last done something on it, whether one of its open tasks was
    given for, or put off to, a time that is still ahead, and whether its responsible has set himself a step ahead: that
    quiets what he would hear, never what those above would."""

    at: datetime | None = None
    task_ahead: bool = False
    step_ahead: bool = False


@dataclass(frozen=True, slots=True)
class DealSilence:
    """Since when nothing has happened, and for how many working days."""

    since: datetime
    days: int


def of_deal(deal: DealState, acts: LastActs, moment: Moment) -> DealSilence:
    """Counted from the last act of a person, or from when the deal came to its stage."""
    since = max(acts.at or deal.entered_at, deal.entered_at)
    return DealSilence(since, days_between(since, moment.now, moment.calendar))


def days_between(since: datetime, now: datetime, calendar: WorkCalendar) -> int:
    """How many working days have begun since: on the next one it is one day, whatever the hour."""
    return max(calendar.working_days(calendar.today(since) + DAY, calendar.today(now)), 0)


def is_told(silence: Silence, days: int, before: int) -> tuple[bool, bool]:
    """Whether the responsible hears after so many days, and whether those above do; at `before` days it rang last."""
    every, after = _days(silence.every), _days(silence.after)
    return days // every > before // every, days // after > before // after


def next_ring(silence: Silence, since: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """The next time at which somebody is to be told, after so many silent days: when the company opens, so that all
    that is silent comes as one list."""
    following = min(span * (days // span + 1) for span in (_days(silence.every), _days(silence.after)))
    return calendar.opening(calendar.add_working_days(calendar.today(since), following))


def _days(span: timedelta) -> int:
    return max(span.days, 1)


def waits_for_a_day(process: Process, deal: DealState, moment: Moment) -> bool:
    """Whether a day is agreed that is still ahead: a date that a robot of the stage or an open task hangs on, that the
    stage asks for, of a visit, or by which the deal stands on its month. Three weeks of production are no silence."""
    if any(_is_ahead(process, deal, name, moment) for name in _dates(process, deal)):
        return True
    opened = (lives.described(process, deal, name) for name, outcome in deal.tasks.items() if outcome is None)
    return any(task is not None and due_dates.is_to_come(task.due, deal, moment) for task in opened)


def _dates(process: Process, deal: DealState) -> set[str]:
    stage, line = process.stage(deal.pipeline, deal.stage), process.pipelines[deal.pipeline]
    robots = (robot.on.field for robot in stage.robots if isinstance(robot.on, OnDate))
    agreed = (name for visit in process.visits.values() for name in (visit.day, visit.at, visit.slot) if name)
    return {*robots, *agreed, *stage.fields, *((line.monthly,) if line.monthly else ())}


def _is_ahead(process: Process, deal: DealState, name: str, moment: Moment) -> bool:
    value = deal.fields.get(name)
    return value is not None and isinstance(process.fields.get(name), DateLike) and moment.day_of(value) >= moment.today
