"""To whom an undone task is given (C-6)."""

from __future__ import annotations

from collections.abc import Sequence

from keyboards import buttons
from keyboards.callbacks.task_callbacks import GiveTaskTo, OpenTask
from keyboards.screen import Screen, bold, line
from keyboards.translator import Translator
from models.entities import Task
from models.ids import EmployeeId


def takers_screen(found: Task, people: Sequence[tuple[EmployeeId, str, int]], t: Translator) -> Screen:
    """Who can take it; beside each name how many open tasks he has."""
    lines = [line(bold(t("Кому передать задачу?"))), line(t.title(found.title))]
    if not people:
        lines.append(line(t("Больше некому: пригласите сотрудника в «Команде».")))
    rows = [
        (buttons.button(name + " · " + t.plural("{n} задача", "{n} задач", n), GiveTaskTo(found.id, key)),)
        for key, name, n in people
    ]
    return Screen(tuple(lines), (*rows, (buttons.back(t, OpenTask(found.id)),)))
