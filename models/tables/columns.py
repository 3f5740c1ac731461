"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, String, Text
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_TEXT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def read_json(value: str | None) -> Any:
    """What a column of the type `Json` holds as text."""
    return None if value is None else json.loads(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, kept as microseconds since 1970 in UTC.

    SQLite silently drops a time zone, PostgreSQL shifts by it; a whole number is the same instant on both. A naive
    datetime is refused with a ValueError.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value!r}")
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Json(TypeDecorator[Any]):
    """JSON as text: the same bytes on both databases, Cyrillic readable. Values are replaced, not changed in place."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else _TEXT.encode(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return read_json(value)


# compared by code points on both databases: a span of an index must not depend on the language of a server
SearchToken = String(40).with_variant(String(40, collation="C"), "postgresql")
