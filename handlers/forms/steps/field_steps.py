"""What a person can do with the question of a field: type, send, press.

Most types need nothing of their own: what is typed or shared is read by the field itself. A type whose answer takes
several steps registers them: `@steps(AddressField)`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from handlers.forms import doubts, form_runner, form_screens, form_state
from handlers.forms.form_state import Form
from handlers.request import Request, SharedContact
from keyboards.forms import prompts
from keyboards.screen import Reply
from models.errors import NotFound
from models.fields.base import Field, all_types
from models.values.invalid_value import N_, InvalidValue
from services.files import deal_files
from services.files.incoming_files import IncomingFile


class FieldSteps:
    """The steps of a type that has none of its own. InvalidValue is said above the question, which is asked again."""

    def typed(self, request: Request, form: Form, raw: str) -> Reply:
        """Words."""
        return self.take(request, form, raw, form_state.parsed(request, form, raw))

    def take(self, request: Request, form: Form, raw: str, value: Any) -> Reply:
        """What the words mean; an answer that can be misread waits until the person has said what he meant."""
        readings = form.field.doubt(raw, value, form.context(request))
        if not readings:
            return self.understood(request, form, value)
        doubts.stand(form, readings)
        if request.message_id is None and request.incoming.message_id is not None:
            form.draft.typed[form.name] = request.incoming.message_id
        return form_runner.ask(request, form, before=prompts.set_aside(request.t, form.title(request.t)))

    def understood(self, request: Request, form: Form, value: Any) -> Reply:
        """An answer that is clear, or has been cleared up."""
        return form_runner.record(request, form, value)

    def contact(self, request: Request, form: Form, contact: SharedContact) -> Reply:
        """A contact out of the phone book, whoever it is: its phone, or its name where the name is asked."""
        said = contact.name if form.is_name and contact.name else form.field.read_contact(contact.phone)
        return form_runner.record(request, form, form_state.parsed(request, form, said))

    def location(self, request: Request, form: Form, latitude: float, longitude: float) -> Reply:
        """A place shared from the phone."""
        return form_runner.record(request, form, form.field.read_location(latitude, longitude))

    def takes_location(self, form: Form) -> bool:
        """Whether a place can be an answer."""
        try:
            form.field.read_location(0.0, 0.0)
        except InvalidValue:
            return False
        return True

    def file(self, request: Request, form: Form, file: IncomingFile) -> Reply | None:
        """A file; None: it is no answer to this question. A voice note of one's own was meant as one, and nobody here
        hears it: it is kept with the deal, and words are asked for."""
        if file.kind != "voice" or request.incoming.forwarded is not None:
            return None
        if form.deal is None:
            raise InvalidValue("answer.voice", N_("Слушать голосовые я не умею. Ответьте, пожалуйста, словами."))
        deal_files.keep(request.work, form.deal, None, file)
        said = N_("Голосовое сообщение сохранил в файлах сделки, но слушать я не умею. Ответьте, пожалуйста, словами.")
        raise InvalidValue("answer.voice_kept", said)

    def day(self, request: Request, form: Form, day: date) -> Reply:
        """A day of the calendar was pressed."""
        raise NotFound("button")

    def turned(self, request: Request, form: Form, month: int) -> Reply:
        """Another page of the calendar; `month` is such a number as `date_prompts.month_of` gives."""
        raise NotFound("button")

    def reset(self, request: Request, form: Form) -> Reply:
        """Back to the calendar."""
        raise NotFound("button")

    def confirmed(self, request: Request, form: Form) -> Reply:
        """What was understood is right."""
        return self.meant(request, form, 0, of=1)

    def meant(self, request: Request, form: Form, place: int, *, of: int | None = None) -> Reply:
        """One of the readings of a doubtful answer, by its place, `of` so many."""
        doubt = doubts.find(form)
        readings = doubts.values(form, doubt) if doubt is not None else []
        if not 0 <= place < len(readings) or of not in (None, len(readings)):
            raise NotFound("button")
        return self.understood(request, form, readings[place])

    def done(self, request: Request, form: Form) -> Reply:
        """Enough options ticked, or files sent."""
        raise NotFound("button")

    def step_back(self, request: Request, form: Form) -> bool:
        """Stand one place earlier inside the question; False if there is none. A doubt is dropped before."""
        return False

    def check_kept(self, request: Request, form: Form, value: Any) -> None:
        """Raise InvalidValue if the value that there is cannot be left as it is."""
        form.check(request, value)

    def release(self, request: Request, form: Form, name: str) -> None:
        """The form was given up: what the question `name` held is free."""


S = TypeVar("S", bound=FieldSteps)
_PLAIN = FieldSteps()
_STEPS: dict[type[Field], FieldSteps] = {}


def steps(*kinds: type[Field]) -> Callable[[type[S]], type[S]]:
    """Register the steps of types, or of every type of a group."""

    def register(made: type[S]) -> type[S]:
        for kind in kinds:
            if kind in _STEPS:
                raise ValueError(f"the steps of {kind.__name__} are registered twice")
            _STEPS[kind] = made()
        return made

    return register


def missing() -> list[str]:
    """A line for each type of field that cannot be asked for."""
    silent = [word for word, kind in all_types().items() if not form_screens.has_question(kind)]
    return [f"field type `{word}`: no question on the screen (keyboards/forms, @prompts)" for word in silent]


def of(field: Field) -> FieldSteps:
    """The steps of the field's question."""
    return next((_STEPS[kind] for kind in type(field).__mro__ if kind in _STEPS), _PLAIN)
