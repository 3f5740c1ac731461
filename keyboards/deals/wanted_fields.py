"""Which empty fields a stage asks for: its own, those of its open tasks, those that its ways on need (day 10)."""

from __future__ import annotations

from keyboards import buttons
from keyboards.callbacks.deal_callbacks import FillWanted
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


def _is_wanted(view: DealView, name: str) -> bool:
    if name not in view.fields or view.deal.fields.get(name) not in (None, "", ()):
        return False
    return access.fills(view.role, view.process, name)


def _of_tasks(view: DealView) -> list[str]:
    """What the lines of the reader's own tasks ask for that he has not ticked yet."""
    own = (task for task in view.tasks if task.assignee_id == view.me)
    return [name for task in own for item in task.items if item.done_at is None for name in item.fill]


def _of_ways(view: DealView) -> list[str]:
    """What the ways on ask for when they are pressed; not what an ending wants to know."""
    cures = (one.cure for way in view.options if way.direction == "on" for one in way.reasons)
    return [name for cure in cures if isinstance(cure, Fill) for name in cure.fields]


def rows(view: DealView, names: tuple[str, ...], t: Translator) -> list[list[Button]]:
    """All of them, one question after another."""
    return [[buttons.button(t("➕ Нужное · {n}", n=len(names)), FillWanted(view.deal.id))]] if names else []
