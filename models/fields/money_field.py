"""A sum of money that is agreed, not one that came in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Literal

from models.fields import payment_field
from models.fields.amount_limits import LimitedAmount, against
from models.fields.base import AnswerContext, Field, check_others
from models.fields.groups import Priced
from models.process.annotations import AmountFieldName
from models.values.money import EXAMPLE, LARGEST, parse_money
from models.values.product_text import ProductText


class MoneyField(LimitedAmount, Priced):
    """Roubles; `at_most` and `at_least` are an amount or another money field."""

    type: Literal["money"]
    at_least: Decimal | AmountFieldName = Decimal("0.01")
    at_most: Decimal | AmountFieldName = Decimal("999999999.99")

    rank: ClassVar[int] = 2
    usually_personal: ClassVar[bool] = False
    usual_example: ClassVar[ProductText] = EXAMPLE
    likely_example: ClassVar[ProductText] = EXAMPLE
    is_written: ClassVar[bool] = True

    def parse(self, raw: str, context: AnswerContext) -> Decimal:
        """The sum; how much it may be is the settings' business."""
        return parse_money(raw, at_least=Decimal(0), at_most=LARGEST)

    def check(self, value: Any, context: AnswerContext) -> None:
        """Raise InvalidValue: amount.range, .zero, .against, payment.below."""
        super().check(value, context)
        payment_field.check_total(context.name_of(self), value, self.title, context)
        check_others(self, value, context)

    def bound(self, context: AnswerContext) -> Decimal | None:
        """The value of the field that `at_most` names."""
        found = context.values.get(self.at_most) if isinstance(self.at_most, str) else None
        return found if isinstance(found, Decimal) else None

    def said(self, bound: Decimal) -> object:
        """A sum: whoever tells it writes it as money."""
        return bound

    def check_kept(self, kept: Any, changed: str, other: Field, value: Any) -> None:
        """The sum that this field has must stay within the sum that limits it."""
        if self.at_most == changed and kept > value:
            raise against(other.title, self.title, kept, upper=False)
        if self.at_least == changed and kept < value:
            raise against(other.title, self.title, kept, upper=True)
