"""A whole process: one file, one business. The tables that the engine asks are built once, when it is read."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field as Setting

from models.process.base import Duration, Name, Text, Title, Word
from models.process.fields import Field, Role, Section
from models.process.robots import Robot, action_name, trigger_name
from models.process.stages import Pipeline, Stage, Task, Way


class ClientFields(Word):
    """Which fields say who the client is, until a client card exists."""

    name: Name
    phone: Name
    company: Name | None = None


class Intake(Word):
    """Where a lead from outside comes in (F-L1), and which field takes its comment."""

    pipeline: Name
    comment: Name | None = None


class Silence(Word):
    """The last net under every open deal: standing so long on a stage with nothing else due, it is escalated, and
    again each time the same span has passed. No open deal is ever without a next timer."""

    every: Duration
    escalate: Role = "supervisor"
    text: Text


class Process(Word):
    """All that one business does."""

    process: Name
    title: Title
    fields: dict[Name, Field] = {}
    sections: dict[Name, Section] = {}
    client: ClientFields
    intake: Intake | None = None
    silence: Silence
    tasks: dict[Name, Task] = {}
    pipelines: Annotated[dict[Name, Pipeline], Setting(min_length=1)]

    def stage(self, pipeline: str, stage: str) -> Stage:
        """The stage; KeyError if the process has none such (see `services.processes` for renamed ones)."""
        return self.pipelines[pipeline].stages[stage]

    def find_stage(self, pipeline: str, stage: str) -> Stage | None:
        """The stage, or None if the file no longer has it."""
        found = self.pipelines.get(pipeline)
        return found.stages.get(stage) if found else None

    def task(self, pipeline: str, stage: str, name: str) -> Task:
        """The task's description as the stage or the process gives it; KeyError if there is none.

        A task may be closed, and give another one, when its deal has left the stage that describes both.
        """
        found = self.find_stage(pipeline, stage)
        task = found.tasks[name] if found and name in found.tasks else self.find_task(name)
        if task is None:
            raise KeyError(name)
        return task

    def find_task(self, name: str) -> Task | None:
        """The description of a task by name alone, wherever it stands."""
        if name in self.tasks:
            return self.tasks[name]
        return next((stage.tasks[name] for _, _, stage in self.every_stage if name in stage.tasks), None)

    @cached_property
    def every_stage(self) -> tuple[tuple[str, str, Stage], ...]:
        """(pipeline, stage name, stage), in the order of the file."""
        return tuple((name, key, stage) for name, line in self.pipelines.items() for key, stage in line.stages.items())

    @cached_property
    def rules(self) -> dict[str, Robot]:
        """Every robot by its stable name `pipeline.stage.trigger.action`; twins get `.2`, `.3`."""
        found: dict[str, Robot] = {}
        for pipeline, name, stage in self.every_stage:
            for robot in stage.robots:
                base = f"{pipeline}.{name}.{trigger_name(robot.on)}.{action_name(robot.do[0])}"
                rule, twin = base, 1
                while rule in found:
                    twin += 1
                    rule = f"{base}.{twin}"
                found[rule] = robot
        return found

    @cached_property
    def _rules_of(self) -> dict[tuple[str, str], tuple[tuple[str, Robot], ...]]:
        table: dict[tuple[str, str], list[tuple[str, Robot]]] = {}
        for rule, robot in self.rules.items():
            pipeline, stage, *_ = rule.split(".")
            table.setdefault((pipeline, stage), []).append((rule, robot))
        return {key: tuple(rules) for key, rules in table.items()}

    def rules_of(self, pipeline: str, stage: str) -> tuple[tuple[str, Robot], ...]:
        """The robots of one stage with their names."""
        return self._rules_of.get((pipeline, stage), ())

    @cached_property
    def _ways(self) -> dict[tuple[str, str], tuple[Way, ...]]:
        return {(p, s): _ways_from(self.pipelines[p], s, stage) for p, s, stage in self.every_stage}

    def ways(self, pipeline: str, stage: str) -> tuple[Way, ...]:
        """The ways on from a stage: what `next` says (or the following stage), then the `from_any` stages."""
        return self._ways.get((pipeline, stage), ())

    @cached_property
    def _order(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(line.stages) for name, line in self.pipelines.items()}

    def order(self, pipeline: str) -> tuple[str, ...]:
        """The pipeline's stages in order."""
        return self._order[pipeline]

    def direction(self, pipeline: str) -> Literal["lead", "deal", "deferred"]:
        """The kind of the pipeline."""
        return self.pipelines[pipeline].kind


def _ways_from(line: Pipeline, name: str, stage: Stage) -> tuple[Way, ...]:
    if stage.next is not None:
        own = stage.next
    elif stage.ending:
        own = ()
    else:
        names = list(line.stages)
        following = names[names.index(name) + 1 :]
        target = next((key for key in following if not line.stages[key].from_any), None)
        own = (Way(to=target),) if target else ()
    if stage.ending:
        return own
    listed = {way.to for way in own}
    anywhere = tuple(
        Way(to=key) for key, other in line.stages.items() if other.from_any and key != name and key not in listed
    )
    return own + anywhere
