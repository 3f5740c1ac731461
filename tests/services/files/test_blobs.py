"""Bytes on the disk: by their hash, once, whole or not at all (K-7)."""

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from services.files import blobs

DATA = b"the signed contract"
LONG_AGO = datetime.now(UTC) - timedelta(hours=1)
SOON = datetime.now(UTC) + timedelta(hours=1)


def test_k_7_the_same_bytes_lie_there_once_under_their_hash(tmp_path: Path) -> None:
    """K-7: kept by content hash on the disk, once."""
    sha = blobs.store(tmp_path, DATA)
    assert blobs.store(tmp_path, DATA) == sha
    assert blobs.path_of(tmp_path, sha) == tmp_path / "files" / sha[:2] / sha
    assert [name for name, _ in blobs.every(tmp_path)] == [sha]
    assert blobs.read(tmp_path, sha) == DATA
    assert blobs.size(tmp_path, sha) == len(DATA)
    assert list((tmp_path / "files").rglob("*.part")) == []


def test_customers_files_are_for_nobody_else_on_the_machine(tmp_path: Path) -> None:
    path = blobs.path_of(tmp_path, blobs.store(tmp_path, DATA))
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_missing_file_and_a_damaged_one_are_noticed(tmp_path: Path) -> None:
    sha = blobs.sha_of(DATA)
    assert not blobs.is_kept(tmp_path, sha)
    for ask in (blobs.read, blobs.size):
        with pytest.raises(blobs.BlobLost, match="not on the disk"):
            ask(tmp_path, sha)
    blobs.store(tmp_path, DATA)
    blobs.path_of(tmp_path, sha).write_bytes(b"rotten")
    assert not blobs.is_kept(tmp_path, sha)
    with pytest.raises(blobs.BlobLost, match="damaged"):
        blobs.read(tmp_path, sha)
    assert blobs.store(tmp_path, DATA) == sha
    assert blobs.read(tmp_path, sha) == DATA, "storing it again mends it"


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "/x", "a" * 65])
def test_a_hash_is_never_a_way_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        blobs.path_of(tmp_path, name)


def test_a_disk_that_takes_nothing_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="files"):
        blobs.store(tmp_path, DATA)
    assert list(blobs.every(tmp_path)) == []


def test_a_disk_that_fills_up_while_it_is_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the file nor a part of it, which would take the little room there is."""

    def full(_: int) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        blobs.store(tmp_path, DATA)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_only_what_was_not_stored_lately_is_forgotten(tmp_path: Path) -> None:
    sha = blobs.store(tmp_path, DATA)
    assert not blobs.remove(tmp_path, sha, LONG_AGO), "its row may be on the way"
    assert blobs.is_kept(tmp_path, sha)
    os.utime(blobs.path_of(tmp_path, sha), (0, 0))
    blobs.store(tmp_path, DATA)
    assert not blobs.remove(tmp_path, sha, LONG_AGO), "storing it again makes it new"
    assert blobs.remove(tmp_path, sha, SOON)
    assert not blobs.is_kept(tmp_path, sha)
    assert blobs.remove(tmp_path, sha, SOON), "twice is no harm"
