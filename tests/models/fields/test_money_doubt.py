"""A sum is measured by what limits it on its deal, by the company's own sums, by the process's example (truth 38)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.engine.deal_state import Moment
from models.fields.base import AnswerContext, Field
from models.fields.date_field import DateField
from models.fields.money_field import MoneyField
from models.fields.number_field import NumberField
from models.fields.payment_field import PaymentField
from models.fields.text_field import TextField
from models.values.work_calendar import WorkCalendar

MOMENT = Moment(datetime(2026, 11, 23, 7, 0, tzinfo=UTC), WorkCalendar(ZoneInfo("Europe/Moscow")))
TOTAL = MoneyField(type="money", title="Сумма", example="150 000")
FIELDS: dict[str, Field] = {
    "total": TOTAL,
    "plain": MoneyField(type="money", title="Доплата за подъём"),
    "odd": MoneyField(type="money", title="Скидка", example="пять тысяч"),
    "discount": MoneyField(type="money", title="Скидка", at_least=Decimal(0), example="5 000"),
    "part": MoneyField(type="money", title="Счёт", at_most="total"),
    "paid": PaymentField(type="payment", title="Предоплата", of="total"),
    "width": NumberField(type="number", title="Длина", unit="м"),
    "note": TextField(type="text", title="Заметка"),
}


def doubt(name: str, raw: str, usual: int | None = None, **known: int) -> list[int]:
    values: dict[str, Any] = {key: Decimal(value) for key, value in known.items()}
    context = AnswerContext(MOMENT, values, FIELDS, usual=lambda: None if usual is None else Decimal(usual))
    field = FIELDS[name]
    return [int(one) for one in field.doubt(raw, field.parse(raw, context), context)]


def test_the_company_s_own_sums_go_before_the_example() -> None:
    assert doubt("total", "150") == [150, 150_000]
    assert doubt("total", "150", usual=900) == [] and doubt("plain", "150", usual=80_000) == [150, 150_000]


@pytest.mark.parametrize("name", ["plain", "odd"])
def test_where_nobody_can_say_what_is_usual_nothing_is_asked(name: str) -> None:
    assert doubt(name, "150") == []


def test_a_discount_of_nothing_is_no_slip() -> None:
    assert doubt("discount", "0") == [] and doubt("discount", "5") == [5, 5000] and doubt("discount", "500") == []


def test_a_part_is_measured_by_its_whole_and_nothing_beyond_it_is_offered() -> None:
    assert doubt("part", "75", total=150_000) == [75, 75_000]
    assert doubt("part", "500", total=150_000) == [500], "500 000 would be more than the whole: it is only said back"
    assert doubt("part", "500", total=2_000, usual=80_000) == [], "of two thousand, five hundred is a quarter"


def test_a_payment_is_measured_by_what_is_to_be_paid_and_the_exact_rest_is_never_asked_back() -> None:
    assert doubt("paid", "150", total=150_000) == [150, 150_000]
    assert doubt("paid", "75", total=150_000, paid=100_000) == [75], "75 000 is more than is left"
    assert doubt("paid", "75", total=150_000, paid=149_925) == []
    assert doubt("paid", "75 руб", total=150_000) == []


def test_what_is_no_sum_is_measured_by_itself() -> None:
    assert doubt("width", "3", usual=150_000) == []
    context = AnswerContext(MOMENT)
    assert FIELDS["note"].doubt("150", "150", context) == ()
    day, said = DateField(type="date", title="День"), date(2026, 11, 24)
    assert day.doubt("завтра", said, context) == (said,) and day.doubt("24.11", said, context) == ()
