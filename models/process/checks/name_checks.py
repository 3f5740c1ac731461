"""Names that must mean something: fields, sections, people, stages, tasks, pipelines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from models.fields.base import type_words
from models.fields.choice_field import ChoiceField
from models.fields.groups import PersonNaming
from models.process.actions import GiveTask
from models.process.annotations import NamesPart, Referent
from models.process.checks import walk
from models.process.checks.problem_report import Path, ProblemReport
from models.process.marked_values import Marked
from models.process.process import Process
from models.roles import ROLES


def check(process: Process, report: ProblemReport) -> None:
    """Report every name that nothing bears, and names that stand twice."""
    _check_mentions(process, report)
    parts = _Parts(process, report)
    for found in walk.marked(process):
        if isinstance(found.marker, NamesPart):
            parts.check(found, found.marker)
    _check_intake(process, report)
    _check_next(process, report)
    _check_was(process, report)


def _check_mentions(process: Process, report: ProblemReport) -> None:
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


class _Parts:
    """Whether the names of other things than fields are borne by something, each where it stands."""

    def __init__(self, process: Process, report: ProblemReport) -> None:
        self.process, self.report = process, report
        self.givers = pipelines_giving(process)
        persons = [name for name, field in process.fields.items() if isinstance(field, PersonNaming)]
        self.tasks = list(dict.fromkeys(name for _, _, name, _ in walk.tasks(process)))
        self.everywhere: dict[Referent, tuple[str, Iterable[str]]] = {
            "section": ("section", process.sections),
            "person": ("person (a role or a field of type person)", ["responsible", *ROLES, *persons]),
            "pipeline": ("pipeline", process.pipelines),
            "any_stage": ("stage", dict.fromkeys(name for _, name, _ in process.every_stage)),
            "task": ("task", self.tasks),
            "paper": ("paper", process.papers),
            "visit": ("visit", process.visit_kinds),
        }

    def check(self, found: Marked, marker: NamesPart) -> None:
        """Report the name if nothing bears it."""
        match marker.what:
            case "section" | "person" | "pipeline" | "any_stage" | "task" | "paper" | "visit":
                kind, allowed = self.everywhere[marker.what]
                self._known(found, kind, [*marker.besides, *allowed])
            case "stage":
                self._check_stage(found, marker)
            case "place":
                self._check_place(found, marker)
            case "given_task":
                self._check_given(found)
            case "outcome":
                if (task := str(getattr(found.owner, marker.of))) in self.tasks:
                    check_outcome(self.process, self.report, found.path, task, str(found.value))
            case "option":
                if isinstance(field := self.process.fields.get(found.key), ChoiceField):
                    self._known(found, f"option of `{found.key}`", field.options)
            case "process":
                pass  # which ones are switched on is the installation's affair, not the file's
            case _:
                assert_never(marker.what)

    def _known(self, found: Marked, kind: str, allowed: Iterable[str]) -> None:
        self.report.knows(found.path, str(found.value), kind, allowed)

    def _check_stage(self, found: Marked, marker: NamesPart) -> None:
        """A stage of the pipeline where the name stands; in a task of the process, of each that gives the task."""
        if found.value in marker.besides:
            return
        place = walk.place_of(found.path)
        lines = {place[0]} if place else self.givers.get(walk.task_of(found.path) or "", set())
        for line in sorted(lines):
            allowed = [*marker.besides, *self.process.pipelines[line].stages]
            self._known(found, f"stage of `{line}`", allowed)

    def _check_place(self, found: Marked, marker: NamesPart) -> None:
        """A pipeline, perhaps with one of its stages. Another process is looked at when both are loaded."""
        pipeline, dot, stage = str(found.value).partition(".")
        if marker.abroad and ":" in str(found.value):
            return
        if not self.report.knows(found.path, pipeline, "pipeline", self.process.pipelines):
            return
        here = walk.place_of(found.path)
        if here and here[0] == pipeline:
            self.report.add(found.path, f"the deal is in `{pipeline}` already; within a pipeline say `move`")
        if dot:
            stages = self.process.pipelines[pipeline].stages
            self.report.knows(found.path, stage, f"stage of `{pipeline}`", stages)

    def _check_given(self, found: Marked) -> None:
        place = walk.place_of(found.path)
        here = list(self.process.stage(*place).tasks) if place else []
        self._known(found, "task of this stage or the process", [*here, *self.process.tasks])


def _check_intake(process: Process, report: ProblemReport) -> None:
    name = process.intake.pipeline if process.intake else None
    if name in process.pipelines and (kind := process.direction(name)) != "lead":
        path = ("intake", "pipeline")
        report.add(path, f"`{name}` is of kind {kind}; the intake takes a pipeline of kind lead")


def _check_next(process: Process, report: ProblemReport) -> None:
    for path, (pipeline, name), stage in walk.stages(process):
        here = process.pipelines[pipeline].stages
        seen = set[str]()
        for index, way in enumerate(stage.next or ()):
            at: Path = (*path, "next", index)
            if way.to == name:
                report.add(at, f"the stage `{name}` leads to itself")
            elif way.to in here:
                if way.to in seen:
                    report.add(at, f"`{way.to}` stands twice in `next`")
                elif here[way.to].from_any and not stage.ending:
                    report.add(at, f"`{way.to}` is `from_any`: it can be reached from here without standing in `next`")
            seen.add(way.to)


def _check_was(process: Process, report: ProblemReport) -> None:
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


def pipelines_giving(process: Process) -> dict[str, set[str]]:
    """For each task of the process itself, the pipelines on whose stages it is given."""
    found: dict[str, set[str]] = {name: set() for name in process.tasks}
    again = True
    while again:  # a task may be given by the outcome of another one
        before = {name: len(lines) for name, lines in found.items()}
        for _, place, task, action in walk.actions(process):
            if isinstance(action, GiveTask) and action.give in found:
                found[action.give] |= {place[0]} if place else found.get(task or "", set())
        again = before != {name: len(lines) for name, lines in found.items()}
    return found


def check_outcome(process: Process, report: ProblemReport, path: Path, task: str, outcome: str | None) -> None:
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
