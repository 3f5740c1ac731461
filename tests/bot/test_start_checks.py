"""What is wrong with the database or the machine at start is said in a line with what helps, never as a traceback."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text

from bot import app as root
from bot import data_marker, database, start_words
from bot.cli import command_line
from bot.database import open_database
from bot.selfcheck import StartRefused
from bot.settings import Settings
from models.tables.people import EmployeeRow
from services.files import blobs
from tests.conftest import NOW


def settings_of(folder: Path, **more: Any) -> Settings:
    return Settings(_env_file=None, data_dir=folder, **more)


@pytest.fixture
async def used(tmp_path: Path) -> Settings:
    """A shop with somebody in it, stopped."""
    settings = settings_of(tmp_path)
    db = await root.open_ready(settings)
    await db.run(lambda tx: hire(tx, settings))
    await db.close()
    return settings


def hire(tx: Connection, settings: Settings) -> None:
    tx.execute(insert(EmployeeRow).values(name="Сергей", role="owner", locale="ru", active=True, created_at=NOW))
    assert data_marker.note(tx, settings)


def file_of(settings: Settings) -> Path:
    return settings.data_dir / "verstak.db"


async def refusal(settings: Settings) -> str:
    with pytest.raises(StartRefused) as refused:
        await root.open_ready(settings)
    [line] = refused.value.problems
    return line


def cut_to_nothing(path: Path) -> None:
    path.write_bytes(b"")


def junk(path: Path) -> None:
    path.write_bytes(os.urandom(path.stat().st_size))


def half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def later_pages(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))


@pytest.mark.parametrize("spoil", [junk, half, later_pages])
async def test_a_spoilt_database_is_refused_with_what_helps(used: Settings, spoil: Callable[[Path], None]) -> None:
    spoil(file_of(used))
    assert await refusal(used) == start_words.SPOILT


@pytest.mark.parametrize("lose", [cut_to_nothing, Path.unlink])
async def test_an_empty_database_where_data_was_is_no_first_start(used: Settings, lose: Callable[[Path], None]) -> None:
    lose(file_of(used))
    said = await refusal(used)
    assert "though data was there" in said
    assert "verstak restore" in said
    mark = data_marker.path_of(used)
    assert str(mark) in said
    assert not file_of(used).exists() or file_of(used).stat().st_size == 0, "nothing was made"
    mark.unlink()
    await (await root.open_ready(used)).close()


async def test_an_empty_file_beside_files_of_deals_is_no_first_start(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    blobs.store(tmp_path, b"a contract")
    file_of(settings).touch()
    assert "files of deals lie in" in await refusal(settings)
    file_of(settings).unlink()
    await (await root.open_ready(settings)).close()


async def test_an_empty_file_alone_is_a_first_start(tmp_path: Path) -> None:
    file_of(settings_of(tmp_path)).touch()
    await (await root.open_ready(settings_of(tmp_path))).close()


async def test_no_mark_is_left_before_anybody_works_there(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    db = await root.open_ready(settings)
    assert not await db.run(lambda tx: data_marker.note(tx, settings))
    await db.close()
    assert not data_marker.path_of(settings).exists()


async def test_a_postgresql_without_tables_where_data_was_is_refused(empty_postgres: str, tmp_path: Path) -> None:
    settings = settings_of(tmp_path, database_url=empty_postgres)
    db = await open_database(empty_postgres)
    await db.run(lambda tx: tx.execute(text("CREATE SCHEMA IF NOT EXISTS elsewhere")))
    await db.close()
    await (await root.open_ready(settings)).close()
    data_marker.path_of(settings).write_text("yes")
    await (await root.open_ready(settings)).close()
    other = empty_postgres + ("&" if "?" in empty_postgres else "?") + "options=-csearch_path%3Delsewhere"
    db = await open_database(empty_postgres)
    try:
        found = await db.run(lambda tx: (tx.execute(text("SET LOCAL search_path TO elsewhere")), lost(tx, settings))[1])
    finally:
        await db.close()
    assert found, other


def lost(tx: Connection, settings: Settings) -> list[str]:
    return data_marker.lost_tables(tx, settings)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://nobody:wrong@127.0.0.1:1/none", "nobody answers there"),
        ("postgresql://nobody:wrong@no-such-host.invalid/none", "the host's name is not known"),
    ],
)
async def test_a_postgresql_out_of_reach_is_said(tmp_path: Path, url: str, said: str) -> None:
    assert said in await refusal(settings_of(tmp_path, database_url=url))


async def test_a_database_of_another_name_is_said(postgres_url: str, tmp_path: Path) -> None:
    url = postgres_url.replace("/postgres?", "/not_there?")
    assert "no database of that name" in await refusal(settings_of(tmp_path, database_url=url))


async def test_a_database_that_another_program_holds_is_said(used: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY", 0.2)
    with closing(sqlite3.connect(file_of(used), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "another program holds the database" in await refusal(used)


def test_a_folder_that_cannot_be_made_is_said_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file" / "data"))
    monkeypatch.setenv("BOT_TOKEN", "1:token")
    assert command_line.run(["run"]) == 1
    said = capsys.readouterr().err
    assert f"verstak: {tmp_path / 'file' / 'data'}: not a directory" in said
    assert "Traceback" not in said
