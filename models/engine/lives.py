"""Which answers end when a deal comes to a stage, or when a day changes: read off the file and the deal, nothing done.

A value ends by its field's `lasts`, the outcome of a task by its task's. What ends is put aside: it stands in the
history and counts no longer.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from models.engine import guards, late_tasks
from models.engine.deal_state import DealState, Moment
from models.engine.effects import Change
from models.field_values import FieldValues
from models.process.actions import PutValues
from models.process.own_tasks import OWED, kind_of
from models.process.process import Process
from models.process.stages import TaskDefinition

# --- a stage is left --------------------------------------------------------------------------------------------


def fields_left(process: Process, deal: DealState, pipeline: str, to: str) -> tuple[str, ...]:
    """The fields whose values end as the deal comes to that stage, with those that are about a day among them."""
    stage = process.described(pipeline, to)
    ended = [name for name, life in process.staying_fields if not life.holds_on(stage)]
    return _with_dated(process, deal, [name for name in ended if name in deal.fields])


def goes_along(
    process: Process, deal: DealState, name: str, pipeline: str, to: str, moment: Moment, *, by_itself: bool = False
) -> bool:
    """Whether an open task stays open when the deal comes to that stage: one that lasts on both stages, one that
    settles a claim (it belongs to the claim, K-24), one that is owed to somebody outside, and one that still has
    something to hand in (`late_tasks`)."""
    task = described(process, deal, name)
    if name in process.settling or kind_of(name) in OWED:
        return True
    if task is not None and task.lasts is not None and task.lasts.stages and not task.lasts.of_deal:
        return task.lasts.holds_on(process.described(pipeline, to))
    here = deal.origin_of(name) == deal.place
    if task is not None and late_tasks.is_of_others(process, task):
        return late_tasks.goes_along(process, deal, task, pipeline, to, moment, by_itself=by_itself or not here)
    return not here


def is_left(process: Process, deal: DealState, name: str, pipeline: str, to: str) -> bool:
    """Whether the outcome of a closed task ends as the deal comes to that stage: by default when it comes once more to
    the stage where the task was given."""
    task = described(process, deal, name)
    if task is not None and task.lasts is not None and task.lasts.stages:
        return not task.lasts.holds_on(process.described(pipeline, to))
    line, _, stage = deal.origin_of(name).partition(".")
    return line == pipeline and process.described(pipeline, stage) == process.described(pipeline, to)


def described(process: Process, deal: DealState, name: str) -> TaskDefinition | None:
    """What the file says of a task of the deal, by the stage where it was given; None if it has none such."""
    pipeline, _, stage = deal.origin_of(name).partition(".")
    try:
        return process.task(pipeline, stage, name)
    except KeyError:
        return None


# --- a day changes ----------------------------------------------------------------------------------------------


def is_other_day(was: Any, now: Any, moment: Moment) -> bool:
    """Whether a date field speaks of another day than before, or of none. Both days over, it was only put right."""
    if was is None or now is None:
        return was is not None
    before, after = moment.day_of(was), moment.day_of(now)
    return before != after and max(before, after) >= moment.today


def fields_of_other_days(
    process: Process, before: DealState, deal: DealState, changed: FieldValues, moment: Moment
) -> tuple[str, ...]:
    """The fields whose values were about a day that has just become another one; what was said with it is about the
    new one."""
    moved = [
        name
        for name in changed
        if name in process.dated_fields and is_other_day(before.fields.get(name), deal.fields.get(name), moment)
    ]
    about = [name for date in moved for name in process.dated_fields[date]]
    return _with_dated(process, deal, [name for name in about if name in deal.fields and name not in changed])


def outcomes_of_other_days(
    process: Process, before: DealState, deal: DealState, names: Collection[str], moment: Moment
) -> dict[str, Change]:
    """The closed tasks whose outcomes were about a day of one of these fields that has become another one, with what
    that field said before."""
    closed = [name for name, outcome in deal.tasks.items() if outcome is not None]
    about = {name: task.about for name in closed if (task := described(process, deal, name)) and task.about in names}
    was, now = before.fields, deal.fields
    return {
        name: Change(date, was[date])
        for name, date in about.items()
        if date and is_other_day(was.get(date), now.get(date), moment)
    }


# --- what was approved changes ----------------------------------------------------------------------------------


def approvals_over(
    process: Process, before: DealState, deal: DealState, changed: Collection[str], moment: Moment
) -> dict[str, Change]:
    """The closed tasks whose outcomes approved one of these fields, with what the field said then. What it says now
    does not matter, were it the same as once before: somebody has touched what was approved."""
    found: dict[str, Change] = {}
    for name, outcome in deal.tasks.items():
        task = described(process, deal, name) if outcome is not None else None
        chosen = task.outcomes.get(outcome) if task and outcome else None
        for one in chosen.covers if chosen else ():
            if one.field in changed and guards.all_hold(one.if_, deal, moment):
                found.setdefault(name, Change(one.field, before.fields.get(one.field)))
    return found


def put_by(process: Process, deal: DealState, name: str) -> tuple[str, ...]:
    """The fields that hold what the outcome of a closed task put there."""
    task, outcome = described(process, deal, name), deal.tasks.get(name)
    chosen = task.outcomes.get(outcome) if task and outcome else None
    put = [field for action in chosen.do if isinstance(action, PutValues) for field in action.put] if chosen else []
    return tuple(field for field in put if field in deal.fields)


def belongs_here(process: Process, deal: DealState, name: str) -> bool:
    """Whether what has ended is to be done anew where the deal stands: where it was given, or where it lasts."""
    task = described(process, deal, name)
    if task is None or (task.about is not None and task.about not in deal.fields):
        return False
    if task.lasts is not None and task.lasts.stages and not task.lasts.of_deal:
        return task.lasts.holds_on(process.described(deal.pipeline, deal.stage))
    return deal.origin_of(name) == deal.place


def _with_dated(process: Process, deal: DealState, names: list[str]) -> tuple[str, ...]:
    """These fields, and those that are about their days."""
    for name in names:  # grows while it is walked
        names += [one for one in process.dated_fields.get(name, ()) if one in deal.fields and one not in names]
    return tuple(dict.fromkeys(names))


def fields_said_of(process: Process, before: DealState, changed: Collection[str]) -> tuple[str, ...]:
    """The fields filled before that were said of a value which is another one now (`covers`)."""
    covering = ((name, covered) for name, covered in process.covering.items() if name not in changed)
    return tuple(name for name, covered in covering if before.filled(name) and not covered.isdisjoint(changed))
