"""The inner pages of a deal: its history, its open tasks."""

from __future__ import annotations

from collections.abc import Sequence

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import (
    OpenDeal,
    OpenHistory,
)
from keyboards.callbacks.task_callbacks import OpenTask
from keyboards.deals import deal_card, history_words
from keyboards.deals.deal_card import headline
from keyboards.deals.deal_view import DealView
from keyboards.screen import Line, Screen, bold, line
from keyboards.translator import Translator
from models.history.line import HistoryEntry
from models.values.invalid_value import N_

SOURCES = {"site": N_("Сайт"), "manual": N_("Вручную")}  # what has no name of its own


def history(view: DealView, events: Sequence[HistoryEntry], older: bool, t: Translator) -> Screen:
    """Who, when, from → to, why; the newest first. A converted lead's history goes on below (F-L7)."""
    lines: list[Line] = [*headline(view, t), ()]
    for one in events:
        if not history_words.is_seen(one, view):
            continue
        lines.append(line(history_words.told(one, view, t)))
    rows = (
        [[buttons.button(t("Лид № {number}", number=view.origin.number), OpenHistory(view.origin.id))]]
        if view.origin
        else []
    )
    if older:
        lines.append(line("…"))
    if further := deal_card.became(view, t):
        rows.append(further)
    rows.append([buttons.back(t, OpenDeal(view.deal.id)), buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))


def tasks_of(view: DealView, t: Translator) -> Screen:
    """The open tasks of the deal."""
    lines = [*headline(view, t), ()]
    lines.append(line(t("Открытых задач нет.") if not view.tasks else bold(t("Задачи по сделке"))))
    rows = [
        [buttons.button(f"{'⚠️ ' if one.due_at < view.now else ''}{t.title(one.title)}"[:60], OpenTask(one.id))]
        for one in view.tasks
    ]
    rows.append([buttons.back(t, OpenDeal(view.deal.id)), buttons.home(t)])
    return Screen(tuple(lines), tuple(tuple(row) for row in rows))
