"""A database that is held, full or spoilt is recognised, read all the same, and written again as soon as it can be."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import OperationalError

from bot import database as databases
from bot import database_faults
from bot.database import Database, open_database
from bot.database_faults import FULL, LOCKED
from models.tables.settings import SettingRow
from models.troubles import TroubleKind


@pytest.fixture
def url(migrated_sqlite: Path, tmp_path: Path) -> str:
    path = tmp_path / "verstak.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def other(url: str) -> Iterator[sqlite3.Connection]:
    """Another program that has the file open."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as found:
        yield found


def put(name: str, size: int = 1) -> object:
    return lambda tx: tx.execute(insert(SettingRow).values(name=name, value="x" * size))


def names(tx: Connection) -> list[str]:
    return list(tx.execute(select(SettingRow.name)).scalars())


async def test_while_another_program_holds_the_file_it_is_read_and_the_write_comes_after(
    url: str, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "LOCKED_LONG", 0.1)
    db = await open_database(url)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.ensure_future(db.run(put("a")))
    await asyncio.sleep(0.6)
    assert db.state.trouble is not None
    assert (db.state.trouble.kind, db.state.trouble.why) == (TroubleKind.DATABASE_AWAY, LOCKED)
    assert await db.read(names) == []
    other.execute("ROLLBACK")
    freed = time.monotonic()
    await writing
    assert time.monotonic() - freed < 2.0
    assert await db.run(names) == ["a"]
    await db.close()


async def test_a_caller_who_gave_up_before_it_began_has_written_nothing(url: str, other: sqlite3.Connection) -> None:
    db = await open_database(url)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.ensure_future(db.run(put("a")))
    await asyncio.sleep(0.1)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    other.execute("ROLLBACK")
    await asyncio.sleep(0.5)
    assert await db.run(names) == []
    await db.close()


async def test_closing_does_not_wait_for_another_program(url: str, other: sqlite3.Connection) -> None:
    db = await open_database(url)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.ensure_future(db.run(put("a")))
    await asyncio.sleep(0.1)
    began = time.monotonic()
    await db.close()
    await asyncio.gather(writing, return_exceptions=True)
    assert time.monotonic() - began < 2.0


async def test_a_full_disk_is_recognised_and_nothing_is_half_written(url: str) -> None:
    db = await open_database(url)
    pages = await db.run(lambda tx: tx.exec_driver_sql("PRAGMA page_count").scalar_one())
    await db.run(lambda tx: tx.exec_driver_sql(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(OperationalError) as error:
        await db.run(put("big", 500_000))
    assert database_faults.why_away(error.value) == FULL
    assert db.state.trouble is not None and db.state.trouble.why == FULL
    assert await db.run(names) == []
    assert db.state.trouble is not None, "that it can be read says nothing of writing"
    await db.run(lambda tx: tx.exec_driver_sql("PRAGMA max_page_count = 1000000"))
    await db.run(put("big", 500_000))
    db.state.wrote()
    assert db.state.trouble is None
    await db.close()


async def test_who_only_looks_cannot_write(database: Database) -> None:
    with pytest.raises(Exception) as error:
        await database.read(put("a"))
    assert database_faults.is_refused_write(error.value)
    assert database.state.trouble is None
    assert await database.read(names) == []


async def test_an_error_of_ours_is_no_trouble_of_the_database(database: Database) -> None:
    await database.run(put("a"))
    for wrong in (put("a"), lambda tx: tx.exec_driver_sql("SELECT nonsense"), lambda tx: 1 / 0):
        with pytest.raises(Exception) as error:
            await database.run(wrong)
        assert database_faults.kind_of(error.value) is None
    assert database.state.trouble is None


async def test_a_transaction_that_does_not_end_is_noticed(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.database_state.STALLED", 0.1)
    slow = asyncio.ensure_future(database.run(lambda tx: time.sleep(0.5)))
    if database.name == "sqlite":
        await asyncio.sleep(0.3)
        assert database.state.trouble is not None
    await slow
    assert database.state.trouble is None


def test_a_spoilt_page_is_damage() -> None:
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT  # type: ignore[misc]
    assert database_faults.kind_of(error) is TroubleKind.DATABASE_SPOILT
