"""What a person says to the question for a payment: how much, when, how; is it really a second one (K-13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from handlers.forms import form_runner
from handlers.forms.form_state import Form
from handlers.forms.question_presses import on_question
from handlers.forms.steps import field_steps, payment_question
from handlers.forms.steps.field_steps import FieldSteps, steps
from handlers.forms.steps.payment_question import PaymentState
from handlers.request import Request
from keyboards.callbacks.forms.payment_answer_callbacks import (
    ChooseAmount,
    ChooseMethod,
    DropSecondPayment,
    EnterOverpayment,
    EnterSecondPayment,
    OpenCalendar,
)
from keyboards.forms import prompts
from keyboards.screen import Reply, Screen
from models.errors import NotFound
from models.fields import answers, payment_field
from models.fields.base import AnswerContext
from models.fields.date_field import DateField
from models.fields.payment_field import PaymentField
from models.values import money
from models.values.dates import date_doubts
from models.values.invalid_value import InvalidValue
from services import payments
from services.purposes.payment_purposes import PaymentPurpose


@steps(PaymentField)
class PaymentSteps(FieldSteps):
    """Words or figures are the answer to whatever is asked just now."""

    def typed(self, request: Request, form: Form, raw: str) -> Reply:
        state, moment = payment_question.state_of(form), request.work.moment
        if state.amount is None:
            return self._sum(request, form, raw)
        if state.paid_on is None:
            return _typed_day_or_method(request, form, raw)
        method = str(answers.parse(payment_question.choice(form), raw, AnswerContext(moment)))
        return _on_method(request, form, method, is_typed=True)

    def _sum(self, request: Request, form: Form, raw: str) -> Reply:
        """One that comes in and is not too much is taken as any sum is, and asked back if it looks like a slip."""
        said = _typed_sum(request, form, raw)
        if said.amount is not None and not payment_question.is_refund(form):
            return self.take(request, form, raw, said.amount)
        return _keep(request, form, prompts.set_aside(request.t, form.title(request.t)), said)

    def understood(self, request: Request, form: Form, value: Any) -> Reply:
        """How much came; when is asked next."""
        before = prompts.set_aside(request.t, form.title(request.t))
        return _keep(request, form, before, replace(payment_question.state_of(form), amount=value))

    def day(self, request: Request, form: Form, day: date) -> Reply:
        """The day on which the money came."""
        state = payment_question.state_of(form)
        if state.amount is None:
            raise NotFound("button")
        payment_field.check_day(day, request.work.moment)
        methods = payment_question.methods(form)
        form.draft.step_state = state = replace(state, paid_on=day, guessed_on=None)
        if len(methods) == 1:
            return _on_method(request, form, next(iter(methods)))
        return _keep(request, form, prompts.set_aside(request.t, form.title(request.t)), state)

    def turned(self, request: Request, form: Form, month: int) -> Reply:
        return _keep(request, form, None, replace(payment_question.state_of(form), month=month))

    def reset(self, request: Request, form: Form) -> Reply:
        return _keep(request, form, None, replace(payment_question.state_of(form), guessed_on=None))

    def confirmed(self, request: Request, form: Form) -> Reply:
        guessed = payment_question.state_of(form).guessed_on
        return super().confirmed(request, form) if guessed is None else self.day(request, form, guessed)

    def step_back(self, request: Request, form: Form) -> bool:
        return payment_question.step_back(form)

    def check_kept(self, request: Request, form: Form, value: Any) -> None:
        """What has come in, has come in."""
        if not isinstance(value, Decimal):
            form.check(request, value)


def _typed_sum(request: Request, form: Form, raw: str) -> PaymentState:
    """How much came, or was given back. More than is due is asked about: it may be a slip, or an overpayment."""
    field, context = form.field_as(PaymentField), form.context(request)
    if payment_question.is_refund(form):
        much = field.parse(raw, context)
        payment_field.check_refund(field, much, context)
        return PaymentState(amount=much)
    try:
        return PaymentState(amount=answers.parse(field, raw, context))
    except InvalidValue as wrong:
        if wrong.code not in ("payment.over", "payment.paid"):
            raise
        return PaymentState(asked_over=field.parse(raw, context))


def _typed_day_or_method(request: Request, form: Form, raw: str) -> Reply:
    """A day; or how, which means today."""
    state, moment = payment_question.state_of(form), request.work.moment
    try:
        return _typed_day(request, form, raw)
    except InvalidValue:
        if state.guessed_on is not None or state.has_calendar or len(payment_question.methods(form)) < 2:
            raise
        try:
            method = str(answers.parse(payment_question.choice(form), raw, AnswerContext(moment)))
        except InvalidValue:
            method = ""
        if not method:
            raise
    return _on_method(request, form, method, today=moment.today, is_typed=True)


def _typed_day(request: Request, form: Form, raw: str) -> Reply:
    """A day said by words is confirmed, unless it is one that cannot be misread.

    So is one of long ago: «24.11» written a day too early means last year.
    """
    moment = request.work.moment
    field = DateField(type="date", title=form.field.title, not_after="today", example="вчера")
    day: date = answers.parse(field, raw, AnswerContext(moment))
    payment_field.check_day(day, moment)
    ago = (moment.today - day).days
    if (date_doubts.is_relative(raw) and not 0 <= ago <= 1) or ago > payment_field.LONG_AGO.days:
        state = replace(payment_question.state_of(form), guessed_on=day)
        return _keep(request, form, prompts.set_aside(request.t, form.title(request.t)), state)
    return field_steps.of(form.field).day(request, form, day)


def _on_method(request: Request, form: Form, name: str, *, today: date | None = None, is_typed: bool = False) -> Reply:
    """How it was paid; said before the day, it was on the day that was `today` then. One that looks like one already
    entered is asked about."""
    state = payment_question.state_of(form)
    if state.amount is None or name not in payment_question.methods(form):
        raise NotFound("button")
    if state.paid_on is None:
        if today is None or state.guessed_on is not None or state.has_calendar:  # another day is being said just now
            raise NotFound("button")
        payment_field.check_day(today, request.work.moment)
        state = replace(state, paid_on=today)
    form.draft.step_state = state = replace(state, method=name)
    found = payments.find_same(request.work, form.deal.id, payment_question.received(form)) if form.deal else None
    if found is not None:
        before = prompts.set_aside(request.t, form.title(request.t)) if is_typed else None
        return _keep(request, form, before, replace(state, same=found.id))
    return _record(request, form)


def _record(request: Request, form: Form) -> Reply:
    received = payment_question.received(form)
    try:
        return form_runner.record(request, form, received)
    except InvalidValue:  # somebody has entered money meanwhile: the sum is asked anew
        form.draft.stand(None)
        raise


def _keep(request: Request, form: Form, before: Screen | None, state: PaymentState) -> Reply:
    form.draft.step_state = state
    return form_runner.ask(request, form, before=before)


# --- buttons ----------------------------------------------------------------------------------------------------


@on_question(ChooseAmount)
def _sum(request: Request, form: Form, press: ChooseAmount) -> Reply:
    """A likely sum was pressed; what stood on the button may have changed since, so it is checked like a typed one."""
    field = form.field_as(PaymentField)
    much = money.from_kopecks(press.kopecks)
    if payment_question.is_refund(form):
        payment_field.check_refund(field, much, form.context(request))
    else:
        payment_field.check_amount(field, much, form.context(request))
    return _keep(request, form, None, PaymentState(amount=much))


@on_question(EnterOverpayment)
def _over(request: Request, form: Form, press: EnterOverpayment) -> Reply:
    """More has come indeed. How much more is kept: if others enter money meanwhile, it is asked again."""
    much = payment_question.state_of(form).asked_over
    if much is None:
        raise NotFound("button")
    left = payment_field.balance(form.field_as(PaymentField), form.context(request)) or Decimal(0)
    over = much - max(left, Decimal(0))
    return _keep(request, form, None, PaymentState(amount=much, over=max(over, Decimal(0))))


@on_question(OpenCalendar)
def _dates(request: Request, form: Form, press: OpenCalendar) -> Reply:
    """Any other day: the calendar."""
    state = payment_question.state_of(form)
    if state.amount is None:
        raise NotFound("button")
    return _keep(request, form, None, replace(state, has_calendar=True))


@on_question(ChooseMethod)
def _by(request: Request, form: Form, press: ChooseMethod) -> Reply:
    form.field_as(PaymentField)
    known = press.day is not None and 0 < press.day <= date.max.toordinal()
    return _on_method(request, form, press.method, today=date.fromordinal(press.day or 1) if known else None)


@on_question(EnterSecondPayment)
def _more(request: Request, form: Form, press: EnterSecondPayment) -> Reply:
    """It is a second payment indeed."""
    if payment_question.state_of(form).same is None:
        raise NotFound("button")
    return _record(request, form)


@on_question(DropSecondPayment)
def _drop(request: Request, form: Form, press: DropSecondPayment) -> Reply:
    """It was entered already: nothing is entered, and what the form is for goes on."""
    if payment_question.state_of(form).same is None:
        raise NotFound("button")
    form.draft.answers.pop(form.name, None)
    said = request.t("Второй раз не внесено")
    known = form.deal is not None and form.deal.fields.get(form.name) is not None
    if known or isinstance(form.draft.purpose, PaymentPurpose):  # who came to enter this payment is done
        return form_runner.go_on(request, form, said)
    form.draft.stand(None)  # it stands under another field: what this one wants is still open
    return form_runner.ask(request, form, toast=said)
