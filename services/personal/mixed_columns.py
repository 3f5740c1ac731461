"""Columns of which only a part tells of the client: what of a value stays when he is erased."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Row

from models.personal import line_marks
from models.process.process import Process
from services import company_settings
from services.unit_of_work import UnitOfWork

Eraser = Callable[[UnitOfWork, Process | None, Row[Any]], Any]
ERASERS: dict[tuple[str, str], Eraser] = {}
NOTHING = "—"


def erases(table: str, column: str) -> Callable[[Eraser], Eraser]:
    """Register what stays of a column: it gets the row and the process of its deal."""

    def register(eraser: Eraser) -> Eraser:
        ERASERS[table, column] = eraser
        return eraser

    return register


@erases("deal", "title")
def _title(work: UnitOfWork, process: Process | None, row: Row[Any]) -> str:
    return process.title if process is not None else NOTHING


@erases("deal", "fields")
@erases("change_request", "fields")
def _fields(work: UnitOfWork, process: Process | None, row: Row[Any]) -> dict[str, Any]:
    return _left(process, row.fields)


@erases("change_request", "seen")
def _seen(work: UnitOfWork, process: Process | None, row: Row[Any]) -> dict[str, Any]:
    return _left(process, row.seen)


def _left(process: Process | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that tell of nobody; what the process does not know any more could be anything."""
    known = process.fields if process is not None else {}
    return {name: value for name, value in values.items() if line_marks.is_kept(known.get(name))}


@erases("event", "data")
def _line(work: UnitOfWork, process: Process | None, row: Row[Any]) -> Any:
    return line_marks.left_of(row.kind, row.data, process.fields.get if process is not None else lambda _: None)


@erases("item", "title")
def _item(work: UnitOfWork, process: Process | None, row: Row[Any]) -> str:
    """The process's own words and the owner's stay; a line that somebody has typed for this deal goes."""
    return row.title if process is not None and row.title in _own_titles(work, process) else NOTHING


def _own_titles(work: UnitOfWork, process: Process) -> set[str]:
    tasks = (*process.tasks.values(), *(one for _, _, stage in process.every_stage for one in stage.tasks.values()))
    edited = company_settings.beginning_with(work.tx, f"{company_settings.CHECKLIST}{process.process}.")
    lines = (one["title"] for _, value in edited for one in value.get("lines", ()))
    return {*(item.title for task in tasks for item in task.checklist), *lines}
