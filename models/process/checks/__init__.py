"""What no single line of a process file can know: names, types, paths, and robots that would stay silent.

`find_problems` takes a process that `parse.read` has accepted. Every problem names the line, what is wrong, what is
allowed there, and the nearest right spelling.
"""

from __future__ import annotations

from models.process.checks import conditions, fields, names, paths, practice, robots, tasks, texts
from models.process.checks.graph import Graph
from models.process.checks.report import Report
from models.process.parse import Lines, Problem
from models.process.process import Process


def find_problems(process: Process, file: str, lines: Lines) -> list[Problem]:
    """Every flaw of a whole process, in the order of the file; empty if it can be worked by.

    While a name is wrong, what only follows from it (a stage that nobody reaches by the misspelt way) is not told.
    """
    report = Report(file, lines)
    names.check(process, report)
    conditions.check(process, report)
    texts.check(process, report)
    fields.check(process, report)
    if names_wrong := report.problems():
        return names_wrong
    graph = Graph(process)
    fields.check_filling(process, report)
    tasks.check(process, graph, report)
    robots.check(process, graph, report)
    paths.check(process, graph, report)
    practice.check(process, report)
    return report.problems()
