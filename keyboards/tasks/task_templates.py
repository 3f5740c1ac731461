"""«Чек-листы задач»: the templates that the owner edits (K-5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keyboards import buttons
from keyboards.callbacks.settings_callbacks import OpenSettings
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
from keyboards.near_time import cut
from keyboards.screen import EMPTY, Button, Line, Screen, bold, line, quote
from keyboards.tasks.checklist_editor import LABEL, LineView, about, numbered, one_line
from keyboards.translator import Translator
from models.values.product_text import ProductText, StoredTitle


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """A process to choose; `changed` is how many of its tasks the owner has edited."""

    name: str
    title: ProductText
    changed: int


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A task to choose."""

    key: int
    title: ProductText
    stage: ProductText
    changed: bool


@dataclass(frozen=True, slots=True)
class TasksView:
    """One page of the tasks of a process; `alone`: it is the only process."""

    process: str
    title: ProductText
    tasks: tuple[TemplateLine, ...]
    page: int = 0
    pages: int = 1
    alone: bool = False


@dataclass(frozen=True, slots=True)
class TaskTemplateView:
    """A task as it will be given from now on. `stamp` is for which state of it the buttons are good."""

    key: int
    stamp: int
    process: str
    title: ProductText
    stage: ProductText
    lines: tuple[LineView, ...]
    description: StoredTitle | None = None
    video: str | None = None
    changed: str = ""  # by whom and when; empty for a task as in its file
    stale: bool = False
    full: bool = False


def processes_screen(found: Sequence[ProcessLine], t: Translator) -> Screen:
    """Which process."""
    rows = [
        (buttons.button(_marked(t(one.title), bool(one.changed), t), ListTaskTemplates(one.name)),) for one in found
    ]
    lines = (line("✅ ", bold(t("Чек-листы задач"))), line(t("Выберите процесс.")))
    return Screen(lines, (*rows, (buttons.back(t, OpenSettings()), buttons.home(t))))


def tasks_screen(view: TasksView, t: Translator) -> Screen:
    """The tasks of a process by stage; what the owner has edited is marked."""
    lines: list[Line] = [line("✅ ", bold(t("Чек-листы задач"))), line(t(view.title))]
    if not view.tasks:
        lines.append(line(t("В этом процессе задач нет.")))
    stage = None
    rows: list[list[Button]] = []
    for one in view.tasks:
        if one.stage != stage:
            lines += [EMPTY, line(bold(t(one.stage)))]
        stage = one.stage
        lines.append(line("• ", _marked(t(one.title), one.changed, t)))
        rows.append(
            [buttons.button(cut(f"{'✏️ ' if one.changed else ''}{t(one.title)}", LABEL), OpenTaskTemplate(one.key))]
        )
    turn = [buttons.button(t("‹ Раньше"), ListTaskTemplates(view.process, view.page - 1))] if view.page > 0 else []
    if view.page + 1 < view.pages:
        turn.append(buttons.button(t("Ещё ›"), ListTaskTemplates(view.process, view.page + 1)))
    back = buttons.back(t, OpenSettings()) if view.alone else buttons.back(t, ListTemplateProcesses())
    rows += [turn, [back, buttons.home(t)]]
    return Screen(tuple(lines), tuple(tuple(row) for row in rows if row))


def _marked(title: str, changed: bool, t: Translator) -> str:
    return t("{title} — изменён", title=title) if changed else title


def template_screen(view: TaskTemplateView, t: Translator) -> Screen:
    """What the task says and lists, as it will be given from now on."""
    lines: list[Line] = [line("✅ ", bold(t(view.title))), line(t("Стадия: {stage}", stage=t(view.stage)))]
    if view.changed:
        lines.append(line(t("Изменён: {who}", who=view.changed)))
    if view.stale:
        lines.append(line("⚠️ ", t("Файл процесса с тех пор изменился, здесь остаётся ваш вариант.")))
    if view.description:
        lines.append(quote(t.title(view.description), folded=len(view.description) > 200))
    if view.video:
        lines.append(line("▶️ ", view.video))
    lines += [EMPTY, *numbered(view.lines, t, ticks=False), EMPTY]
    lines.append(line(t("Изменения действуют для новых задач. Чек-листы, которые уже выданы, остаются как есть.")))
    rows = [
        [buttons.button(cut(f"{place}. {t.title(one.title)}", LABEL), OpenTemplateLine(view.key, view.stamp, one.id))]
        for place, one in enumerate(view.lines, start=1)
    ]
    if not view.full:
        rows.append([buttons.button(t("➕ Добавить пункт"), AddTemplateLine(view.key), colour="primary")])
    rows.append(
        [
            buttons.button(t("📝 Описание"), DescribeTaskTemplate(view.key)),
            buttons.button(t("▶️ Видео"), SetTemplateVideo(view.key)),
        ]
    )
    if view.changed:
        rows.append([buttons.button(t("↩️ Вернуть как в файле"), ResetTaskTemplate(view.key, view.stamp, sure=False))])
    rows.append([buttons.button(t("‹ Все задачи"), ListTaskTemplates(view.process)), buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))


def line_screen(view: TaskTemplateView, at: int, t: Translator, *, sure: bool = False) -> Screen:
    """One line of the template; `sure`: it is asked once more before the line goes."""
    one, key = view.lines[at], (view.key, view.stamp, at)
    ways = {
        "name": buttons.button(t("✏️ Переименовать"), RenameTemplateLine(*key)),
        "up": buttons.button(t("↑ Выше"), MoveTemplateLine(*key, at - 1)),
        "down": buttons.button(t("↓ Ниже"), MoveTemplateLine(*key, at + 1)),
        "off": buttons.button(t("🗑 Убрать"), RemoveTemplateLine(*key, sure or not about(one, t)), colour="danger"),
    }
    return one_line(
        one, at, len(view.lines), ways, [buttons.back(t, OpenTaskTemplate(view.key)), buttons.home(t)], t, sure=sure
    )  # fmt: skip


def reset_screen(view: TaskTemplateView, t: Translator) -> Screen:
    """Whether the owner's edits are really to go."""
    lines = (
        line("↩️ ", bold(t("Вернуть как в файле?"))),
        line(t(view.title)),
        EMPTY,
        line(t("Ваши изменения в этом чек-листе, описании и видео пропадут. Выданные задачи останутся как есть.")),
    )
    yes = buttons.button(t("Вернуть"), ResetTaskTemplate(view.key, view.stamp, sure=True), colour="danger")
    return Screen(lines, ((yes,), (buttons.back(t, OpenTaskTemplate(view.key)), buttons.home(t))))
