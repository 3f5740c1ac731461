"""The bytes of files on our own disk: by content hash, the same bytes once, under DATA_DIR/files/ab/ab… (K-7).

Pure disk: no database, no Telegram. Whoever calls has the data folder: the root and its jobs; services inside a
transaction never touch the disk. Nothing is ever written over: a blob is written beside, synced and renamed.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from models.errors import CrmError

FOLDER = "files"
SHA = re.compile(r"[0-9a-f]{64}")
PART = ".part"


class BlobLost(CrmError):
    """The bytes of a file are not on the disk, or no longer what they were."""

    def __init__(self, sha: str, why: str) -> None:
        super().__init__(f"{sha[:12]}…: {why}")
        self.sha, self.why = sha, why


def sha_of(data: bytes) -> str:
    """The name of these bytes."""
    return hashlib.sha256(data).hexdigest()


def path_of(data_dir: Path, sha: str) -> Path:
    """Where the bytes of that hash lie, or would. ValueError for what is no SHA-256: it could be a way out."""
    if not SHA.fullmatch(sha):
        raise ValueError(f"not a SHA-256: {sha[:80]!r}")
    return data_dir / FOLDER / sha[:2] / sha


def store(data_dir: Path, data: bytes) -> str:
    """Keep the bytes and give their hash; what lies there already stays, unless it is damaged.

    OSError if the disk is full or read-only. A blob that is stored again counts as new (see `remove`).
    """
    sha = sha_of(data)
    path = path_of(data_dir, sha)
    if _is_whole(path, sha):
        os.utime(path)
        return sha
    for folder in (data_dir, data_dir / FOLDER, path.parent):  # one by one: `parents` would be everybody's to read
        folder.mkdir(parents=folder == data_dir, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix=f"{sha[:12]}-", suffix=PART, dir=path.parent)  # 0600: customers' data
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(data)
            part.flush()
            os.fsync(part.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return sha


def read(data_dir: Path, sha: str) -> bytes:
    """The bytes, proven to be what they were. BlobLost if they are missing or damaged."""
    try:
        data = path_of(data_dir, sha).read_bytes()
    except FileNotFoundError:
        raise BlobLost(sha, "is not on the disk") from None
    except OSError as error:
        raise BlobLost(sha, f"cannot be read: {error.strerror}") from None
    if sha_of(data) != sha:
        raise BlobLost(sha, "is damaged")
    return data


def size(data_dir: Path, sha: str) -> int:
    """How many bytes; BlobLost if they are not there."""
    try:
        return path_of(data_dir, sha).stat().st_size
    except OSError:
        raise BlobLost(sha, "is not on the disk") from None


def is_kept(data_dir: Path, sha: str) -> bool:
    """Whether the bytes are there, whole."""
    return _is_whole(path_of(data_dir, sha), sha)


def every(data_dir: Path) -> Iterator[tuple[str, Path]]:
    """All blobs (hash, path), in order of their hashes; half-written ones are not among them."""
    root = data_dir / FOLDER
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        if folder.is_dir():
            yield from ((path.name, path) for path in sorted(folder.iterdir()) if SHA.fullmatch(path.name))


def remove(data_dir: Path, sha: str, older_than: datetime) -> bool:
    """Forget bytes that nobody's file has any more; whether they are gone.

    What was stored (again) since `older_than` stays: somebody may be about to write its row.
    """
    path = path_of(data_dir, sha)
    try:
        if path.stat().st_mtime >= older_than.timestamp():
            return False
        path.unlink()
    except FileNotFoundError:
        return True
    return True


def _is_whole(path: Path, sha: str) -> bool:
    try:
        return sha_of(path.read_bytes()) == sha
    except OSError:
        return False


def _sync_folder(folder: Path) -> None:
    """The new name survives a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
