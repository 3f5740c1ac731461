"""What holds customers' data is nobody else's to read, from its first byte and whatever the umask says."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import private_files
from bot.database import Sqlite, migrate


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """As careless as a machine can be."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


async def test_a_new_database_its_log_and_its_folder_are_the_accounts_own(tmp_path: Path) -> None:
    path = tmp_path / "data" / "deep" / "verstak.db"
    db = await Sqlite.open(str(path))
    await db.run(migrate)
    seen = {one.name: mode(one) for one in path.parent.iterdir()}
    await db.close()
    assert seen == {"verstak.db": "0o600", "verstak.db-wal": "0o600", "verstak.db-shm": "0o600"}
    assert [mode(path.parent), mode(path.parent.parent)] == ["0o700", "0o700"]


async def test_a_database_of_before_is_tightened_and_its_rows_stay(tmp_path: Path, migrated_sqlite: Path) -> None:
    path = tmp_path / "verstak.db"
    shutil.copyfile(migrated_sqlite, path)
    path.chmod(0o644)
    db = await Sqlite.open(str(path))
    tables = await db.run(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one())
    await db.close()
    assert mode(path) == "0o600"
    assert tables > 20


def test_a_file_is_private_before_a_byte_is_in_it_even_in_the_place_of_an_open_one(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_text("old")
    path.chmod(0o666)
    with private_files.create(path):
        assert (mode(path), path.stat().st_size) == ("0o600", 0)


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    """It may be anybody's: /var/lib, for example."""
    tmp_path.chmod(0o755)
    private_files.make_folder(tmp_path / "new")
    assert [mode(tmp_path), mode(tmp_path / "new")] == ["0o755", "0o700"]
