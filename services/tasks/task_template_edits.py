"""What the owner changes in a template (K-5).

Buttons carry the stamp of the state that they were drawn for: for another state they change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from models.errors import ListChanged
from models.process.process import Process
from models.process.stages import ItemDefinition, TaskDefinition
from models.values.clean_text import clean
from models.values.invalid_value import N_, InvalidValue
from services import company_settings
from services.people import employees
from services.tasks import checklist_lines, task_templates
from services.tasks.task_templates import TaskTemplate, TemplatePlace
from services.unit_of_work import UnitOfWork

LONGEST_TEXT = 1000  # as in a process file
LONGEST_LINK = 300
LINK = re.compile(r"https://[^\s/]+\.\S+")

Edit = Callable[[list[ItemDefinition]], list[ItemDefinition]]


def add_line(work: UnitOfWork, key: int, text: str) -> TaskTemplate:
    """Put a line at the end. Raises Wrong for a text that is no line, or if the list is full."""

    def added(now: list[ItemDefinition]) -> list[ItemDefinition]:
        checklist_lines.check_room(len(now))
        return [*now, ItemDefinition(title=checklist_lines.read(text, _titles(now)))]

    return _edit(work, key, None, added)


def rename_line(work: UnitOfWork, key: int, stamp: int, at: int, text: str) -> TaskTemplate:
    """Say the line at a place (from 0) in other words; what it asks stays. ListChanged for another state than meant."""

    def renamed(now: list[ItemDefinition]) -> list[ItemDefinition]:
        title = checklist_lines.read(text, [*_titles(now[:at]), *_titles(now[at + 1 :])])
        return [*now[:at], _there(now, at).model_copy(update={"title": title}), *now[at + 1 :]]

    return _edit(work, key, stamp, renamed)


def remove_line(work: UnitOfWork, key: int, stamp: int, at: int) -> TaskTemplate:
    """Take the line at a place off. What a stage requires is still asked for by the stage."""

    def removed(now: list[ItemDefinition]) -> list[ItemDefinition]:
        _there(now, at)
        return [*now[:at], *now[at + 1 :]]

    return _edit(work, key, stamp, removed)


def move_line(work: UnitOfWork, key: int, stamp: int, at: int, to: int) -> TaskTemplate:
    """Take the line at a place to another (from 0)."""
    return _edit(work, key, stamp, lambda now: checklist_lines.moved(now, at, to))


def describe(work: UnitOfWork, key: int, text: str) -> TaskTemplate:
    """Give the task another description; an empty text leaves it without. Raises Wrong for one that is too long."""
    said = clean(text, limit=LONGEST_TEXT * 4)
    if len(said) > LONGEST_TEXT:
        message = N_("Слишком длинно: в описании помещается {most} знаков, а здесь {n}.")
        raise InvalidValue("template.long", message, most=LONGEST_TEXT, n=len(said))
    return _set(work, key, "description", said or None)


def show_video(work: UnitOfWork, key: int, link: str) -> TaskTemplate:
    """Give the task a video; an empty link leaves it without. Raises Wrong for what is no https link."""
    said = clean(link, limit=LONGEST_LINK * 4)
    if said and (LINK.fullmatch(said) is None or len(said) > LONGEST_LINK):
        message = N_("Нужна ссылка, которая начинается с https://. Скопируйте её в приложении с видео.")
        raise InvalidValue("template.link", message, "https://rutube.ru/video/123")
    return _set(work, key, "video", said or None)


def reset(work: UnitOfWork, key: int, stamp: int) -> TaskTemplate:
    """«Вернуть как в файле». ListChanged if the template is not what the button was drawn for."""
    process, place, described, value = _begin(work, key)
    if task_templates.made(process, place, described, value).stamp != stamp:
        raise ListChanged
    return _write(work, process, place, described, {"rev": value.get("rev", 0)})


def _titles(now: Sequence[ItemDefinition]) -> list[str]:
    return [one.title for one in now]


def _there(now: Sequence[ItemDefinition], at: int) -> ItemDefinition:
    if not 0 <= at < len(now):
        raise ListChanged
    return now[at]


def _edit(work: UnitOfWork, key: int, stamp: int | None, edit: Edit) -> TaskTemplate:
    process, place, described, value = _begin(work, key)
    now = task_templates.made(process, place, described, value)
    if stamp is not None and stamp != now.stamp:
        raise ListChanged
    kept = [task_templates.data_of(one) for one in edit(list(now.task.checklist))]
    return _write(work, process, place, described, {**value, "lines": kept})


def _set(work: UnitOfWork, key: int, name: str, said: str | None) -> TaskTemplate:
    process, place, described, value = _begin(work, key)
    return _write(work, process, place, described, {**value, name: said})


def _begin(work: UnitOfWork, key: int) -> tuple[Process, TemplatePlace, TaskDefinition, dict[str, Any]]:
    """The template for a change: nobody else changes it until this transaction ends."""
    employees.check_owner(work)
    process, place, described = task_templates.locate(work, key)
    value: dict[str, Any] = company_settings.lock(work.tx, place.name, {}) or {}
    return process, place, described, value


def _write(
    work: UnitOfWork, process: Process, place: TemplatePlace, described: TaskDefinition, value: dict[str, Any]
) -> TaskTemplate:
    value = {**value, "rev": value.get("rev", 0) + 1, "by": work.actor_id, "at": work.now.isoformat()}
    if task_templates.is_changed(value):
        value["base"] = task_templates.print_of(described)
    company_settings.put(work.tx, place.name, value)
    return task_templates.made(process, place, described, value)
