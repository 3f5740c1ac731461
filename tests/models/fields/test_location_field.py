"""A place on the map: shared from the phone, never typed."""

import pytest
from field_answers import wrong

from models.fields.location_field import LocationField, find_point
from models.fields.phone_field import PhoneField
from models.values.geo_point import GeoPoint
from models.values.invalid_value import InvalidValue

FIELD = LocationField(type="location", title="Место")
VALUE = GeoPoint(55.796, 49.108)


def test_a_shared_place_is_the_answer() -> None:
    assert FIELD.read_location(55.796, 49.108) == VALUE


def test_words_are_no_place_and_a_place_is_no_phone() -> None:
    assert "Геопозиция" in wrong(FIELD, "у рынка")
    with pytest.raises(InvalidValue):
        PhoneField(type="phone", title="Телефон").read_location(55.796, 49.108)


def test_the_first_place_of_the_named_fields_is_found() -> None:
    fields = {"spot": FIELD, "gate": FIELD}
    assert find_point(fields, {"gate": VALUE}, ["spot", "gate"]) == VALUE
    assert find_point(fields, {"gate": VALUE}, ["spot"]) is None
