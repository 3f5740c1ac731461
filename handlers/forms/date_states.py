"""Where a person stands inside the question for a day or an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.forms.form_state import Form
from models.values.product_text import ProductText
from services.step_states import KeptDay, StepState, step_state


@dataclass(frozen=True, slots=True)
class OtherDayAsked:
    """It is asked whether a visit is to be moved to the day that was guessed: the deal has `day`; with the visit it
    would go to `stage` (a title), if it would."""

    day: KeptDay
    stage: ProductText | None = None


@step_state("date")
@dataclass(frozen=True, slots=True)
class DateState(StepState):
    """`month` is the calendar's page, `day` the one whose hours are shown, `guess` what was understood of a typed date,
    as the field keeps its values."""

    month: int | None = None
    day: KeptDay | None = None
    guess: str | None = None
    other_day: OtherDayAsked | None = None

    @property
    def is_inside(self) -> bool:
        return self.guess is not None or self.day is not None


def has_confirmed_day(form: Form, at: datetime) -> bool:
    """Whether the other day of that hour has been asked about: who answers now has seen the question."""
    state = form.find_state(DateState)
    return state is not None and state.other_day is not None and state.guess == form.field.encode(at)
