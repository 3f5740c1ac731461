"""A copy of the database is a backup only if it is sound, whole, and what it says it is (promise 8)."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.backup import backup, backup_archive, backup_sqlite
from bot.backup.manifest import Manifest
from bot.cli.cli_error import CliError


@pytest.fixture
def database(tmp_path: Path, migrated_sqlite: Path) -> Path:
    """A database with a few rows."""
    path = tmp_path / "verstak.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executemany("INSERT INTO counter VALUES (?, ?)", [(f"deal-{n}", n) for n in range(50)])
    return path


def change(path: Path, *statements: str) -> None:
    """By somebody who does not ask whether it may be."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for one in statements:
            db.execute(one)


def make(database: Path) -> Path:
    """A good backup of it."""
    file = database.with_name("b.zip")
    backup.make(f"sqlite:///{database}", database.parent, file)
    return file


def packed(database: Path, change: Callable[[Manifest], Manifest]) -> Path:
    """A backup whose manifest says something else."""
    file = make(database)
    manifest, copy = backup_archive.unpack(file, database.parent / "unpacked")
    other = file.with_name("other.zip")
    backup_archive.pack(copy, change(manifest), other, database.parent, set())
    return other


def test_a_sound_copy_tells_its_rows(database: Path) -> None:
    assert backup_sqlite.check(database)["counter"] == 50


def test_a_copy_whose_rows_point_at_nothing_is_refused(database: Path) -> None:
    change(database, "INSERT INTO pin (deal_id, text, stale, unsure) VALUES (404, 'x', 0, 0)")
    with pytest.raises(CliError, match="damaged"):
        backup_sqlite.check(database)


def test_a_copy_that_lost_rows_of_an_index_is_refused(database: Path) -> None:
    """All rows can be read, and the search by name finds none of them."""
    change(
        database,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name ="
        " 'sqlite_autoindex_setting_1') WHERE name = 'sqlite_autoindex_counter_1'",
    )
    with pytest.raises(CliError, match="damaged"):
        backup_sqlite.check(database)


def test_a_copy_that_lacks_rows_of_the_database_is_none(
    database: Path, tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is sound, and of our tables; but it is a copy of something else, or of a moment long ago."""
    good, poor = tmp_path / "good.db", tmp_path / "poor.db"
    assert backup_sqlite.copy(f"sqlite:///{database}", good)["counter"] == 50
    monkeypatch.setattr(backup_sqlite, "_copy", lambda _, to: shutil.copy(migrated_sqlite, to))
    with pytest.raises(CliError, match="other rows"):
        backup_sqlite.copy(f"sqlite:///{database}", poor)


def test_a_backup_whose_database_was_changed_is_refused(database: Path, tmp_path: Path) -> None:
    """It is sound, and has as many rows as it says; but it is not what was made."""
    file = make(database)
    manifest, copy = backup_archive.unpack(file, tmp_path / "one")
    change(copy, "UPDATE counter SET value = 1000 WHERE name = 'deal-1'")
    forged = tmp_path / "forged.zip"
    backup_archive.pack(copy, manifest, forged, tmp_path, set())
    with pytest.raises(CliError, match="checksum"):
        backup_archive.unpack(forged, tmp_path / "other")


def test_a_backup_that_cannot_be_restored_gets_no_name(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was packed is unpacked and looked at: it is the file that is proven, not what it was made of."""
    pack = backup_archive.pack

    def spoil(copy: Path, made: Manifest, *rest: Any) -> Manifest:
        return pack(copy, replace(made, rows={**made.rows, "counter": 51}), *rest)

    monkeypatch.setattr(backup_archive, "pack", spoil)
    with pytest.raises(CliError, match="does not hold the rows"):
        make(database)
    assert list(database.parent.glob("b.zip*")) == []


def test_a_backup_of_a_newer_version_is_refused(database: Path, tmp_path: Path) -> None:
    manifest, _ = backup_archive.unpack(make(database), tmp_path / "one")
    backup_archive.check_version(manifest)
    with pytest.raises(CliError, match="newer version"):
        backup_archive.check_version(replace(manifest, version="9999"))
