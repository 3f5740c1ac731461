"""Typed values of a deal's fields and their JSON, as each field's type has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.field_values import FieldValues, KeptFieldValues, NewFieldValues
from models.fields.base import Field

JSON = (str, int, float, list, dict, type(None))


def encode(fields: Mapping[str, Field], values: FieldValues) -> KeptFieldValues:
    """Typed values as JSON values. A value of a field that the process no longer has is JSON, and is kept as it is."""
    return {name: encode_value(fields.get(name), value) for name, value in values.items()}


def decode(fields: Mapping[str, Field], data: Mapping[str, Any]) -> NewFieldValues:
    """JSON values as typed values, by the types of the process's fields."""
    known = fields.get
    return {name: field.decode(value) if (field := known(name)) else value for name, value in data.items()}


def encode_value(field: Field | None, value: Any) -> Any:
    """One value as JSON; None stays None. TypeError for a typed value of no field: it could not be read again."""
    if field is not None and value is not None:
        return field.encode(value)
    if not isinstance(value, JSON):
        raise TypeError(f"a {type(value).__name__} of no known field cannot be kept")
    return value


def decode_value(field: Field | None, data: Any) -> Any:
    """One value out of its JSON; None stays None."""
    return data if field is None or data is None else field.decode(data)
