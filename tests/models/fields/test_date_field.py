"""A day: what is understood, and what is said of an answer that cannot be taken."""

from datetime import UTC, date, datetime

import pytest
from field_answers import ASSEMBLY, FIELDS, MOSCOW, READY, parse, wrong

from models.engine.deal_state import Moment
from models.fields import answers
from models.fields.base import AnswerContext
from models.fields.date_field import DateField
from models.values.dates import date_doubts
from models.values.work_calendar import WorkCalendar

FIELD = DateField(type="date", title="Готовность")
VALUE = date(2026, 3, 14)


def test_a_date_keeps_to_today() -> None:
    assert parse(READY, "завтра") == date(2026, 3, 11)
    assert wrong(READY, "09.03.2026").startswith("Этот день уже прошёл.")


def test_today_is_the_companys_today() -> None:
    late = Moment(datetime(2026, 3, 10, 22, 30, tzinfo=UTC), WorkCalendar(MOSCOW))  # the 11th in Moscow
    value = answers.parse(READY, "сегодня", AnswerContext(late, fields=FIELDS))
    assert value == date(2026, 3, 11)


def test_a_date_keeps_to_another_fields_date() -> None:
    said = wrong(ASSEMBLY, "15.03.2026", ready=date(2026, 3, 20))
    assert said == "«Монтаж» не может быть раньше, чем «Готовность» — пт, 20 марта 2026."
    assert "не может быть позже" in wrong(READY, "25.03.2026", assembly=date(2026, 3, 22))


def test_a_date_ten_years_off_is_taken_and_eleven_is_not() -> None:
    field = DateField(type="date", title="Гарантия")
    assert parse(field, "01.02.2036") == date(2036, 2, 1)
    assert wrong(field, "01.02.2037").startswith("2037 год — это слишком далеко.")


def test_a_date_not_after_today_means_the_last_such_day() -> None:
    field = DateField(type="date", title="Куплено", not_after="today")
    assert parse(field, "14 марта") == date(2025, 3, 14)
    assert "ещё не наступил" in wrong(field, "завтра")


@pytest.mark.parametrize("raw", ["завтра", "через 2 недели", "в пятницу", "next friday", "в 10"])
def test_dates_by_words_are_relative(raw: str) -> None:
    assert date_doubts.is_relative(raw)


@pytest.mark.parametrize("raw", ["14.03", "14/03/2026", "2026-03-14", "14 марта в 10", "march 14", "1-го мая"])
def test_dates_by_number_are_not_relative(raw: str) -> None:
    assert not date_doubts.is_relative(raw)
