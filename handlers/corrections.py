"""A message that was corrected in Telegram: what it said is corrected, or it is said why not (door A1)."""

from __future__ import annotations

from dataclasses import replace

from handlers.clients import client_search
from handlers.deals import deal_actions
from handlers.files import caption_corrections
from handlers.forms import form_runner, form_state
from handlers.forms.form_state import Form
from handlers.forms.steps import field_steps
from handlers.request import Request
from keyboards import corrections as screens
from keyboards.screen import Reply
from models import access
from models.entities import Deal
from models.errors import NotAllowed, NotFound
from models.fields import codec
from models.fields.groups import FileLike
from models.fields.payment_field import PaymentField
from models.values.invalid_value import InvalidValue
from services import drafts
from services.deals import deal_commands, deal_queries, typed_answers
from services.deals.typed_answers import TypedAnswer
from services.purposes.deal_purposes import FillPurpose


def corrected(request: Request) -> Reply:
    """Other words in place of those that were sent before."""
    if request.incoming.file is not None:
        return caption_corrections.corrected(request, request.incoming.file)
    text, message = (request.incoming.text or "").strip(), request.incoming.message_id
    if not text or text.startswith("/"):
        return Reply()
    form = form_state.find(request)[0] if request.me.question is not None else None
    name = next((key for key, said in form.draft.typed.items() if said == message), None) if form else None
    if form is not None and name in form.draft.queue:
        return _in_form(request, form, name, text)
    known = typed_answers.find(request.work, message)
    if known is not None:
        return _in_deal(request, known, text)
    at = request.incoming.sent_at
    if at is not None and request.work.now - at > typed_answers.LIFE:
        return Reply(screens.too_old(request.t), new=True)
    if request.me.role in access.SALES and form is None:
        return client_search.results(request, text)  # whoever looks for somebody has mended his spelling
    return Reply(screens.nothing(request.t), new=True)


def _in_form(request: Request, form: Form, name: str, text: str) -> Reply:
    """An answer of the form that is still open; the question that stands is asked again."""
    draft, stood = form.draft, form.draft.at
    draft.at = draft.queue.index(name)
    try:
        value = form_state.parsed(request, form, text)
        if form.field.doubt(text, value, form.context(request)):
            draft.go(draft.at)
            return field_steps.of(form.field).take(request, form, text, value)
        form.check(request, value)
    except InvalidValue as wrong:
        draft.at = stood
        return form_runner.ask(request, form, form_runner.told(request, form, wrong))
    said = screens.said(form.title(request.t), form_state.shown(request, form.field, value), request.t)
    draft.put(form.fields, name, value)
    draft.at, draft.said = stood, said
    return form_runner.ask(request, form)


def _in_deal(request: Request, known: TypedAnswer, text: str) -> Reply:
    """What the deal has of that message."""
    try:
        deal = deal_queries.get(request.work, known.deal)
    except (NotFound, NotAllowed):
        return Reply(screens.gone(request.t), new=True)
    if known.field is None:
        return _note(request, deal, text) if known.value is not None else _by_hand(request, deal)
    process = request.work.process(deal.process)
    field = process.fields.get(known.field)
    may = access.can_edit(request.me, deal) and access.fills(request.me.role, process, known.field)
    if field is None or not may or isinstance(field, FileLike | PaymentField):
        return _by_hand(request, deal)
    now = codec.encode(process.fields, {known.field: deal.fields.get(known.field)}).get(known.field)
    if now != known.value:
        shown = form_state.shown(request, field, deal.fields.get(known.field))
        return Reply(screens.changed_since(deal, request.t(field.title), shown, request.t), new=True)
    return _field(request, deal, known.field, text)


def _by_hand(request: Request, deal: Deal) -> Reply:
    return Reply(screens.by_hand(deal, request.t), new=True)


def _field(request: Request, deal: Deal, name: str, text: str) -> Reply:
    """By the question of that field, as if it was answered so."""
    form_runner.begin(
        request, FillPurpose(deal.id), [name], process=request.work.process(deal.process), deal=deal, again=True
    )
    form = form_state.load(request)
    if form is None:
        raise NotFound("button")
    title = form.title(request.t)
    try:
        done = field_steps.of(form.field).typed(request, form, text)
    except InvalidValue as wrong:
        return form_runner.ask(request, form, form_runner.told(request, form, wrong))
    open_ = drafts.find(request.work)
    if done.screen is None or (open_ is not None and open_.purpose == form.draft.purpose):
        return done
    said = screens.said(title, text, request.t)
    return replace(done, screen=done.screen.under("✏️ ", said))


def _note(request: Request, deal: Deal, text: str) -> Reply:
    """The line of the history stays; what it says now stands above it."""
    deal_commands.correct_comment(request.work, deal.id, text)
    message = request.incoming.message_id
    if message is not None:
        typed_answers.remember(request.work, deal.id, {message: (None, text)})
    shown = deal_actions.card(request, deal.id, new=True)
    assert shown.screen is not None
    return replace(shown, screen=shown.screen.under("✏️ ", request.t("Исправил запись в истории")))
