"""Days in a row and hours of a day, as people say them (K-19)."""

from __future__ import annotations

from datetime import date, time

import pytest

from models.values.dates.date_spans import parse_days
from models.values.day_hours import parse_day_hours
from models.values.invalid_value import InvalidValue

TODAY = date(2026, 11, 25)  # a Wednesday


def d(day: int, month: int = 12, year: int = 2026) -> date:
    return date(year, month, day)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("завтра", d(26, 11), d(26, 11)),
        ("14.03", d(14, 3, 2027), d(14, 3, 2027)),
        ("2026-12-01", d(1), d(1)),
        ("с 1 по 7 декабря", d(1), d(7)),
        ("С 1-го по 7-е декабря", d(1), d(7)),
        ("1–7 декабря", d(1), d(7)),
        ("1–7.12", d(1), d(7)),
        ("1.12 — 7.12", d(1), d(7)),
        ("01.12.2026-07.12.2026", d(1), d(7)),
        ("с 1 декабря по 7", d(1), d(7)),
        ("28.12–3.01", d(28), d(3, 1, 2027)),
        ("с 20.11 по 27.11", d(20, 11), d(27, 11)),
        ("с завтра до пятницы", d(26, 11), d(27, 11)),
        ("с понедельника по пятницу", d(30, 11), d(4)),
        ("from 1 to 7 december", d(1), d(7)),
    ],
)
def test_days_are_read_as_people_say_them(said: str, first: date, last: date) -> None:
    assert parse_days(said, TODAY) == (first, last)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "when.empty"),
        ("на неделю", "when.unknown"),
        ("1 - 7", "when.unknown"),
        ("завтра и послезавтра", "when.unknown"),
        ("с 1 декабря", "days.end"),
        ("7.12–1.12", "days.order"),
        ("7.12-1.12.2026", "days.order"),
    ],
)
def test_what_are_no_days_is_refused_with_an_example(said: str, code: str) -> None:
    with pytest.raises(InvalidValue) as wrong:
        parse_days(said, TODAY)
    assert (wrong.value.code, wrong.value.example) == (code, "с 1 по 7 декабря")


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("9–18", (time(9), time(18))),
        ("с 9:30 до 18", (time(9, 30), time(18))),
        ("8.30 - 17.00", (time(8, 30), time(17))),
        ("с 10 до 19 часов", (time(10), time(19))),
        ("9-24", (time(9), time(0))),
        ("Выходной", None),
        ("-", None),
    ],
)
def test_hours_of_a_day_are_read_as_people_say_them(said: str, hours: tuple[time, time] | None) -> None:
    assert parse_day_hours(said) == hours


@pytest.mark.parametrize(
    ("said", "code"),
    [("утром", "hours.unknown"), ("9:00", "hours.unknown"), ("18-9", "hours.order"), ("9-9", "hours.order"),
     ("9-25", "hours.range"), ("9:70-18", "hours.range"), ("9-24:30", "hours.range")],
)  # fmt: skip
def test_what_are_no_hours_is_refused_with_an_example(said: str, code: str) -> None:
    with pytest.raises(InvalidValue) as wrong:
        parse_day_hours(said)
    assert (wrong.value.code, wrong.value.example) == (code, "9–18")
