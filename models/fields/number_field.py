"""A number, perhaps with a unit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import ClassVar, Literal

from models.fields.amount_limits import LimitedAmount
from models.fields.base import AnswerContext
from models.process.annotations import Title
from models.values.clean_text import squeeze
from models.values.invalid_value import N_, InvalidValue, Titles
from models.values.product_text import ProductText

NUMBER = re.compile(
    r"(?P<number>[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?|[+-]?\d+(?:[.,]\d+)?)\s*(?P<unit>(?:[^\W\d_]|%)[^\d]{0,19})?"
)
DECIMALS = 2
LONGEST = 20  # characters


class NumberField(LimitedAmount):
    """A number between two bounds, in a `unit` («м»)."""

    type: Literal["number"]
    at_least: Decimal = Decimal(0)
    at_most: Decimal = Decimal("1e9")
    unit: Title | None = None

    rank: ClassVar[int] = 3
    usually_personal: ClassVar[bool] = False
    usual_example: ClassVar[ProductText] = N_("12,5")
    likely_example: ClassVar[ProductText] = ProductText("12")
    is_written: ClassVar[bool] = True

    def parse(self, raw: str, context: AnswerContext) -> Decimal:
        """Raise InvalidValue: number.empty, .unclear, .unit, .decimals."""
        text = squeeze(raw).rstrip(".!")
        example = self.example or self.usual_example
        if not text:
            raise InvalidValue("number.empty", N_("Число не введено."), example)
        match = NUMBER.fullmatch(text)
        if match is None or not match["number"].isascii():
            raise _unclear(text, example)
        if self.unit and match["unit"] and not _same_unit(match["unit"], squeeze(self.unit)):
            message = N_("Здесь нужно число в других единицах: {unit}.")
            raise InvalidValue("number.unit", message, example, unit=Titles((self.unit,)))
        digits = match["number"].replace(" ", "").replace(",", ".")
        if len(digits.partition(".")[2]) > DECIMALS:
            raise InvalidValue("number.decimals", N_("После запятой — не больше двух знаков."), example)
        if len(digits) > LONGEST:
            raise _unclear(text, example)
        return Decimal(digits)

    def said(self, bound: Decimal) -> object:
        """«12,5 м»."""
        text = f"{bound.normalize():f}".replace(".", ",")
        return f"{text} {self.unit}" if self.unit else text


def _unclear(text: str, example: ProductText) -> InvalidValue:
    message = N_("Здесь нужно одно число цифрами, а не «{said}».")
    return InvalidValue("number.unclear", message, example, said=text[:60])


def _same_unit(said: str, unit: str) -> bool:
    """«м», «м.», «метров» are one; «мм» is another."""
    said, unit = said.strip(" ."), unit.strip(" .")
    return said == unit or (len(said) > 3 and said[0] == unit[0])
