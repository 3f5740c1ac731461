"""Typed field values and their JSON: money as whole kopecks, dates as ISO text, moments as UTC ISO text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from models.process import fields as f
from models.values import money
from models.values.addresses.address import Address
from models.values.geo_point import GeoPoint
from models.values.received_payment import ReceivedPayment
from models.values.visit_slot import VisitSlot


def encode(fields: Mapping[str, f.Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Typed values as JSON values. A value of a field that the process no longer has is kept as it is."""
    return {name: _encode(value) for name, value in values.items()}


def _encode(value: Any) -> Any:
    match value:
        case Decimal():
            return money.to_kopecks(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Address() | VisitSlot() | GeoPoint() | ReceivedPayment():
            return value.to_data()
        case tuple() | list() | frozenset():
            return list(value)
        case _:
            return value


def decode(fields: Mapping[str, f.Field], data: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values as typed values, by the kinds of the process's fields."""
    return {name: _decode(fields.get(name), value) for name, value in data.items()}


def _decode(field: f.Field | None, value: Any) -> Any:
    match field:
        case f.MoneyField() | f.NumberField():
            return money.from_kopecks(value)
        case f.PaymentField():  # a sum on the deal; a payment just being entered in a form
            return ReceivedPayment.from_data(value) if isinstance(value, Mapping) else money.from_kopecks(value)
        case f.BookingField():
            return VisitSlot.from_data(value)
        case f.LocationField():
            return GeoPoint.from_data(value)
        case f.DateField():
            return date.fromisoformat(value)
        case f.MomentField():
            return datetime.fromisoformat(value)
        case f.AddressField():
            return Address.from_data(value)
        case f.ChoiceField(many=True) | f.FileField() | f.PhotoField():
            return tuple(value)
        case _:
            return value
