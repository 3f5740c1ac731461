"""What a person says to the question for a payment: how much, when, how; is it really a second one (K-13)."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.forms import form_runner, payment_question
from handlers.forms.form_state import Form
from handlers.request import Request, number
from keyboards.forms import prompts
from keyboards.screen import Reply, Screen
from models.errors import NotFound
from models.fields import answer_money, answers
from models.process import fields as f
from models.values import money
from models.values.invalid_value import InvalidValue
from services import payments
from services.purposes.payment_purposes import PaymentPurpose

# --- what is answered -------------------------------------------------------------------------------------------


def typed(request: Request, form: Form, raw: str) -> Reply:
    """Words or figures, whatever is asked just now."""
    sub = form.draft.sub
    before = prompts.set_aside(request.t, form.title(request.t))
    if "sum" not in sub:
        much = answers.parse(
            form.field, raw, deal_fields=form.known(), all_fields=form.fields, moment=request.work.moment
        )
        return _keep(request, form, before, sum=money.to_kopecks(much))
    if "on" not in sub:
        return _typed_day(request, form, raw)
    return on_method(
        request, form, str(answers.parse(payment_question.choice(form), raw, **_nothing(request))), typed_=True
    )


def _typed_day(request: Request, form: Form, raw: str) -> Reply:
    """A day said by words is confirmed, unless it is one that cannot be misread.

    So is one of long ago: «24.11» written a day too early means last year.
    """
    field = f.DateField(type="date", title=form.field.title, not_after="today", example="вчера")
    day: date = answers.parse(field, raw, **_nothing(request))
    answer_money.check_day(day, request.work.moment)
    ago = (request.work.moment.today - day).days
    if (answers.is_relative(raw) and not 0 <= ago <= 1) or ago > answer_money.LONG_AGO.days:
        form.draft.sub["guess"] = day.toordinal()
        return form_runner.ask(request, form, before=prompts.set_aside(request.t, form.title(request.t)))
    return on_day(request, form, day)


def _nothing(request: Request) -> dict[str, Any]:
    """Nothing else bears on the day or the method."""
    return {"deal_fields": {}, "all_fields": {}, "moment": request.work.moment}


def on_amount(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """A likely sum was pressed; what stood on the button may have changed since, so it is checked like a typed one."""
    kopecks = number(args[0] if args else "")
    much = money.from_kopecks(kopecks)
    answer_money.check_amount(payment_question.field_of(form), much, form.known(), form.fields)
    return _keep(request, form, None, sum=kopecks)


def on_day(request: Request, form: Form, day: date) -> Reply:
    """The day on which the money came."""
    if "sum" not in form.draft.sub:
        raise NotFound("button")
    answer_money.check_day(day, request.work.moment)
    form.draft.sub.pop("guess", None)
    methods = payment_question.methods(form)
    form.draft.sub["on"] = day.toordinal()
    if len(methods) == 1:
        return on_method(request, form, next(iter(methods)))
    return _keep(request, form, prompts.set_aside(request.t, form.title(request.t)))


def on_method(request: Request, form: Form, name: str, *, typed_: bool = False) -> Reply:
    """How it was paid; one that looks like one already entered is asked about."""
    sub = form.draft.sub
    if "on" not in sub or name not in payment_question.methods(form):
        raise NotFound("button")
    sub["by"] = name
    found = payments.find_same(request.work, form.deal.id, payment_question.received(form)) if form.deal else None
    if found is not None:
        before = prompts.set_aside(request.t, form.title(request.t)) if typed_ else None
        return _keep(request, form, before, same=found.id)
    return _record(request, form)


def _record(request: Request, form: Form) -> Reply:
    received = payment_question.received(form)
    try:
        return form_runner.record(request, form, received)
    except InvalidValue:  # somebody has entered money meanwhile: the sum is asked anew
        form.draft.sub = {}
        raise


def _keep(request: Request, form: Form, before: Screen | None, **known: int) -> Reply:
    form.draft.sub |= known
    return form_runner.ask(request, form, before=before)


# --- buttons ----------------------------------------------------------------------------------------------------


def _sum(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    payment_question.field_of(form)
    return on_amount(request, form, args)


def _dates(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """Any other day: the calendar."""
    if "sum" not in form.draft.sub:
        raise NotFound("button")
    form.draft.sub["dates"] = 1
    return form_runner.ask(request, form)


def _by(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    payment_question.field_of(form)
    return on_method(request, form, args[0] if args else "")


def _more(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """It is a second payment indeed."""
    if "same" not in form.draft.sub:
        raise NotFound("button")
    return _record(request, form)


def _drop(request: Request, form: Form, args: tuple[str, ...]) -> Reply:
    """It was entered already: nothing is entered, and what the form is for goes on."""
    if "same" not in form.draft.sub:
        raise NotFound("button")
    form.draft.answers.pop(form.name, None)
    said = request.t("Второй раз не внесено")
    known = form.deal is not None and form.deal.fields.get(form.name) is not None
    if known or isinstance(form.draft.purpose, PaymentPurpose):  # who came to enter this payment is done
        return form_runner.go_on(request, form, said)
    form.draft.sub = {}  # it stands under another field: what this one wants is still open
    return form_runner.ask(request, form, toast=said)


VERBS = {"sum": _sum, "dates": _dates, "by": _by, "more": _more, "drop": _drop}
