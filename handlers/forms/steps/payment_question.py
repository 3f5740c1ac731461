"""The question for a payment: at which place inside it a person stands, and its screen there (K-13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated

from pydantic import Field as Setting

from handlers.forms.form_screens import draws
from handlers.forms.form_state import Form
from handlers.request import Request
from keyboards import payments as pages
from keyboards.forms import date_prompts, doubt_prompts, payment_prompts
from keyboards.forms.payment_prompts import PaymentDue
from keyboards.forms.prompts import Question
from keyboards.screen import Screen
from models import access
from models.errors import NotFound
from models.fields import payment_field
from models.fields.choice_field import ChoiceField
from models.fields.payment_field import PaymentField
from models.values.product_text import ProductText
from models.values.received_payment import ReceivedPayment
from services import payments
from services.purposes.payment_purposes import RefundPurpose
from services.step_states import KeptAmount, KeptDay, StepState, step_state


@step_state("payment")
@dataclass(frozen=True, slots=True)
class PaymentState(StepState):
    """What was said of the payment so far.

    `guessed_on` is a day to be confirmed, `has_calendar`: the calendar is open, at `month`. `same` is the line of the
    ledger that looks alike. `asked_over` is a sum of more than is due, which is being asked about; `over` how much more
    the person has said it may be.
    """

    amount: Annotated[KeptAmount | None, Setting(alias="sum")] = None
    guessed_on: Annotated[KeptDay | None, Setting(alias="guess")] = None
    paid_on: Annotated[KeptDay | None, Setting(alias="on")] = None
    has_calendar: Annotated[bool, Setting(alias="dates")] = False
    month: int | None = None
    method: Annotated[str | None, Setting(alias="by")] = None
    same: int | None = None
    asked_over: Annotated[KeptAmount | None, Setting(alias="much")] = None
    over: KeptAmount | None = None

    @property
    def is_inside(self) -> bool:
        return self.guessed_on is not None or self.amount is not None or self.asked_over is not None


@draws(PaymentField)
def question(request: Request, form: Form, ask: Question) -> Screen:
    """The screen at the place where the person stands."""
    t, state, today = request.t, state_of(form), request.work.moment.today
    amount, back = state.amount, is_refund(form)
    if amount is None and state.asked_over is not None:
        return payment_prompts.over(t, ask, state.asked_over, _due(request, form))
    if amount is None:
        return payment_prompts.amount(t, ask, _due(request, form))
    if state.guessed_on is not None:
        said = t.day(state.guessed_on, today=today)
        return doubt_prompts.doubt(t, replace(ask, now="", example=""), [said], calendar=True)
    if state.paid_on is None and not state.has_calendar:
        return payment_prompts.day(t, ask, amount, today, methods(form), back=back)
    if state.paid_on is None:
        month = state.month if state.month is not None else date_prompts.month_of(today)
        earliest = payment_field.earliest(request.work.moment)
        return payment_prompts.any_day(t, ask, month, today, earliest, back=back)
    if state.same is None:
        return payment_prompts.method(t, ask, amount, state.paid_on, today, methods(form), back=back)
    return payment_prompts.twice(t, ask, _seen(request, form, state.same), back=back)


def _due(request: Request, form: Form) -> PaymentDue:
    """What is still to be paid, for those who may see it."""
    if form.process is None or not access.can_see_account(request.me.role, form.process):
        return PaymentDue()
    known, field = form.known(), form.field_as(PaymentField)
    total = known.get(field.of)
    paid = payment_field.paid(field.of, known, form.fields)
    return PaymentDue(total if isinstance(total, Decimal) else None, paid, is_refund(form))


def _seen(request: Request, form: Form, same: int) -> str:
    """The line that looks alike, in words."""
    lines = payments.of_deal(request.work, form.deal.id) if form.deal else []
    found = next((one for one in lines if one.id == same), None)
    return pages.said(found, methods(form), request.work.now, request.t) if found else ""


# --- what is known so far ---------------------------------------------------------------------------------------


def state_of(form: Form) -> PaymentState:
    """What was said of the payment so far."""
    return form.find_state(PaymentState) or PaymentState()


def step_back(form: Form) -> bool:
    """Stand one place earlier inside the question; False if there is none."""
    state = state_of(form)
    before = _before(state, asks_method=len(methods(form)) != 1)
    form.draft.step_state = before or state
    return before is not None


def _before(state: PaymentState, *, asks_method: bool) -> PaymentState | None:
    """The place before that one."""
    if state.same is not None and asks_method:
        return replace(state, same=None, method=None)
    if state.same is not None:
        return replace(state, same=None, method=None, paid_on=None, has_calendar=False)
    if state.guessed_on is not None:
        return replace(state, guessed_on=None)
    if state.paid_on is not None:
        return replace(state, paid_on=None, has_calendar=False)
    if state.has_calendar:
        return replace(state, has_calendar=False)
    return PaymentState() if state.amount is not None or state.asked_over is not None else None


def received(form: Form) -> ReceivedPayment:
    """The payment that was said; NotFound while a part of it is missing (a forged button)."""
    state = state_of(form)
    if state.amount is None or state.paid_on is None or state.method is None:
        raise NotFound("button")
    much = -state.amount if is_refund(form) else state.amount
    return ReceivedPayment(much, state.paid_on, state.method, over=state.over or Decimal(0))


def is_refund(form: Form) -> bool:
    """Whether the question is about money that was given back."""
    return isinstance(form.draft.purpose, RefundPurpose)


def methods(form: Form) -> Mapping[str, ProductText]:
    """How people pay here: name → title."""
    return form.process.payments.methods if form.process and form.process.payments else {}


def choice(form: Form) -> ChoiceField:
    """The question how it was paid."""
    return payment_field.method_field(form.field, methods(form))
