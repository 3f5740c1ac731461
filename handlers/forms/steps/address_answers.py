"""An address: one line is read, what is missing is asked part by part, all is shown for a yes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator

from handlers.forms import form_runner
from handlers.forms.form_screens import draws
from handlers.forms.form_state import Form
from handlers.forms.question_presses import on_question
from handlers.forms.steps.field_steps import FieldSteps, steps
from handlers.request import Request
from keyboards.callbacks.forms.address_answer_callbacks import CorrectPart, MarkPartEmpty, MarkPrivateHouse
from keyboards.forms import address_prompts, prompts
from keyboards.forms.prompts import Question
from keyboards.screen import Reply, Screen
from models.errors import NotFound
from models.fields.address_field import PART_TITLES, AddressField
from models.values.addresses.address import Address
from services.step_states import StepState, step_state

KeptAddress = Annotated[Address, PlainValidator(Address.from_data), PlainSerializer(Address.to_data)]


@step_state("address")
@dataclass(frozen=True, slots=True)
class AddressState(StepState):
    """What is known of the address so far, and which part of it is corrected."""

    address: KeptAddress | None = None
    part: str | None = None

    @property
    def is_inside(self) -> bool:
        return self.address is not None

    @property
    def replaces_value(self) -> bool:
        return self.address is not None


@draws(AddressField)
def _address(request: Request, form: Form, ask: Question) -> Screen:
    field, state = form.field_as(AddressField), _state(form)
    known = state.address
    if known is None:
        return address_prompts.whole(request.t, ask)
    gaps = field.gaps(known)
    asked = state.part or (gaps[0] if gaps else None)
    if asked:
        return address_prompts.part(request.t, ask, known, asked, needed=asked in gaps)
    return address_prompts.confirm(request.t, ask, known, field.parts)


def _state(form: Form) -> AddressState:
    return form.find_state(AddressState) or AddressState()


@steps(AddressField)
class AddressSteps(FieldSteps):
    """A line, a part, a point on the map."""

    def typed(self, request: Request, form: Form, raw: str) -> Reply:
        field, state = form.field_as(AddressField), _state(form)
        known, asked = state.address, state.part
        if known is not None and asked is None:
            asked = next(iter(field.gaps(known)), None)
        if known is not None and asked is not None:
            return _keep(request, form, field.parse_part(asked, raw, known))
        return _keep(request, form, field.read(raw, known or Address()))

    def location(self, request: Request, form: Form, latitude: float, longitude: float) -> Reply:
        """A point on the map goes into the address's note; its parts are still asked."""
        known = _state(form).address or Address()
        point = f"{latitude:.6f} {longitude:.6f}"
        if point in (known.note or ""):
            return _keep(request, form, known)
        return _keep(request, form, replace(known, note=f"{known.note}, {point}" if known.note else point))

    def takes_location(self, form: Form) -> bool:
        return True

    def confirmed(self, request: Request, form: Form) -> Reply:
        known = _state(form).address
        if known is None:
            raise NotFound("button")
        return form_runner.record(request, form, known)

    def step_back(self, request: Request, form: Form) -> bool:
        state = _state(form)
        if state == AddressState():
            return False
        form.draft.step_state = replace(state, part=None) if state.part is not None else None
        return True


def _keep(request: Request, form: Form, known: Address) -> Reply:
    """Keep what is known of the address so far, and ask for the rest or for a yes."""
    form.draft.step_state = AddressState(known)
    return form_runner.ask(request, form, before=prompts.set_aside(request.t, form.title(request.t)))


# --- buttons ----------------------------------------------------------------------------------------------------


@on_question(MarkPrivateHouse)
def _private(request: Request, form: Form, press: MarkPrivateHouse) -> Reply:
    return _keep(request, form, form.field_as(AddressField).as_private(_state(form).address or Address()))


@on_question(MarkPartEmpty)
def _no_part(request: Request, form: Form, press: MarkPartEmpty) -> Reply:
    field, part = form.field_as(AddressField), _part(press.part)
    return _keep(request, form, field.parse_part(part, "нет", _state(form).address or Address()))


@on_question(CorrectPart)
def _correct(request: Request, form: Form, press: CorrectPart) -> Reply:
    form.field_as(AddressField)
    form.draft.step_state = replace(_state(form), part=_part(press.part))
    return form_runner.ask(request, form)


def _part(name: str) -> str:
    if name not in PART_TITLES:
        raise NotFound("button")
    return name
