from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.values.invalid_value import InvalidValue
from models.values.money import from_kopecks, parse_money, shown, to_kopecks

kopecks = st.integers(1, 99_999_999_999)
money_words = st.sampled_from(
    [
        *"0159",
        "150",
        "000",
        " ",
        ",",
        ".",
        "-",
        "т",
        "тыс",
        "млн",
        "к",
        "руб",
        "коп",
        "р.",
        "₽",
        "\u00a0",
        "'",
        "_",
        "٣",
    ]
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("150 000", "150000"),
        ("150000,50", "150000.50"),
        ("150000.5", "150000.50"),
        ("150т", "150000"),
        ("150 тыс", "150000"),
        ("150 тыс. руб.", "150000"),
        ("150т.р.", "150000"),
        ("150 т.р", "150000"),
        ("150 тр", "150000"),
        ("150k", "150000"),
        ("150К", "150000"),
        ("1,5 млн", "1500000"),
        ("1.5м", "1500000"),
        ("1.234 млн", "1234000"),
        ("2 млн 300 тыс", "2300000"),
        ("2 миллиона 300 тысяч рублей", "2300000"),
        ("1 млн 5 р", "1000005"),
        ("150т 500", "150500"),
        ("150 000 ₽", "150000"),
        ("₽150", "150"),
        ("150 тысяч рублей 50 копеек", "150000.50"),
        ("150 000 руб. 50 коп.", "150000.50"),
        ("50 коп", "0.50"),
        ("150\u00a0000", "150000"),
        ("150\u2009000\u202f000", "150000000"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("1 234 567,89", "1234567.89"),
        ("1.234.567", "1234567"),
        ("150'000", "150000"),
        ("150000.", "150000"),
        ("0,01", "0.01"),
        ("999 999 999,99", "999999999.99"),
    ],
)
def test_sums_as_people_type_them(raw: str, expected: str) -> None:
    amount = parse_money(raw)
    assert amount == Decimal(expected)
    assert amount.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("0", "range"),
        ("0,00", "range"),
        ("-5", "negative"),
        ("− 150 000", "negative"),
        ("NaN", "words"),
        ("Infinity", "words"),
        ("сто тысяч", "words"),
        ("к", "words"),
        ("١٢٣", "digits"),
        ("１５０", "digits"),
        ("5²", "digits"),
        ("1_000", "unclear"),
        ("1e5", "unclear"),
        ("1e12", "unclear"),
        ("99999999999", "range"),
        ("9" * 60, "range"),
        ("1000000000", "range"),
        ("0,001", "decimals"),
        ("150 000,555", "decimals"),
        ("1,2345 тыс 1", "unclear"),
        ("150,555", "ambiguous"),
        ("1.234", "ambiguous"),
        ("2 млн 300", "ambiguous"),
        ("150 тыс 2000", "unclear"),
        ("150 200 3", "unclear"),
        ("5 руб 6 руб", "unclear"),
        ("150 коп 5", "unclear"),
        ("1,5 млн 200 тыс", "unclear"),
        ("100 000 - 160 000", "unclear"),
        ("около 5000", "unclear"),
        ("5 $", "unclear"),
        ("5 кг", "unclear"),
        ("1..5", "unclear"),
        ("5" + " " * 90 + "5 x" * 40, "unclear"),
    ],
)
def test_what_is_not_one_clear_sum_is_refused_with_its_reason(raw: str, code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_money(raw)
    assert caught.value.code == f"money.{code}"
    assert "{" not in str(caught.value)
    assert caught.value.example


def test_the_bounds_of_a_field_are_kept_and_named() -> None:
    with pytest.raises(InvalidValue, match="не больше 150\u00a0000"):
        parse_money("150 001", at_most=Decimal(150_000))
    with pytest.raises(InvalidValue, match="не меньше 100"):
        parse_money("99,99", at_least=Decimal(100))
    assert parse_money("0", at_least=Decimal(0)) == 0


@given(kopecks)
@settings(max_examples=200, deadline=None)
def test_kopecks_survive_the_way_to_roubles_to_a_screen_and_back(amount: int) -> None:
    roubles = from_kopecks(amount)
    assert to_kopecks(roubles) == amount
    assert parse_money(shown(roubles)) == roubles
    assert parse_money(str(roubles)) == roubles


@pytest.mark.parametrize("amount", [Decimal("0.001"), Decimal("NaN"), Decimal("Infinity"), Decimal(10) ** 40])
def test_only_whole_kopecks_that_fit_become_kopecks(amount: Decimal) -> None:
    with pytest.raises(ValueError, match="kopecks"):
        to_kopecks(amount)


@given(st.one_of(st.text(st.characters(), max_size=100), st.lists(money_words, max_size=12).map("".join)))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_sum_within_bounds_or_a_refusal(raw: str) -> None:
    try:
        amount = parse_money(raw)
    except InvalidValue as wrong:
        assert str(wrong)
    else:
        assert Decimal("0.01") <= amount <= Decimal("999999999.99")
