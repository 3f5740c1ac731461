"""The one form runner (C-2, C-3): fields are asked one after another, then the wish completes itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from handlers.forms import agreement, answer_rules, form_screens, form_state, purpose_registry
from handlers.forms.agreement import Agreement
from handlers.forms.form_state import TEXT, Form
from handlers.request import Request
from keyboards import refusals
from keyboards.forms import prompts
from keyboards.screen import Reply, Screen
from models.engine.deal_state import DealState
from models.entities import Deal
from models.errors import CrmError, NotAllowed
from models.fields import codec
from models.fields.base import AnswerContext
from models.fields.payment_field import PaymentField
from models.fields.text_field import TextField
from models.ids import DealId
from models.process.process import Process
from models.values.invalid_value import N_, InvalidValue
from services import drafts, form_purposes
from services.deals import deal_queries, typed_answers
from services.drafts import Draft, TextQuestion
from services.form_purposes import Purpose

LONGEST_TITLE = 200
LONGEST_TEXT = 3000
LONGEST_HINT = 1000
P = TypeVar("P", bound=Purpose)
AfterAnswer = Callable[[Request, Form, P, Any], bool]
Settled = Callable[[Request, Form, P], bool]
E = TypeVar("E", bound=CrmError)
Reopen = Callable[[Request, Form, E, Screen | None], Reply]
AFTER_ANSWER: dict[type[Purpose], Callable[[Request, Form, Any, Any], bool]] = {}
SETTLED: dict[type[Purpose], Callable[[Request, Form, Any], bool]] = {}
REOPENED: dict[type[CrmError], Callable[[Request, Form, Any, Screen | None], Reply]] = {}


def after_answer(purpose: type[P]) -> Callable[[AfterAnswer[P]], AfterAnswer[P]]:
    """Register what a form of that purpose looks at after each answer, with the value: True if the same question goes
    on, by what it has put into the draft."""

    def register(look: AfterAnswer[P]) -> AfterAnswer[P]:
        AFTER_ANSWER[purpose] = look
        return look

    return register


def is_settled(purpose: type[P]) -> Callable[[Settled[P]], Settled[P]]:
    """Register whether the answers so far settle what a form of that purpose is for: then the rest is not asked."""

    def register(look: Settled[P]) -> Settled[P]:
        SETTLED[purpose] = look
        return look

    return register


def reopens(error: type[E]) -> Callable[[Reopen[E]], Reopen[E]]:
    """Register which question is asked again when that error has undone what the finisher did; the other answers are
    kept. The last argument is what the prompt becomes if the answer was typed."""

    def register(ask_other: Reopen[E]) -> Reopen[E]:
        REOPENED[error] = ask_other
        return ask_other

    return register


def begin(
    request: Request,
    purpose: Purpose,
    fields: Sequence[str],
    *,
    process: Process,
    deal: Deal | None = None,
    optional: frozenset[str] = frozenset(),
    intro: str = "",
    again: bool = False,
    together: Sequence[str] = (),
) -> Reply:
    """Ask the fields one after another; after the last one the purpose's finisher runs.

    Fields that the deal has already are passed over unless `again`. With nothing left to ask, the finisher runs at
    once, or after a yes to the answers that are to be confirmed `together`. Another form that was open is given up.
    Files and payments need a deal to lie in, so without one they are not asked. NotAllowed for a field that the
    process hides from the person's role.
    """
    if not process.hidden_by_role[request.me.role].isdisjoint(fields):
        raise NotAllowed  # nobody is asked for what he may not see
    queue = [name for name in dict.fromkeys(fields) if _is_asked(process, deal, name, again=again)]
    queue = _kept_first(process, _total_first(process, deal, queue, purpose), purpose)
    draft = Draft(
        purpose,
        queue,
        process=process.process,
        deal_id=deal.id if deal else None,
        optional=sorted(optional & set(queue)),
        intro=intro,
    )
    form = Form(draft, process, deal)
    if queue:
        return _opened(request, form, ask)
    return _opened(request, form, lambda *_: confirm(request, form, together)) if together else finish(request, form)


def _opened(request: Request, form: Form, show: Callable[[Request, Form], Reply]) -> Reply:
    """Show a new form's question. One that is open in another message closes there, before the eyes of whoever looks at
    it; if it has answers, it is offered again later."""
    other = drafts.put_behind(request.work, form.draft) if request.me.question is not None else None
    shown = show(request, form)
    if other is None or other.message_id in (None, request.message_id) or shown.edit is not None:
        return shown
    assert other.message_id is not None
    closed = prompts.replaced(request.t, kept=bool(form.draft.behind), deal=other.deal_id)
    return replace(shown, edit=(other.message_id, closed))


def _is_asked(process: Process, deal: Deal | None, name: str, *, again: bool) -> bool:
    field = process.fields.get(name)
    if field is None or (deal is None and field.needs_deal):
        return False
    if deal is None or again:
        return True
    return not DealState(deal.pipeline, deal.stage, deal.entered_at, deal.fields).filled(name)


def _kept_first(process: Process, queue: list[str], purpose: Purpose) -> list[str]:
    """Of answers that are confirmed together a text that is asked first is kept, and so pinned, before the others are
    asked: the move or the outcome that is tried again with it asks for the rest (M-16)."""
    together = {name for names in process.confirmed_together for name in names}
    first = next((name for name in queue if name in together), None)
    if first is None or not purpose.is_tried_again or not isinstance(process.fields[first], TextField):
        return queue
    return queue[: 1 + queue.index(first)]


def _total_first(process: Process, deal: Deal | None, queue: list[str], purpose: Purpose) -> list[str]:
    """A payment is measured by what is to be paid: who does not know that yet is asked for it first (K-13).

    A task's form asks for the task's fields and no others.
    """
    paying = next((at for at, name in enumerate(queue) if name in process.payment_fields), None)
    paid = process.fields[queue[paying]] if paying is not None else None
    if paying is None or not isinstance(paid, PaymentField):
        return queue
    total = paid.of
    is_known = deal is not None and deal.fields.get(total) is not None
    if total not in queue and (is_known or purpose.is_of_task):
        return queue
    rest = [name for name in queue if name != total]
    at = min(paying, queue.index(total)) if total in queue else paying
    return [*rest[:at], total, *rest[at:]]


def begin_text(
    request: Request, purpose: Purpose, title: str, hint: str = "", *, longest: int = 1000, said: str = ""
) -> Reply:
    """Ask one free text that is not a field (a comment, a search, a reply); the finisher gets {"text": …}.

    `title` and `hint` are in the reader's language already; the deal that it is for is named above the
    question, and what was done before it (`said`).
    """
    text = TextQuestion(title[:LONGEST_TITLE], min(longest, LONGEST_TEXT), hint[:LONGEST_HINT])
    deal_id = form_purposes.find_id(purpose, DealId)
    deal = deal_queries.get(request.work, deal_id) if deal_id is not None else None
    draft = Draft(purpose, [TEXT], deal_id=deal.id if deal else None, text=text, said=said)
    return _opened(request, Form(draft, None, deal), ask)


# --- going on ---------------------------------------------------------------------------------------------------


def ask(
    request: Request, form: Form, problem: str = "", *, before: Screen | None = None, toast: str | None = None
) -> Reply:
    """Show the current question: in place of the pressed message, or below what was typed.

    `before` is what the old prompt becomes when the answer was typed.
    """
    draft = form.draft
    old = draft.message_id
    if request.message_id is not None:
        draft.message_id = request.message_id
    draft.stands, draft.heard, draft.heard_from, draft.asked_at = "asked", "", None, request.work.now
    drafts.save(request.work, draft)
    screen = form_screens.question(request, form, problem)
    if request.message_id is not None:
        return Reply(screen, toast=toast, remember_form=True)
    edit = (old, before) if old is not None and before is not None else None
    return Reply(screen, new=True, edit=edit, remember_form=True)


def ask_again(request: Request, form: Form, wrong: InvalidValue) -> Reply:
    """The same question, with what was wrong and an example; nothing is lost."""
    before = prompts.set_aside(request.t, form.title(request.t))
    return ask(request, form, told(request, form, wrong), before=before)


def told(request: Request, form: Form, wrong: InvalidValue) -> str:
    """What is wrong with an answer, without what the person may not see of the deal."""
    return refusals.sentence(wrong, request.t, hidden=request.hidden(form.process))


def record(request: Request, form: Form, value: Any) -> Reply:
    """Keep the answer to the current question and go on. Raises Wrong if the field may not have it."""
    form.check(request, value)
    try:
        answer_rules.check(request, form, value)
    except tuple(REOPENED) as refused:
        return REOPENED[type(refused)](request, form, refused, None)
    title, shown = form.title(request.t), form_state.shown(request, form.field, value)
    said, before = f"{title}: {shown}", prompts.recorded(title, shown, form.about(request.t))
    form.draft.put(form.fields, form.name, value)
    _note_message(request, form)
    look = AFTER_ANSWER.get(type(form.draft.purpose))
    if look is not None and look(request, form, form.draft.purpose, value):
        return ask(request, form, before=before)
    return go_on(request, form, said, before)


def _note_message(request: Request, form: Form) -> None:
    """Which message said the answer; of one by a button none did. What was in doubt is said by the message before."""
    if request.message_id is None and request.incoming.message_id is not None:
        form.draft.typed[form.name] = request.incoming.message_id
    elif form.draft.step_state is None:
        form.draft.typed.pop(form.name, None)


def _remember_messages(request: Request, form: Form) -> None:
    """Who corrects one of the messages corrects what it said of the deal."""
    deal_id = form.deal.id if form.deal is not None else request.work.begun
    if deal_id is None or not form.draft.typed:
        return
    values, note = codec.encode(form.fields, form.values), form.draft.purpose.is_note
    said = {
        message: (None, values.get(name) if note else None) if name == TEXT else (name, values.get(name))
        for name, message in form.draft.typed.items()
    }
    typed_answers.remember(request.work, deal_id, said)


def go_on(request: Request, form: Form, said: str = "", before: Screen | None = None) -> Reply:
    """Stand at the next question that the process still has; after the last one finish."""
    draft = form.draft
    draft.go(draft.at + 1)
    while draft.current is not None and draft.current not in form.fields:
        draft.go(draft.at + 1)
    if said:
        draft.said = said
    if draft.current is not None and not _is_settled(request, form):
        return ask(request, form, before=before)
    together = agreement.wanted(form)
    return confirm(request, form, together, before=before) if together else finish(request, form, said, before)


def confirm(
    request: Request, form: Form, together: Sequence[str], toast: str | None = None, *, before: Screen | None = None
) -> Reply:
    """After the last question: show these answers together, and wait for the person's word (M-16)."""
    draft = form.draft
    draft.go(len(draft.queue))
    draft.stand(Agreement(tuple(together), form.deal.version if form.deal else 0))
    return ask(request, form, before=before, toast=toast)


def _is_settled(request: Request, form: Form) -> bool:
    look = SETTLED.get(type(form.draft.purpose))
    return look is not None and look(request, form, form.draft.purpose)


def finish(
    request: Request,
    form: Form,
    said: str = "",
    before: Screen | None = None,
    *,
    before_end: Callable[[], None] | None = None,
) -> Reply:
    """Every question is answered: look once more at all answers together, then do what they were for.

    `before_end` is done in the same breath: what undoes the finisher undoes it too.
    """
    problem = _first_wrong(request, form)
    if problem is not None:
        at, wrong = problem
        form.draft.go(at)
        return ask(request, form, told(request, form, wrong), before=before)
    old = form.draft.message_id
    try:
        with request.work.tx.begin_nested():
            if form.draft.asked_at is not None:  # what had nothing to ask was never kept, and leaves others alone
                drafts.clear(request.work)
            if before_end is not None:
                before_end()
            done = purpose_registry.finish(request, form.draft.purpose, form.values)
            _remember_messages(request, form)
    except (
        InvalidValue
    ) as wrong:  # the last answer is not what the finisher can take: it is asked again, nothing was done
        if not form.draft.queue:
            raise
        about = wrong.data.get("field")
        form.draft.go(form.draft.queue.index(about) if about in form.draft.queue else len(form.draft.queue) - 1)
        return ask_again(request, form, wrong)
    except tuple(REOPENED) as refused:
        return REOPENED[type(refused)](request, form, refused, before)
    if request.message_id is not None:
        return replace(done, toast=done.toast or said[:200] or None)
    edit = (old, before) if old is not None and before is not None else done.edit
    return replace(done, new=True, edit=edit, screen=_said_above(done))


def _said_above(done: Reply) -> Screen | None:
    """A typed message has no toast: what it would say (done, or why not) stands above the screen."""
    if done.screen is None or not done.toast:
        return done.screen
    return done.screen.under(done.toast)


def _first_wrong(request: Request, form: Form) -> tuple[int, InvalidValue] | None:
    """The first answer that no longer goes with the others (after «back» one of them may have changed)."""
    values = form.values
    for at, name in enumerate(form.draft.queue):
        if name not in values:
            continue
        if not form.fields[name].is_whole(values[name]):
            return at, InvalidValue("answer.part", N_("Этот вопрос стал подробнее: ответьте на него ещё раз."))
        try:
            form.fields[name].check(values[name], AnswerContext(request.work.moment, form.beside(name), form.fields))
        except InvalidValue as wrong:
            return at, wrong
    return None
