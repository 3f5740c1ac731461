"""«Чек-листы задач»: the owner edits what tasks say and list, for tasks that are given from now on (K-5)."""

from __future__ import annotations

from typing import Any

from handlers.forms import form_runner
from handlers.request import Visit, number, on_tap
from keyboards.near_time import near
from keyboards.screen import Answer, Screen
from keyboards.tasks import task_templates as screens
from keyboards.tasks.checklist_editor import LineView
from keyboards.tasks.task_templates import ProcessLine, TaskLine, TasksView, TemplateView
from models import access
from models.errors import ListChanged, NotFound
from models.process.process import Process
from models.process.stages import Item
from models.values.clean_text import squeeze
from models.values.invalid_value import N_
from services.people import employees
from services.tasks import checklist_lines, task_template_edits, task_templates
from services.tasks.task_templates import NOWHERE, Template

PAGE = 10
COMMON = N_("На разных стадиях")
NOTHING = ("нет", "no", "-")
Purpose = dict[str, str | int]


# --- from plain values to screens -------------------------------------------------------------------------------


def _view(visit: Visit, found: Template) -> TemplateView:
    work, t = visit.work, visit.t
    process = work.process(found.place.process)
    shown = tuple(_line(process, at, one) for at, one in enumerate(found.task.checklist))
    changed = ""
    if found.changed and found.at is not None:
        who = employees.get(work, found.by).name if found.by else ""
        changed = ", ".join(part for part in (who, near(found.at, work.now, t)) if part)
    return TemplateView(
        key=found.place.key,
        stamp=found.stamp,
        process=found.place.process,
        title=found.task.title,
        stage=_stage(process, found),
        lines=shown,
        description=found.task.description,
        video=found.task.video,
        changed=changed,
        stale=found.stale,
        full=len(shown) >= checklist_lines.MOST,
    )


def _line(process: Process, at: int, one: Item) -> LineView:
    names = dict.fromkeys((*one.fill, *one.offers))
    asks = tuple(process.fields[name].title for name in names if name in process.fields)
    paper = process.papers[one.paper].title if one.paper in process.papers else ""
    return LineView(at, one.title, asks=asks, paper=paper, optional=one.optional)


def _stage(process: Process, found: Template) -> str:
    if found.place.pipeline == NOWHERE:
        return COMMON
    return process.stage(found.place.pipeline, found.place.stage).title


def _template(visit: Visit, found: Template, toast: str | None = None) -> Answer:
    return Answer(screens.template_screen(_view(visit, found), visit.t), toast)


def _fresh(visit: Visit, key: int) -> Answer:
    return _template(visit, task_templates.get(visit.work, key), visit.t("Чек-лист изменился. Показываю свежий."))


# --- choosing ---------------------------------------------------------------------------------------------------


@on_tap("tpl", access.OWNER)
def processes(visit: Visit) -> Answer:
    """The processes; the only one opens at once."""
    known = visit.work.company.processes
    if len(known) == 1:
        return of_process(visit, next(iter(known)))
    found = []
    for name, process in known.items():
        templates = task_templates.of_process(visit.work, process)
        if templates:
            found.append(ProcessLine(name, process.title, sum(one.changed for one in templates)))
    return Answer(screens.processes_screen(found, visit.t))


@on_tap("tpl_of", access.OWNER)
def of_process(visit: Visit, name: str, page: str = "0") -> Answer:
    """The tasks of a process, by stage."""
    return Answer(_tasks(visit, name, number(page)))


def _tasks(visit: Visit, name: str, page: int) -> Screen:
    process = visit.work.company.processes.get(name)
    if process is None:
        raise NotFound("button")
    found = task_templates.of_process(visit.work, process)
    pages = max(-(-len(found) // PAGE), 1)
    at = min(max(page, 0), pages - 1)
    shown = tuple(
        TaskLine(one.place.key, one.task.title, _stage(process, one), one.changed)
        for one in found[at * PAGE : (at + 1) * PAGE]
    )
    alone = len(visit.work.company.processes) == 1
    return screens.tasks_screen(TasksView(name, process.title, shown, at, pages, alone), visit.t)


@on_tap("tpl_task", access.OWNER)
def open_(visit: Visit, key: str) -> Answer:
    """One task."""
    return _template(visit, task_templates.get(visit.work, number(key)))


# --- lines ------------------------------------------------------------------------------------------------------


@on_tap("tpl_line", access.OWNER)
def open_line(visit: Visit, key: str, stamp: str, at: str) -> Answer:
    """One line, if the list still is what the button was drawn for."""
    return _show_line(visit, number(key), number(stamp), number(at))


def _show_line(visit: Visit, key: int, stamp: int, at: int, *, sure: bool = False) -> Answer:
    found = task_templates.get(visit.work, key)
    if found.stamp != stamp or not 0 <= at < len(found.task.checklist):
        return _fresh(visit, key)
    return Answer(screens.line_screen(_view(visit, found), at, visit.t, sure=sure))


@on_tap("tpl_add", access.OWNER)
def add(visit: Visit, key: str) -> Answer:
    """A new line, typed."""
    found, t = task_templates.get(visit.work, number(key)), visit.t
    checklist_lines.check_room(len(found.task.checklist))
    hint = t("Например: {example}", example=t(checklist_lines.EXAMPLE))
    return form_runner.begin_text(visit, {"do": "tpl_add", "key": found.place.key}, t("Новый пункт чек-листа"), hint)


@form_runner.on_finish("tpl_add")
def added(visit: Visit, purpose: Purpose, values: dict[str, Any]) -> Answer:
    """The line has come."""
    found = task_template_edits.add_line(visit.work, int(purpose["key"]), str(values["text"]))
    return _template(visit, found, visit.t("Добавлено: {title}", title=found.task.checklist[-1].title))


@on_tap("tpl_name", access.OWNER)
def rename(visit: Visit, key: str, stamp: str, at: str) -> Answer:
    """Other words for a line, typed."""
    found, place, t = task_templates.get(visit.work, number(key)), number(at), visit.t
    if found.stamp != number(stamp) or not 0 <= place < len(found.task.checklist):
        return _fresh(visit, found.place.key)
    purpose: Purpose = {"do": "tpl_name", "key": found.place.key, "stamp": found.stamp, "at": place}
    hint = t("Сейчас: {title}", title=t.title(found.task.checklist[place].title))
    return form_runner.begin_text(visit, purpose, t("Как назвать пункт?"), hint)


@form_runner.on_finish("tpl_name")
def renamed(visit: Visit, purpose: Purpose, values: dict[str, Any]) -> Answer:
    """The new words have come; the list may have changed meanwhile."""
    key, stamp, at = (int(purpose[name]) for name in ("key", "stamp", "at"))
    try:
        return _template(visit, task_template_edits.rename_line(visit.work, key, stamp, at, str(values["text"])))
    except ListChanged:
        return _fresh(visit, key)


@on_tap("tpl_move", access.OWNER)
def move(visit: Visit, key: str, stamp: str, at: str, to: str) -> Answer:
    """Up or down; the line stays open, to go further."""
    try:
        found = task_template_edits.move_line(visit.work, number(key), number(stamp), number(at), number(to))
    except ListChanged:
        return _fresh(visit, number(key))
    return _show_line(visit, found.place.key, found.stamp, number(to))


@on_tap("tpl_del", access.OWNER)
def remove(visit: Visit, key: str, stamp: str, at: str, sure: str = "0") -> Answer:
    """Take a line off; one that asks for something is asked about once more."""
    if number(sure) != 1:
        return _show_line(visit, number(key), number(stamp), number(at), sure=True)
    try:
        found = task_template_edits.remove_line(visit.work, number(key), number(stamp), number(at))
    except ListChanged:
        return _fresh(visit, number(key))
    return _template(visit, found, visit.t("Убрано"))


# --- description, video, back to the file -----------------------------------------------------------------------


@on_tap("tpl_text", access.OWNER)
def ask_description(visit: Visit, key: str) -> Answer:
    """Another description, typed; «нет» leaves the task without one."""
    found, t = task_templates.get(visit.work, number(key)), visit.t
    hint = t("Что и как сделать, своими словами. Чтобы убрать описание, напишите «нет».")
    purpose: Purpose = {"do": "tpl_text", "key": found.place.key}
    return form_runner.begin_text(visit, purpose, t("Описание задачи"), hint, longest=task_template_edits.LONGEST_TEXT)


@form_runner.on_finish("tpl_text")
def described(visit: Visit, purpose: Purpose, values: dict[str, Any]) -> Answer:
    """The description has come."""
    found = task_template_edits.describe(visit.work, int(purpose["key"]), _said(values))
    return _template(visit, found, visit.t("Записано"))


@on_tap("tpl_video", access.OWNER)
def ask_video(visit: Visit, key: str) -> Answer:
    """Another video, by its link; «нет» leaves the task without one."""
    found, t = task_templates.get(visit.work, number(key)), visit.t
    hint = t("Пришлите ссылку, которая начинается с https://. Чтобы убрать видео, напишите «нет».")
    return form_runner.begin_text(visit, {"do": "tpl_video", "key": found.place.key}, t("Видео к задаче"), hint)


@form_runner.on_finish("tpl_video")
def filmed(visit: Visit, purpose: Purpose, values: dict[str, Any]) -> Answer:
    """The link has come."""
    found = task_template_edits.show_video(visit.work, int(purpose["key"]), _said(values))
    return _template(visit, found, visit.t("Записано"))


def _said(values: dict[str, Any]) -> str:
    text = str(values["text"])
    return "" if squeeze(text) in NOTHING else text


@on_tap("tpl_reset", access.OWNER)
def reset(visit: Visit, key: str, stamp: str, sure: str = "0") -> Answer:
    """«Вернуть как в файле», asked about once more."""
    found = task_templates.get(visit.work, number(key))
    if found.stamp != number(stamp):
        return _fresh(visit, found.place.key)
    if number(sure) != 1:
        return Answer(screens.reset_screen(_view(visit, found), visit.t))
    again = task_template_edits.reset(visit.work, found.place.key, found.stamp)
    return _template(visit, again, visit.t("Теперь как в файле"))
