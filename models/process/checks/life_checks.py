"""How long answers count: what robots set must end, and nothing is asked for where it would end at once."""

from __future__ import annotations

from models.process.actions import CopyFields, PutValues
from models.process.checks import walk
from models.process.checks.problem_report import ProblemReport
from models.process.process import Process

CURE = "say how long it counts: `lasts: <a stage, or several>`, `lasts: {with: <a date field>}`, or `lasts: deal`"


def check(process: Process, report: ProblemReport) -> None:
    """Report fields that robots set and that never end, and required fields that end on entering."""
    for name in sorted(set_by_robots(process)):
        if process.fields[name].lasts is None:
            report.add(("fields", name), f"`{name}` is set by robots and never ends; {CURE}")
    lives = dict(process.staying_fields)
    for path, (_, stage), gate in walk.gates(process):
        for index, need in enumerate(gate.requires if path[-1] == "enter" else ()):
            if need.field in lives and not lives[need.field].holds_on(stage):
                listed = ", ".join(lives[need.field].stages)
                reason = f"`{need.field}` lasts on {listed} only: required here, it would be put aside on entering"
                report.add((*path, "requires", index), reason)


def set_by_robots(process: Process) -> set[str]:
    """The fields that get their values without anybody's answer."""
    found = {name for name, field in process.fields.items() if field.filled_by == ("robots",)}
    for _, _, _, action in walk.actions(process):
        if isinstance(action, PutValues):
            found |= set(action.put)
        elif isinstance(action, CopyFields):
            found |= set(action.copy_)
    return found & process.fields.keys()
