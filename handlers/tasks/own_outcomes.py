"""What outcomes of the program's own tasks do: registered by the feature that the task belongs to."""

from __future__ import annotations

from collections.abc import Callable

from handlers.request import Request
from keyboards.screen import Reply
from models.entities import Task

OwnOutcome = Callable[[Request, Task], Reply]
OWN_OUTCOMES: dict[tuple[str, str], OwnOutcome] = {}


def on_own_outcome(task: str, outcome: str) -> Callable[[OwnOutcome], OwnOutcome]:
    """Register what the outcome of a task does that the program gives itself, before it is closed."""

    def register(act: OwnOutcome) -> OwnOutcome:
        OWN_OUTCOMES[task, outcome] = act
        return act

    return register
