"""The bot refuses to start where what it acknowledges could be lost, and says why in a line (proofs 5, 44)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import StaticPool

from bot import app as root
from bot import selfcheck, sqlite_lock
from bot.cli import command_line
from bot.database import Database, open_database
from bot.selfcheck import StartRefused
from bot.settings import Settings
from tests.conftest import NOW

RIGHT = {"journal_mode": "WAL", "synchronous": "FULL", "foreign_keys": "ON"}


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Connection]:
    """A SQLite file as the driver alone opens it: nothing is set."""
    engine = create_engine(f"sqlite:///{tmp_path / 'plain.db'}", poolclass=StaticPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as found:
        yield found
    engine.dispose()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("journal_mode", "DELETE", "journal_mode is delete"),
        ("synchronous", "NORMAL", "synchronous is 1"),
        ("synchronous", "OFF", "synchronous is 0"),
        ("foreign_keys", "OFF", "foreign_keys is 0"),
    ],
)
def test_a_file_that_would_lose_what_was_acknowledged_is_refused(
    file: Connection, name: str, value: str, said: str
) -> None:
    for one, right in RIGHT.items():
        file.exec_driver_sql(f"PRAGMA {one}={right}")
    assert selfcheck.problems(file, NOW) == []
    file.exec_driver_sql(f"PRAGMA {name}={value}")
    [line] = selfcheck.problems(file, NOW)
    assert said in line


async def test_what_the_bot_opens_is_durable(database: Database) -> None:
    """As the product itself opens it: each commit is on the disk before it is acknowledged (power loss, proof 5)."""
    assert await database.run(lambda tx: selfcheck.problems(tx, NOW)) == []


async def test_a_postgresql_that_acknowledges_before_it_has_written_is_refused(migrated_postgres: str) -> None:
    db = await open_database(migrated_postgres)

    def careless(tx: Connection) -> list[str]:
        tx.execute(text("SET LOCAL synchronous_commit TO off"))
        return selfcheck.problems(tx, NOW)

    try:
        [line] = await db.run(careless)
    finally:
        await db.close()
    assert "synchronous_commit is off" in line


class Careless:
    """A connection to a server one of whose settings is off, which only whoever runs the server can do."""

    def __init__(self, tx: Connection, off: str) -> None:
        self.dialect, self._tx, self._off = tx.dialect, tx, off

    def execute(self, statement: Any) -> Any:
        return self._tx.execute(text("SELECT 'off'") if str(statement) == f"SHOW {self._off}" else statement)


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
async def test_a_server_that_does_not_wait_for_its_disk_is_refused(migrated_postgres: str, setting: str) -> None:
    db = await open_database(migrated_postgres)
    try:
        [line] = await db.run(lambda tx: selfcheck.problems(Careless(tx, setting), NOW))  # type: ignore[arg-type]
    finally:
        await db.close()
    assert f"{setting} is off" in line


def settings_of(folder: Path, url: str) -> Settings:
    return Settings(_env_file=None, data_dir=folder, database_url=url)


async def test_a_machine_that_has_lost_its_clock_does_not_start_the_bot(database_url: str, tmp_path: Path) -> None:
    lost = datetime(1970, 1, 2, tzinfo=UTC)
    with pytest.raises(StartRefused, match="the clock shows 1970-01-02"):
        await root.open_ready(settings_of(tmp_path, database_url), lambda: lost)
    await (await root.open_ready(settings_of(tmp_path, database_url), lambda: NOW)).close()


async def test_a_database_of_a_newer_version_is_refused(database_url: str, tmp_path: Path) -> None:
    db = await open_database(database_url)
    known = await db.run(lambda tx: tx.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
    await db.run(lambda tx: tx.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(StartRefused, match="made by a newer version"):
            await root.open_ready(settings_of(tmp_path, database_url), lambda: NOW)
    finally:
        await db.run(lambda tx: tx.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{known}'"))
        await db.close()


def test_a_second_bot_on_the_file_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two writers, and two pollers of one token, end before either begins."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("BOT_TOKEN", "1:token")
    handle = sqlite_lock.lock(tmp_path / "data" / "verstak.db")
    try:
        assert command_line.run(["run"]) == 1
    finally:
        os.close(handle)
    assert "is in use by a running bot" in capsys.readouterr().err
