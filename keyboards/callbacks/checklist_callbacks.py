"""Presses that edit the checklist of one deal's task."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import ItemId, TaskId


@callback("ck")
@dataclass(frozen=True, slots=True)
class OpenChecklist(CallbackData):
    """All lines."""

    task: TaskId


@callback("ck_line")
@dataclass(frozen=True, slots=True)
class OpenChecklistLine(CallbackData):
    """One line."""

    task: TaskId
    item: ItemId


@callback("ck_add")
@dataclass(frozen=True, slots=True)
class AddChecklistLine(CallbackData):
    """A new line, typed."""

    task: TaskId


@callback("ck_name")
@dataclass(frozen=True, slots=True)
class RenameChecklistLine(CallbackData):
    """Other words for a line, typed."""

    task: TaskId
    item: ItemId


@callback("ck_move")
@dataclass(frozen=True, slots=True)
class MoveChecklistLine(CallbackData):
    """From one place to another: a second press changes nothing."""

    task: TaskId
    item: ItemId
    at: int
    to: int


@callback("ck_del")
@dataclass(frozen=True, slots=True)
class RemoveChecklistLine(CallbackData):
    """Take a line off; unless `sure`, it is asked about first."""

    task: TaskId
    item: ItemId
    sure: bool | None = None
