"""A day with a clock time: what is understood, and what is said of an answer that cannot be taken."""

from datetime import UTC, date, datetime

import pytest
from field_answers import parse, wrong

from models.fields.moment_field import MomentField
from models.values.dates import date_doubts
from models.values.invalid_value import InvalidValue

FIELD = MomentField(type="datetime", title="Замер")
VALUE = datetime(2026, 3, 14, 7, 0, tzinfo=UTC)


def test_a_moment_is_kept_in_utc() -> None:
    field = MomentField(type="datetime", title="Замер", not_before="now")
    assert parse(field, "14.03 10:00") == datetime(2026, 3, 14, 7, 0, tzinfo=UTC)
    assert "уже прошло" in wrong(field, "сегодня в 11:59")


def test_a_day_without_a_time_names_the_day() -> None:
    with pytest.raises(InvalidValue) as caught:
        parse(MomentField(type="datetime", title="Замер", example="завтра в 10"), "14.03")
    assert date_doubts.day_named(caught.value) == date(2026, 3, 14)
