"""«Чек-листы задач»: what the owner has changed in the tasks of a process file (K-5).

A change is kept beside the file, in the table of settings, and applied when a task is given; what was given before
stays as it was given. Lines refer to fields by name: a field that the file no longer has is left out at giving.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.errors import NotFound
from models.process.process import Process
from models.process.stages import ItemDefinition, TaskDefinition
from services import company_settings
from services.people import employees
from services.unit_of_work import UnitOfWork

NOWHERE = "-"  # a task of the process itself, which robots give on any stage


@dataclass(frozen=True, slots=True)
class TemplatePlace:
    """Where the file describes a task. The same task standing in several places of a file has one template."""

    process: str
    pipeline: str
    stage: str
    task: str

    @property
    def name(self) -> str:
        """The setting's name."""
        return f"{company_settings.CHECKLIST}{self.process}.{self.pipeline}.{self.stage}.{self.task}"

    @property
    def key(self) -> int:
        """What a button carries: the name would not fit into one."""
        return zlib.crc32(self.name.encode())


@dataclass(frozen=True, slots=True)
class TaskTemplate:
    """A task as it would be given now. `changed`: the owner has edited it; `stale`: its file has changed since.

    `stamp` tells one state of the template from another: buttons carry it.
    """

    place: TemplatePlace
    task: TaskDefinition
    stamp: int
    changed: bool = False
    stale: bool = False
    by: int | None = None
    at: datetime | None = None


# --- reading ----------------------------------------------------------------------------------------------------


def applied(work: UnitOfWork, process: Process, name: str, described: TaskDefinition) -> TaskDefinition:
    """The task as it is to be given: as the file describes it, with what the owner has changed."""
    place = _home(process, name, described)
    value = _read(work, place) if place else None
    return _with(process, described, value) if value else described


def of_process(work: UnitOfWork, process: Process) -> list[TaskTemplate]:
    """Every task of a process, in the order of its file; practice pipelines come last. NotAllowed but for the owner."""
    employees.check_owner(work)
    return [_template(work, process, place, described) for place, described in _places(process)]


def get(work: UnitOfWork, key: int) -> TaskTemplate:
    """The template that a button means: NotFound if the file no longer has it, NotAllowed but for the owner."""
    employees.check_owner(work)
    process, place, described = locate(work, key)
    return _template(work, process, place, described)


def locate(work: UnitOfWork, key: int) -> tuple[Process, TemplatePlace, TaskDefinition]:
    """Which task of which process a button means, as its file describes it; NotFound if no file has it any more."""
    for process in work.company.processes.values():
        for place, described in _places(process):
            if place.key == key:
                return process, place, described
    raise NotFound("template")


def _places(process: Process) -> Iterator[tuple[TemplatePlace, TaskDefinition]]:
    """Where each task is described first; the same description standing elsewhere again is no other task."""
    seen: dict[str, list[TaskDefinition]] = {}
    for pipeline, stage, name, described in _described(process):
        same = seen.setdefault(name, [])
        if described not in same:
            same.append(described)
            yield TemplatePlace(process.process, pipeline, stage, name), described


def _described(process: Process) -> Iterator[tuple[str, str, str, TaskDefinition]]:
    stages = sorted(process.every_stage, key=lambda one: process.direction(one[0]) == "practice")
    for pipeline, key, stage in stages:
        for name, one in stage.tasks.items():
            yield pipeline, key, name, one
    for name, one in process.tasks.items():
        yield NOWHERE, NOWHERE, name, one


def _home(process: Process, name: str, described: TaskDefinition) -> TemplatePlace | None:
    return next((place for place, one in _places(process) if place.task == name and one == described), None)


def _read(work: UnitOfWork, place: TemplatePlace) -> dict[str, Any] | None:
    value: dict[str, Any] | None = company_settings.get(work.tx, place.name)
    return value


def _template(work: UnitOfWork, process: Process, place: TemplatePlace, described: TaskDefinition) -> TaskTemplate:
    return made(process, place, described, _read(work, place) or {})


def made(process: Process, place: TemplatePlace, described: TaskDefinition, value: dict[str, Any]) -> TaskTemplate:
    """The template out of the file's description and what is kept beside it."""
    now = _with(process, described, value)
    stamp = zlib.crc32(json.dumps([value.get("rev", 0), *_said(now)], ensure_ascii=False).encode())
    if not is_changed(value):
        return TaskTemplate(place, now, stamp)
    stale = value.get("base") != print_of(described)
    at = datetime.fromisoformat(value["at"]) if value.get("at") else None
    return TaskTemplate(place, now, stamp, True, stale, value.get("by"), at)


def is_changed(value: dict[str, Any]) -> bool:
    """Whether anything is kept that differs from the file."""
    return any(key in value for key in ("lines", "description", "video"))


def _with(process: Process, described: TaskDefinition, value: dict[str, Any]) -> TaskDefinition:
    """The description with the owner's changes; fields and papers that the process no longer has are left out."""
    changes: dict[str, Any] = {key: value[key] for key in ("description", "video") if key in value}
    if "lines" in value:
        changes["checklist"] = tuple(_line(process, one) for one in value["lines"])
    return described.model_copy(update=changes)


def _line(process: Process, one: dict[str, Any]) -> ItemDefinition:
    known = {key: tuple(name for name in one.get(key, ()) if name in process.fields) for key in ("fill", "offers")}
    paper = one.get("paper") if one.get("paper") in process.papers else None
    return ItemDefinition(title=one["title"], paper=paper, optional=one.get("optional", False), **known)


def data_of(one: ItemDefinition) -> dict[str, Any]:
    """JSON of a line."""
    return {
        "title": one.title,
        "fill": list(one.fill),
        "offers": list(one.offers),
        "paper": one.paper,
        "optional": one.optional,
    }


def _said(task: TaskDefinition) -> list[Any]:
    return [[data_of(one) for one in task.checklist], task.description, task.video]


def print_of(described: TaskDefinition) -> int:
    """By which one sees that the file has another text than when it was edited."""
    return zlib.crc32(json.dumps(_said(described), ensure_ascii=False).encode())
