"""Answers that belong to a task: whoever has the task gives them, though he may not edit the deal itself (C-3, C-5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from models.engine import moves
from models.errors import NotAllowed, NotFound
from models.nouns import Deal, Item, Task
from services import deals, tasks
from services.work import Work


def find_item(found: Task, item_id: int) -> Item:
    """A line of the task's checklist; NotFound if it has none such."""
    line = next((one for one in found.items if one.id == item_id), None)
    if line is None:
        raise NotFound("item")
    return line


def complete(work: Work, task_id: int, item_id: int, values: Mapping[str, Any]) -> Deal:
    """Tick a line of the checklist and fill the fields that it asks for; gives the deal as it is then.

    NotAllowed for any other field; AlreadyDone if the task is closed.
    """
    found = tasks.get_mine(work, task_id)
    line = find_item(found, item_id)
    if line.done_at is None:  # first, because a robot on a filled field may take the whole task back
        tasks.tick(work, task_id, item_id)
    _fill(work, found, line.fill, values)
    return _card(work, found)


def answer(work: Work, task_id: int, outcome: str, values: Mapping[str, Any]) -> Task:
    """Fill the fields that an outcome asks for; the task stays open. NotAllowed for any other field."""
    found = tasks.get_mine(work, task_id)
    card = _card(work, found)
    described = tasks.description_of(work.process(card.process), found)
    chosen = described.outcomes.get(outcome) if described else None
    _fill(work, found, chosen.ask if chosen else (), values)
    return found


def _fill(work: Work, found: Task, allowed: Sequence[str], values: Mapping[str, Any]) -> None:
    if set(values) - set(allowed):
        raise NotAllowed
    if not values:
        return
    card = _card(work, found)
    process = work.process(card.process)
    deals.perform(work, card, moves.plan_fields(process, deals.state_of(work, card), values, work.moment))


def _card(work: Work, found: Task) -> Deal:
    card = deals.find(work, found.deal_id)
    if card is None:
        raise NotFound("deal")
    return card
