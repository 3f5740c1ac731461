"""An outcome that leads through a one-way door is asked about beforehand (M-2)."""

from __future__ import annotations

from dataclasses import replace

from handlers.deals import deal_actions
from handlers.request import Request
from keyboards.callbacks.task_callbacks import ChooseOutcome, OpenTask
from keyboards.screen import Reply
from models.entities import Task
from models.process.stages import Outcome
from services.deals import deal_queries


def ask(request: Request, task: Task, chosen: Outcome, press: ChooseOutcome) -> Reply | None:
    """Which stages nothing leads back to from where the outcome leads, before anything else is asked; None if there are
    none."""
    deal = deal_queries.find(request.work, task.deal_id)
    shut = deal_queries.shut_by_actions(request.work, deal, chosen.do) if deal is not None else ()
    if deal is None or not shut:
        return None
    yes, asked = replace(press, sure="y"), f"{request.t(chosen.title)}?"
    return deal_actions.ask_one_way(request, deal, asked, shut, yes, OpenTask(task.id))
