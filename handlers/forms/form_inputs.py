"""What a person types or sends while a form is open: an answer, a contact, a place on the map, files.

Nothing goes to a question that he has turned away from, unless he says that it is the answer (day 1).
"""

from __future__ import annotations

from dataclasses import replace

from handlers.forms import agreement, doubts, form_runner, form_screens, form_state
from handlers.forms.form_state import Form
from handlers.forms.known_client import KnownClient
from handlers.forms.question_presses import on_question
from handlers.forms.steps import field_steps
from handlers.request import Incoming, Request, on_message
from keyboards.callbacks.forms.question_callbacks import AnswerHeard, ResumeQuestion
from keyboards.deals import place_screens
from keyboards.forms import prompts
from keyboards.screen import Reply
from models import access
from models.fields.text_field import TextField
from models.values.dates import step_phrases
from models.values.geo_point import GeoPoint
from models.values.invalid_value import N_, InvalidValue
from services import drafts

LONGEST_HEARD = 3000  # characters


@on_message(10, access.EVERYONE)
def sent(request: Request) -> Reply | None:
    """A message while a form is open is the answer to its question; a file that nobody asked for is passed on, and so
    is what can be no answer to a question that was left."""
    form, gone = form_state.find(request)
    if gone and request.incoming.file is None and request.me.question not in ("aside", "parked"):
        return Reply(gone, new=True)
    if form is None or form.draft.stands == "parked":
        return None
    if _is_left(request, form):
        return _left(request, form)
    if _may_be_step(request, form):
        return _in_doubt(request, form, request.t("⏰ Нет, это напоминание"))
    if request.incoming.forwarded is not None and request.incoming.file is None:  # words of somebody else
        return _in_doubt(request, form, _not_mine(request)) if _may_be_answer(request, form) else None
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


# --- a question that was left -------------------------------------------------------------------------------------


def _is_left(request: Request, form: Form) -> bool:
    """Whether he has turned away from the question since; who answers its very message has not. Photos that are
    gathered for an hour are."""
    draft, incoming = form.draft, request.incoming
    if incoming.reply_to is not None and incoming.reply_to == draft.message_id:
        return False
    return draft.stands == "aside" if incoming.file is not None else draft.is_doubtful(request.work.now)


def _left(request: Request, form: Form) -> Reply | None:
    """What can be an answer is asked about; all else is taken as if there was no question."""
    if form.draft.purpose.is_search:
        drafts.clear(request.work)
        return None
    if not _may_be_answer(request, form):
        return None
    return _in_doubt(request, form, _otherwise(request))


def _otherwise(request: Request) -> str:
    """What the words may be if they are no answer."""
    if request.incoming.forwarded is not None:
        return _not_mine(request)
    if _says_when(request):
        return request.t("⏰ Нет, это напоминание")
    if request.incoming.location is not None:
        return request.t("Нет, это другое")
    return request.t("🔍 Нет, это поиск") if request.me.role in access.SALES else request.t("Нет, это другое")


def _not_mine(request: Request) -> str:
    return request.t("📨 Нет, это от клиента")


def _may_be_answer(request: Request, form: Form) -> bool:
    heard = words(request.incoming)
    if request.incoming.location is not None:
        return form.draft.current is not None and field_steps.of(form.field).takes_location(form)
    if not heard or form.draft.current is None or form.find_state(KnownClient):
        return False
    try:
        form_state.parsed(request, form, heard)
    except InvalidValue:
        return False
    return True


def _may_be_step(request: Request, form: Form) -> bool:
    """«Напомни завтра …» is taken by every question for words."""
    if form.draft.purpose.is_step or form.draft.current is None or not isinstance(form.field, TextField):
        return False
    return _says_when(request)


def _says_when(request: Request) -> bool:
    said = words(request.incoming)
    if request.incoming.file is not None or not step_phrases.is_asked(said):
        return False
    phrase = step_phrases.read(said, request.work.company.calendar.local(request.work.now))
    return phrase.at is not None or phrase.day is not None


def words(incoming: Incoming) -> str:
    """What was typed; of a contact its phone, of a place where it is."""
    if incoming.location is not None:
        return place_screens.in_words(GeoPoint(*incoming.location))
    return incoming.contact.phone if incoming.contact is not None else (incoming.text or "").strip()


def _in_doubt(request: Request, form: Form, other: str) -> Reply:
    """Is it the answer? The words are kept until that is said."""
    form.draft.heard, form.draft.stands = words(request.incoming)[:LONGEST_HEARD], "aside"
    form.draft.heard_from, form.draft.heard_place = request.incoming.forwarded, request.incoming.location
    drafts.save(request.work, form.draft)
    ask = form_screens.asked(request, form)
    return Reply(prompts.doubtful(request.t, ask, form.draft.heard, other), new=True)


@on_question(AnswerHeard)
def _is_answer(request: Request, form: Form, press: AnswerHeard) -> Reply:
    """It was the answer."""
    heard, place = form.draft.heard, form.draft.heard_place
    if not heard or form.draft.current is None:
        return form_runner.ask(request, form)
    if place is not None:
        return field_steps.of(form.field).location(request, form, *place)
    said = replace(request, incoming=replace(request.incoming, text=heard))
    return field_steps.of(form.field).typed(said, form, heard)


@on_question(ResumeQuestion)
def _resume(request: Request, form: Form, press: ResumeQuestion) -> Reply:
    """The question is asked again where it stood."""
    return form_runner.ask(request, form)
