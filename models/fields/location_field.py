"""A place on the map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from models.field_values import FieldValues
from models.fields.base import AnswerContext, Field
from models.values.geo_point import GeoPoint
from models.values.invalid_value import N_, InvalidValue


class LocationField(Field):
    """A place on the map, shared from the phone (K-22)."""

    type: Literal["location"]

    rank: ClassVar[int] = 15
    usually_personal: ClassVar[bool] = True  # the client's home
    reads_as_text: ClassVar[bool] = False

    def parse(self, raw: str, context: AnswerContext) -> GeoPoint:
        """Words are no place on the map."""
        raise self.wrong_kind()

    def check(self, value: GeoPoint, context: AnswerContext) -> None:
        """Any place will do."""

    def encode(self, value: GeoPoint) -> dict[str, Any]:
        """Latitude and longitude."""
        return value.to_data()

    def decode(self, data: Mapping[str, Any]) -> GeoPoint:
        """The place out of them."""
        return GeoPoint.from_data(data)

    def wrong_kind(self) -> InvalidValue:
        """A place is wanted."""
        return InvalidValue("location.wanted", N_("Здесь нужно место на карте: скрепка → «Геопозиция»."))

    def read_location(self, latitude: float, longitude: float) -> GeoPoint:
        """The place that was shared."""
        return GeoPoint(latitude, longitude)


def find_point(fields: Mapping[str, Field], values: FieldValues, names: Iterable[str]) -> GeoPoint | None:
    """The first place on the map among the fields of these names."""
    found = (values.get(name) for name in names if isinstance(fields.get(name), LocationField))
    return next((one for one in found if isinstance(one, GeoPoint)), None)
