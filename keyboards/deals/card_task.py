"""What is done next on a deal, one tap away from its card: the reader's task with its ticks, the paper it needs."""

from __future__ import annotations

from keyboards import buttons
from keyboards.callbacks.paper_callbacks import PreparePaper
from keyboards.callbacks.task_callbacks import OpenTask
from keyboards.deals.deal_view import DealView
from keyboards.near_time import cut
from keyboards.screen import Button
from keyboards.translator import Translator
from models import access
from models.entities import Task


def buttons_of(view: DealView, t: Translator) -> list[Button]:
    """«✅ Задача 2/5», «📄 Договор»: of the reader's own task that is due first, if it has a checklist."""
    task = _own(view)
    if task is None:
        return []
    done = sum(1 for one in task.items if one.done_at is not None)
    label = t("✅ Задача {done}/{whole}", done=done, whole=len(task.items))
    row = [buttons.button(label, OpenTask(task.id))]
    paper = next((one.paper for one in task.items if one.paper and one.done_at is None), None)
    known = view.process.papers.get(paper) if paper else None
    if paper and known is not None and view.can_edit and view.role in access.SALES:
        row.append(buttons.button(f"📄 {cut(t(known.title), buttons.BESIDE - 2)}", PreparePaper(view.deal.id, paper)))
    return row


def _own(view: DealView) -> Task | None:
    return next((one for one in view.tasks if one.assignee_id == view.me and one.items), None)
