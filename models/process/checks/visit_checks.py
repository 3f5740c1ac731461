"""Visits: is each field a view of one visit only, and can what is said of a visit ever be so."""

from __future__ import annotations

from models.process.actions import SetVisit
from models.process.checks import walk
from models.process.checks.problem_report import Path, ProblemReport
from models.process.process import Process
from models.process.triggers import VisitBecomes


def check(process: Process, report: ProblemReport) -> None:
    """Report fields that show two visits, flags that are still fields, and states that a visit never comes to."""
    shown: dict[str, str] = {}
    for name, visit in process.visits.items():
        path: Path = ("visits", name)
        for key in ("day", "at", "by", "slot"):
            field = getattr(visit, key)
            if field is not None and field in shown:
                report.add((*path, key), f"`{field}` is a view of the visit `{shown[field]}` already")
            elif field is not None:
                shown[field] = name
        for flag in visit.was:
            if flag in process.fields:
                report.add((*path, "was"), f"`{flag}` is a field that exists; `was` names fields that are gone")
    _check_states(process, report)


def _check_states(process: Process, report: ProblemReport) -> None:
    """Nobody confirms a visit for which nobody is named; that it is under way without a word needs no robot."""
    said = set[tuple[str, str]]()
    for path, _, _, action in walk.actions(process):
        if not isinstance(action, SetVisit) or action.visit not in process.visit_kinds:
            continue
        said.add((action.visit, action.to))
        if action.to == "confirmed" and process.visit_kinds[action.visit].who is None:
            report.add((*path, "to"), f"nobody is named for the visit `{action.visit}`, so nobody can confirm it")
        if action.why is not None and action.to not in ("off", "missed"):
            report.add((*path, "why"), "`why` says for what reason a visit is off; leave it out here")
    for path, _, robot in walk.robots(process):
        on = robot.on
        if isinstance(on, VisitBecomes) and on.to in ("under_way", "confirmed") and (on.visit, on.to) not in said:
            report.add((*path, "on"), f"the robot can never fire: nothing says that `{on.visit}` is {on.to}")
