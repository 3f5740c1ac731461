"""A booked visit: whom it names, what day it is, and that words alone book nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from field_answers import MOMENT, wrong
from pydantic import ValidationError

from models.fields.booking_field import BookingField
from models.values.visit_slot import VisitSlot

FIELD = BookingField(type="booking", title="Сборка", role="installer", takes=timedelta(hours=4))
VALUE = VisitSlot(7, datetime(2026, 3, 13, 21, 30, tzinfo=UTC), datetime(2026, 3, 14, 1, 30, tzinfo=UTC))


def test_a_booking_names_who_comes_and_is_of_the_companys_day() -> None:
    assert FIELD.person_of(VALUE) == 7
    assert MOMENT.day_of(VALUE) == date(2026, 3, 14)  # half past midnight in Moscow


def test_a_window_is_not_booked_by_words() -> None:
    assert "выберите его кнопкой" in wrong(FIELD, "как-нибудь")


@pytest.mark.parametrize("takes", [timedelta(minutes=45), timedelta(hours=13)])
def test_a_visit_takes_whole_half_hours_of_one_day(takes: timedelta) -> None:
    with pytest.raises(ValidationError):
        BookingField(type="booking", title="Сборка", role="installer", takes=takes)
