"""What happens after the last answer of a form, by its purpose, and who may bring it about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from handlers.request import Request
from keyboards.screen import Reply
from models import discovery
from models.errors import NotAllowed
from models.field_values import FieldValues
from services import form_purposes, step_states
from services.form_purposes import Purpose, UnknownPurpose
from services.step_states import StepState

P = TypeVar("P", bound=Purpose)
Finisher = Callable[[Request, P, FieldValues], Reply]


@dataclass(frozen=True, slots=True)
class RegisteredFinisher:
    """Who may finish it, and what happens then: the finisher takes the purpose as the class it is registered for."""

    roles: frozenset[str]
    finish: Callable[[Request, Any, FieldValues], Reply]


FINISHERS: dict[type[Purpose], RegisteredFinisher] = {}


def on_finish(purpose: type[P], roles: frozenset[str]) -> Callable[[Finisher[P]], Finisher[P]]:
    """Register what happens after the last answer of a form of that purpose. `roles`: a form is a second step, and
    whoever began it may have lost his role since.

    The finisher gets the request, the purpose and the typed values that were answered, inside the same transaction; the
    draft is cleared before. An InvalidValue that it raises undoes what it did and asks the last question again.
    """

    def register(finisher: Finisher[P]) -> Finisher[P]:
        if purpose in FINISHERS:
            raise ValueError(f"the end of {purpose.__name__} is registered twice")
        FINISHERS[purpose] = RegisteredFinisher(roles, finisher)
        return finisher

    return register


def check_may_finish(request: Request, purpose: Purpose) -> None:
    """Raise NotAllowed for a role that may not finish such a form (any more)."""
    if request.me.role not in FINISHERS[type(purpose)].roles:
        raise NotAllowed


def finish(request: Request, purpose: Purpose, values: FieldValues) -> Reply:
    """Do what the form was for: NotAllowed, and what the finisher raises."""
    check_may_finish(request, purpose)
    return FINISHERS[type(purpose)].finish(request, purpose, values)


def missing() -> list[str]:
    """Purposes that nothing would finish: no finisher, or one for nobody; and those without a word."""
    declared = {one.made for one in form_purposes.FORMATS.values()} | {UnknownPurpose}
    wordless = (one for one in discovery.leaves(Purpose) if one not in declared)
    lone = (one for one in form_purposes.FORMATS.values() if one.made not in FINISHERS)
    barred = (purpose for purpose, known in FINISHERS.items() if not known.roles)
    return [
        *(f"the purpose {one.made.__name__} ({one.word}) has no finisher" for one in lone),
        *(f"the purpose {purpose.__name__} may be finished by nobody" for purpose in barred),
        *(f"the purpose {purpose.__name__} has no word that it is kept under" for purpose in wordless),
        *step_states.STEP_STATES.undeclared(StepState),
    ]
