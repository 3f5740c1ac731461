"""An answer that could be misread waits for the person to say what he meant: one mechanism for dates and sums.

What is doubtful each type of field says itself (`Field.doubt`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from handlers.forms.form_state import Form
from services.step_states import StepState, step_state


@step_state("doubt")
@dataclass(frozen=True, slots=True)
class Doubt(StepState):
    """What the answer may mean, as the field keeps its values; one alone is to be confirmed."""

    readings: tuple[Any, ...]

    @property
    def is_inside(self) -> bool:
        return True


def find(form: Form) -> Doubt | None:
    """The doubt that the current question waits to be cleared up."""
    return form.find_state(Doubt) if form.draft.current is not None else None


def stand(form: Form, readings: tuple[Any, ...]) -> None:
    """Wait for the person's word. Buttons of an earlier doubt of the same question are dead from now on."""
    form.draft.step += 1
    form.draft.step_state = Doubt(tuple(form.field.encode(one) for one in readings))


def values(form: Form, doubt: Doubt) -> list[Any]:
    """The readings as typed values."""
    return [form.field.decode(one) for one in doubt.readings]
