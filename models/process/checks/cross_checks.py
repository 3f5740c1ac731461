"""What one process says of another: `convert: furniture:repair`, once both files are read (K-24)."""

from __future__ import annotations

from collections.abc import Mapping

from models.process.actions import Convert
from models.process.checks import walk
from models.process.checks.problem_report import Path, ProblemReport
from models.process.parse import Lines, Problem
from models.process.process import Process


def find_problems(process: Process, others: Mapping[str, Process], file: str, lines: Lines) -> list[Problem]:
    """Every flaw of what leads to other processes. One that is not loaded is not asked: its buttons are not shown."""
    report = ProblemReport(file, lines)
    for path, _, _, action in walk.actions(process):
        if isinstance(action, Convert) and ":" in action.convert:
            name, _, target = action.convert.partition(":")
            if name == process.process:
                report.add((*path, "convert"), f"`{name}` is this process; within it say `{target}` alone")
            elif name in others:
                _check_target(others[name], (*path, "convert"), target, report)
                _check_fill(process, others[name], path, action, report)
    return report.problems()


def _check_target(other: Process, path: Path, target: str, report: ProblemReport) -> None:
    pipeline, dot, stage = target.partition(".")
    if not report.knows(path, pipeline, f"pipeline of `{other.process}`", other.pipelines):
        return
    line = other.pipelines[pipeline]
    if line.kind == "practice":
        report.add(path, f"`{pipeline}` is of kind practice: only its own button begins deals there")
    if dot:
        report.knows(path, stage, f"stage of `{other.process}:{pipeline}`", line.stages)


def _check_fill(process: Process, other: Process, path: Path, action: Convert, report: ProblemReport) -> None:
    """Each filled field exists there, and is of the type of ours."""
    for theirs, ours in action.fill.items():
        at: Path = (*path, "fill", theirs)
        if not report.knows(at, theirs, f"field of `{other.process}`", other.fields) or ours not in process.fields:
            continue
        wanted, given = other.fields[theirs].type, process.fields[ours].type
        if wanted != given:
            report.add(at, f"`{ours}` is of type {given}, but `{theirs}` of `{other.process}` is of type {wanted}")
