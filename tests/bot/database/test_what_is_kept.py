"""What was committed stays, and what was read before a write is still true (promise 2)."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.util import await_only

from bot import selfcheck
from bot.database import Database, Sqlite, open_database
from models.tables.deals import CounterRow
from models.tables.updates import OwedScreenRow
from tests.conftest import NOW

NAME = "seen"
VALUE = select(CounterRow.value).where(CounterRow.name == NAME)


def begin(tx: Connection) -> None:
    tx.execute(insert(CounterRow).values(name=NAME, value=0))


def add_one(tx: Connection) -> None:
    """Read, and then write what follows from it."""
    seen = tx.execute(VALUE).scalar_one()
    tx.execute(update(CounterRow).where(CounterRow.name == NAME).values(value=seen + 1))


async def test_what_was_read_cannot_be_outrun(tmp_path: Path, migrated_sqlite: Path) -> None:
    """Two programs on one file: the second one's transaction does not begin before the first one's has ended."""
    path = shutil.copy(migrated_sqlite, tmp_path / "verstak.db")
    db = await open_database(f"sqlite:///{path}")
    await db.run(begin)
    with_other = sqlite3.connect(path, isolation_level=None, timeout=0, check_same_thread=False)

    def outrun(tx: Connection) -> None:
        tx.execute(VALUE).scalar_one()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            with_other.execute("UPDATE counter SET value = value + 1")
        add_one(tx)

    try:
        await db.run(outrun)
        assert await db.run(lambda tx: tx.execute(VALUE).scalar_one()) == 1
    finally:
        with_other.close()
        await db.close()


async def test_sqlite_is_told_to_keep_what_was_committed(tmp_path: Path) -> None:
    """Synced to the disk at every commit (a power cut takes nothing back), in a log that readers do not wait for."""
    db = await Sqlite.open(str(tmp_path / "verstak.db"))
    try:
        told = {name: await pragma(db, name) for name in ("journal_mode", "synchronous", "foreign_keys")}
    finally:
        await db.close()
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


async def pragma(db: Sqlite, name: str) -> Any:
    return await db.run(lambda tx: tx.exec_driver_sql(f"PRAGMA {name}").scalar_one())


async def test_a_row_that_points_at_nothing_is_refused(database: Database) -> None:
    nobodys = insert(OwedScreenRow).values(chat_id=1, cause=1, calls=[], employee_id=404, at=NOW)
    with pytest.raises(IntegrityError):
        await database.run(lambda tx: tx.execute(nobodys))


async def test_an_error_does_not_repeat_the_parameters_of_its_statement(database: Database) -> None:
    """It goes into the log; whose phone was in the statement does not."""
    twice = insert(CounterRow).values(name="+79123456789", value=0)
    await database.run(lambda tx: tx.execute(twice))
    with pytest.raises(IntegrityError) as failed:
        await database.run(lambda tx: tx.execute(twice))
    assert "parameters hidden" in str(failed.value)
    assert "[parameters" not in str(failed.value)


async def test_who_is_cancelled_does_not_cut_his_transaction(database: Database) -> None:
    """Cancelling a COMMIT means «unknown», not «undone»: what has begun ends as it would have."""
    await database.run(begin)
    begun, goes_on, ended = threading.Event(), threading.Event(), threading.Event()

    def slowly(tx: Connection) -> None:
        begun.set()
        if tx.dialect.name == "sqlite":  # in a thread of its own; that of PostgreSQL in this one's loop
            goes_on.wait(10)
        else:
            await_only(until(goes_on))
        add_one(tx)
        ended.set()

    doing = asyncio.ensure_future(database.run(slowly))
    await until(begun)
    doing.cancel()
    await asyncio.sleep(0.05)
    goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await doing
    await until(ended)
    assert await database.run(lambda tx: tx.execute(VALUE).scalar_one()) == 1


async def until(event: threading.Event) -> None:
    async with asyncio.timeout(10):
        while not event.is_set():  # noqa: ASYNC110 — of a thread
            await asyncio.sleep(0.01)


def test_a_database_that_would_lose_what_was_committed_is_refused_at_start() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as tx:
        for name, value in (("synchronous", "NORMAL"), ("foreign_keys", "OFF")):
            tx.exec_driver_sql(f"PRAGMA {name} = {value}")
        found = selfcheck.problems(tx, NOW)
    engine.dispose()
    assert [line.split(" is ")[0] for line in found] == ["SQLite: synchronous", "SQLite: foreign_keys"]


async def test_a_postgresql_that_would_lose_what_was_committed_is_refused_at_start(empty_postgres: str) -> None:
    db = await open_database(empty_postgres)

    def check(tx: Connection) -> list[str]:
        tx.execute(text("SET LOCAL synchronous_commit = off"))
        return selfcheck.problems(tx, NOW)

    try:
        found = await db.run(check)
        assert await db.run(lambda tx: selfcheck.problems(tx, NOW)) == []
    finally:
        await db.close()
    assert [line.split(":")[0] for line in found] == ["PostgreSQL"]


async def test_a_clock_that_was_lost_is_refused_at_start(tmp_path: Path) -> None:
    db = await Sqlite.open(str(tmp_path / "verstak.db"))
    try:
        lost = await db.run(lambda tx: selfcheck.problems(tx, selfcheck.EARLIEST - timedelta(days=1)))
        assert await db.run(lambda tx: selfcheck.problems(tx, selfcheck.EARLIEST)) == []
    finally:
        await db.close()
    assert len(lost) == 1 and "the clock shows 2025-12-31" in lost[0]
