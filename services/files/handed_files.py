"""Files that came for a job by themselves: which line of its checklist they complete, as its answers (K-22)."""

from __future__ import annotations

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
    """What the files would complete: the next line of a task's checklist."""

    task: Task
    item: Item


def find_step(work: UnitOfWork, home: Deal) -> FilesStep | None:
    """The next line of the actor's task on the deal, if it wants nothing but files, and its folder has them."""
    process = work.process(home.process)
    for one in task_queries.of_deal(work, home.id, items=True):
        line = next((item for item in one.items if item.done_at is None and not item.optional), None)
        if one.assignee_id != work.actor_id or line is None or line.paper:
            continue
        if _are_files(process, line.asked) and values(work, home, line.asked):
            return FilesStep(one, line)
    return None


def _are_files(process: Process, names: tuple[str, ...]) -> bool:
    return bool(names) and all(isinstance(process.fields.get(name), FileLike) for name in names)


def values(work: UnitOfWork, home: Deal, names: tuple[str, ...]) -> FieldValues:
    """What lies in the folders of these fields, as their answers; nothing if one of them is empty."""
    process, found = work.process(home.process), dict[str, object]()
    for name in names:
        field = process.fields.get(name)
        there = home.fields.get(name)
        lying = [*(there if isinstance(there, tuple) else ()), *deal_files.in_field(work, home, name)]
        if not isinstance(field, FileLike) or not lying:
            return {}
        keys = tuple(dict.fromkeys(lying))
        found[name] = keys if field.many else keys[-1:]
    return found
