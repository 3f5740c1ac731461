"""The buttons that every question has; those of one type of field stand with its steps."""

from __future__ import annotations

from dataclasses import replace

from handlers import home
from handlers.deals import deal_actions
from handlers.forms import form_runner, form_state
from handlers.forms.form_state import Form
from handlers.forms.form_verbs import VERBS, first, on_verb
from handlers.forms.steps import field_steps
from handlers.request import Request, number, on_callback
from handlers.tasks import task_actions
from keyboards.forms import prompts
from keyboards.screen import Reply
from models import access
from models.errors import NotFound
from models.ids import ClientId, TaskId
from models.values.invalid_value import InvalidValue
from services import drafts, form_purposes
from services.purposes.deal_purposes import SOMEBODY_ELSE, NewDealPurpose


@on_callback("form", access.EVERYONE)
def pressed(request: Request, step: str = "", verb: str = "", *args: str) -> Reply:
    """A button of a question. An old question's buttons say that it is no longer open, and change nothing."""
    form, gone = form_state.find(request)
    if gone:
        return Reply(gone)
    if form is None or form.draft.step != number(step):
        return Reply(toast=request.t("Этот вопрос уже закрыт."))
    if verb not in VERBS:
        raise NotFound("button")
    try:
        return VERBS[verb](request, form, args)
    except InvalidValue as wrong:
        said = form_state.explain(request.t, wrong)
        return form_runner.ask(request, form, said, toast=said[:190])


@on_callback("noop", access.EVERYONE)
def nothing(request: Request) -> Reply:
    """A button that only looks: a month's title, a day that is not offered."""
    return Reply()


@on_callback("cancel", access.EVERYONE)
def cancel(request: Request) -> Reply:
    """Give up whatever form is open."""
    form, _ = form_state.find(request)
    return _cancelled(request, form, ()) if form else Reply(prompts.cancelled(request.t))


@on_verb("cancel")
def _cancelled(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    drafts.clear(request.work)
    for name in form.draft.queue:
        if name in form.fields:
            field_steps.of(form.fields[name]).release(request, form, name)
    said, task_id = request.t("Отменено"), form_purposes.find_id(form.draft.purpose, TaskId)
    if task_id is not None:
        return task_actions.show(request, task_id, said)
    if form.deal is not None:
        return deal_actions.card(request, form.deal.id, said)
    return home.show(request, said)


@on_verb("back")
def _back(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """Out of a place inside the question, or to the question before; answers are kept."""
    draft = form.draft
    if not field_steps.of(form.field).step_back(request, form) and draft.sub.pop("known", None) is None:
        draft.go(max(draft.at - 1, 0))
    return form_runner.ask(request, form)


@on_verb("skip")
def _skip(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    if form.name not in form.draft.optional:
        raise NotFound("button")
    form.draft.answers.pop(form.name, None)
    return form_runner.go_on(request, form, request.t("{title}: пропущено", title=form.title(request.t)))


@on_verb("keep")
def _keep(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """Leave the value that there is."""
    value = form.present()
    if value is None:
        raise NotFound("button")
    field_steps.of(form.field).check_kept(request, form, value)
    said = form_state.shown(request, form.field, value)
    return form_runner.go_on(request, form, f"{form.title(request.t)}: {said}")


@on_verb("done")
def _done(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """Enough options ticked, or files sent."""
    return field_steps.of(form.field).done(request, form)


@on_verb("ok")
def _confirmed(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """What was understood is right."""
    return field_steps.of(form.field).confirmed(request, form)


@on_verb("client")
def _client(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """The new deal is for the client whose phone it is, or for somebody else with the same phone."""
    known, purpose = form.draft.sub.get("known"), form.draft.purpose
    if known is None or not isinstance(purpose, NewDealPurpose):
        raise NotFound("button")
    form.draft.purpose = replace(purpose, client=ClientId(known) if first(args) == "1" else SOMEBODY_ELSE)
    return form_runner.go_on(request, form)
