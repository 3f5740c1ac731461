"""Which empty fields a stage asks for: its own, those of its open tasks, those that its ways on need (day 10)."""

from __future__ import annotations

from collections import Counter

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import FillField, FillWanted
from keyboards.deals.deal_view import DealView
from keyboards.screen import Button
from keyboards.translator import Translator
from models import access
from models.engine.effects import Fill

MOST = 6  # more is no longer what one does now


def find(view: DealView) -> tuple[str, ...]:
    """The empty fields that this stage wants and the reader may fill in, the most pressing first; none of a deal that
    has ended."""
    if view.deal.status != "open" or not view.can_edit:
        return ()
    names = [*view.stage.fields, *_of_tasks(view), *_of_ways(view)]
    return tuple(name for name in dict.fromkeys(names) if _is_wanted(view, name))[:MOST]


def asked(view: DealView) -> tuple[str, ...]:
    """Those that are asked one after another. Money is not: what was told of it would be lost with the questions after
    it."""
    return tuple(name for name in find(view) if name not in view.process.payment_fields)


def _is_wanted(view: DealView, name: str) -> bool:
    if name not in view.fields or view.has(name):
        return False
    return access.fills(view.role, view.process, name)


def _of_tasks(view: DealView) -> list[str]:
    """What the lines of the reader's own tasks ask for that he has not ticked yet."""
    own = (task for task in view.tasks if task.assignee_id == view.me)
    return [name for task in own for item in task.items if item.done_at is None for name in item.fill]


def _of_ways(view: DealView) -> list[str]:
    """What most of the ways on ask for when they are pressed: not what only one of several wants, nor an ending."""
    ways = [
        way
        for way in view.options
        if way.direction == "on" and not view.process.stage(view.deal.pipeline, way.stage).from_any
    ]
    asked = [[name for one in way.reasons if isinstance(one.cure, Fill) for name in one.cure.fields] for way in ways]
    counted = Counter(name for names in asked for name in dict.fromkeys(names))
    return [name for name, n in counted.items() if 2 * n > len(ways)]


def rows(view: DealView, t: Translator) -> list[list[Button]]:
    """All of them, one question after another; money by itself."""
    names = asked(view)
    money = [name for name in find(view) if name not in names]
    rows = [[buttons.button(f"➕ {t(view.fields[name].title)}", FillField(view.deal.id, name))] for name in money]
    first = [[buttons.button(t("➕ Нужное · {n}", n=len(names)), FillWanted(view.deal.id))]] if names else []
    return first + rows
