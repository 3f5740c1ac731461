"""What time it is. Everything below the root takes `now` as an argument; the root asks one clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The machine's present moment, aware, in UTC."""
    return datetime.now(UTC)
