"""Presses of «Чек-листы задач». `key` names a task of a process, `stamp` the state of its list that a button was drawn
for, `at` the place of a line in it."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback


@callback("tpl")
@dataclass(frozen=True, slots=True)
class ListTemplateProcesses(CallbackData):
    """The processes."""


@callback("tpl_of")
@dataclass(frozen=True, slots=True)
class ListTaskTemplates(CallbackData):
    """The tasks of a process, page by page."""

    process: str
    page: int | None = None


@callback("tpl_task")
@dataclass(frozen=True, slots=True)
class OpenTaskTemplate(CallbackData):
    """One task."""

    key: int


@callback("tpl_line")
@dataclass(frozen=True, slots=True)
class OpenTemplateLine(CallbackData):
    """One line."""

    key: int
    stamp: int
    at: int


@callback("tpl_add")
@dataclass(frozen=True, slots=True)
class AddTemplateLine(CallbackData):
    """A new line, typed."""

    key: int


@callback("tpl_name")
@dataclass(frozen=True, slots=True)
class RenameTemplateLine(CallbackData):
    """Other words for a line, typed."""

    key: int
    stamp: int
    at: int


@callback("tpl_move")
@dataclass(frozen=True, slots=True)
class MoveTemplateLine(CallbackData):
    """To another place."""

    key: int
    stamp: int
    at: int
    to: int


@callback("tpl_del")
@dataclass(frozen=True, slots=True)
class RemoveTemplateLine(CallbackData):
    """Take a line off; unless `sure`, it is asked about first."""

    key: int
    stamp: int
    at: int
    sure: bool | None = None


@callback("tpl_text")
@dataclass(frozen=True, slots=True)
class DescribeTaskTemplate(CallbackData):
    """Another description, typed."""

    key: int


@callback("tpl_video")
@dataclass(frozen=True, slots=True)
class SetTemplateVideo(CallbackData):
    """Another video, by its link."""

    key: int


@callback("tpl_reset")
@dataclass(frozen=True, slots=True)
class ResetTaskTemplate(CallbackData):
    """As the process file has it; unless `sure`, it is asked about first."""

    key: int
    stamp: int
    sure: bool | None = None
