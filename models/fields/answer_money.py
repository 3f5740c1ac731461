"""Money that comes in: what a payment may be (K-13, K-14). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from models.engine.deal_state import Moment
from models.process import fields as f
from models.values.invalid_value import N_, InvalidValue
from models.values.money import KOPECK
from models.values.received_payment import ReceivedPayment

OLDEST = timedelta(days=365)  # a payment from further back is a slip of the finger
LONG_AGO = timedelta(days=92)  # from here on the day is confirmed
Values = Mapping[str, Any]
Fields = Mapping[str, f.Field]


def check_payment(field: f.PaymentField, value: Any, deal_fields: Values, all_fields: Fields, moment: Moment) -> None:
    """Raise Wrong if this money cannot come in under the field; a bare Decimal is an amount whose day is not said yet.

    In `deal_fields` the payment fields hold what has come in before it.
    """
    check_amount(field, value.amount if isinstance(value, ReceivedPayment) else value, deal_fields, all_fields)
    if isinstance(value, ReceivedPayment):
        check_day(value.paid_on, moment)


def check_amount(field: f.PaymentField, amount: Decimal, deal_fields: Values, all_fields: Fields) -> None:
    """Raise Wrong: payment.zero, .no_total, .paid, .over."""
    if amount <= 0:
        raise InvalidValue("payment.zero", N_("Сумма должна быть больше нуля."), "75 000")
    left = balance(field, deal_fields, all_fields)
    if left is None:
        total = all_fields[field.of].title if field.of in all_fields else field.of
        raise InvalidValue(
            "payment.no_total", N_("Сначала внесите, сколько клиент должен заплатить: «{title}»."), title=total
        )
    if left <= 0:
        raise InvalidValue("payment.paid", N_("Всё уже оплачено: остатка нет."))
    if amount > left:
        raise InvalidValue("payment.over", N_("Больше остатка: осталось {limit}."), limit=left)


def check_day(day: date, moment: Moment) -> None:
    """Raise Wrong: payment.future, payment.old."""
    if day > moment.today:
        message = N_("Этот день ещё не наступил. Когда деньги уже пришли?")
        raise InvalidValue("payment.future", message, N_("вчера"))
    if day < earliest(moment):
        raise InvalidValue("payment.old", N_("Это больше года назад. Проверьте дату."), N_("вчера"))


def earliest(moment: Moment) -> date:
    """The first day on which a payment entered now may have come in."""
    return moment.today - OLDEST


def paid(of: str, deal_fields: Values, all_fields: Fields) -> Decimal:
    """What has come in under all fields that pay the same sum."""
    slots = [name for name, one in all_fields.items() if isinstance(one, f.PaymentField) and one.of == of]
    found = [deal_fields[name] for name in slots if deal_fields.get(name) is not None]
    return sum((one.amount if isinstance(one, ReceivedPayment) else one for one in found), Decimal(0))


def balance(field: f.PaymentField, deal_fields: Values, all_fields: Fields) -> Decimal | None:
    """What is left to pay; None while nobody has said how much the whole is."""
    total = deal_fields.get(field.of)
    return total - paid(field.of, deal_fields, all_fields) if isinstance(total, Decimal) else None


def half(total: Decimal) -> Decimal:
    """Half of a sum, in whole kopecks."""
    return (total / 2).quantize(KOPECK, ROUND_HALF_UP)


def check_total(own: str | None, total: Decimal, title: str, deal_fields: Values, all_fields: Fields) -> None:
    """The sum to be paid cannot sink below what has come in already: Wrong payment.below."""
    came = paid(own, deal_fields, all_fields) if own else Decimal(0)
    if total < came:
        message = N_("«{title}» не может быть меньше, чем уже оплачено — {limit}.")
        raise InvalidValue("payment.below", message, title=title, limit=came)


def method_field(field: f.Field, methods: Mapping[str, str]) -> f.ChoiceField:
    """The question how the money was paid, as a choice: so its answers are read like those of any other."""
    return f.ChoiceField(type="choice", title=field.title, options=dict(methods))
