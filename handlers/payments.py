"""«Оплата»: the deal's ledger, entering money, taking a payment back (K-13, K-14).

Not for field staff (C-8).
"""

from __future__ import annotations

from dataclasses import replace

from handlers.deals import deal_actions as deal_handlers
from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.request import Request, on_callback
from keyboards import payments as pages
from keyboards.callbacks.payment_callbacks import (
    AskReversalReason,
    ChoosePayment,
    EnterPayment,
    KeepPayment,
    OpenPayments,
    ReversePayment,
)
from keyboards.payments import PaymentsView
from keyboards.screen import Reply
from models import access
from models.engine import balances
from models.entities import Deal
from models.errors import NotFound
from models.field_values import FieldValues
from models.process.process import Process
from models.values.clean_text import one_line
from models.values.product_text import ProductText
from services import drafts, payments
from services.deals import deal_commands, deal_queries
from services.purposes.payment_purposes import (
    PaymentPurpose,
    ReversalPurpose,
)

SEEING = access.EVERYONE - access.FIELD_STAFF
LONGEST_WHY = 200


def show(request: Request, deal_id: int, toast: str | None = None) -> Reply:
    """The page of a deal that the person may see."""
    return Reply(pages.page(account(request, deal_id), request.t), toast)


@on_callback(OpenPayments, SEEING)
def open_(request: Request, press: OpenPayments) -> Reply:
    return show(request, press.deal)


@on_callback(EnterPayment, access.SALES)
def enter(request: Request, press: EnterPayment) -> Reply:
    """Money has come in: under the field that is next in turn, or under the one that was chosen."""
    deal = deal_queries.get_editable(request.work, press.deal)
    process = request.work.process(deal.process)
    found = [one for one in process.payment_fields if access.may_fill(request.me, process, one)]
    if not found or (press.field and press.field not in found):
        raise NotFound("button")
    chosen = [press.field] if press.field else _offered(process, deal, found)
    if len(chosen) > 1:
        return Reply(pages.choose_field(account(request, deal.id), chosen, request.t))
    return form_runner.begin(request, PaymentPurpose(deal.id), chosen, process=process, deal=deal, again=True)


def _offered(process: Process, deal: Deal, found: list[str]) -> list[str]:
    """Of the direction where the deal stands the first payment while there was none, then what follows it; of others
    what is still owed. More than one: the person has to choose."""
    own, *others = balances.accounts(process, deal)
    slots = [one for one in own.slots if one in found]
    chosen = slots[:1] if len(slots) < 2 or deal.fields.get(slots[0]) is None else slots[1:]
    owed = [one.slots[-1:] for one in others if one.left is not None and one.left > 0]
    return [*chosen, *(name for names in owed for name in names if name in found)] or found[:1]


@on_finish(PaymentPurpose, access.SALES)
def entered(request: Request, purpose: PaymentPurpose, values: FieldValues) -> Reply:
    """The money stands in the ledger."""
    deal_id = purpose.deal
    before = deal_queries.get_editable(request.work, deal_id)
    after = deal_commands.fill(request.work, deal_id, values) if values else before
    if after.stage != before.stage:  # a robot has moved it: that is what one wants to see
        return deal_handlers.moved(request, after)
    paid = any(name in request.work.process(after.process).payment_fields for name in values)
    return show(request, deal_id, request.t("Платёж внесён") if paid else request.t("Платёж не внесён"))


# --- taking back ------------------------------------------------------------------------------------------------


@on_callback(ChoosePayment, access.SALES)
def choose(request: Request, press: ChoosePayment) -> Reply:
    """Which one?"""
    deal = deal_queries.get_editable(request.work, press.deal)
    found = account(request, deal.id)
    if not found.standing:
        return show(request, deal.id, request.t("Отменять нечего"))
    return Reply(pages.choose_line(found, request.t))


@on_callback(AskReversalReason, access.SALES)
def ask_why(request: Request, press: AskReversalReason) -> Reply:
    """Why? A correction without a reason helps nobody later."""
    deal = deal_queries.get_editable(request.work, press.deal)
    one = payments.get_reversible(request.work, deal, press.payment)
    said = pages.said(one, _methods(request, deal), request.work.now, request.t)
    purpose = ReversalPurpose(deal.id, one.id)
    title = request.t("Почему отменяем платёж?")
    return form_runner.begin_text(request, purpose, title, said, longest=LONGEST_WHY)


@on_finish(ReversalPurpose, access.SALES)
def confirm(request: Request, purpose: ReversalPurpose, values: FieldValues) -> Reply:
    """The reason is known: one more look. The form stays open, so that another reason may be typed instead."""
    deal = deal_queries.get_editable(request.work, purpose.deal)
    one = payments.get_reversible(request.work, deal, purpose.payment)
    why = one_line(str(values["text"]), limit=LONGEST_WHY)
    title = request.t("Почему отменяем платёж?")
    form_runner.begin_text(request, replace(purpose, why=why), title, longest=LONGEST_WHY)
    return replace(Reply(pages.confirm(account(request, deal.id), one, why, request.t)), remember_form=True)


@on_callback(ReversePayment, access.SALES)
def undo(request: Request, press: ReversePayment) -> Reply:
    """Taken back, with the reason that was typed. A second press finds nothing to do."""
    deal = deal_queries.get_editable(request.work, press.deal)
    asked = _reversal(request)
    why = asked.why if asked and asked.payment == press.payment else None
    if why is None:
        payments.get_reversible(request.work, deal, press.payment)  # AlreadyDone says more, if it is that
        return show(request, deal.id, request.t("Этот вопрос уже закрыт."))
    drafts.clear(request.work)
    payments.reverse(request.work, deal.id, press.payment, why)
    return show(request, deal.id, request.t("Платёж отменён"))


@on_callback(KeepPayment, access.SALES)
def keep(request: Request, press: KeepPayment) -> Reply:
    """Leave it as it is."""
    deal = deal_queries.get_editable(request.work, press.deal)
    if _reversal(request):
        drafts.clear(request.work)
    return show(request, deal.id, request.t("Платёж оставлен"))


def _reversal(request: Request) -> ReversalPurpose | None:
    """What the open form takes back."""
    draft = drafts.find(request.work)
    return draft.purpose if draft and isinstance(draft.purpose, ReversalPurpose) else None


# --- reading ----------------------------------------------------------------------------------------------------


def account(request: Request, deal_id: int) -> PaymentsView:
    """What the page shows; NotFound where no payments are kept."""
    deal = deal_queries.get(request.work, deal_id)
    process = request.work.process(deal.process)
    payments.check_may_see(request.work, process)
    if process.payments is None:
        raise NotFound("button")
    lines = payments.of_deal(request.work, deal_id)
    return PaymentsView(deal, process, lines, request.work.now, access.can_edit(request.me, deal), request.me.role)


def _methods(request: Request, deal: Deal) -> dict[str, ProductText]:
    kept = request.work.process(deal.process).payments
    return dict(kept.methods) if kept else {}
