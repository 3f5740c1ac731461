"""What no single line of a process file can know: names, types, paths, and robots that would stay silent.

`find_problems` takes a process that `parse.read` has accepted. Every problem names the line, what is wrong, what is
allowed there, and the nearest right spelling.
"""

from __future__ import annotations

from models.process.checks import (
    condition_checks,
    field_checks,
    hidden_checks,
    hold_checks,
    life_checks,
    name_checks,
    path_checks,
    practice_checks,
    robot_checks,
    task_checks,
    text_checks,
    time_checks,
    visit_checks,
)
from models.process.checks.problem_report import ProblemReport
from models.process.checks.stage_graph import Graph
from models.process.parse import Lines, Problem
from models.process.process import Process


def find_problems(process: Process, file: str, lines: Lines) -> list[Problem]:
    """Every flaw of a whole process, in the order of the file; empty if it can be worked by.

    While a name is wrong, what only follows from it (a stage that nobody reaches by the misspelt way) is not told.
    """
    report = ProblemReport(file, lines)
    name_checks.check(process, report)
    condition_checks.check(process, report)
    text_checks.check(process, report)
    time_checks.check(process, report)
    field_checks.check(process, report)
    visit_checks.check(process, report)
    if names_wrong := report.problems():
        return names_wrong
    graph = Graph(process)
    field_checks.check_filling(process, report)
    life_checks.check(process, report)
    task_checks.check(process, graph, report)
    robot_checks.check(process, graph, report)
    path_checks.check(process, graph, report)
    hold_checks.check(process, report)
    hidden_checks.check(process, report)
    practice_checks.check(process, report)
    return report.problems()
