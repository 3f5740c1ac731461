"""Money given back to the client: a line of the ledger with its day, method and reason; money that may stay."""

from __future__ import annotations

from datetime import date

from handlers import payments as payment_pages
from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback
from handlers.tasks import task_actions as task_handlers
from handlers.tasks.own_outcomes import on_own_outcome
from keyboards import payments as pages
from keyboards.callbacks.payment_callbacks import EnterRefund
from keyboards.forms.payment_prompts import received
from keyboards.screen import Reply
from models import access
from models.entities import Task
from models.errors import NotFound
from models.field_values import FieldValues
from models.process.own_tasks import KEPT, RETURN_MONEY, RETURNED
from models.values.clean_text import one_line
from models.values.money import from_kopecks, to_kopecks
from models.values.received_payment import ReceivedPayment
from services import payments
from services.deals import deal_queries
from services.purposes.payment_purposes import KeepMoneyPurpose, RefundPurpose, RefundReasonPurpose
from services.tasks import task_commands

LONGEST_WHY = 200


@on_callback(EnterRefund, access.SALES)
def refund(request: Request, press: EnterRefund) -> Reply:
    """Money was given back to the client: how much, when, how, why."""
    deal = deal_queries.get_editable(request.work, press.deal)
    held = [one.slots[0] for one in payment_pages.account(request, deal.id).accounts if one.paid > 0]
    if press.field is not None and press.field not in held:
        raise NotFound("button")
    if not held:
        return payment_pages.show(request, deal.id, request.t("Возвращать нечего: денег клиента нет."))
    if press.field is None and len(held) > 1:
        return Reply(pages.choose_field(payment_pages.account(request, deal.id), held, request.t, back=True))
    process, field = request.work.process(deal.process), press.field or held[0]
    access.check_may_fill(request.me, process, field)
    return form_runner.begin(request, RefundPurpose(deal.id), [field], process=process, deal=deal, again=True)


@on_finish(RefundPurpose, access.SALES)
def ask_refund_reason(request: Request, purpose: RefundPurpose, values: FieldValues) -> Reply:
    """How much, when and how are known: why?"""
    deal = deal_queries.get_editable(request.work, purpose.deal)
    given = next(((name, one) for name, one in values.items() if isinstance(one, ReceivedPayment)), None)
    if given is None:
        return payment_pages.show(request, deal.id, request.t("Возврат не внесён"))
    field, one = given
    why = RefundReasonPurpose(deal.id, field, to_kopecks(-one.amount), one.paid_on.toordinal(), one.method)
    title = request.t("Почему возвращаем деньги?")
    return form_runner.begin_text(request, why, title, received(request.t, one), longest=LONGEST_WHY)


@on_finish(RefundReasonPurpose, access.SALES)
def refunded(request: Request, purpose: RefundReasonPurpose, values: FieldValues) -> Reply:
    """The refund stands in the ledger."""
    why = one_line(str(values["text"]), limit=LONGEST_WHY)
    amount, on = -from_kopecks(purpose.amount), date.fromordinal(purpose.on)
    given = ReceivedPayment(amount, on, purpose.method, why)
    deal = payments.refund(request.work, purpose.deal, purpose.field, given)
    return payment_pages.show(request, deal.id, request.t("Возврат записан"))


@on_own_outcome(RETURN_MONEY, RETURNED)
def refund_of_task(request: Request, task: Task) -> Reply:
    """The task is closed by the refund itself."""
    return refund(request, EnterRefund(task.deal_id))


@on_own_outcome(RETURN_MONEY, KEPT)
def ask_why_kept(request: Request, task: Task) -> Reply:
    """Only somebody above lets a client's money stay, and says why."""
    if not access.can_decide(request.me):
        return task_handlers.show(request, task.id, request.t("Оставить деньги клиента решает руководитель"))
    purpose = KeepMoneyPurpose(task.deal_id, task.id)
    return form_runner.begin_text(request, purpose, request.t("Почему деньги остаются у нас?"), longest=LONGEST_WHY)


@on_finish(KeepMoneyPurpose, access.MANAGEMENT)
def kept(request: Request, purpose: KeepMoneyPurpose, values: FieldValues) -> Reply:
    """The money stays, with the reason in the history."""
    deal = task_commands.close(request.work, purpose.task, KEPT)
    payments.note_kept(request.work, deal, one_line(str(values["text"]), limit=LONGEST_WHY))
    return payment_pages.show(request, purpose.deal, request.t("Задача закрыта"))
