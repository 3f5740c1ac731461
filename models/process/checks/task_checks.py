"""Tasks: is each given by someone, can it be closed, is it there when a gate waits for it."""

from __future__ import annotations

from models.process import conditions as c
from models.process.actions import Convert
from models.process.checks import name_checks, walk
from models.process.checks.problem_report import Path, ProblemReport
from models.process.checks.stage_graph import Graph
from models.process.own_tasks import OWN_TASKS, kind_of
from models.process.process import Process
from models.process.stages import DueAfter, DueOn, TaskDefinition
from models.values.spans import Days


def check(process: Process, graph: Graph, report: ProblemReport) -> None:
    """Report tasks never given, tasks that cannot be closed, and gates that wait for a task which never comes."""
    givers = name_checks.pipelines_giving(process)
    for path, place, name, task in walk.tasks(process):
        if kind_of(name) in OWN_TASKS:
            report.add(path, f"`{name}` is a task that the program gives itself; call this one otherwise")
        if place is None and not givers[name]:
            report.add(path, f"nothing ever gives the task `{name}`: name it in `give`")
        if all(outcome.puts_off or outcome.stays for outcome in task.outcomes.values()):
            report.add((*path, "outcomes"), f"the task `{name}` can only be snoozed, never closed")
        _check_other_processes(path, task, report)
        span = (
            task.due.by if isinstance(task.due, DueOn) else task.due.after if isinstance(task.due, DueAfter) else None
        )
        if task.due.clock and span and not isinstance(span, Days):
            report.add((*path, "due"), "with a `clock` the span is whole days: 1d, 2d, 1w")
    everywhere = {name for _, _, name, _ in walk.tasks(process)}
    for path, place, gate in walk.gates(process):
        for index, name in enumerate(gate.tasks):
            if name in everywhere and name not in graph.given_by(place):
                at = (*path, "tasks", index)
                report.add(at, f"the task `{name}` is never given on the way to `{place[1]}`, so this never opens")


def _check_other_processes(path: Path, task: TaskDefinition, report: ProblemReport) -> None:
    """A button that begins a deal in another process is hidden where that is off, or it would do nothing (K-24)."""
    for name, outcome in task.outcomes.items():
        sure = {part.runs for one in outcome.if_ for part in c.walk(one) if isinstance(part, c.Runs)}
        for index, action in enumerate(outcome.do):
            other = action.convert.rpartition(":")[0] if isinstance(action, Convert) else ""
            if other and other not in sure:
                at = (*path, "outcomes", name, "do", index, "convert")
                report.add(at, f"say `if: {{runs: {other}}}` at the outcome: where `{other}` is off, nothing happens")
