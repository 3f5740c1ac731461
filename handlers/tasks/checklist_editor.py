"""The checklist of one deal's task, edited by its manager (K-5)."""

from __future__ import annotations

from dataclasses import replace

from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback
from keyboards.callbacks.checklist_callbacks import (
    AddChecklistLine,
    MoveChecklistLine,
    OpenChecklist,
    OpenChecklistLine,
    RemoveChecklistLine,
    RenameChecklistLine,
)
from keyboards.screen import Reply
from keyboards.tasks import checklist_editor as screens
from keyboards.tasks.checklist_editor import DealListView, LineView
from models import access
from models.entities import Item
from models.errors import ListChanged, NotFound
from models.field_values import FieldValues
from models.process.process import Process
from models.values.product_text import NO_TEXT
from services.purposes.task_purposes import AddLinePurpose, RenameLinePurpose
from services.tasks import checklist_lines, checklists


def _view(request: Request, task_id: int) -> DealListView:
    found, card = checklists.get_editable(request.work, task_id)
    process = request.work.process(card.process)
    shown = tuple(_line(process, one) for one in found.items)
    return DealListView(found.id, found.title, card.title, card.number, shown, len(shown) >= checklist_lines.MOST)


def _line(process: Process, one: Item) -> LineView:
    asks = tuple(process.fields[name].title for name in one.asked if name in process.fields)
    paper = process.papers[one.paper].title if one.paper in process.papers else NO_TEXT
    return LineView(one.id, one.title, one.done_at is not None, asks, paper, one.optional)


def show(request: Request, task_id: int, toast: str | None = None) -> Reply:
    """All lines."""
    return Reply(screens.deal_list(_view(request, task_id), request.t), toast)


def _show_line(request: Request, task_id: int, item_id: int, toast: str | None = None, *, sure: bool = False) -> Reply:
    view = _view(request, task_id)
    at = next((place for place, one in enumerate(view.lines) if one.id == item_id), None)
    if at is None:
        return show(request, task_id, request.t("Этого пункта больше нет."))
    return Reply(screens.deal_line(view, at, request.t, sure=sure), toast)


@on_callback(OpenChecklist, access.SALES)
def open_(request: Request, press: OpenChecklist) -> Reply:
    return show(request, press.task)


@on_callback(OpenChecklistLine, access.SALES)
def open_line(request: Request, press: OpenChecklistLine) -> Reply:
    return _show_line(request, press.task, press.item)


@on_callback(AddChecklistLine, access.SALES)
def add(request: Request, press: AddChecklistLine) -> Reply:
    """A new line, typed."""
    key, t = press.task, request.t
    found, _ = checklists.get_editable(request.work, key)
    checklist_lines.check_room(len(found.items))
    hint = t("Например: {example}", example=t(checklist_lines.EXAMPLE))
    return form_runner.begin_text(request, AddLinePurpose(key), t("Новый пункт чек-листа"), hint)


@on_finish(AddLinePurpose, access.SALES)
def added(request: Request, purpose: AddLinePurpose, values: FieldValues) -> Reply:
    """The line has come."""
    found = checklists.add(request.work, purpose.task, str(values["text"]))
    return show(request, found.id, request.t("Добавлено: {title}", title=found.items[-1].title))


@on_callback(RenameChecklistLine, access.SALES)
def rename(request: Request, press: RenameChecklistLine) -> Reply:
    """Other words for a line, typed."""
    key, t = press.task, request.t
    found, _ = checklists.get_editable(request.work, key)
    try:
        one = checklists.find_item(found, press.item)
    except NotFound:
        return show(request, key, t("Этого пункта больше нет."))
    purpose = RenameLinePurpose(key, one.id)
    hint = t("Сейчас: {title}", title=t.title(one.title))
    return form_runner.begin_text(request, purpose, t("Как назвать пункт?"), hint)


@on_finish(RenameLinePurpose, access.SALES)
def renamed(request: Request, purpose: RenameLinePurpose, values: FieldValues) -> Reply:
    """The new words have come; somebody may have removed the line meanwhile."""
    key, item_id = purpose.task, purpose.item
    try:
        checklists.rename(request.work, key, item_id, str(values["text"]))
    except NotFound as gone:
        if gone.what != "item":
            raise
        return show(request, key, request.t("Этого пункта больше нет."))
    return show(request, key, request.t("Записано"))


@on_callback(MoveChecklistLine, access.SALES)
def move(request: Request, press: MoveChecklistLine) -> Reply:
    """Up or down: the button says from where to where, so that a second press of it changes nothing."""
    key, item_key = press.task, press.item
    try:
        checklists.move(request.work, key, item_key, press.at, press.to)
    except ListChanged:
        return _show_line(request, key, item_key, request.t("Чек-лист изменился. Показываю свежий."))
    except NotFound as gone:
        if gone.what != "item":
            raise
        return show(request, key, request.t("Этого пункта больше нет."))
    return _show_line(request, key, item_key, request.t("Теперь пункт {place}", place=press.to + 1))


@on_callback(RemoveChecklistLine, access.SALES)
def remove(request: Request, press: RemoveChecklistLine) -> Reply:
    """Take a line off; one that asks for something is asked about once more."""
    key, item_key = press.task, press.item
    if not press.sure:
        return _show_line(request, key, item_key, sure=True)
    found, _ = checklists.get_editable(request.work, key)
    title = next((one.title for one in found.items if one.id == item_key), None)
    if title is None:
        return show(request, key, request.t("Этого пункта больше нет."))
    checklists.remove(request.work, key, item_key)
    return replace(show(request, key), toast=request.t("Убрано: {title}", title=request.t.title(title))[:200])
