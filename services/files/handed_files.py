"""Files that came for a job by themselves: which line of its checklist they complete, as its answers (K-22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.entities import Deal, Item, Task
from models.field_values import FieldValues
from models.fields.groups import FileLike
from models.process.process import Process
from services.files import deal_files
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class FilesStep:
    """What the files would complete: the next line of a task's checklist, and the answers to it that they are."""

    task: Task
    item: Item
    values: FieldValues


def find_step(work: UnitOfWork, home: Deal, kept: Sequence[int]) -> FilesStep | None:
    """The next line of the actor's task on the deal, if it wants nothing but files, and these are such."""
    process = work.process(home.process)
    for one in task_queries.of_deal(work, home.id, items=True):
        line = next((item for item in one.items if item.done_at is None and not item.optional), None)
        if one.assignee_id != work.actor_id or line is None or line.paper:
            continue
        if _are_files(process, line.asked) and (answers := _values(work, home, line.asked, kept)):
            return FilesStep(one, line, answers)
    return None


def _are_files(process: Process, names: tuple[str, ...]) -> bool:
    return bool(names) and all(isinstance(process.fields.get(name), FileLike) for name in names)


def _values(work: UnitOfWork, home: Deal, names: tuple[str, ...], kept: Sequence[int]) -> FieldValues:
    """The answers that the files are, by the fields that they were put under, beside what stands there; nothing if one
    of the fields has none of them."""
    process, found = work.process(home.process), dict[str, object]()
    for name in names:
        field, there = process.fields.get(name), home.fields.get(name)
        new = [one for one in deal_files.in_field(work, home, name) if one in kept]
        if not isinstance(field, FileLike) or not new:
            return {}
        keys = tuple(dict.fromkeys([*(there if isinstance(there, tuple) else ()), *new]))
        found[name] = keys if field.many else keys[-1:]
    return found
