"""The next step: two taps and a phrase from the card, or a phrase typed anywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.deals import deal_actions
from handlers.forms import form_runner, form_screens
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback, on_message
from handlers.tasks.task_snooze import later, morning
from keyboards.callbacks.task_callbacks import AskStep, ChooseStepDeal, ChooseStepPerson, SetStep
from keyboards.deals.calls import CALL_AGAIN
from keyboards.near_time import near
from keyboards.screen import Reply, Rows
from keyboards.tasks import step_screens as screens
from models import access
from models.entities import Task
from models.field_values import FieldValues
from models.ids import DealId
from models.states import StepEvery
from models.values.dates import step_phrases
from models.values.dates.step_phrases import StepPhrase
from models.values.invalid_value import InvalidValue
from services import drafts
from services.deals import deal_commands, typed_answers
from services.outbox import notices, schedule
from services.people import employees
from services.purposes.deal_purposes import CallPurpose
from services.purposes.task_purposes import StepDealPurpose, StepPurpose
from services.tasks import next_steps, step_deals


@on_callback(AskStep, access.EVERYONE)
def ask(request: Request, press: AskStep) -> Reply:
    """What and when? One phrase says both."""
    deal = next_steps.get_settable(request.work, press.deal)
    if deal.status != "open":  # a reminder of it from before
        return deal_actions.card(request, deal.id, request.t("Уже закрыто: следующий шаг здесь не нужен"))
    return _ask(request, StepPurpose(deal.id, to=press.to))


def _ask(request: Request, purpose: StepPurpose) -> Reply:
    t = request.t
    title = t("Когда? {what}", what=purpose.words) if purpose.words else t("Что и когда?")
    if purpose.to is not None:
        title = f"{employees.get(request.work, purpose.to).name}: {title}"
    example = screens.WHEN_EXAMPLE if purpose.words else next_steps.EXAMPLE
    hint = t("Одной фразой, например: {example}", example=t(example))
    return form_runner.begin_text(request, purpose, title, hint, longest=step_phrases.LONGEST)


@form_screens.beside(StepPurpose)
def _ways(request: Request, purpose: StepPurpose) -> Rows:
    """Times by one tap; for a colleague."""
    deal = next_steps.get_settable(request.work, purpose.deal)
    may_give = purpose.to is None and not purpose.words and bool(next_steps.people(request.work, deal))
    return times_of(request, purpose.deal, may_give=may_give)


def times_of(request: Request, deal: DealId, *, may_give: bool) -> Rows:
    """The times that one tap takes."""
    return screens.times(deal, later(request.work, request.me), request.work.now, request.t, may_give=may_give)


@on_callback(ChooseStepPerson, access.SALES)
def choose_person(request: Request, press: ChooseStepPerson) -> Reply:
    """For which colleague?"""
    deal = next_steps.get_settable(request.work, press.deal)
    people = [(one.id, one.name) for one in next_steps.people(request.work, deal)]
    return Reply(screens.people(deal, people, request.t))


@on_callback(SetStep, access.EVERYONE)
def at_once(request: Request, press: SetStep) -> Reply:
    """At one of the times that were offered; what is to be done was said before, or is to get in touch."""
    times, wish = later(request.work, request.me), _begun(request, press.deal)
    if press.choice not in times:
        return _ask(request, wish)
    drafts.clear(request.work)
    return _made(request, wish, times[press.choice], wish.words, wish.every)


def _begun(request: Request, deal_id: DealId) -> StepPurpose:
    """What has been said of the step so far."""
    draft = drafts.find(request.work)
    known = draft.purpose if draft is not None else None
    if isinstance(known, CallPurpose) and known.deal == deal_id:
        return StepPurpose(deal_id, request.t(CALL_AGAIN))
    return known if isinstance(known, StepPurpose) and known.deal == deal_id else StepPurpose(deal_id)


@on_finish(StepPurpose, access.EVERYONE)
def said(request: Request, purpose: StepPurpose, values: FieldValues) -> Reply:
    """The phrase has come."""
    return _understood(request, purpose, str(values["text"]))


def _understood(request: Request, purpose: StepPurpose, text: str) -> Reply:
    """Without a time only that is asked; the words are kept."""
    phrase = step_phrases.read(text, _local(request))
    words = next_steps.read_words(purpose.words or phrase.words)
    every = purpose.every or phrase.every
    at = _moment(request, phrase)
    if at is None:
        if purpose.words:
            raise InvalidValue("step.no_time", screens.NO_TIME, screens.WHEN_EXAMPLE)
        return _ask(request, StepPurpose(purpose.deal, words, every, purpose.to))
    return _made(request, purpose, at, words, every)


def _moment(request: Request, phrase: StepPhrase) -> datetime | None:
    return morning(request.work.company.calendar, phrase.day) if phrase.day is not None else phrase.at


def of_phrase(request: Request, deal: DealId, phrase: StepPhrase, words: str) -> Reply:
    """A step of a phrase that says when, in these words."""
    at = _moment(request, phrase)
    assert at is not None
    return _made(request, StepPurpose(deal), at, next_steps.read_words(words), phrase.every)


# --- typed anywhere -------------------------------------------------------------------------------------------------


@on_message(8, access.EVERYONE)
def replied(request: Request) -> Reply | None:
    """A reply to a message about a deal is a word on it, and a step if it says when; whatever question is open."""
    text = _text(request)
    if not text or request.incoming.reply_to is None:
        return None
    about = schedule.find_sent(request.work, request.incoming.reply_to)
    if about is None or about.deal_id is None:
        return None
    return _replied(request, DealId(about.deal_id), text)


@on_message(40, access.EVERYONE)
def typed(request: Request) -> Reply | None:
    """«Напомни завтра в 15 позвонить Фадеевой» is a step on the deal that it names."""
    text = _text(request)
    return asked(request, text) if step_phrases.is_asked(text) else None


def _text(request: Request) -> str:
    text = (request.incoming.text or "").strip()
    return "" if text.startswith("/") or request.incoming.file is not None else text


def asked(request: Request, text: str) -> Reply:
    """The step that the words ask for."""
    return _which(request, text, step_phrases.read(text, _local(request)).words)


def _replied(request: Request, deal_id: DealId, text: str) -> Reply:
    """The words stand in the history of the deal; with a time in them they are a step as well."""
    phrase = step_phrases.read(text, _local(request))
    if phrase.at is None and phrase.day is None and not step_phrases.is_asked(text):
        deal_commands.comment(request.work, deal_id, text)
        if request.incoming.message_id is not None:
            typed_answers.remember(request.work, deal_id, {request.incoming.message_id: (None, text)})
        return answered(request, deal_id, request.t("Записал в историю"))
    return _understood(request, StepPurpose(deal_id), text)


def _which(request: Request, text: str, about: str) -> Reply:
    """The only deal that the words name, or the question which of them is meant."""
    found = step_deals.named(request.work, about)
    if len(found) == 1:
        return _understood(request, StepPurpose(found[0].id), text)
    t = request.t
    hint = t("Выберите или напишите имя клиента, телефон или номер сделки.")
    return form_runner.begin_text(request, StepDealPurpose(text, about), t("К какой сделке напоминание?"), hint)


@form_screens.beside(StepDealPurpose)
def _candidates(request: Request, purpose: StepDealPurpose) -> Rows:
    found = step_deals.named(request.work, purpose.about) or step_deals.lately(request.work)
    return screens.deals(found)


@on_finish(StepDealPurpose, access.EVERYONE)
def looked_for(request: Request, purpose: StepDealPurpose, values: FieldValues) -> Reply:
    """Which deal was typed: by name, phone, number."""
    return _which(request, purpose.said, str(values["text"]))


@on_callback(ChooseStepDeal, access.EVERYONE)
def chosen(request: Request, press: ChooseStepDeal) -> Reply:
    """That deal is meant."""
    deal = next_steps.get_settable(request.work, press.deal)
    draft = drafts.find(request.work)
    if draft is None or not isinstance(draft.purpose, StepDealPurpose):
        return _ask(request, StepPurpose(deal.id))
    drafts.clear(request.work)
    return _understood(request, StepPurpose(deal.id), draft.purpose.said)


def _local(request: Request) -> datetime:
    return request.work.company.calendar.local(request.work.now)


# --- set ------------------------------------------------------------------------------------------------------------


def _made(request: Request, purpose: StepPurpose, at: datetime, words: str, every: StepEvery | None) -> Reply:
    found = next_steps.make(request.work, purpose.deal, words, at, to=purpose.to, every=every)
    return answered(request, purpose.deal, _told(request, found))


def answered(request: Request, deal_id: DealId, said: str) -> Reply:
    """The card; what was typed is answered on it, for only a press is answered beside it."""
    if request.message_id is not None:
        return deal_actions.card(request, deal_id, said)
    shown = deal_actions.card(request, deal_id, new=True)
    screen = shown.screen
    assert screen is not None
    return replace(shown, screen=screen.under("✓ ", said))


def _told(request: Request, found: Task) -> str:
    """When it will be told of, which is not when it is due if that is out of his hours."""
    work, t = request.work, request.t
    person = employees.get(work, found.assignee_id or request.me.id)
    when = near(found.due_at, work.now, t)
    heard = notices.polite_time(work.company.calendar, person, found.due_at)
    if heard > found.due_at:
        later_ = near(heard, work.now, t)
        return t("Записал: {when}. Напомню {heard}, раньше рабочих часов нет.", when=when, heard=later_)
    if person.id != request.me.id:
        return t("Записал: {name}, {when}", name=person.name, when=when)
    return t("Записал: {when}", when=when)
