"""An instant is the same one on both databases, and nothing else gets into a column of times (proof 26)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import DateTime, Text, insert, select, update
from sqlalchemy.exc import StatementError

from bot.database import Database
from models.tables import metadata
from models.tables.columns import UtcDateTime
from models.tables.updates import LeaderRow
from tests.conftest import NOW

MICRO = NOW + timedelta(microseconds=1)
ODD = [
    MICRO.astimezone(timezone(timedelta(hours=5))),
    MICRO.astimezone(ZoneInfo("America/St_Johns")),
    datetime(2027, 10, 31, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1),  # the second half past two of that night
    datetime(1969, 7, 20, 20, 17, 40, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
]


async def test_an_instant_comes_back_as_itself(database: Database) -> None:
    rows = [{"name": str(place), "holder": "x", "until": at} for place, at in enumerate(ODD)]
    await database.run(lambda tx: tx.execute(insert(LeaderRow), rows))
    query = select(LeaderRow.until).order_by(LeaderRow.name)
    found = await database.run(lambda tx: tx.execute(query).scalars().all())
    assert [at.astimezone(UTC) for at in found] == [at.astimezone(UTC) for at in ODD]
    assert all(at.utcoffset() == timedelta(0) for at in found)


async def test_a_moment_without_a_zone_is_refused_in_every_way_in(database: Database) -> None:
    naive = NOW.replace(tzinfo=None)
    for statement in (
        insert(LeaderRow).values(name="x", holder="x", until=naive),
        update(LeaderRow).values(until=naive),
        select(LeaderRow.name).where(LeaderRow.until < naive),
    ):
        with pytest.raises(StatementError, match="without a time zone"):
            await database.run(lambda tx, statement=statement: tx.execute(statement))
    assert await database.run(lambda tx: tx.execute(select(LeaderRow.name)).all()) == []


def test_every_column_of_times_is_of_that_type() -> None:
    """A DateTime of the databases' own would be naive on one of them; so would a time kept as text."""
    kinds = {f"{table.name}.{column.name}": column.type for table in metadata.sorted_tables for column in table.columns}
    assert [name for name, kind in kinds.items() if isinstance(kind, DateTime)] == []
    assert [name for name, kind in kinds.items() if name.endswith("_at") and isinstance(kind, Text)] == []
    assert sum(isinstance(kind, UtcDateTime) for kind in kinds.values()) > 20
