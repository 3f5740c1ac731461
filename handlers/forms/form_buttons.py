"""The buttons that every question has; those of one type of field stand with its steps."""

from __future__ import annotations

from dataclasses import replace

from handlers import home
from handlers.deals import deal_actions
from handlers.forms import agreement, doubts, form_runner, form_state
from handlers.forms.form_state import Form
from handlers.forms.known_client import KnownClient
from handlers.forms.question_presses import on_question
from handlers.forms.steps import field_steps
from handlers.request import Request, on_callback
from handlers.tasks import task_actions
from keyboards.callbacks.forms.question_callbacks import (
    CancelForm,
    CancelQuestion,
    ChooseClient,
    ChooseReading,
    ConfirmAnswer,
    FinishAnswer,
    GoBack,
    KeepAnswer,
    NoAction,
    SkipQuestion,
)
from keyboards.forms import prompts
from keyboards.screen import Reply
from models import access
from models.errors import NotFound
from models.ids import TaskId
from services import drafts, form_purposes
from services.purposes.deal_purposes import SOMEBODY_ELSE, NewDealPurpose
from services.purposes.task_purposes import OutcomePurpose, TickPurpose


@on_callback(NoAction, access.EVERYONE)
def nothing(request: Request, press: NoAction) -> Reply:
    """A button that only looks: a month's title, a day that is not offered."""
    return Reply()


@on_callback(CancelForm, access.EVERYONE)
def cancel(request: Request, press: CancelForm) -> Reply:
    """Give up whatever form is open."""
    form, _ = form_state.find(request)
    return _give_up(request, form) if form else Reply(prompts.cancelled(request.t))


@on_question(CancelQuestion)
def _cancelled(request: Request, form: Form, press: CancelQuestion) -> Reply:
    return _give_up(request, form)


def _give_up(request: Request, form: Form) -> Reply:
    """Forget the form, and show what it was for."""
    drafts.clear(request.work)
    for name in form.draft.queue:
        if name in form.fields:
            field_steps.of(form.fields[name]).release(request, form, name)
    said, task_id = request.t("Отменено"), form_purposes.find_id(form.draft.purpose, TaskId)
    if task_id is not None:
        held = isinstance(form.draft.purpose, TickPurpose | OutcomePurpose) and bool(form.draft.purpose.held)
        return task_actions.show(request, task_id, said, held=held)
    if form.deal is not None:
        return deal_actions.card(request, form.deal.id, said)
    return home.show(request, said)


@on_question(GoBack)
def _back(request: Request, form: Form, press: GoBack) -> Reply:
    """Out of a place inside the question, or to the question before; answers are kept."""
    draft = form.draft
    if agreement.find(form) is not None:
        draft.go(max(len(draft.queue) - 1, 0))
    elif form.find_state(KnownClient) or doubts.find(form):
        draft.step_state = None
    elif not field_steps.of(form.field).step_back(request, form):
        draft.go(max(draft.at - 1, 0))
    return form_runner.ask(request, form)


@on_question(SkipQuestion)
def _skip(request: Request, form: Form, press: SkipQuestion) -> Reply:
    if form.name not in form.draft.optional:
        raise NotFound("button")
    form.draft.answers.pop(form.name, None)
    return form_runner.go_on(request, form, request.t("{title}: пропущено", title=form.title(request.t)))


@on_question(KeepAnswer)
def _keep(request: Request, form: Form, press: KeepAnswer) -> Reply:
    """Leave the value that there is."""
    value = form.present()
    if value is None:
        raise NotFound("button")
    field_steps.of(form.field).check_kept(request, form, value)
    said = form_state.shown(request, form.field, value)
    return form_runner.go_on(request, form, f"{form.title(request.t)}: {said}")


@on_question(FinishAnswer)
def _done(request: Request, form: Form, press: FinishAnswer) -> Reply:
    """Enough options ticked, or files sent."""
    return field_steps.of(form.field).done(request, form)


@on_question(ConfirmAnswer)
def _confirmed(request: Request, form: Form, press: ConfirmAnswer) -> Reply:
    """What was understood is right."""
    return field_steps.of(form.field).confirmed(request, form)


@on_question(ChooseReading)
def _meant(request: Request, form: Form, press: ChooseReading) -> Reply:
    """Of what an answer could mean, this was meant."""
    return field_steps.of(form.field).meant(request, form, press.place)


@on_question(ChooseClient)
def _client(request: Request, form: Form, press: ChooseClient) -> Reply:
    """The new deal is for the client whose phone it is, or for somebody else with the same phone."""
    known, purpose = form.find_state(KnownClient), form.draft.purpose
    if known is None or not isinstance(purpose, NewDealPurpose):
        raise NotFound("button")
    form.draft.purpose = replace(purpose, client=known.client if press.is_known else SOMEBODY_ELSE)
    return form_runner.go_on(request, form)
