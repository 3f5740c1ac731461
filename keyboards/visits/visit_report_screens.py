"""By how much he is late; which windows are free instead of the one that he cannot keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from keyboards import buttons
from keyboards.callbacks.task_callbacks import OpenTask
from keyboards.callbacks.visit_callbacks import ReportCannotCome, ReportLate
from keyboards.screen import EMPTY, Button, Screen, bold, line
from keyboards.translator import Translator
from keyboards.visits import visit_words
from models.ids import TaskId
from models.values.product_text import StoredTitle
from models.visits import VisitWindow

LATE = (15, 30, 60)  # minutes


def rows(task: TaskId, t: Translator) -> list[Button]:
    """On the card of a job."""
    cannot = buttons.button(t("🚫 Не могу поехать"), ReportCannotCome(task))
    return [cannot, buttons.button(t("⏰ Опаздываю"), ReportLate(task))]


def span(minutes: int, t: Translator) -> str:
    """«15 мин», «час»."""
    return t("на час") if minutes == 60 else t("на {n} мин", n=minutes)


def how_late(task: TaskId, title: StoredTitle, t: Translator) -> Screen:
    """By how much."""
    chosen = [buttons.button(span(one, t), ReportLate(task, one)) for one in LATE]
    own = buttons.button(t("Своими словами…"), ReportLate(task, 0))
    lines = (line("⏰ ", bold(t("Опаздываю"))), line(t.title(title)), EMPTY, line(t("На сколько?")))
    return Screen(lines, (tuple(chosen), (own,), (buttons.back(t, OpenTask(task)), buttons.home(t))))


def with_free(screen: Screen, found: Sequence[VisitWindow], now: datetime, t: Translator) -> Screen:
    """The nearest free windows below what was said."""
    if not found:
        return screen
    shown = [line("🕘 ", visit_words.window(one, now, t)) for one in found]
    return replace(screen, lines=(*screen.lines, EMPTY, line(t("Ближайшие свободные окна:")), *shown))
