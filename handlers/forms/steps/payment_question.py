"""The question for a payment: at which place inside it a person stands, and its screen there (K-13).

The places lie in `draft.sub`: `sum` (kopecks), `guess` (a day to be confirmed) and `on` (the day) as ordinals, `dates`
(the calendar is open), `by` (a method), `same` (the line of the ledger that looks alike).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from handlers.forms.form_screens import draws
from handlers.forms.form_state import Form
from handlers.request import Request
from keyboards import payments as pages
from keyboards.forms import date_prompts, payment_prompts
from keyboards.forms.payment_prompts import PaymentDue
from keyboards.forms.prompts import Question
from keyboards.screen import Screen
from models import access
from models.errors import NotFound
from models.fields import payment_field
from models.fields.choice_field import ChoiceField
from models.fields.payment_field import PaymentField
from models.values import money
from models.values.received_payment import ReceivedPayment
from services import payments

INSIDE = ("same", "guess", "on", "dates", "sum")  # places inside the question, the last one first


@draws(PaymentField, inside=("guess", "sum"))
def question(request: Request, form: Form, ask: Question) -> Screen:
    """The screen at the place where the person stands."""
    t, sub, today = request.t, form.draft.sub, request.work.moment.today
    if "sum" not in sub:
        return payment_prompts.amount(t, ask, _due(request, form))
    amount = much(form)
    if "guess" in sub:
        return date_prompts.guess(t, replace(ask, now="", example=""), t.day(guessed(form), today=today))
    if "on" not in sub and "dates" not in sub:
        return payment_prompts.day(t, ask, amount, today)
    if "on" not in sub:
        month = int(sub.get("month", date_prompts.month_of(today)))
        return payment_prompts.any_day(t, ask, month, today, payment_field.earliest(request.work.moment))
    if "same" not in sub:
        return payment_prompts.method(t, ask, amount, day_of(form), today, methods(form))
    return payment_prompts.twice(t, ask, _seen(request, form))


def _due(request: Request, form: Form) -> PaymentDue:
    """What is still to be paid, for those who may see it."""
    if not access.can_see_money(request.me):
        return PaymentDue()
    known, field = form.known(), form.field_as(PaymentField)
    total = known.get(field.of)
    return PaymentDue(total if isinstance(total, Decimal) else None, payment_field.paid(field.of, known, form.fields))


def _seen(request: Request, form: Form) -> str:
    """The line that looks alike, in words."""
    lines = payments.of_deal(request.work, form.deal.id) if form.deal else []
    found = next((one for one in lines if one.id == form.draft.sub["same"]), None)
    return pages.said(found, methods(form), request.work.now, request.t) if found else ""


# --- what is known so far ---------------------------------------------------------------------------------------


def step_back(form: Form) -> bool:
    """Stand one place earlier inside the question; False if there is none."""
    sub = form.draft.sub
    place = next((one for one in INSIDE if one in sub), None)
    if place is None:
        return False
    del sub[place]
    if place == "same":
        del sub["by"]
        if len(methods(form)) == 1:  # it was never asked
            place = "on"
            del sub["on"]
    if place == "on":
        sub.pop("dates", None)
    return True


def received(form: Form) -> ReceivedPayment:
    """The payment that was said; NotFound while a part of it is missing (a forged button)."""
    sub = form.draft.sub
    if not {"sum", "on", "by"} <= sub.keys():
        raise NotFound("button")
    return ReceivedPayment(much(form), day_of(form), str(sub["by"]))


def much(form: Form) -> Decimal:
    """The amount, in roubles."""
    return money.from_kopecks(int(form.draft.sub["sum"]))


def day_of(form: Form) -> date:
    """The day on which it came."""
    return date.fromordinal(int(form.draft.sub["on"]))


def guessed(form: Form) -> date:
    """The day that is to be confirmed."""
    return date.fromordinal(int(form.draft.sub["guess"]))


def methods(form: Form) -> Mapping[str, str]:
    """How people pay here: name → title."""
    return form.process.payments.methods if form.process and form.process.payments else {}


def choice(form: Form) -> ChoiceField:
    """The question how it was paid."""
    return payment_field.method_field(form.field, methods(form))
