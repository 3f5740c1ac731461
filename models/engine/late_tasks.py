"""Tasks of others than the responsible that still have something to hand in when their deal goes on: a sheet, a photo.

No step takes anybody's tool away while the deal waits for what he has: the task goes along until it is handed in.
"""

from __future__ import annotations

from models.engine.deal_state import DealState, Moment
from models.fields.groups import FileLike
from models.process.process import Process
from models.process.stages import DueOn, Stage, TaskDefinition
from models.process.triggers import FilledIn


def is_of_others(process: Process, task: TaskDefinition) -> bool:
    """Whether it is for somebody to whom the card itself is no tool, and asks for something: of a job on its day, for
    whatever its lines ask; of any other task, for files."""
    return task.to != "responsible" and bool(_asked(process, task))


def goes_along(
    process: Process, deal: DealState, task: TaskDefinition, pipeline: str, to: str, moment: Moment, *, by_itself: bool
) -> bool:
    """Whether it stays open on the stage `to`: it has its day behind it or begun, something is not handed in, and the
    new stage waits for that, or the deal goes on there `by_itself` (a robot moves it, nobody has decided)."""
    stage = process.stage(pipeline, to)
    missing = {name for name in _asked(process, task) if not deal.filled(name)}
    if stage.ending is not None or task.to == "responsible" or not missing or not _has_begun(deal, task, moment):
        return False
    return (by_itself and _is_on(process, deal, pipeline, to)) or bool(missing & _waits_for(stage))


def _asked(process: Process, task: TaskDefinition) -> set[str]:
    lines = {name for line in task.checklist for name in line.fill}
    outcomes = {name for one in task.outcomes.values() for name in one.ask}
    files = {name for name in lines | outcomes if isinstance(process.fields.get(name), FileLike)}
    return files | lines if isinstance(task.due, DueOn) else files


def _has_begun(deal: DealState, task: TaskDefinition, moment: Moment) -> bool:
    """A job whose day is still ahead, or was called off, is none; what prepares a day is over with it."""
    if not isinstance(task.due, DueOn):
        return True
    value = deal.fields.get(task.due.on)
    return task.due.before is None and value is not None and moment.day_of(value) <= moment.today


def _is_on(process: Process, deal: DealState, pipeline: str, to: str) -> bool:
    order = process.order(pipeline)
    here, there = process.described(deal.pipeline, deal.stage), process.described(pipeline, to)
    return pipeline == deal.pipeline and order.index(there) > order.index(here)


def _waits_for(stage: Stage) -> set[str]:
    woken = {robot.on.filled for robot in stage.robots if isinstance(robot.on, FilledIn)}
    return {*woken, *stage.fields, *(need.field for need in stage.leave.requires)}
