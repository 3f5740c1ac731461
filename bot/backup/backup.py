"""Backups: one command makes one file, proven by restoring it; one command takes it back (promise 8).

Make it while the bot runs: SQLite is copied in one step (in several it would never end under writes), PostgreSQL as of
one moment. What was made is unpacked and restored into a temporary place before it gets its name.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from sqlalchemy import Connection

from bot import database, private_files, sqlite_lock
from bot import settings as conf
from bot.backup import backup_archive, backup_encryption, backup_files
from bot.backup import backup_postgres as postgres
from bot.backup import backup_sqlite as sqlite
from bot.backup.manifest import Manifest, checksum
from bot.cli.cli_error import CliError
from bot.personal import erased_list
from scheduler.clock import utc_now
from services import company_settings
from services.oversight import copies

WORKSHOP = ".verstak-"  # what the names of temporary folders begin with


@dataclass(frozen=True, slots=True)
class BackupMade:
    """What was made: `size` in bytes; `missing` are files that the database names and the disk did not have.

    `restored` tells whether it was proven by restoring it, or by reading it to the end where that is not allowed.
    """

    rows: int
    files: int
    missing: int
    size: int
    restored: bool


@dataclass(frozen=True, slots=True)
class BackupRestored:
    """What was put in the database's place: rows and files, as of when; where the database of before is kept."""

    rows: int
    files: int
    made_at: datetime
    kept: str | None

    def __str__(self) -> str:
        more = f"; what was there before is kept as {self.kept}" if self.kept else ""
        return f"restored {self.rows} rows and {self.files} files as of {self.made_at:%Y-%m-%d %H:%M UTC}{more}"


async def backup(file: Path) -> str:
    """Save the database and the deals' files into `file`, replacing it only when the new one has been proven. The
    journal of the database says so."""
    settings = conf.load()
    made = await asyncio.to_thread(make, settings.database, settings.data_dir, file)
    now = utc_now()
    await _in_database(settings.database, lambda tx: copies.made(tx, now, now.date(), made.rows))
    lost = f" ({made.missing} missing on the disk)" if made.missing else ""
    proven = "restored once to check it" if made.restored else f"read to the end to check it ({postgres.NOT_RESTORED})"
    return f"{file}: {made.rows} rows, {made.files} files{lost}, {made.size // 1024 + 1} KB, {proven}"


async def restore(file: Path, *, key: Path | None = None, force: bool = False) -> str:
    """Take database and files from `file`. Refuses if a bot runs on it, or if it has data and `force` is not given.

    An encrypted one is opened by the key in the file `key`; without that it is asked for. Its tables are brought to
    this version, and its journal says that it was restored.
    """
    settings = conf.load()
    back = await asyncio.to_thread(_restore, settings.database, settings.data_dir, file, key, force)
    await _in_database(settings.database, lambda tx: _begin_anew(tx, back))
    return str(back)


def _begin_anew(tx: Connection, back: BackupRestored) -> None:
    database.migrate(tx)
    # how long ago the backup's bot heard Telegram says nothing of how long this one was deaf
    company_settings.remove(tx, company_settings.HEARD_AT)
    copies.restored(tx, utc_now(), back.made_at.date(), back.rows)


async def _in_database(url: str, act: Callable[[Connection], None]) -> None:
    db = await database.open_database(url)
    try:
        await db.run(act)
    finally:
        await db.close()


def make(url: str, data_dir: Path, file: Path) -> BackupMade:
    """Make the backup, prove it, and give it its name. CliError says what could not be done."""
    part = file.with_name(f"{file.name}.part")
    try:
        private_files.make_folder(file.parent)
        try:
            manifest, restored = _make(url, data_dir, part)
            size = part.stat().st_size
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise CliError(f"{file} cannot be written: {error.strerror or error}") from None
    return BackupMade(sum(manifest.rows.values()), manifest.files, manifest.missing, size, restored)


def _make(url: str, data_dir: Path, part: Path) -> tuple[Manifest, bool]:
    engine = _engine(url)
    with workshop(part.parent) as folder:
        copy = folder / engine.MEMBER
        rows = engine.copy(url, copy)  # first: a file that comes in meanwhile is one too many, never one too few
        named = engine.hashes(url, copy)
        made = Manifest(engine.NAME, utc_now().isoformat(), database.head_version() or "", rows, checksum(copy))
        made = backup_archive.pack(copy, made, part, data_dir, named)
    with workshop(part.parent) as folder:  # after the first is gone: the disk need not hold three
        found, copy = backup_archive.unpack(part, folder)
        return made, engine.prove(url, copy, found.rows)


@contextmanager
def workshop(beside: Path) -> Iterator[Path]:
    """A temporary folder for us alone, on the disk where the backup goes: /tmp may be small, or memory."""
    with tempfile.TemporaryDirectory(prefix=WORKSHOP, dir=beside) as folder:
        yield Path(folder)


def _restore(url: str, data_dir: Path, file: Path, key: Path | None, force: bool) -> BackupRestored:
    engine = _engine(url)
    path = sqlite_lock.sqlite_path(url)
    handle = sqlite_lock.lock(path) if path is not None else None
    try:
        with tempfile.TemporaryDirectory(prefix="verstak-") as folder:
            plain = _opened(file, Path(folder), key)
            manifest, copy = backup_archive.unpack(plain, Path(folder))
            if manifest.engine != engine.NAME:
                raise CliError(f"{file} is a backup of {manifest.engine}, and DATABASE_URL is {engine.NAME}")
            backup_archive.check_version(manifest)
            # before the database is there: cut off here, the next start finds the list and applies it
            erased_list.add(data_dir, [*erased_list.read(file.parent), *backup_archive.erased(plain)])
            kept = engine.take(url, copy, manifest.rows, force)
            with ZipFile(plain) as archive:
                back = backup_files.unpack(archive, data_dir)
    finally:
        if handle is not None:
            os.close(handle)
    return BackupRestored(sum(manifest.rows.values()), back, datetime.fromisoformat(manifest.made_at), kept)


def _opened(file: Path, folder: Path, key: Path | None) -> Path:
    """The backup as a ZIP: itself, or what comes out of it with its key."""
    if not backup_encryption.is_encrypted(file):
        return file
    secret = backup_encryption.read_secret(key) if key is not None else _ask_for_key(file)
    plain = folder / "opened.zip"
    backup_encryption.decrypt(file, plain, secret)
    return plain


def _ask_for_key(file: Path) -> str:
    if not sys.stdin.isatty():
        raise CliError(f"{file} is encrypted: give the file with its key, --key FILE")
    return getpass.getpass(f"The key of {file}: ").strip().upper()  # typed, it is neither shown nor kept


def _engine(url: str) -> Any:
    return sqlite if sqlite_lock.sqlite_path(url) is not None else postgres
