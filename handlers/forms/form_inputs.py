"""What a person types or sends while a form is open: an answer, a contact, a place on the map, files."""

from __future__ import annotations

from handlers.forms import agreement, doubts, form_runner, form_state
from handlers.forms.form_state import Form
from handlers.forms.known_client import KnownClient
from handlers.forms.steps import field_steps
from handlers.request import Request, on_message
from keyboards.screen import Reply
from models import access
from models.values.invalid_value import N_, InvalidValue


@on_message(10, access.EVERYONE)
def sent(request: Request) -> Reply | None:
    """A message while a form is open is the answer to its question; a file that nobody asked for is passed on."""
    form, gone = form_state.find(request)
    if gone and request.incoming.file is None:
        return Reply(gone, new=True)
    if form is None:
        return None
    try:
        return _answer(request, form)
    except InvalidValue as wrong:
        if doubts.find(form) is not None:  # who says it otherwise does not mean what was understood before
            form.draft.step_state = None
        return form_runner.ask_again(request, form, wrong)


def _answer(request: Request, form: Form) -> Reply | None:
    incoming = request.incoming
    if agreement.find(form) is not None:
        if incoming.file is not None:
            return None
        raise InvalidValue("agreement.choose", N_("Ответьте кнопкой: согласуются ли эти ответы."))
    steps = field_steps.of(form.field)
    if incoming.file is not None:
        return steps.file(request, form, incoming.file)
    if form.find_state(KnownClient):
        raise InvalidValue("client.choose", N_("Выберите кнопкой, для кого сделка."))
    if incoming.contact is not None:
        return steps.contact(request, form, incoming.contact)
    if incoming.location is not None:
        return steps.location(request, form, *incoming.location)
    if incoming.text is None:
        raise form.field.wrong_kind()
    return steps.typed(request, form, incoming.text)
