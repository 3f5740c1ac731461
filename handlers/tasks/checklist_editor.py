"""The checklist of one deal's task, edited by its manager (K-5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers.forms import form_runner
from handlers.request import Visit, number, on_tap
from keyboards.screen import Answer
from keyboards.tasks import checklist_editor as screens
from keyboards.tasks.checklist_editor import DealListView, LineView
from models import access
from models.entities import Item
from models.errors import ListChanged, NotFound
from models.process.process import Process
from services.tasks import checklist_lines, checklists

Purpose = dict[str, str | int]


def _view(visit: Visit, task_id: int) -> DealListView:
    found, card = checklists.get_editable(visit.work, task_id)
    process = visit.work.process(card.process)
    shown = tuple(_line(process, one) for one in found.items)
    return DealListView(found.id, found.title, card.title, card.number, shown, len(shown) >= checklist_lines.MOST)


def _line(process: Process, one: Item) -> LineView:
    asks = tuple(process.fields[name].title for name in one.asked if name in process.fields)
    paper = process.papers[one.paper].title if one.paper in process.papers else ""
    return LineView(one.id, one.title, one.done_at is not None, asks, paper, one.optional)


def show(visit: Visit, task_id: int, toast: str | None = None) -> Answer:
    """All lines."""
    return Answer(screens.deal_list(_view(visit, task_id), visit.t), toast)


def _show_line(visit: Visit, task_id: int, item_id: int, toast: str | None = None, *, sure: bool = False) -> Answer:
    view = _view(visit, task_id)
    at = next((place for place, one in enumerate(view.lines) if one.id == item_id), None)
    if at is None:
        return show(visit, task_id, visit.t("Этого пункта больше нет."))
    return Answer(screens.deal_line(view, at, visit.t, sure=sure), toast)


@on_tap("ck", access.SALES)
def open_(visit: Visit, task_id: str) -> Answer:
    return show(visit, number(task_id, "task"))


@on_tap("ck_line", access.SALES)
def open_line(visit: Visit, task_id: str, item_id: str) -> Answer:
    return _show_line(visit, number(task_id, "task"), number(item_id, "item"))


@on_tap("ck_add", access.SALES)
def add(visit: Visit, task_id: str) -> Answer:
    """A new line, typed."""
    key, t = number(task_id, "task"), visit.t
    found, _ = checklists.get_editable(visit.work, key)
    checklist_lines.check_room(len(found.items))
    hint = t("Например: {example}", example=t(checklist_lines.EXAMPLE))
    return form_runner.begin_text(visit, {"do": "ck_add", "task": key}, t("Новый пункт чек-листа"), hint)


@form_runner.on_finish("ck_add")
def added(visit: Visit, purpose: Purpose, values: dict[str, Any]) -> Answer:
    """The line has come."""
    found = checklists.add(visit.work, int(purpose["task"]), str(values["text"]))
    return show(visit, found.id, visit.t("Добавлено: {title}", title=found.items[-1].title))


@on_tap("ck_name", access.SALES)
def rename(visit: Visit, task_id: str, item_id: str) -> Answer:
    """Other words for a line, typed."""
    key, t = number(task_id, "task"), visit.t
    found, _ = checklists.get_editable(visit.work, key)
    try:
        one = checklists.find_item(found, number(item_id, "item"))
    except NotFound:
        return show(visit, key, t("Этого пункта больше нет."))
    purpose: Purpose = {"do": "ck_name", "task": key, "item": one.id}
    hint = t("Сейчас: {title}", title=t.title(one.title))
    return form_runner.begin_text(visit, purpose, t("Как назвать пункт?"), hint)


@form_runner.on_finish("ck_name")
def renamed(visit: Visit, purpose: Purpose, values: dict[str, Any]) -> Answer:
    """The new words have come; somebody may have removed the line meanwhile."""
    key, item_id = int(purpose["task"]), int(purpose["item"])
    try:
        checklists.rename(visit.work, key, item_id, str(values["text"]))
    except NotFound as gone:
        if gone.what != "item":
            raise
        return show(visit, key, visit.t("Этого пункта больше нет."))
    return show(visit, key, visit.t("Записано"))


@on_tap("ck_move", access.SALES)
def move(visit: Visit, task_id: str, item_id: str, at: str, to: str) -> Answer:
    """Up or down: the button says from where to where, so that a second press of it changes nothing."""
    key, item_key = number(task_id, "task"), number(item_id, "item")
    try:
        checklists.move(visit.work, key, item_key, number(at), number(to))
    except ListChanged:
        return _show_line(visit, key, item_key, visit.t("Чек-лист изменился. Показываю свежий."))
    except NotFound as gone:
        if gone.what != "item":
            raise
        return show(visit, key, visit.t("Этого пункта больше нет."))
    return _show_line(visit, key, item_key, visit.t("Теперь пункт {place}", place=number(to) + 1))


@on_tap("ck_del", access.SALES)
def remove(visit: Visit, task_id: str, item_id: str, sure: str = "0") -> Answer:
    """Take a line off; one that asks for something is asked about once more."""
    key, item_key = number(task_id, "task"), number(item_id, "item")
    if number(sure) != 1:
        return _show_line(visit, key, item_key, sure=True)
    found, _ = checklists.get_editable(visit.work, key)
    title = next((one.title for one in found.items if one.id == item_key), None)
    if title is None:
        return show(visit, key, visit.t("Этого пункта больше нет."))
    checklists.remove(visit.work, key, item_key)
    return replace(show(visit, key), toast=visit.t("Убрано: {title}", title=visit.t.title(title))[:200])
