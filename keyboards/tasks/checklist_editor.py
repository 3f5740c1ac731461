"""The lines of a checklist, to be edited: for one deal by its manager, in the template by the owner (K-5).

Titles of lines may have been typed by people: they are never read as placeholders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keyboards import buttons
from keyboards.callbacks.checklist_callbacks import (
    AddChecklistLine,
    MoveChecklistLine,
    OpenChecklist,
    OpenChecklistLine,
    RemoveChecklistLine,
    RenameChecklistLine,
)
from keyboards.callbacks.task_callbacks import OpenTask
from keyboards.near_time import cut
from keyboards.screen import EMPTY, Button, Line, Screen, bold, line
from keyboards.translator import Translator
from models.ids import ItemId, TaskId
from models.values.product_text import NO_TEXT, ProductText, StoredTitle

LABEL = 34
ROOM = 2400  # characters of a message that the lines may take: it holds 4096, and says other things too
SHORT = 70


@dataclass(frozen=True, slots=True)
class LineView:
    """A line; `asks` are the titles of the fields that ticking it asks for, `paper` is the title of what it makes.

    `id` is the item's in a deal's checklist, the line's place in a template.
    """

    id: int
    title: StoredTitle
    done: bool = False
    asks: tuple[ProductText, ...] = ()
    paper: ProductText = NO_TEXT
    optional: bool = False


@dataclass(frozen=True, slots=True)
class DealListView:
    """The checklist of one deal's task."""

    task_id: TaskId
    task: StoredTitle
    deal: str
    number: str
    lines: tuple[LineView, ...]
    full: bool = False


def numbered(lines: Sequence[LineView], t: Translator, *, ticks: bool) -> list[Line]:
    """The lines in order, with what they ask; cut short where all of it would not fit into a message."""
    said = [(t.title(one.title), _tail(one, t)) for one in lines]
    if sum(len(title) + len(tail) for title, tail in said) > ROOM:
        said = [(cut(title, SHORT), " ✏️" if tail else "") for title, tail in said]
    marks = [("☑ " if one.done else "☐ ") if ticks else "" for one in lines]
    out = [
        line(f"{place}. {mark}{title}{tail}")
        for place, (mark, (title, tail)) in enumerate(zip(marks, said, strict=True), 1)
    ]
    return out or [line(t("Пунктов пока нет."))]


def _tail(one: LineView, t: Translator) -> str:
    said = about(one, t)
    return f" ({'; '.join(said)})" if said else ""


def about(one: LineView, t: Translator) -> list[str]:
    """What ticking the line brings."""
    out = []
    if one.paper:
        out.append(t("сделает документ: {paper}", paper=t(one.paper)))
    if one.asks:
        out.append(t("спросит: {fields}", fields=", ".join(t(name) for name in one.asks)))
    if one.optional:
        out.append(t("можно пропустить"))
    return out


def deal_list(view: DealListView, t: Translator) -> Screen:
    """All lines of this deal's checklist: a tap opens one."""
    lines: list[Line] = [
        line("✏️ ", bold(t("Чек-лист этой сделки"))),
        line(t("Задача: {task}", task=t.title(view.task))),
        line(f"{view.deal} · № {view.number}"),
        EMPTY,
        *numbered(view.lines, t, ticks=True),
        EMPTY,
        line(t("Изменения — только в этой сделке, они останутся в её истории. Нажмите на пункт, чтобы изменить его.")),
    ]
    rows = [
        [buttons.button(cut(f"{place}. {t.title(one.title)}", LABEL), OpenChecklistLine(view.task_id, ItemId(one.id)))]
        for place, one in enumerate(view.lines, start=1)
    ]
    if not view.full:
        rows.append([buttons.button(t("➕ Добавить пункт"), AddChecklistLine(view.task_id), colour="primary")])
    rows.append([buttons.button(t("‹ К задаче"), OpenTask(view.task_id)), buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))


def deal_line(view: DealListView, at: int, t: Translator, *, sure: bool = False) -> Screen:
    """One line of this deal's checklist; `sure`: it is asked once more before the line goes."""
    one, task = view.lines[at], view.task_id
    item = ItemId(one.id)
    ways = {
        "name": buttons.button(t("✏️ Переименовать"), RenameChecklistLine(task, item)),
        "up": buttons.button(t("↑ Выше"), MoveChecklistLine(task, item, at, at - 1)),
        "down": buttons.button(t("↓ Ниже"), MoveChecklistLine(task, item, at, at + 1)),
        "off": buttons.button(
            t("🗑 Убрать"), RemoveChecklistLine(task, item, sure or not about(one, t)), colour="danger"
        ),
    }
    back = buttons.back(t, OpenChecklist(view.task_id))
    return one_line(one, at, len(view.lines), ways, [back, buttons.home(t)], t, sure=sure)


def one_line(
    one: LineView, at: int, n: int, ways: dict[str, Button], back: list[Button], t: Translator, *, sure: bool
) -> Screen:
    """A line with what can be done to it: `ways` are the buttons name, up, down, off."""
    lines: list[Line] = [
        line(t("Пункт {place} из {n}", place=at + 1, n=n)),
        line(bold(t.title(one.title))),
        *(line("• ", said) for said in about(one, t)),
    ]
    if sure:
        lines += [EMPTY, line(t("Вернуть его потом нельзя: вместе с ним уйдёт и то, что он спрашивает. Убрать?"))]
        return Screen(tuple(lines), ((ways["off"],), tuple(back)))
    moves = [ways[name] for name, may in (("up", at > 0), ("down", at < n - 1)) if may]
    rows = [[ways["name"]], moves, [ways["off"]], back]
    return Screen(tuple(lines), tuple(tuple(row) for row in rows if row))
