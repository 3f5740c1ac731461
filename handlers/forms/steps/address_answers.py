"""An address: one line is read, what is missing is asked part by part, all is shown for a yes.

Where the person stands lies in `draft.sub`: `address` (what is known so far, as JSON), `part` (that is corrected).
"""

from __future__ import annotations

from dataclasses import replace

from handlers.forms import form_runner
from handlers.forms.form_screens import draws
from handlers.forms.form_state import Form
from handlers.forms.question_presses import on_question
from handlers.forms.steps.field_steps import FieldSteps, steps
from handlers.request import Request
from keyboards.callbacks.forms.address_answer_callbacks import CorrectPart, DeclarePartAbsent, MarkPrivateHouse
from keyboards.forms import address_prompts, prompts
from keyboards.forms.prompts import Question
from keyboards.screen import Reply, Screen
from models.errors import NotFound
from models.fields.address_field import PART_TITLES, AddressField
from models.values.addresses.address import Address

INSIDE = ("part", "address")  # places inside the question, the last one first


@draws(AddressField, inside=("address",))
def _address(request: Request, form: Form, ask: Question) -> Screen:
    field, known = form.field_as(AddressField), _known(form)
    if known is None:
        return address_prompts.whole(request.t, ask)
    gaps = field.gaps(known)
    asked = form.draft.sub.get("part") or (gaps[0] if gaps else None)
    if asked:
        return address_prompts.part(request.t, ask, known, asked, needed=asked in gaps)
    return address_prompts.confirm(request.t, ask, known, field.parts)


def _known(form: Form) -> Address | None:
    """What is known of the address that is being entered."""
    data = form.draft.sub.get("address")
    return Address.from_data(data) if data is not None else None


@steps(AddressField)
class AddressSteps(FieldSteps):
    """A line, a part, a point on the map."""

    def typed(self, request: Request, form: Form, raw: str) -> Reply:
        field, known = form.field_as(AddressField), _known(form)
        asked = form.draft.sub.get("part")
        if known is not None and asked is None:
            asked = next(iter(field.gaps(known)), None)
        if known is not None and asked is not None:
            return _keep(request, form, field.parse_part(asked, raw, known))
        return _keep(request, form, field.read(raw, known or Address()))

    def location(self, request: Request, form: Form, latitude: float, longitude: float) -> Reply:
        """A point on the map goes into the address's note; its parts are still asked."""
        known = _known(form) or Address()
        point = f"{latitude:.6f} {longitude:.6f}"
        return _keep(request, form, replace(known, note=f"{known.note}, {point}" if known.note else point))

    def confirmed(self, request: Request, form: Form) -> Reply:
        known = _known(form)
        if known is None:
            raise NotFound("button")
        return form_runner.record(request, form, known)

    def step_back(self, request: Request, form: Form) -> bool:
        place = next((one for one in INSIDE if one in form.draft.sub), None)
        if place is not None:
            del form.draft.sub[place]
        return place is not None


def _keep(request: Request, form: Form, known: Address) -> Reply:
    """Keep what is known of the address so far, and ask for the rest or for a yes."""
    form.draft.sub["address"] = known.to_data()
    form.draft.sub.pop("part", None)
    return form_runner.ask(request, form, before=prompts.set_aside(request.t, form.title(request.t)))


# --- buttons ----------------------------------------------------------------------------------------------------


@on_question(MarkPrivateHouse)
def _private(request: Request, form: Form, press: MarkPrivateHouse) -> Reply:
    return _keep(request, form, form.field_as(AddressField).as_private(_known(form) or Address()))


@on_question(DeclarePartAbsent)
def _no_part(request: Request, form: Form, press: DeclarePartAbsent) -> Reply:
    field, part = form.field_as(AddressField), _part(press.part)
    return _keep(request, form, field.parse_part(part, "нет", _known(form) or Address()))


@on_question(CorrectPart)
def _correct(request: Request, form: Form, press: CorrectPart) -> Reply:
    form.field_as(AddressField)
    form.draft.sub["part"] = _part(press.part)
    return form_runner.ask(request, form)


def _part(name: str) -> str:
    if name not in PART_TITLES:
        raise NotFound("button")
    return name
