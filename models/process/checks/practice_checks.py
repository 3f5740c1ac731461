"""Practice («Обучение»): a ground of its own, entered by a button, and nothing leads out of it (K-2)."""

from __future__ import annotations

from collections.abc import Iterator

from models.process.actions import CarryOver, Convert
from models.process.checks import walk
from models.process.checks.problem_report import Path, ProblemReport
from models.process.process import Process


def check(process: Process, report: ProblemReport) -> None:
    """Report practice pipelines without a button, and whatever would carry deals into practice or out of it.

    An outcome that begins a deal in another process is let be, so that practice may have the same tasks: to a
    learner's deal no other process runs.
    """
    for name in process.practice:
        if process.pipelines[name].new is None:
            report.add(("pipelines", name), "a learner begins a practice deal by a button: give the pipeline `new`")
    for path, target, by_robot, here in _targets(process):
        pipeline = target.partition(".")[0]
        if here in process.practice and (":" not in target or by_robot):
            report.add(path, "nothing leads out of practice: a learner's deal begins and ends there")
        elif here not in process.practice and pipeline in process.practice:
            report.add(path, f"`{pipeline}` is of kind practice: only its own button begins deals there")


def _targets(process: Process) -> Iterator[tuple[Path, str, bool, str | None]]:
    """Each action that carries a deal elsewhere: where it stands, its target, whether a robot does it, from where."""
    for path, place, task, action in walk.actions(process):
        here = place[0] if place else None
        if isinstance(action, CarryOver):
            yield (*path, "carry"), action.carry, task is None, here
        elif isinstance(action, Convert):
            yield (*path, "convert"), action.convert, task is None, here
