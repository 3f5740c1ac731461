"""Asking somebody above for a change that only he may make, and his yes or no."""

from __future__ import annotations

import json

from handlers.deals import deal_actions as deal_handlers
from handlers.forms import form_runner
from handlers.forms.form_state import Form
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback
from handlers.tasks import task_actions as task_handlers
from handlers.tasks.own_outcomes import on_own_outcome
from keyboards import change_requests as words
from keyboards.callbacks.change_callbacks import AskAbove
from keyboards.screen import Reply, Screen
from models import access
from models.entities import Task
from models.errors import ApprovalWanted, NotFound
from models.field_values import FieldValues
from models.fields import codec
from models.process.own_tasks import ALLOW_CHANGE, ALLOWED, DECLINED
from models.values.clean_text import one_line
from services import change_requests
from services.deals import deal_queries
from services.purposes.change_purposes import AskFieldPurpose, ChangeReasonPurpose

LONGEST_WHY = 200


@form_runner.reopens(ApprovalWanted)
def ask_why(request: Request, form: Form, wanted: ApprovalWanted, before: Screen | None) -> Reply:
    """The answers of a form would change what only somebody above may: he can be asked for it, with a reason."""
    deal = deal_queries.get(request.work, wanted.deal_id)
    process = request.work.process(deal.process)
    kept = json.dumps(codec.encode(process.fields, wanted.values), ensure_ascii=False)
    about = words.change(process, deal.fields, wanted.values, request.t)
    rules = [request.t(reason.why) for reason in wanted.refusal.reasons if reason.why]
    title = request.t("Это решает руководитель. Почему нужно изменить?")
    hint = "\n".join([*rules, *(f"{name}: {said}" for name, said in about)])
    return form_runner.begin_text(request, ChangeReasonPurpose(deal.id, kept), title, hint, longest=LONGEST_WHY)


@on_finish(ChangeReasonPurpose, access.SALES)
def asked(request: Request, purpose: ChangeReasonPurpose, values: FieldValues) -> Reply:
    """The request is with somebody above."""
    deal = deal_queries.get(request.work, purpose.deal)
    wanted = codec.decode(request.work.process(deal.process).fields, json.loads(purpose.values))
    change_requests.ask(request.work, deal.id, wanted, one_line(str(values["text"]), limit=LONGEST_WHY))
    return deal_handlers.card(request, deal.id, request.t("Заявка отправлена руководителю"))


@on_callback(AskAbove, access.SALES)
def ask_field(request: Request, press: AskAbove) -> Reply:
    """What should stand in the field, in the words of who asks."""
    deal = deal_queries.get_editable(request.work, press.deal)
    field = request.work.process(deal.process).fields.get(press.field)
    if field is None or not field.is_for_above():
        raise NotFound("button")
    title = request.t("Попросить руководителя: {field}", field=request.t(field.title))
    hint = request.t(field.hint) if field.hint else ""
    return form_runner.begin_text(request, AskFieldPurpose(deal.id, press.field), title, hint, longest=LONGEST_WHY)


@on_finish(AskFieldPurpose, access.SALES)
def field_asked(request: Request, purpose: AskFieldPurpose, values: FieldValues) -> Reply:
    """The request is with somebody above; his yes fills the field in with these words."""
    why = one_line(str(values["text"]), limit=LONGEST_WHY)
    change_requests.ask(request.work, purpose.deal, {purpose.field: why}, why)
    return deal_handlers.card(request, purpose.deal, request.t("Заявка отправлена руководителю"))


@on_own_outcome(ALLOW_CHANGE, ALLOWED)
def allow(request: Request, task: Task) -> Reply:
    """The change is made, if it is still about what stands on the card."""
    deal = change_requests.allow(request.work, task.id)
    if deal is None:
        said = request.t("Карточка с тех пор изменилась: заявка не действует")
        return deal_handlers.card(request, task.deal_id, said)
    return deal_handlers.card(request, deal.id, request.t("Разрешено"))


@on_own_outcome(ALLOW_CHANGE, DECLINED)
def decline(request: Request, task: Task) -> Reply:
    """It stays as it is."""
    change_requests.decline(request.work, task.id)
    return task_handlers.show(request, task.id, request.t("Отказано"))
