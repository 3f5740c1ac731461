"""What a robot has asked and nobody has answered becomes a task: it has a person, a time, and an end that escalates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from models.fields.base import Field
from models.process.actions import Action, AskFields
from models.process.stages import DueAfter, ItemDefinition, TaskDefinition

PREFIX = "ask_"
LONGEST_NAME, LONGEST_TITLE = 24, 200
SPAN = DueAfter(after=timedelta(hours=4))


def name_of(action: AskFields) -> str:
    """The task's name: after the first field that is asked for."""
    return f"{PREFIX}{action.ask[0]}"[:LONGEST_NAME]


def of_actions(actions: Iterable[Action], fields: dict[str, Field]) -> dict[str, TaskDefinition]:
    """The task of each thing that is asked, by its name: the question is its title, each field a line."""
    return {name_of(one): _task(one, fields) for one in actions if isinstance(one, AskFields) and one.ask}


def _task(asked: AskFields, fields: dict[str, Field]) -> TaskDefinition:
    known = [name for name in asked.ask if name in fields]
    lines = tuple(ItemDefinition(title=fields[name].title, fill=(name,)) for name in known)
    return TaskDefinition(title=asked.text[:LONGEST_TITLE], to=asked.of, due=SPAN, checklist=lines)
