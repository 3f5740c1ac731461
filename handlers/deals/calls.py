"""📞: a call is written down by two taps, and what comes of it by a phrase or a third."""

from __future__ import annotations

from handlers.deals import deal_actions
from handlers.forms import form_runner, form_screens
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback
from handlers.tasks import next_steps as step_handlers
from keyboards.callbacks.deal_callbacks import AskCall, LogCall
from keyboards.deals import calls as screens
from keyboards.screen import Reply, Rows
from keyboards.tasks import step_screens
from models import access
from models.field_values import FieldValues
from models.values.dates import step_phrases
from models.values.invalid_value import InvalidValue
from services.clients import client_cards
from services.deals import deal_commands, deal_queries
from services.purposes.deal_purposes import CallPurpose
from services.tasks import next_steps


@on_callback(AskCall, access.SALES)
def ask(request: Request, press: AskCall) -> Reply:
    """How did it end?"""
    deal = deal_queries.get_editable(request.work, press.deal)
    seen = deal_queries.as_seen(request.work, deal)
    contact = client_cards.contact_of(request.work, seen, request.work.process(deal.process).client)
    return Reply(screens.how(deal, contact.phones[:2], request.t))


@on_callback(LogCall, access.SALES)
def ended(request: Request, press: LogCall) -> Reply:
    """It stands in the history at once; then what he said, and what comes next."""
    deal, t = deal_commands.log_call(request.work, press.deal, press.result), request.t
    said = t("Записал: {call}", call=t(screens.TOLD[press.result]))
    if not next_steps.may_set(request.work, deal) or deal.status != "open":
        return deal_actions.card(request, deal.id, said)
    title = t("Что сказал клиент, и что дальше?") if press.result == "reached" else t("Когда перезвонить?")
    hint = t("Слова встанут в историю, со временем — ещё и следующим шагом. Например: {example}",
             example=t(next_steps.EXAMPLE))  # fmt: skip
    purpose = CallPurpose(deal.id, press.result)
    return form_runner.begin_text(request, purpose, title, hint, longest=step_phrases.LONGEST, said=said)


@form_screens.beside(CallPurpose)
def _ways(request: Request, purpose: CallPurpose) -> Rows:
    """When to call again, by one tap."""
    return step_handlers.times_of(request, purpose.deal, may_give=False)


@on_finish(CallPurpose, access.SALES)
def told(request: Request, purpose: CallPurpose, values: FieldValues) -> Reply:
    """What he said stands in the history; with a time it is the next step as well."""
    text = str(values["text"])
    phrase = step_phrases.read(text, request.work.company.calendar.local(request.work.now))
    is_timeless = phrase.at is None and phrase.day is None
    if is_timeless and purpose.result != "reached":  # a search that is typed next is no word of his
        raise InvalidValue("step.no_time", step_screens.NO_TIME, step_screens.WHEN_EXAMPLE)
    if phrase.words:
        deal_commands.comment(request.work, purpose.deal, text)
    if is_timeless:
        return step_handlers.answered(request, purpose.deal, request.t("Записал в историю"))
    return step_handlers.of_phrase(request, purpose.deal, phrase, phrase.words or request.t(screens.CALL_AGAIN))
