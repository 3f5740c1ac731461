"""Several bots on one PostgreSQL: whose clock decides, who lives, who comes first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select, update
from sqlalchemy.util import await_only

from bot import database as databases
from bot import process_files
from bot import replicas as running
from bot.database import Database, open_database
from bot.replicas import Replica
from models.tables.updates import LeaderRow
from scheduler.clock import utc_now

SHORT = 0.5  # seconds: so long a transaction is seen to wait


@pytest.fixture
async def postgres(empty_postgres: str) -> AsyncIterator[Database]:
    db = await open_database(empty_postgres)
    yield db
    await db.close()


@pytest.fixture
async def replicas(postgres: Database, tmp_path: Path) -> AsyncIterator[list[Replica]]:
    """Two that run."""
    made = [Replica(postgres, None, process_files.find(tmp_path)) for _ in range(2)]
    for one in made:
        await one.enter()
    yield made
    for one in made:
        await one.leave()


async def test_leases_go_by_the_databases_own_clock(
    replicas: list[Replica], postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine whose clock is a day ahead neither takes the others for dead nor outlives its own lease."""
    one, other = replicas
    monkeypatch.setattr(databases, "utc_now", lambda: utc_now() + timedelta(days=1))
    assert sorted(await postgres.run(one.alive_keys)) == sorted([one.key, other.key])
    await one.renew()
    until = select(LeaderRow.until).where(LeaderRow.name == one.name)
    assert await postgres.run(lambda tx: tx.execute(until).scalar_one()) < utc_now() + timedelta(hours=1)


async def test_a_replica_that_was_killed_is_dead_before_its_lease_is_over(
    replicas: list[Replica], postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lock went with its connection. Whoever has only lost the connection takes it again within a moment."""
    moment = 100.0
    monkeypatch.setattr(running, "monotonic", lambda: moment)
    killed, other = replicas
    assert sorted(await postgres.run(other.alive_keys)) == sorted([killed.key, other.key])
    await killed.die()
    assert sorted(await postgres.run(other.alive_keys)) == sorted([killed.key, other.key])
    moment += running.MISSING
    assert await postgres.run(other.alive_keys) == [other.key]


async def test_a_replica_that_stands_still_is_dead_after_its_lease(replicas: list[Replica], postgres: Database) -> None:
    """Its connection lives on, and its lock with it."""
    frozen, other = replicas
    over = update(LeaderRow).where(LeaderRow.name == frozen.name).values(until=utc_now() - timedelta(hours=1))
    await postgres.run(lambda tx: tx.execute(over))
    assert await postgres.run(other.alive_keys) == [other.key]


async def test_who_enters_waits_for_who_enters_before_him(
    replicas: list[Replica], postgres: Database, empty_postgres: str
) -> None:
    """Of two that look at the files in force at the same moment, the second one looks when the first has written."""
    one, other = replicas
    second = await open_database(empty_postgres)
    looked, goes_on = asyncio.Event(), asyncio.Event()

    def enter(tx: Connection) -> None:
        one._enter(tx)
        looked.set()
        await_only(goes_on.wait())

    first = asyncio.ensure_future(postgres.run(enter))
    try:
        async with asyncio.timeout(20):
            await looked.wait()
            later = asyncio.ensure_future(second.run(other._enter))
            done, _ = await asyncio.wait([later], timeout=SHORT)
            assert not done, "it has looked before the first one's transaction was over"
            goes_on.set()
            await first
            assert await later == []
    finally:
        goes_on.set()
        await second.close()
    count = select(func.count()).select_from(LeaderRow)
    assert await postgres.run(lambda tx: tx.execute(count).scalar_one()) == 2
