"""Everything of a kind in a process, each with its path in the file (for its line) and the stage where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from models.fields.base import Field
from models.fields.booking_field import BookingField
from models.fields.choice_field import ChoiceField
from models.fields.date_field import DateField
from models.fields.groups import Amount, DateLike, FileLike
from models.fields.moment_field import MomentField
from models.fields.money_field import MoneyField
from models.fields.person_field import PersonField
from models.fields.text_field import TextField
from models.fields.yes_no_field import YesNoField
from models.process import marked_values
from models.process.actions import BaseAction
from models.process.annotations import FieldGroup, NamesField
from models.process.checks.problem_report import Path, Place
from models.process.conditions import BaseCondition
from models.process.marked_values import Marked, Walked
from models.process.process import Process
from models.process.robots import Robot
from models.process.stages import RequiredField, Stage, StageGuard, TaskDefinition

FIELDS_OF_GROUP: dict[FieldGroup, tuple[type[Field], ...]] = {
    "date": (DateLike,),
    "amount": (Amount,),
    "money": (MoneyField,),
    "choice": (ChoiceField,),
    "text": (TextField,),
    "files": (FileLike,),
    "day": (DateField,),
    "moment": (MomentField,),
    "person": (PersonField,),
    "booking": (BookingField,),
    "yes_no": (YesNoField,),
}


class _Same:
    """A process as itself: it has no hash of its own, and a copy of it is another one."""

    def __init__(self, process: Process) -> None:
        self.process = process

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.process is other.process

    def __hash__(self) -> int:
        return id(self.process)


@lru_cache(maxsize=16)  # many checks ask, and some screens
def _walked(same: _Same) -> Walked:
    return marked_values.walk(same.process)


@lru_cache(maxsize=16)
def _actions(same: _Same) -> tuple[tuple[Path, Place | None, str | None, BaseAction], ...]:
    found = [(path, part) for path, part in _walked(same).parts if isinstance(part, BaseAction)]
    placed = [(path, place_of(path), task_of(path), part) for path, part in found]
    return tuple(sorted(placed, key=lambda one: one[2] is not None))


def stages(process: Process) -> Iterator[tuple[Path, Place, Stage]]:
    """Every stage."""
    for pipeline, name, stage in process.every_stage:
        yield ("pipelines", pipeline, "stages", name), (pipeline, name), stage


def tasks(process: Process) -> Iterator[tuple[Path, Place | None, str, TaskDefinition]]:
    """Every task; those of the process itself stand on no stage."""
    for name, task in process.tasks.items():
        yield ("tasks", name), None, name, task
    for path, place, stage in stages(process):
        for name, task in stage.tasks.items():
            yield (*path, "tasks", name), place, name, task


def robots(process: Process) -> Iterator[tuple[Path, Place, Robot]]:
    """Every robot."""
    for path, place, stage in stages(process):
        for index, robot in enumerate(stage.robots):
            yield (*path, "robots", index), place, robot


def actions(process: Process) -> Iterator[tuple[Path, Place | None, str | None, BaseAction]]:
    """Every action of robots, then of tasks' outcomes, with the stage and the task it belongs to."""
    yield from _actions(_Same(process))


def gates(process: Process) -> Iterator[tuple[Path, Place, StageGuard]]:
    """Every enter and leave gate."""
    for path, place, stage in stages(process):
        yield (*path, "enter"), place, stage.enter
        yield (*path, "leave"), place, stage.leave


def conditions(process: Process) -> Iterator[tuple[Path, BaseCondition]]:
    """Every condition, those inside other conditions as well."""
    for path, part in _walked(_Same(process)).parts:
        if isinstance(part, BaseCondition):
            yield path, part


def marked(process: Process) -> Iterator[Marked]:
    """Every text, name and value that an annotation marks. A required field is told of as a whole, in either form."""
    for found in _walked(_Same(process)).marked:
        yield replace(found, path=found.path[:-1]) if isinstance(found.owner, RequiredField) else found


def place_of(path: Path) -> Place | None:
    """The stage where a path lies; None for what stands on none."""
    match path:
        case ("pipelines", str(pipeline), "stages", str(stage), *_):
            return pipeline, stage
        case _:
            return None


def task_of(path: Path) -> str | None:
    """The task in which a path lies."""
    match path:
        case ("tasks", str(task), *_) | ("pipelines", _, "stages", _, "tasks", str(task), *_):
            return task
        case _:
            return None


# --- fields ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that names a field. `fills`: the field can get a value there. `kinds`: what it may be (any, if empty)."""

    path: Path
    field: str
    fills: bool = False
    kinds: tuple[type[Field], ...] = ()


def mentions(process: Process) -> Iterator[Mention]:
    """Every place in the file that names a field."""
    for found in marked(process):
        marker = found.marker
        if isinstance(marker, NamesField) and found.value not in marker.besides:
            kinds = FIELDS_OF_GROUP[marker.group] if marker.group else ()
            yield Mention(found.path, str(found.value), marker.fills, kinds)
