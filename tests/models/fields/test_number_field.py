"""A number: what is understood, and what is said of an answer that cannot be taken."""

from decimal import Decimal

import pytest
from field_answers import parse, wrong

from models.fields.number_field import NumberField

FIELD = NumberField(type="number", title="Длина", unit="м")
VALUE = Decimal("12.5")


@pytest.mark.parametrize(
    ("raw", "value"), [("12,5", "12.5"), ("1 200", "1200"), ("3 м", "3"), ("5 метров", "5"), ("0", "0")]
)
def test_a_number_is_read(raw: str, value: str) -> None:
    assert parse(NumberField(type="number", title="Длина", unit="м"), raw) == Decimal(value)


@pytest.mark.parametrize("raw", ["два", "1 2 3", "", "1,234", "1e5", "9" * 30, "٣"])
def test_what_is_no_number_is_refused_with_an_example(raw: str) -> None:
    assert "Например: 12,5" in wrong(NumberField(type="number", title="Длина"), raw)


def test_a_number_outside_its_bounds_says_the_bound_with_its_unit() -> None:
    field = NumberField(type="number", title="Длина", at_most=Decimal(10), unit="м")
    assert "не больше 10 м" in wrong(field, "11")
    assert "в других единицах: м." in wrong(field, "5 мм")
