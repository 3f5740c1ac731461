"""Giving an undone task to somebody else (C-6)."""

from __future__ import annotations

from handlers.deals import deal_actions
from handlers.request import Request, on_callback
from handlers.tasks import task_actions
from keyboards.callbacks.deal_callbacks import FillField
from keyboards.callbacks.task_callbacks import ChooseTaskPerson, GiveTaskTo
from keyboards.screen import Reply
from keyboards.tasks import task_handover as screens
from models import access
from services.people import employees
from services.tasks import agenda, task_handover, task_queries


@on_callback(ChooseTaskPerson, access.EVERYONE)
def choose(request: Request, press: ChooseTaskPerson) -> Reply:
    """To whom? A booked visit needs another free window: that is asked instead."""
    found = task_queries.get_mine(request.work, press.task)
    field = task_handover.window_of(request.work, found)
    if field is not None:
        return deal_actions.fill(request, FillField(found.deal_id, field))
    people = task_handover.takers(request.work, found)
    load = agenda.open_counts(request.work)
    people.sort(key=lambda one: load.get(one.id, 0))
    choices = [(one.id, one.name, load.get(one.id, 0)) for one in people]
    return Reply(screens.takers_screen(found, choices, request.t))


@on_callback(GiveTaskTo, access.EVERYONE)
def give(request: Request, press: GiveTaskTo) -> Reply:
    """To that person."""
    found = task_handover.give(request.work, press.task, press.to)
    name = employees.get(request.work, press.to).name
    return task_actions.show(request, found.id, request.t("Передано: {name}", name=name))
