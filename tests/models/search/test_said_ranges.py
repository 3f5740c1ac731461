"""Sums and days between two ends, as people type them and as a button carries them."""

from __future__ import annotations

from datetime import date

import pytest

from models.search import said_ranges
from models.search.said_ranges import FIRST, DayRange, SumRange
from models.values.invalid_value import InvalidValue

TODAY = date(2026, 11, 23)  # a Monday


def d(day: int, month: int = 11, year: int = 2026) -> date:
    return date(year, month, day)


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("от 100 000 до 200 000", 100_000, 200_000),
        ("От 100 до 200 тысяч", 100_000, 200_000),
        ("100к-200к", 100_000, 200_000),
        ("100 000 – 200 000 руб.", 100_000, 200_000),
        ("от 200000 до 100000", 100_000, 200_000),
        ("1,5 млн - 2 млн", 1_500_000, 2_000_000),
        ("> 100000", 100_000, None),
        (">=100 тыс", 100_000, None),
        ("больше 1 млн", 1_000_000, None),
        ("не меньше 5000", 5_000, None),
        ("до 50 000", None, 50_000),
        ("не больше 50 000 рублей", None, 50_000),
        ("over 100000", 100_000, None),
    ],
)
def test_sums_are_read(said: str, low: int | None, high: int | None) -> None:
    found = said_ranges.read(said, TODAY)
    assert found == SumRange(low, high) and said_ranges.of_word(found.word) == found


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("вчера", d(22), d(22)),
        ("позавчера", d(21), d(21)),
        ("15 ноября", d(15), d(15)),
        ("с 1 по 15 ноября", d(1), d(15)),
        ("с 1 по 15", d(1), d(15)),
        ("1.11–15.11", d(1), d(15)),
        ("от 1.11 до 15.11", d(1), d(15)),
        ("за октябрь", d(1, 10), d(31, 10)),
        ("в ноябре", d(1), d(30)),
        ("декабрь", d(1, 12, 2025), d(31, 12, 2025)),
        ("за февраль 2024 года", d(1, 2, 2024), d(29, 2, 2024)),
        ("за 2025 год", d(1, 1, 2025), d(31, 12, 2025)),
        ("за неделю", d(16), TODAY),
        ("за последний месяц", d(24, 10), TODAY),
        ("с 1 ноября", d(1), TODAY),
        ("до 15 ноября", FIRST, d(15)),
        ("с 20 октября по 25 ноября", d(20, 10), d(25)),
        ("с 20 декабря по 10 января", d(20, 12, 2025), d(10, 1)),
        ("from 1 to 15 november", d(1), d(15)),
    ],
)
def test_days_are_read_as_days_past(said: str, first: date, last: date) -> None:
    found = said_ranges.read(said, TODAY)
    assert found == DayRange(first, last) and said_ranges.of_word(found.word) == found


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "range.unclear"), ("кухня", "range.unclear"), ("150 000", "range.unclear"), ("🦊", "range.unclear"),
        ("от 100.000", "money.ambiguous"), ("с 31 ноября", "when.bad_day"), ("с 1 по", "range.unclear"),
        ("от -5 до 5", "range.unclear"), ("2025", "range.unclear"), ("1" * 200, "range.unclear"),
        ("с 1 по 31", "when.bad_day"), ("октябрь 0000", "range.unclear"),
    ],
)  # fmt: skip
def test_what_is_neither_is_refused(said: str, code: str) -> None:
    with pytest.raises(InvalidValue) as wrong:
        said_ranges.read(said, TODAY)
    assert wrong.value.code == code


@pytest.mark.parametrize("word", ["", "c-", "c", "d1-0", "d0-5", "d-5", "d9999999-9999999", "s.new", "cх-1", "c1--2"])
def test_what_no_button_of_ours_says_is_no_range(word: str) -> None:
    assert said_ranges.of_word(word) is None
