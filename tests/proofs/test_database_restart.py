"""A PostgreSQL that cuts its connections, as a restart does: work goes on by itself (proof 20)."""

from __future__ import annotations

import asyncio
import time

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import DBAPIError

from bot import database as databases
from bot import database_faults
from bot.database import Database, open_database
from models.tables.settings import SettingRow

BACK = 5.0  # seconds after which work has to go on
CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"
)


@pytest.fixture
def database_url(migrated_postgres: str) -> str:
    return migrated_postgres


async def cut_all(url: str) -> None:
    """What a restart does to those who are connected."""
    other = await open_database(url)
    await other.run(lambda tx: tx.execute(CUT))
    await other.close()


def put(tx: Connection, name: str) -> None:
    tx.execute(insert(SettingRow).values(name=name, value=1))


async def test_connections_that_were_cut_while_idle_are_replaced_unseen(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.gather(*(database.run(lambda tx: tx.execute(text("SELECT pg_sleep(0.05)"))) for _ in range(5)))
    await cut_all(database_url)
    monkeypatch.setattr(databases, "IDLE", 0.0)
    for number in range(8):
        await database.run(lambda tx, number=number: put(tx, str(number)))
    assert database.state.trouble is None


async def test_a_connection_that_was_cut_just_now_costs_a_try_that_is_known_as_a_trouble_of_the_database(
    database: Database, database_url: str
) -> None:
    await asyncio.gather(*(database.run(lambda tx: tx.execute(text("SELECT pg_sleep(0.05)"))) for _ in range(5)))
    await cut_all(database_url)
    began, failures = time.monotonic(), 0
    while True:
        try:
            await database.run(lambda tx: put(tx, "after"))
            break
        except DBAPIError as error:
            assert database_faults.why_away(error) is not None, "not taken for a fault of the press"
            failures += 1
    assert time.monotonic() - began < BACK
    assert failures <= 5, "one for each connection at most"
    assert await database.run(lambda tx: list(tx.execute(select(SettingRow.name)).scalars())) == ["after"]
