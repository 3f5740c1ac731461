"""Answers that must agree (`confirms` of a gate): which of them a form has to show together before it ends (M-16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handlers.forms.form_state import Form
from models.field_values import FieldValues
from services.step_states import StepState, step_state


@step_state("agreement")
@dataclass(frozen=True, slots=True)
class Agreement(StepState):
    """After the last question: these answers are shown together, as the deal stood at that version."""

    fields: tuple[str, ...]
    version: int = 0


def find(form: Form) -> Agreement | None:
    """The agreement that the form waits for, if its questions are all answered."""
    return form.find_state(Agreement) if form.draft.current is None else None


def wanted(form: Form) -> tuple[str, ...]:
    """The answers to be confirmed together: those of a set of which this form has answered one, if two are known."""
    for together in form.process.confirmed_together if form.process and form.deal else ():
        known = tuple(_known(form, together))
        if len(known) > 1 and any(name in form.values for name in together):
            return known
    return ()


def _known(form: Form, names: tuple[str, ...]) -> Iterator[str]:
    values = answers(form, names)
    return (name for name in names if values.get(name) not in (None, "", ()))


def answers(form: Form, names: tuple[str, ...]) -> FieldValues:
    """What stands under these fields when the form is done; nothing for one that the process has no more."""
    known = {**(form.deal.fields if form.deal else {}), **form.values}
    return {name: known[name] for name in names if name in known and name in form.fields}
