"""What holds customers' data is nobody else's to read, from its first byte and whatever the umask says."""

from __future__ import annotations

import itertools
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import private_files
from bot.database import Sqlite, migrate
from tests.stories import program


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


# --- what was there before --------------------------------------------------------------------------------------


def left_open(folder: Path) -> list[Path]:
    """A data folder as an older version, or a careless hand, has left it: open to everybody."""
    blob = folder / "files" / "ab" / "ab12"
    blob.parent.mkdir(parents=True)
    paths = [folder / "verstak.db", folder / "verstak.db-wal", blob, folder / "backups" / "verstak-2026-11-26.zip"]
    for one in paths:
        one.parent.mkdir(exist_ok=True)
        one.write_text("x")
        one.chmod(0o664)
    every = [folder, *folder.rglob("*")]
    for one in every:
        if one.is_dir():
            one.chmod(0o777)
    return every


def test_what_was_open_before_is_closed_and_named_and_the_second_time_nothing_is_left_to_do(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    every = left_open(data)
    closed, still = private_files.close_to_others(data)
    assert (sorted(closed), still) == (sorted(every), [])
    assert {mode(one) for one in every} == {"0o600", "0o700"}
    assert private_files.close_to_others(data) == ([], [])
    assert not private_files.is_open(data)


@pytest.fixture
def looked_into(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders whose files were listed."""
    seen: list[str] = []
    real = os.scandir

    def scandir(folder: Path) -> Any:
        seen.append(Path(folder).name)
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    return seen


def test_a_start_looks_through_no_folder_that_is_closed_however_many_files_lie_there(
    tmp_path: Path, looked_into: list[str]
) -> None:
    """Nobody else reaches them. Of a folder that cannot be closed, only what is open in it is looked through."""
    data = tmp_path / "data"
    data.mkdir()
    left_open(data)
    looked_into.clear()
    private_files.close_to_others(data)
    assert sorted(looked_into) == ["ab", "backups", "data", "files"]
    looked_into.clear()
    assert private_files.close_to_others(data) == ([], [])
    assert looked_into == []
    data.chmod(0o755)
    (data / "late").write_text("x")
    assert private_files.close_to_others(data) == ([data / "late", data], [])
    assert looked_into == ["data"]


def test_what_was_cut_off_in_the_middle_is_ended_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    every = left_open(data)
    real, calls = Path.chmod, itertools.count()

    def killed(path: Path, mode: int) -> None:
        if next(calls) == 3:
            raise KeyboardInterrupt
        real(path, mode)

    monkeypatch.setattr(Path, "chmod", killed)
    with pytest.raises(KeyboardInterrupt):
        private_files.close_to_others(data)
    private_files.close_to_others(data)
    assert {mode(one) for one in every} == {"0o600", "0o700"}


def test_a_data_folder_behind_a_link_is_closed(tmp_path: Path) -> None:
    """The link is the owner's own choice; that anybody may read a link tells nothing."""
    data = tmp_path / "disk"
    data.mkdir()
    data.chmod(0o755)
    (tmp_path / "data").symlink_to(data)
    assert private_files.close_to_others(tmp_path / "data") == ([tmp_path / "data"], [])
    assert mode(data) == "0o700"


def test_a_link_is_not_followed_and_a_folder_that_is_not_there_is_none(tmp_path: Path) -> None:
    data, outside = tmp_path / "data", tmp_path / "outside"
    data.mkdir()
    outside.mkdir()
    outside.chmod(0o755)
    (data / "link").symlink_to(outside)
    private_files.close_to_others(data)
    assert (mode(data), mode(outside)) == ("0o700", "0o755")
    assert private_files.close_to_others(tmp_path / "nowhere") == ([], [])


def test_a_folder_that_holds_more_than_our_data_is_left_alone_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`DATA_DIR=.` must not shut the owner out of what else lies there."""
    (tmp_path / "somebody's").write_text("x")
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o755)
    assert private_files.close_to_others(Path()) == ([], [Path()])
    assert (mode(tmp_path), mode(tmp_path / "somebody's")) == ("0o755", "0o666")


def test_what_cannot_be_closed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of another account's, or on a disk that knows no modes."""
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o755)

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refused)
    assert private_files.close_to_others(data) == ([], [data])


async def test_an_export_is_the_accounts_own(tmp_path: Path) -> None:
    said = await program.run(["export", tmp_path / "out.zip"], DATA_DIR=str(tmp_path / "data"))
    assert said.status == 0, said.err
    found = [tmp_path / "out.zip", tmp_path / "data", *(tmp_path / "data").rglob("*")]
    assert [one for one in found if one.stat().st_mode & private_files.OTHERS] == []


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    """It may be anybody's: /var/lib, for example."""
    tmp_path.chmod(0o755)
    private_files.make_folder(tmp_path / "new")
    assert [mode(tmp_path), mode(tmp_path / "new")] == ["0o755", "0o700"]
