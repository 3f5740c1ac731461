"""Files and folders that only the account which runs the bot may read: from their first byte, whatever the umask."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

OTHERS = 0o077  # what everybody else could do
SQLITE_ENDINGS = ("", "-wal", "-shm")  # SQLite makes the last two with the mode of the first


def make_folder(folder: Path) -> None:
    """Make the folder and those above it that are missing, for us alone; what is there stays as it is."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)


def create(path: Path) -> BinaryIO:
    """A file for us alone, empty, to be written; what was there is gone."""
    path.unlink(missing_ok=True)  # an older file would keep its mode
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def tighten(path: Path) -> None:
    """Take everybody else's rights away, if the file or folder is ours to change."""
    if os.name != "posix":
        return  # rights are kept in another way there
    known = path.stat()
    if known.st_uid == os.geteuid() and known.st_mode & OTHERS:
        path.chmod(known.st_mode & 0o700)


def prepare_sqlite(path: Path) -> None:
    """Make the database's file, empty, before SQLite would make it for everybody; one of before is tightened."""
    make_folder(path.parent)
    if not path.exists():
        create(path).close()
    for ending in SQLITE_ENDINGS:
        part = Path(f"{path}{ending}")
        if part.exists():
            tighten(part)
