"""Names that must mean something: fields, sections, people, stages, tasks, pipelines."""

from __future__ import annotations

from collections.abc import Iterator

from models.fields.base import type_words
from models.fields.groups import PersonNaming
from models.process import conditions as c
from models.process import robots as r
from models.process.checks import walk
from models.process.checks.problem_report import Path, Place, Report
from models.process.process import Process
from models.roles import ROLES


def check(process: Process, report: Report) -> None:
    """Report every name that nothing bears, and names that stand twice."""
    _check_mentions(process, report)
    for name, field in process.fields.items():
        if field.section:
            report.knows(("fields", name, "section"), field.section, "section", process.sections)
    people = [*ROLES, *(name for name, field in process.fields.items() if isinstance(field, PersonNaming))]
    for path, person in _people(process):
        report.knows(path, person, "person (a role or a field of type person)", ["responsible", *people])
    if process.intake:
        _check_intake(process, report)
    _check_next(process, report)
    _check_was(process, report)
    _check_targets(process, report)
    _check_tasks(process, report)


def _check_mentions(process: Process, report: Report) -> None:
    for mention in walk.mentions(process):
        field = process.fields.get(mention.field)
        if field is None:
            report.knows(mention.path, mention.field, "field", process.fields)
        elif mention.kinds and not isinstance(field, mention.kinds):
            wanted = " or ".join(type_words(mention.kinds))
            fitting = [name for name, other in process.fields.items() if isinstance(other, mention.kinds)]
            listed = ", ".join(fitting) or "no field has it yet"
            reason = f"`{mention.field}` is of type {field.type}, here it must be {wanted}; allowed: {listed}"
            report.add(mention.path, reason)


def _people(process: Process) -> Iterator[tuple[Path, str]]:
    for path, _, _, task in walk.tasks(process):
        yield (*path, "to"), task.to
    for path, _, _, action in walk.actions(process):
        match action:
            case r.Notify():
                yield (*path, "notify"), action.notify
            case r.AskFields():
                yield (*path, "of"), action.of
            case _:
                pass


def _check_intake(process: Process, report: Report) -> None:
    assert process.intake is not None
    path, name = ("intake", "pipeline"), process.intake.pipeline
    if report.knows(path, name, "pipeline", process.pipelines) and process.direction(name) != "lead":
        report.add(path, f"`{name}` is of kind {process.direction(name)}; the intake takes a pipeline of kind lead")


def _check_next(process: Process, report: Report) -> None:
    for path, (pipeline, name), stage in walk.stages(process):
        here = process.pipelines[pipeline].stages
        seen = set[str]()
        for index, way in enumerate(stage.next or ()):
            at: Path = (*path, "next", index)
            if way.to == name:
                report.add(at, f"the stage `{name}` leads to itself")
            elif report.knows((*at, "to"), way.to, f"stage of `{pipeline}`", here):
                if way.to in seen:
                    report.add(at, f"`{way.to}` stands twice in `next`")
                elif here[way.to].from_any and not stage.ending:
                    report.add(at, f"`{way.to}` is `from_any`: it can be reached from here without standing in `next`")
            seen.add(way.to)


def _check_was(process: Process, report: Report) -> None:
    for pipeline, line in process.pipelines.items():
        owners: dict[str, str] = {}
        for name, stage in line.stages.items():
            path: Path = ("pipelines", pipeline, "stages", name)
            if name == "previous":
                report.add(path, "`previous` is the word for the stage before, a stage cannot be called so")
            for old in stage.was:
                if old in line.stages:
                    report.add((*path, "was"), f"`{old}` is a stage that exists; `was` names stages that are gone")
                elif old in owners:
                    report.add((*path, "was"), f"`{old}` is already claimed by the stage `{owners[old]}`")
                owners.setdefault(old, name)


def _check_targets(process: Process, report: Report) -> None:
    givers = pipelines_giving(process)
    for path, place, task, action in walk.actions(process):
        match action:
            case r.Move() if action.move != "previous":
                lines = {place[0]} if place else givers.get(task or "", set())
                for pipeline in sorted(lines):
                    names = ["previous", *process.pipelines[pipeline].stages]
                    report.knows((*path, "move"), action.move, f"stage of `{pipeline}`", names)
            case r.CarryOver():
                _check_target(process, report, (*path, "carry"), action.carry, place)
            case r.Convert() if ":" not in action.convert:  # another process is looked at when both are loaded
                _check_target(process, report, (*path, "convert"), action.convert, place)
            case r.Make():
                report.knows((*path, "make"), action.make, "paper", process.papers)
            case _:
                pass


def pipelines_giving(process: Process) -> dict[str, set[str]]:
    """For each task of the process itself, the pipelines on whose stages it is given."""
    found: dict[str, set[str]] = {name: set() for name in process.tasks}
    again = True
    while again:  # a task may be given by the outcome of another one
        before = {name: len(lines) for name, lines in found.items()}
        for _, place, task, action in walk.actions(process):
            if isinstance(action, r.GiveTask) and action.give in found:
                found[action.give] |= {place[0]} if place else found.get(task or "", set())
        again = before != {name: len(lines) for name, lines in found.items()}
    return found


def _check_target(process: Process, report: Report, path: Path, target: str, place: Place | None) -> None:
    pipeline, dot, stage = target.partition(".")
    if not report.knows(path, pipeline, "pipeline", process.pipelines):
        return
    if place and place[0] == pipeline:
        report.add(path, f"the deal is in `{pipeline}` already; within a pipeline say `move`")
    if dot:
        report.knows(path, stage, f"stage of `{pipeline}`", process.pipelines[pipeline].stages)


def _check_tasks(process: Process, report: Report) -> None:
    everywhere = list(dict.fromkeys(name for _, _, name, _ in walk.tasks(process)))
    for path, place, _, action in walk.actions(process):
        if isinstance(action, r.GiveTask):
            here = list(process.stage(*place).tasks) if place else []
            report.knows((*path, "give"), action.give, "task of this stage or the process", [*here, *process.tasks])
        if isinstance(action, r.Notify) and action.card:
            report.knows((*path, "card"), action.card, "task", everywhere)
        if isinstance(action, r.Close) and report.knows((*path, "close"), action.close, "task", everywhere):
            check_outcome(process, report, (*path, "outcome"), action.close, action.outcome)
    for path, _, gate in walk.gates(process):
        for index, name in enumerate(gate.tasks):
            report.knows((*path, "tasks", index), name, "task", everywhere)
    for path, _, _, task in walk.tasks(process):
        for index, item in enumerate(task.checklist):
            if item.paper:
                report.knows((*path, "checklist", index, "paper"), item.paper, "paper", process.papers)
    for path, condition in walk.conditions(process):
        if isinstance(condition, c.Made | c.SentPaper):
            key = "made" if isinstance(condition, c.Made) else "sent"
            report.knows((*path, key), getattr(condition, key), "paper", process.papers)
        if isinstance(condition, c.Done) and report.knows((*path, "done"), condition.done, "task", everywhere):
            check_outcome(process, report, (*path, "outcome"), condition.done, condition.outcome)
    for path, _, robot in walk.robots(process):
        if isinstance(robot.on, r.Closed) and report.knows((*path, "on", "task"), robot.on.task, "task", everywhere):
            check_outcome(process, report, (*path, "on", "outcome"), robot.on.task, robot.on.outcome)


def check_outcome(process: Process, report: Report, path: Path, task: str, outcome: str | None) -> None:
    """Report an outcome that the task does not have, or that never closes it."""
    if outcome is None:
        return
    every = {
        key: value for _, _, name, found in walk.tasks(process) if name == task for key, value in found.outcomes.items()
    }
    if report.knows(path, outcome, f"outcome of the task `{task}`", every) and (
        every[outcome].snooze or every[outcome].stays
    ):
        report.add(path, f"`{outcome}` leaves the task `{task}` open, it never closes it")
