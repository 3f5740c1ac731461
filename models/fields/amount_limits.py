"""What an amount may be: between two bounds, each an amount or another field of the deal."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from models.fields.base import AnswerContext
from models.fields.groups import Amount
from models.process.annotations import AmountFieldName
from models.values.invalid_value import N_, InvalidValue, Titles
from models.values.product_text import ProductText


class LimitedAmount(Amount, group=True):
    """An amount that has limits: `at_most` and `at_least` are an amount or another amount field."""

    at_least: Decimal | AmountFieldName
    at_most: Decimal | AmountFieldName

    likely_example: ClassVar[ProductText]  # of an amount within its limits

    @abstractmethod
    def said(self, bound: Decimal) -> object:
        """A limit as a message quotes it."""

    def check(self, value: Any, context: AnswerContext) -> None:
        """Raise InvalidValue: amount.range, .zero, .against."""
        self._check_side(value, self.at_most, context, upper=True)
        self._check_side(value, self.at_least, context, upper=False)

    def _check_side(self, value: Decimal, limit: Decimal | str, context: AnswerContext, *, upper: bool) -> None:
        bound = context.values.get(limit) if isinstance(limit, str) else limit
        if bound is None or (value <= bound if upper else value >= bound):
            return
        if isinstance(limit, str):
            raise against(self.title, context.fields[limit].title, bound, upper=upper).quoting(limit)
        example = self.example or self.likely_example
        if not upper and value == 0 and bound > 0:
            raise InvalidValue("amount.zero", N_("Здесь должно быть больше нуля."), example)
        if upper:
            message = N_("Слишком много: можно не больше {limit}.")
        else:
            message = N_("Слишком мало: нужно не меньше {limit}.")
        raise InvalidValue("amount.range", message, example, limit=self.said(bound))

    def contradictions(self) -> Iterable[str]:
        """Bounds that leave nothing between them."""
        low, high = self.at_least, self.at_most
        if isinstance(low, Decimal) and isinstance(high, Decimal) and low > high:
            yield f"no amount is at least {low} and at most {high}"

    def written_fault(self, name: str, value: Any) -> str | None:
        """Amounts are written as numbers."""
        return None if isinstance(value, Decimal) else f"`{value}` is no amount; `{name}` is of type {self.type}"


def against(title: ProductText, other: ProductText, bound: object, *, upper: bool) -> InvalidValue:
    """A limit that is another field's value: «Предоплата» cannot be more than «Бюджет»."""
    if upper:
        message = N_("«{title}» не может быть больше, чем «{other}» — {limit}.")
    else:
        message = N_("«{title}» не может быть меньше, чем «{other}» — {limit}.")
    return InvalidValue("amount.against", message, title=Titles((title,)), other=Titles((other,)), limit=bound)
