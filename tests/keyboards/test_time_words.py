"""Words of time as people read them, Russian and English, on both calendars and over nights of clock changes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyboards import time_words
from keyboards.translator import translator

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")
RU, EN = translator("ru", MOSCOW), translator("en", MOSCOW)
FRIDAY = datetime(2026, 11, 27, 12, 0, tzinfo=MOSCOW)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("value", "russian", "english"),
    [
        (at("11-27 13:00"), "через час", "in an hour"),
        (at("11-27 12:40"), "через 40 минут", "in 40 minutes"),
        (at("11-27 12:21"), "через 20 минут", "in 20 minutes"),
        (at("11-27 12:03"), "сейчас", "now"),
        (at("11-27 11:57"), "сейчас", "now"),
        (at("11-27 14:00"), "сегодня в 14:00", "today at 14:00"),
        (at("11-27 09:00"), "сегодня в 9:00", "today at 9:00"),
        (at("11-28 09:00"), "завтра в 9:00", "tomorrow at 9:00"),
        (at("11-26 09:05"), "вчера в 9:05", "yesterday at 9:05"),
        (at("11-30 09:00"), "в понедельник, 30 ноября, в 9:00", "on Monday, November 30, at 9:00"),
        (at("12-01 09:00"), "во вторник, 1 декабря, в 9:00", "on Tuesday, December 1, at 9:00"),
        (at("12-04 09:00"), "4 декабря в 9:00", "on December 4 at 9:00"),
        (at("11-23 09:00"), "23 ноября в 9:00", "on November 23 at 9:00"),
        (date(2026, 11, 27), "сегодня", "today"),
        (date(2026, 11, 28), "завтра", "tomorrow"),
        (date(2026, 11, 29), "через два дня, 29 ноября", "in two days, on November 29"),
        (date(2026, 12, 2), "через пять дней, 2 декабря", "in five days, on December 2"),
        (date(2027, 1, 11), "11 января 2027", "on January 11, 2027"),
    ],
)
def test_when_something_is(value: date | datetime, russian: str, english: str) -> None:
    assert time_words.when(value, FRIDAY, RU) == russian
    assert time_words.when(value, FRIDAY, EN) == english


@pytest.mark.parametrize(
    ("value", "russian", "english"),
    [
        (at("11-28 09:00"), "завтра", "tomorrow"),
        (at("11-30 09:00"), "в понедельник", "on Monday"),
        (date(2026, 12, 4), "4 декабря", "on December 4"),
        (date(2026, 11, 26), "вчера", "yesterday"),
    ],
)
def test_on_which_day(value: date | datetime, russian: str, english: str) -> None:
    assert (time_words.day(value, FRIDAY, RU), time_words.day(value, FRIDAY, EN)) == (russian, english)


@pytest.mark.parametrize(
    ("days", "working", "russian", "english"),
    [
        (0, False, "меньше дня", "less than a day"),
        (1, False, "день", "a day"),
        (1, True, "рабочий день", "a working day"),
        (3, False, "три дня", "three days"),
        (3, True, "три рабочих дня", "three working days"),
        (7, False, "неделю", "a week"),
        (14, False, "2 недели", "2 weeks"),
        (7, True, "семь рабочих дней", "seven working days"),
        (21, True, "21 рабочий день", "21 working days"),
        (22, False, "22 дня", "22 days"),
    ],
)
def test_how_long(days: int, working: bool, russian: str, english: str) -> None:
    assert time_words.stood(days, RU, working=working) == russian
    assert time_words.stood(days, EN, working=working) == english


def test_which_day_it_is() -> None:
    assert [time_words.nth(n, RU, working=False) for n in (1, 2, 10, 11)] == [
        "первый день", "второй день", "десятый день", "11-й день",
    ]  # fmt: skip
    assert time_words.nth(2, RU, working=True) == "второй рабочий день"
    assert time_words.nth(12, EN, working=True) == "working day 12"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("{visit_day} монтаж: {deal}", "Завтра монтаж: кухня"),
        ("Монтаж {visit_day}: {deal}", "Монтаж завтра: кухня"),
        ("Готово. {visit_day} монтаж", "Готово. Завтра монтаж"),
        ("{deal}: {visit_day}", "кухня: завтра"),
    ],
)
def test_a_word_of_time_that_begins_a_sentence_gets_a_capital(text: str, read: str) -> None:
    assert RU.sentence(text, {"visit_day": "завтра", "deal": "кухня"}) == read


@settings(deadline=None)
@given(st.integers(-40, 400), st.integers(0, 23), st.sampled_from([-1, 0, 1]))
def test_tomorrow_is_tomorrow_by_the_companys_clocks_also_on_nights_of_clock_changes(
    days: int, hour: int, off: int
) -> None:
    now = datetime(2026, 3, 28, 23, 30, tzinfo=BERLIN)  # an hour is missing in this night
    value = datetime(2026, 3, 28, hour, tzinfo=BERLIN) + timedelta(days=days + off)
    said = time_words.day(value, now, translator("ru", BERLIN))
    gone = (value.date() - now.date()).days
    assert (
        (said == "завтра") == (gone == 1) and (said == "сегодня") == (gone == 0) and (said == "вчера") == (gone == -1)
    )


@pytest.mark.parametrize(
    ("days", "russian", "english"),
    [
        (1096, "3 года", "3 years"), (365, "1 год", "1 year"), (730, "2 года", "2 years"), (1826, "5 лет", "5 years"),
        (90, "3 месяца", "3 months"), (30, "1 месяц", "1 month"), (7, "7 дней", "7 days"), (45, "45 дней", "45 days"),
        (364, "364 дня", "364 days"), (360, "12 месяцев", "12 months"), (400, "400 дней", "400 days"),
        (0, "0 дней", "0 days"),
    ],
)  # fmt: skip
def test_a_period_is_said_in_whole_years_and_months(days: int, russian: str, english: str) -> None:
    said = [t.period(days) for t in (RU, EN)]
    assert [one.replace("\N{NO-BREAK SPACE}", " ") for one in said] == [russian, english]
