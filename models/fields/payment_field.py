"""Money that came in: what a payment may be (K-13, K-14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar, Literal

from models.engine.deal_state import Moment
from models.field_values import FieldValues
from models.fields.base import AnswerContext, Field
from models.fields.choice_field import ChoiceField
from models.fields.groups import Amount, Priced
from models.process.annotations import AmountFieldName
from models.values.invalid_value import N_, InvalidValue, Titles
from models.values.money import KOPECK, parse_money
from models.values.product_text import ProductText
from models.values.received_payment import ReceivedPayment

OLDEST = timedelta(days=365)  # a payment from further back is a slip of the finger
LONG_AGO = timedelta(days=92)  # from here on the day is confirmed


class PaymentField(Amount, Priced):
    """Money that came in: each answer is a line of the payments ledger, the field holds the sum of its lines (K-13).

    Together with its fellows it pays what the money field `of` says; more only after a question. What is given back
    to the client is a line below zero.
    """

    type: Literal["payment"]
    of: AmountFieldName

    rank: ClassVar[int] = 13
    usually_personal: ClassVar[bool] = False
    usual_example: ClassVar[ProductText] = ProductText("75 000")
    needs_deal: ClassVar[bool] = True

    def parse(self, raw: str, context: AnswerContext) -> Decimal:
        """Its amount; the day and the method are questions of their own."""
        return parse_money(raw)

    def check(self, value: ReceivedPayment | Decimal, context: AnswerContext) -> None:
        """Raise InvalidValue if this money cannot come in; a bare Decimal is an amount whose day is not said yet.

        In `context.values` the payment fields hold what has come in before it.
        """
        if not isinstance(value, ReceivedPayment):
            check_amount(self, value, context)
            return
        if value.is_refund:
            check_refund(self, -value.amount, context)
        else:
            check_amount(self, value.amount, context, over=value.over)
        check_day(value.paid_on, context.moment)

    def is_whole(self, value: Any) -> bool:
        """A sum alone is no payment: the day and the method are asked too."""
        return isinstance(value, ReceivedPayment)

    def doubt(self, raw: str, value: Any, context: AnswerContext) -> tuple[Any, ...]:
        """What pays exactly the rest is meant, however little that is."""
        return () if value == balance(self, context) else super().doubt(raw, value, context)

    def bound(self, context: AnswerContext) -> Decimal | None:
        """What the client is to pay."""
        found = context.values.get(self.of)
        return found if isinstance(found, Decimal) else None

    def encode(self, value: ReceivedPayment | Decimal) -> Any:
        """A sum on the deal; a payment just being entered in a form."""
        return value.to_data() if isinstance(value, ReceivedPayment) else super().encode(value)

    def decode(self, data: Any) -> ReceivedPayment | Decimal:
        """Which of the two it is, its JSON tells."""
        return ReceivedPayment.from_data(data) if isinstance(data, Mapping) else super().decode(data)


def check_amount(field: PaymentField, amount: Decimal, context: AnswerContext, *, over: Decimal = Decimal(0)) -> None:
    """Raise InvalidValue: payment.zero, .no_total, .paid, .over; `over` is how much more than is due it may be."""
    if amount <= 0:
        raise InvalidValue("payment.zero", N_("Сумма должна быть больше нуля."), "75 000")
    left = balance(field, context)
    if left is None:
        total = Titles((context.fields[field.of].title,)) if field.of in context.fields else field.of
        message = N_("Сначала внесите, сколько клиент должен заплатить: «{title}».")
        raise InvalidValue("payment.no_total", message, title=total)
    if amount - max(left, Decimal(0)) <= over:
        return
    if left <= 0:
        raise InvalidValue("payment.paid", N_("Всё уже оплачено: остатка нет.")).quoting(field.of)
    raise InvalidValue("payment.over", N_("Больше остатка: осталось {limit}."), limit=left).quoting(field.of)


def check_refund(field: PaymentField, amount: Decimal, context: AnswerContext) -> None:
    """No more can be given back than came in. Raise InvalidValue: payment.zero, .nothing, .too_much."""
    if amount <= 0:
        raise InvalidValue("payment.zero", N_("Сумма должна быть больше нуля."), "75 000")
    came = paid(field.of, context.values, context.fields)
    if came <= 0:
        raise InvalidValue("payment.nothing", N_("Возвращать нечего: денег клиента нет.")).quoting(field.of)
    if amount > came:
        message = N_("Столько вернуть нельзя: получено {limit}.")
        raise InvalidValue("payment.too_much", message, limit=came).quoting(field.of)


def check_day(day: date, moment: Moment) -> None:
    """Raise InvalidValue: payment.future, payment.old."""
    if day > moment.today:
        message = N_("Этот день ещё не наступил. Когда деньги уже пришли?")
        raise InvalidValue("payment.future", message, N_("вчера"))
    if day < earliest(moment):
        raise InvalidValue("payment.old", N_("Это больше года назад. Проверьте дату."), N_("вчера"))


def check_total(own: str | None, total: Decimal, title: ProductText, context: AnswerContext) -> None:
    """The sum to be paid cannot sink below what has come in already: InvalidValue payment.below."""
    came = paid(own, context.values, context.fields) if own else Decimal(0)
    if total < came:
        message = N_("«{title}» не может быть меньше, чем уже оплачено — {limit}.")
        raise InvalidValue("payment.below", message, title=Titles((title,)), limit=came).quoting(own)


def earliest(moment: Moment) -> date:
    """The first day on which a payment entered now may have come in."""
    return moment.today - OLDEST


def paid(of: str, values: FieldValues, fields: Mapping[str, Field]) -> Decimal:
    """What has come in under all fields that pay the same sum."""
    slots = [name for name, one in fields.items() if isinstance(one, PaymentField) and one.of == of]
    found = [values[name] for name in slots if values.get(name) is not None]
    return sum((one.amount if isinstance(one, ReceivedPayment) else one for one in found), Decimal(0))


def balance(field: PaymentField, context: AnswerContext) -> Decimal | None:
    """What is left to pay; None while nobody has said how much the whole is."""
    total = context.values.get(field.of)
    return total - paid(field.of, context.values, context.fields) if isinstance(total, Decimal) else None


def half(total: Decimal) -> Decimal:
    """Half of a sum, in whole kopecks."""
    return (total / 2).quantize(KOPECK, ROUND_HALF_UP)


def method_field(field: Field, methods: Mapping[str, str]) -> ChoiceField:
    """The question how the money was paid, as a choice: so its answers are read like those of any other."""
    return ChoiceField(type="choice", title=field.title, options=dict(methods))
