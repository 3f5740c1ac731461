"""Files and folders that only the account which runs the bot may read: from their first byte, whatever the umask."""

from __future__ import annotations

import os
import stat
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


def is_open(folder: Path) -> bool:
    """Whether others on this machine can look into the folder."""
    return os.name == "posix" and folder.is_dir() and bool(folder.stat().st_mode & OTHERS)


def close_to_others(folder: Path) -> tuple[list[Path], list[Path]]:
    """Take everybody else's rights to a folder of ours away, and to all that is in it: (what was open until now, what
    still is, because it is somebody else's or cannot be changed). A folder that is not there is none.

    Nobody else reaches what lies in a folder that is closed to him, so that is not looked through: a start costs the
    same with however many files. Nothing is done in a folder that holds more than our data (the working directory, a
    home, the root): it is given back as open if others can look into it.
    """
    closed, still = list[Path](), list[Path]()
    if not is_open(folder):
        return closed, still
    if _is_everybodys(folder):
        return closed, [folder]
    _close(folder, closed, still)
    return closed, still


def _close(one: Path, closed: list[Path], still: list[Path]) -> None:
    """A folder comes after all that is in it: cut off in the middle, it is open yet, and the next start goes on."""
    try:
        mode = one.stat().st_mode
        if not mode & OTHERS:
            return
        for inside in _inside(one) if stat.S_ISDIR(mode) else ():
            _close(inside, closed, still)
        tighten(one)
        (still if one.stat().st_mode & OTHERS else closed).append(one)
    except FileNotFoundError:
        return  # a backup that was rotated away meanwhile, for example
    except OSError:
        still.append(one)


def _is_everybodys(folder: Path) -> bool:
    place = folder.resolve()
    return place in (Path.cwd(), Path.home(), Path(place.anchor)) or Path.cwd().is_relative_to(place)


def _inside(folder: Path) -> list[Path]:
    """What lies in a folder, links aside: what they lead to may be anybody's."""
    with os.scandir(folder) as found:
        return [Path(one.path) for one in found if not one.is_symlink()]


def prepare_sqlite(path: Path) -> None:
    """Make the database's file, empty, before SQLite would make it for everybody; one of before is tightened."""
    make_folder(path.parent)
    if not path.exists():
        create(path).close()
    for ending in SQLITE_ENDINGS:
        part = Path(f"{path}{ending}")
        if part.exists():
            tighten(part)
