"""«Чек-листы задач»: the owner edits what tasks say and list, for tasks that are given from now on (K-5)."""

from __future__ import annotations

from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback
from keyboards.callbacks.task_template_callbacks import (
    AddTemplateLine,
    DescribeTaskTemplate,
    ListTaskTemplates,
    ListTemplateProcesses,
    MoveTemplateLine,
    OpenTaskTemplate,
    OpenTemplateLine,
    RemoveTemplateLine,
    RenameTemplateLine,
    ResetTaskTemplate,
    SetTemplateVideo,
)
from keyboards.near_time import near
from keyboards.screen import Reply, Screen
from keyboards.tasks import task_templates as screens
from keyboards.tasks.checklist_editor import LineView
from keyboards.tasks.task_templates import ProcessLine, TasksView, TaskTemplateView, TemplateLine
from models import access
from models.errors import ListChanged, NotFound
from models.field_values import FieldValues
from models.process.process import Process
from models.process.stages import ItemDefinition
from models.values.clean_text import squeeze
from models.values.invalid_value import N_
from models.values.product_text import NO_TEXT, ProductText
from services.people import employees
from services.purposes.task_template_purposes import (
    AddTemplateLinePurpose,
    DescriptionPurpose,
    RenameTemplateLinePurpose,
    VideoPurpose,
)
from services.tasks import checklist_lines, task_template_edits, task_templates
from services.tasks.task_templates import NOWHERE, TaskTemplate

PAGE = 10
COMMON = N_("На разных стадиях")
NOTHING = ("нет", "no", "-")


# --- from plain values to screens -------------------------------------------------------------------------------


def _view(request: Request, found: TaskTemplate) -> TaskTemplateView:
    work, t = request.work, request.t
    process = work.process(found.place.process)
    shown = tuple(_line(process, at, one) for at, one in enumerate(found.task.checklist))
    changed = ""
    if found.changed and found.at is not None:
        who = employees.get(work, found.by).name if found.by else ""
        changed = ", ".join(part for part in (who, near(found.at, work.now, t)) if part)
    return TaskTemplateView(
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


def _line(process: Process, at: int, one: ItemDefinition) -> LineView:
    names = dict.fromkeys((*one.fill, *one.offers))
    asks = tuple(process.fields[name].title for name in names if name in process.fields)
    paper = process.papers[one.paper].title if one.paper in process.papers else NO_TEXT
    return LineView(at, one.title, asks=asks, paper=paper, optional=one.optional)


def _stage(process: Process, found: TaskTemplate) -> ProductText:
    if found.place.pipeline == NOWHERE:
        return COMMON
    return process.stage(found.place.pipeline, found.place.stage).title


def _template(request: Request, found: TaskTemplate, toast: str | None = None) -> Reply:
    return Reply(screens.template_screen(_view(request, found), request.t), toast)


def _fresh(request: Request, key: int) -> Reply:
    return _template(request, task_templates.get(request.work, key), request.t("Чек-лист изменился. Показываю свежий."))


# --- choosing ---------------------------------------------------------------------------------------------------


@on_callback(ListTemplateProcesses, access.OWNER)
def processes(request: Request, press: ListTemplateProcesses) -> Reply:
    """The processes; the only one opens at once."""
    known = request.work.company.processes
    if len(known) == 1:
        return Reply(_tasks(request, next(iter(known)), 0))
    found = []
    for name, process in known.items():
        templates = task_templates.of_process(request.work, process)
        if templates:
            found.append(ProcessLine(name, process.title, sum(one.changed for one in templates)))
    return Reply(screens.processes_screen(found, request.t))


@on_callback(ListTaskTemplates, access.OWNER)
def of_process(request: Request, press: ListTaskTemplates) -> Reply:
    """The tasks of a process, by stage."""
    return Reply(_tasks(request, press.process, press.page or 0))


def _tasks(request: Request, name: str, page: int) -> Screen:
    process = request.work.company.processes.get(name)
    if process is None:
        raise NotFound("button")
    found = task_templates.of_process(request.work, process)
    pages = max(-(-len(found) // PAGE), 1)
    at = min(max(page, 0), pages - 1)
    shown = tuple(
        TemplateLine(one.place.key, one.task.title, _stage(process, one), one.changed)
        for one in found[at * PAGE : (at + 1) * PAGE]
    )
    alone = len(request.work.company.processes) == 1
    return screens.tasks_screen(TasksView(name, process.title, shown, at, pages, alone), request.t)


@on_callback(OpenTaskTemplate, access.OWNER)
def open_(request: Request, press: OpenTaskTemplate) -> Reply:
    """One task."""
    return _template(request, task_templates.get(request.work, press.key))


# --- lines ------------------------------------------------------------------------------------------------------


@on_callback(OpenTemplateLine, access.OWNER)
def open_line(request: Request, press: OpenTemplateLine) -> Reply:
    """One line, if the list still is what the button was drawn for."""
    return _show_line(request, press.key, press.stamp, press.at)


def _show_line(request: Request, key: int, stamp: int, at: int, *, sure: bool = False) -> Reply:
    found = task_templates.get(request.work, key)
    if found.stamp != stamp or not 0 <= at < len(found.task.checklist):
        return _fresh(request, key)
    return Reply(screens.line_screen(_view(request, found), at, request.t, sure=sure))


@on_callback(AddTemplateLine, access.OWNER)
def add(request: Request, press: AddTemplateLine) -> Reply:
    """A new line, typed."""
    found, t = task_templates.get(request.work, press.key), request.t
    checklist_lines.check_room(len(found.task.checklist))
    hint = t("Например: {example}", example=t(checklist_lines.EXAMPLE))
    return form_runner.begin_text(request, AddTemplateLinePurpose(found.place.key), t("Новый пункт чек-листа"), hint)


@on_finish(AddTemplateLinePurpose, access.OWNER)
def added(request: Request, purpose: AddTemplateLinePurpose, values: FieldValues) -> Reply:
    """The line has come."""
    found = task_template_edits.add_line(request.work, purpose.key, str(values["text"]))
    return _template(request, found, request.t("Добавлено: {title}", title=found.task.checklist[-1].title))


@on_callback(RenameTemplateLine, access.OWNER)
def rename(request: Request, press: RenameTemplateLine) -> Reply:
    """Other words for a line, typed."""
    found, t = task_templates.get(request.work, press.key), request.t
    if found.stamp != press.stamp or not 0 <= press.at < len(found.task.checklist):
        return _fresh(request, found.place.key)
    purpose = RenameTemplateLinePurpose(found.place.key, found.stamp, press.at)
    hint = t("Сейчас: {title}", title=t.title(found.task.checklist[press.at].title))
    return form_runner.begin_text(request, purpose, t("Как назвать пункт?"), hint)


@on_finish(RenameTemplateLinePurpose, access.OWNER)
def renamed(request: Request, purpose: RenameTemplateLinePurpose, values: FieldValues) -> Reply:
    """The new words have come; the list may have changed meanwhile."""
    key, stamp, at = purpose.key, purpose.stamp, purpose.at
    try:
        return _template(request, task_template_edits.rename_line(request.work, key, stamp, at, str(values["text"])))
    except ListChanged:
        return _fresh(request, key)


@on_callback(MoveTemplateLine, access.OWNER)
def move(request: Request, press: MoveTemplateLine) -> Reply:
    """Up or down; the line stays open, to go further."""
    try:
        found = task_template_edits.move_line(request.work, press.key, press.stamp, press.at, press.to)
    except ListChanged:
        return _fresh(request, press.key)
    return _show_line(request, found.place.key, found.stamp, press.to)


@on_callback(RemoveTemplateLine, access.OWNER)
def remove(request: Request, press: RemoveTemplateLine) -> Reply:
    """Take a line off; one that asks for something is asked about once more."""
    if not press.sure:
        return _show_line(request, press.key, press.stamp, press.at, sure=True)
    try:
        found = task_template_edits.remove_line(request.work, press.key, press.stamp, press.at)
    except ListChanged:
        return _fresh(request, press.key)
    return _template(request, found, request.t("Убрано"))


# --- description, video, back to the file -----------------------------------------------------------------------


@on_callback(DescribeTaskTemplate, access.OWNER)
def ask_description(request: Request, press: DescribeTaskTemplate) -> Reply:
    """Another description, typed; «нет» leaves the task without one."""
    found, t = task_templates.get(request.work, press.key), request.t
    hint = t("Что и как сделать, своими словами. Чтобы убрать описание, напишите «нет».")
    purpose = DescriptionPurpose(found.place.key)
    return form_runner.begin_text(
        request, purpose, t("Описание задачи"), hint, longest=task_template_edits.LONGEST_TEXT
    )


@on_finish(DescriptionPurpose, access.OWNER)
def described(request: Request, purpose: DescriptionPurpose, values: FieldValues) -> Reply:
    """The description has come."""
    found = task_template_edits.describe(request.work, purpose.key, _said(values))
    return _template(request, found, request.t("Записано"))


@on_callback(SetTemplateVideo, access.OWNER)
def ask_video(request: Request, press: SetTemplateVideo) -> Reply:
    """Another video, by its link; «нет» leaves the task without one."""
    found, t = task_templates.get(request.work, press.key), request.t
    hint = t("Пришлите ссылку, которая начинается с https://. Чтобы убрать видео, напишите «нет».")
    return form_runner.begin_text(request, VideoPurpose(found.place.key), t("Видео к задаче"), hint)


@on_finish(VideoPurpose, access.OWNER)
def filmed(request: Request, purpose: VideoPurpose, values: FieldValues) -> Reply:
    """The link has come."""
    found = task_template_edits.show_video(request.work, purpose.key, _said(values))
    return _template(request, found, request.t("Записано"))


def _said(values: FieldValues) -> str:
    text = str(values["text"])
    return "" if squeeze(text) in NOTHING else text


@on_callback(ResetTaskTemplate, access.OWNER)
def reset(request: Request, press: ResetTaskTemplate) -> Reply:
    """«Вернуть как в файле», asked about once more."""
    found = task_templates.get(request.work, press.key)
    if found.stamp != press.stamp:
        return _fresh(request, found.place.key)
    if not press.sure:
        return Reply(screens.reset_screen(_view(request, found), request.t))
    again = task_template_edits.reset(request.work, found.place.key, found.stamp)
    return _template(request, again, request.t("Теперь как в файле"))
