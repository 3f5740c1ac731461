"""What a column keeps is the same on every database."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from models.tables.columns import UtcDateTime
from tests.conftest import NOW

DIALECTS = (sqlite.dialect(), postgresql.dialect())


@pytest.mark.parametrize("dialect", DIALECTS, ids=["sqlite", "postgres"])
def test_a_moment_without_a_time_zone_is_refused(dialect: object) -> None:
    """Nobody could say which moment it is."""
    with pytest.raises(ValueError, match="without a time zone"):
        UtcDateTime().process_bind_param(NOW.replace(tzinfo=None), dialect)  # type: ignore[arg-type]


@pytest.mark.parametrize("zone", [ZoneInfo("Europe/Moscow"), timezone(timedelta(hours=-9, minutes=-30))])
def test_a_moment_of_any_zone_comes_back_as_the_same_moment(zone: object) -> None:
    column = UtcDateTime()
    given: datetime = NOW.astimezone(zone) + timedelta(microseconds=1)  # type: ignore[arg-type]
    kept = column.process_bind_param(given, DIALECTS[0])
    assert column.process_result_value(kept, DIALECTS[0]) == given
