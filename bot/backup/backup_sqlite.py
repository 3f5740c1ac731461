"""A SQLite database: copied in one step, checked, and put in place."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bot import private_files, sqlite_lock
from bot.backup import left_out
from bot.cli.cli_error import CliError
from models.tables import metadata
from scheduler.clock import utc_now

NAME, MEMBER = "sqlite", "verstak.db"
ATTEMPTS = 3  # a count may rise and fall while the copy is made
MATTERS = ("employee", "client", "deal")


def copy(url: str, to: Path) -> dict[str, int]:
    """Copy the database into a new file; how many rows each table has in the copy. CliError if either is not sound.

    The copy is held against the database itself, counted before and after: a copy of something else is none.
    """
    path = _path(url)
    if not path.exists():
        raise CliError(f"there is no database at {path}")
    for _ in range(ATTEMPTS):
        to.unlink(missing_ok=True)
        before = _count_live(path)
        _copy(path, to)
        copied, after = check(to), _count_live(path)
        wrong = [name for name, rows in copied.items() if not _lies_between(rows, before[name], after[name])]
        if not wrong and before.keys() == copied.keys():
            _empty(to)
            return check(to)
    raise CliError(f"the copy of the database has other rows than the database: {', '.join(wrong) or 'other tables'}")


def _copy(path: Path, to: Path) -> None:
    private_files.create(to).close()
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=30, isolation_level=None)) as source:
            source.execute("VACUUM INTO ?", (str(to),))
    except sqlite3.Error as error:
        raise CliError(f"the database cannot be copied: {error}") from None


def _count_live(path: Path) -> dict[str, int]:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=30, isolation_level=None)) as db:
            db.execute("BEGIN")  # all counts are of one moment
            return {name: _count(db, name) for name in metadata.tables if _has(db, name)}
    except sqlite3.Error as error:
        raise CliError(f"the database cannot be read: {error}") from None


def _lies_between(rows: int, one: int, other: int) -> bool:
    return min(one, other) <= rows <= max(one, other)


def _empty(copied: Path) -> None:
    """Take out of the copy what no backup holds, down to the bytes."""
    with closing(sqlite3.connect(copied, isolation_level=None)) as db:
        db.execute("PRAGMA secure_delete = ON")
        for name in left_out.TABLES:
            if _has(db, name):
                db.execute(f'DELETE FROM "{name}"')


def prove(url: str, copied: Path, rows: dict[str, int]) -> bool:
    """Open a database out of a backup as it would be worked on: sound, whole, with the rows that it should have."""
    if check(copied) != rows:
        raise CliError("the backup does not hold the rows it says")
    return True


def check(path: Path) -> dict[str, int]:
    """How many rows each table has. Trouble if the file is not a sound database of ours."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            said = db.execute("PRAGMA integrity_check").fetchone()[0]
            if said != "ok" or db.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise CliError(f"the database is damaged: {str(said).splitlines()[0]}")
            return {name: _count(db, name) for name in metadata.tables if _has(db, name)}
    except sqlite3.Error as error:
        raise CliError(f"the database cannot be read: {error}") from None


def hashes(url: str, copied: Path) -> set[str]:
    """The hashes of all files that the copy names."""
    with closing(sqlite3.connect(copied, isolation_level=None)) as db:
        named = [name for name in ("file", "paper_template") if _has(db, name) and _has_hashes(db, name)]
        return {
            row[0] for name in named for row in db.execute(f'SELECT DISTINCT sha FROM "{name}" WHERE sha IS NOT NULL')
        }


def _has_hashes(db: sqlite3.Connection, name: str) -> bool:
    return any(row[1] == "sha" for row in db.execute(f'PRAGMA table_info("{name}")'))  # older tables have none


def take(url: str, made: Path, rows: dict[str, int], force: bool) -> str | None:
    """Put the copy in the database's place; the name under which the old one is kept, None if there was none."""
    prove(url, made, rows)
    path = _path(url)
    kept = None
    if path.exists():
        old = check(path) if not force else {}
        if any(old.get(name) for name in MATTERS):
            raise CliError(f"the database {path} has data; to replace it (it is kept beside): --force")
        kept = _set_aside(path)
    part = path.with_name(f"{path.name}.part")
    with made.open("rb") as source, private_files.create(part) as target:
        shutil.copyfileobj(source, target, 1 << 20)
        target.flush()
        os.fsync(target.fileno())
    part.replace(path)
    return kept


def _set_aside(path: Path) -> str:
    name = f"{path.name}.before-{utc_now():%Y%m%d-%H%M%S}"
    for ending in ("", "-wal", "-shm"):
        part = Path(f"{path}{ending}")
        if part.exists():
            part.replace(path.with_name(f"{name}{ending}"))
    return name


def _path(url: str) -> Path:
    path = sqlite_lock.sqlite_path(url)
    assert path is not None
    return path


def _count(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])


def _has(db: sqlite3.Connection, name: str) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)).fetchone() is not None
