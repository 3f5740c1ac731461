"""A backup that is made by hand, and a restore, stand in the journal: by day and number of rows, in the same chain."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import database as databases
from bot.backup import backup
from bot.cli import restore_command
from bot.cli.cli_error import CliError
from bot.settings import Settings
from models.oversight.journal import JournalEntry
from services.oversight import journal

BEGINNING_OF_TIME = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own with an empty database, nothing out of the environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return tmp_path


async def made(home: Path, version: str | None = None) -> str:
    """A database, of an older version if that is wished; its address."""
    url = f"sqlite:///{home / 'data' / 'verstak.db'}"
    (home / "data").mkdir(exist_ok=True)
    db = await databases.open_database(url)
    await db.run(databases.migrate)
    if version is not None:
        await db.run(lambda tx: databases.migrate_back(tx, version))
    await db.close()
    return url


async def noted(url: str) -> list[JournalEntry]:
    """All rows, the newest first; the chain is whole."""
    db = await databases.open_database(url)
    try:
        assert not (await db.run(journal.verify)).faults
        return await db.run(lambda tx: journal.latest(tx, BEGINNING_OF_TIME, 9))
    finally:
        await db.close()


def today() -> int:
    return int(f"{datetime.now(UTC):%Y%m%d}")


async def test_a_backup_by_hand_and_its_restore_are_written_down_one_after_the_other(home: Path) -> None:
    url, before = await made(home), today()
    for file in ("a.zip", "b.zip"):
        await backup.backup(home / file)
    assert [(one.what, one.actor) for one in await noted(url)] == [("backup_made", None)] * 2
    await restore_command.restore(home / "b.zip", force=True)
    last, first = await noted(url)  # the one of b.zip itself was made after its copy
    assert (last.what, first.what, last.actor) == ("restored", "backup_made", None)
    assert last.about is not None and last.about[0] == "backup" and last.about[1] in (before, today())
    assert last.count is not None and first.count is not None and last.count == first.count + 1


async def test_what_could_not_be_made_or_restored_is_not_written_down(home: Path) -> None:
    url = await made(home)
    (home / "b.zip").write_bytes(b"no backup")
    with pytest.raises(CliError):
        await restore_command.restore(home / "b.zip", force=True)
    (home / "data" / "file").write_text("")
    with pytest.raises(CliError):
        await backup.backup(home / "data" / "file" / "c.zip")
    assert await noted(url) == []


async def test_a_backup_changes_no_tables_and_a_restore_brings_them_to_this_version(home: Path) -> None:
    """The backup that is taken before an upgrade, by the new version: there is no journal yet."""
    url = await made(home, "0016")
    await backup.backup(home / "b.zip")
    with closing(sqlite3.connect(home / "data" / "verstak.db")) as db:
        assert db.execute("SELECT version_num FROM alembic_version").fetchone() == ("0016",)
    await restore_command.restore(home / "b.zip", force=True)
    assert [one.what for one in await noted(url)] == ["restored"]


def test_the_day_of_a_backup_is_its_number(home: Path) -> None:
    """Nothing of a name or a path is in the row."""
    url = asyncio.run(made(home))
    asyncio.run(backup.backup(home / "Копия Анны Соколовой.zip"))
    (row,) = asyncio.run(noted(url))
    assert row.about == ("backup", today())
