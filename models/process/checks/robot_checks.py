"""Robots that can never fire, and robots that say the same thing twice."""

from __future__ import annotations

from models.process.actions import PutValues
from models.process.checks import walk
from models.process.checks.field_checks import fillable
from models.process.checks.problem_report import Path, Place, ProblemReport
from models.process.checks.stage_graph import Graph, waits_for
from models.process.process import Process
from models.process.robots import Robot
from models.process.stages import Stage
from models.process.triggers import Closed, Enter, Lapsed, OnDate, Stuck
from models.values.spans import Days


def check(process: Process, graph: Graph, report: ProblemReport) -> None:
    """Report robots that wait for what cannot happen, copies of others, and spans that a clock time contradicts."""
    known = fillable(process)
    tasks = {name for _, _, name, _ in walk.tasks(process)}
    for path, place, robot in walk.robots(process):
        _check_left(path, place, robot, graph, report)
        field = robot.on.field if isinstance(robot.on, OnDate) else waits_for(robot)
        if field in process.fields and field not in known:
            report.add((*path, "on"), f"the robot can never fire: nobody can fill `{field}`")
        if (task := _task_of(robot)) in tasks - graph.given_by(place):
            reason = f"the robot can never fire: the task `{task}` is not given here, nor on the way here"
            report.add((*path, "on"), reason)
        if isinstance(robot.on, Lapsed) and robot.on.lapsed in tasks - _lapsing(process):
            reason = f"the robot can never fire: `{robot.on.lapsed}` is about no day, and its outcomes `cover` nothing"
            report.add((*path, "on"), reason)
        _check_span(path, robot, report)
    for path, _, stage in walk.stages(process):
        _check_twins(path, stage, report)
        _check_echo(path, stage, report)


def _lapsing(process: Process) -> set[str]:
    """The tasks whose outcomes may lapse."""
    every = [(name, task) for _, _, name, task in walk.tasks(process)]
    return {name for name, task in every if task.about or any(one.covers for one in task.outcomes.values())}


def _task_of(robot: Robot) -> str | None:
    """The task whose end, or whose outcome's end, wakes the robot."""
    match robot.on:
        case Closed(task=name) | Lapsed(lapsed=name):
            return name
        case _:
            return None


def _check_left(path: Path, place: Place, robot: Robot, graph: Graph, report: ProblemReport) -> None:
    index = path[-1]
    leaving = graph.leaves.get(place)
    if leaving is None or index == leaving:
        return
    if not isinstance(robot.on, Enter) or (isinstance(index, int) and index > leaving):
        report.add(path, f"the robot can never fire: robot {leaving + 1} takes every deal away as soon as it enters")


def _check_span(path: Path, robot: Robot, report: ProblemReport) -> None:
    span = None
    match robot.on:
        case Stuck(clock=clock) if clock:
            span = robot.on.stuck
        case OnDate(clock=clock) if clock:
            span = robot.on.by
        case _:
            pass
    if span and not isinstance(span, Days):
        report.add((*path, "on"), "with a `clock` the span is whole days: 1d, 2d, 1w")


def _check_twins(path: Path, stage: Stage, report: ProblemReport) -> None:
    for index, robot in enumerate(stage.robots):
        if (first := stage.robots.index(robot)) < index:
            report.add((*path, "robots", index), f"the same robot stands here already as number {first + 1}")


def _check_echo(path: Path, stage: Stage, report: ProblemReport) -> None:
    """A robot that wakes itself, or a few that wake each other, by setting the fields they wait for."""
    sets: dict[str, set[str]] = {}
    for robot in stage.robots:
        if field := waits_for(robot):
            sets.setdefault(field, set()).update(n for a in robot.do if isinstance(a, PutValues) for n in a.put)
    for index, robot in enumerate(stage.robots):
        field = waits_for(robot)
        if field and any(isinstance(action, PutValues) for action in robot.do) and field in _follow(sets, field):
            report.add(
                (*path, "robots", index), f"the robot waits for `{field}`, and setting fields brings it there again"
            )


def _follow(sets: dict[str, set[str]], field: str) -> set[str]:
    found, queue = set[str](), list(sets.get(field, ()))
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue.extend(sets.get(name, ()))
    return found
