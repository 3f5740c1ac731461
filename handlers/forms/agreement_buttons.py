"""The buttons under answers that are shown together (M-16): they agree, they do not, one is to be another."""

from __future__ import annotations

from handlers.forms import agreement, form_runner
from handlers.forms.agreement import Agreement
from handlers.forms.form_state import Form
from handlers.forms.question_presses import on_question
from handlers.request import Request
from keyboards.callbacks.forms.question_callbacks import ConfirmAnswers, CorrectAnswer
from keyboards.screen import Reply
from models.errors import NotFound
from services.deals import deal_commands


@on_question(ConfirmAnswers)
def _confirmed(request: Request, form: Form, press: ConfirmAnswers) -> Reply:
    """The person's word is kept, and what the form is for is done. Somebody has changed the deal meanwhile: what he
    would confirm is shown anew."""
    shown, deal = _shown(form), form.deal
    if deal is None:
        raise NotFound("deal")
    if deal.version != shown.version:
        return form_runner.confirm(request, form, shown.fields, request.t("Карточка изменилась. Показываю свежую."))
    said = agreement.answers(form, shown.fields)
    return form_runner.finish(
        request, form, before_end=lambda: deal_commands.confirm(request.work, deal, said, agree=press.agree)
    )


@on_question(CorrectAnswer)
def _correct(request: Request, form: Form, press: CorrectAnswer) -> Reply:
    """That question is asked once more, as the last one."""
    if press.field not in _shown(form).fields or press.field not in form.fields:
        raise NotFound("button")
    draft = form.draft
    draft.queue = [*(name for name in draft.queue if name != press.field), press.field]
    draft.go(len(draft.queue) - 1)
    return form_runner.ask(request, form)


def _shown(form: Form) -> Agreement:
    found = agreement.find(form)
    if found is None:
        raise NotFound("button")
    return found
