"""What a payment may be: bad sums, more than there is to pay, days that cannot be (K-13, K-14)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.engine.deal_state import Moment
from models.fields import answers, codec, payment_field
from models.fields.base import AnswerContext
from models.fields.payment_field import PaymentField
from models.values.invalid_value import InvalidValue
from models.values.received_payment import ReceivedPayment
from models.values.work_calendar import WorkCalendar
from tests.worlds.payment_shop import bench

TODAY = date(2026, 11, 20)
MOMENT = Moment(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), WorkCalendar(ZoneInfo("Europe/Moscow")))
FIELDS = bench().fields
FIELD = PaymentField(type="payment", title="Предоплата", of="price")
VALUE = ReceivedPayment(Decimal("75000.50"), TODAY, "card", "по счёту")


def said(raw: str, **known: Any) -> Decimal:
    deal = {"price": Decimal(150_000), **known}
    found = answers.parse(FIELDS["rest"], raw, AnswerContext(MOMENT, deal, FIELDS))
    assert isinstance(found, Decimal)
    return found


def check(received: ReceivedPayment, **known: Any) -> None:
    deal = {"price": Decimal(150_000), **known}
    FIELDS["rest"].check(received, AnswerContext(MOMENT, deal, FIELDS))


def refused(raw: str, **known: Any) -> InvalidValue:
    with pytest.raises(InvalidValue) as caught:
        said(raw, **known)
    return caught.value


@pytest.mark.parametrize(
    ("raw", "code", "text"),
    [
        ("0", "money.range", "больше нуля"),
        ("-5", "money.negative", "не может быть отрицательной"),
        ("−5", "money.negative", "не может быть отрицательной"),
        ("1000000000000", "money.range", "слишком велика"),
        ("1e12", "money.unclear", "Не получилось понять"),
        ("сто тысяч", "money.words", "цифрами, не словами"),
        ("", "money.empty", "не введена"),
        ("0,001", "money.decimals", "не больше двух знаков"),
        ("150 001", "payment.over", "Больше остатка: осталось"),
    ],
)
def test_a_bad_sum_is_refused_with_its_own_words(raw: str, code: str, text: str) -> None:
    wrong = refused(raw)
    assert (wrong.code, text in str(wrong)) == (code, True), str(wrong)


def test_more_than_is_left_is_refused_and_the_balance_is_said() -> None:
    wrong = refused("75 000,01", prepayment=Decimal(75_000))
    assert (wrong.code, wrong.data["limit"]) == ("payment.over", Decimal(75_000))
    assert said("75 000", prepayment=Decimal(75_000)) == Decimal(75_000)


def test_what_came_under_the_same_field_counts_as_well() -> None:
    assert refused("50 001", prepayment=Decimal(75_000), rest=Decimal(25_000)).data["limit"] == Decimal(50_000)


def test_nothing_more_comes_in_when_all_is_paid() -> None:
    assert refused("1", prepayment=Decimal(150_000)).code == "payment.paid"


def test_first_one_says_how_much_the_whole_is() -> None:
    with pytest.raises(InvalidValue) as caught:
        answers.parse(FIELDS["rest"], "75 000", AnswerContext(MOMENT, fields=FIELDS))
    assert caught.value.code == "payment.no_total"
    assert "Сумма договора" in str(caught.value)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 11, 21), "payment.future"),
        (date(2025, 11, 19), "payment.old"),
        (date(2025, 11, 20), None),
        (TODAY, None),
    ],
)
def test_money_comes_in_today_or_within_the_last_year(day: date, code: str | None) -> None:
    received = ReceivedPayment(Decimal(1), day, "card")
    if code is None:
        check(received)
        return
    with pytest.raises(InvalidValue) as caught:
        check(received)
    assert caught.value.code == code


def test_the_price_cannot_sink_below_what_has_come_in() -> None:
    deal = {"prepayment": Decimal(75_000), "rest": Decimal(10_000)}
    FIELDS["price"].check(Decimal(85_000), AnswerContext(MOMENT, deal, FIELDS))
    with pytest.raises(InvalidValue) as caught:
        FIELDS["price"].check(Decimal("84999.99"), AnswerContext(MOMENT, deal, FIELDS))
    assert (caught.value.code, caught.value.data["limit"]) == ("payment.below", Decimal(85_000))


def test_half_of_an_odd_sum_is_whole_kopecks() -> None:
    assert payment_field.half(Decimal("150000.01")) == Decimal("75000.01")
    assert payment_field.half(Decimal("0.01")) == Decimal("0.01")


def test_a_payment_in_a_draft_and_a_sum_on_the_deal_are_told_apart() -> None:
    received = ReceivedPayment(Decimal("75000.50"), TODAY, "card", "по счёту")
    kept = codec.encode(FIELDS, {"rest": received, "prepayment": Decimal(5)})
    assert codec.decode(FIELDS, kept) == {"rest": received, "prepayment": Decimal(5)}
