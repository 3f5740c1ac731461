"""Backups: one command makes one file, checked; one command takes it back (promise 8).

The file is a ZIP of the database, of the deals' files, and of a manifest: what made it, when, how many rows each table
has and how many files there are, and a checksum.
Make it while the bot runs: SQLite is copied in one step (in several it would never end under writes).
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from alembic.script import ScriptDirectory

from bot import database, sqlite_lock
from bot import settings as conf
from bot.backup import backup_files
from bot.backup import backup_postgres as postgres
from bot.backup import backup_sqlite as sqlite
from bot.backup.manifest import MANIFEST, Manifest, checksum
from bot.cli.cli_error import CliError
from scheduler.clock import utc_now


async def backup(file: Path) -> str:
    """Save the database and the deals' files into `file`, replacing it only when the new one has been checked."""
    settings = conf.load()
    return await asyncio.to_thread(_backup, settings.database, settings.data_dir, file)


async def restore(file: Path, *, force: bool = False) -> str:
    """Take database and files from `file`. Refuses if a bot runs on it, or if it has data and `force` is not given."""
    settings = conf.load()
    return await asyncio.to_thread(_restore, settings.database, settings.data_dir, file, force)


def _backup(url: str, data_dir: Path, file: Path) -> str:
    engine = _engine(url)
    with tempfile.TemporaryDirectory(prefix="verstak-") as folder:
        copy = Path(folder) / engine.MEMBER
        rows = engine.copy(url, copy)  # first: a file that comes in meanwhile is one too many, never one too few
        named = engine.hashes(url, copy)
        made = Manifest(engine.NAME, utc_now().isoformat(), database.head_version() or "", rows, checksum(copy))
        made = _pack(copy, made, file, data_dir, named)
    _check_packed(file)
    lost = f" ({made.missing} missing on the disk)" if made.missing else ""
    size = file.stat().st_size // 1024 + 1
    return f"{file}: {sum(rows.values())} rows, {made.files} files{lost}, {size} KB, checked"


def _restore(url: str, data_dir: Path, file: Path, force: bool) -> str:
    engine = _engine(url)
    with tempfile.TemporaryDirectory(prefix="verstak-") as folder:
        manifest, copy = _unpack(file, Path(folder))
        if manifest.engine != engine.NAME:
            raise CliError(f"{file} is a backup of {manifest.engine}, and DATABASE_URL is {engine.NAME}")
        _check_version(manifest)
        path = sqlite_lock.sqlite_path(url)
        handle = sqlite_lock.lock(path) if path is not None else None
        try:
            kept = engine.take(url, copy, manifest.rows, force)
            with ZipFile(file) as archive:
                back = backup_files.unpack(archive, data_dir)
        finally:
            if handle is not None:
                os.close(handle)
    when = datetime.fromisoformat(manifest.made_at).strftime("%Y-%m-%d %H:%M UTC")
    more = f"; what was there before is kept as {kept}" if kept else ""
    return f"restored {sum(manifest.rows.values())} rows and {back} files as of {when}{more}"


def _engine(url: str) -> Any:
    return sqlite if sqlite_lock.sqlite_path(url) is not None else postgres


def _pack(copy: Path, manifest: Manifest, file: Path, data_dir: Path, named: set[str]) -> Manifest:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    try:
        with ZipFile(part, "w", ZIP_DEFLATED) as archive:
            archive.write(copy, copy.name)
            packed = backup_files.pack(archive, data_dir)
            manifest = replace(manifest, files=len(packed), missing=len(named - packed))
            archive.writestr(MANIFEST, manifest.as_json())
        part.chmod(0o600)  # customers' data
        with part.open("rb") as done:
            os.fsync(done.fileno())
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CliError(f"{file} cannot be written: {error.strerror}") from None
    return manifest


def _check_packed(file: Path) -> None:
    with ZipFile(file) as archive:
        if archive.testzip() is not None:
            raise CliError(f"{file} cannot be read back: is the disk sound?")


def _unpack(file: Path, folder: Path) -> tuple[Manifest, Path]:
    try:
        with ZipFile(file) as archive:
            manifest = Manifest.read(archive.read(MANIFEST))
            member = sqlite.MEMBER if manifest.engine == sqlite.NAME else postgres.MEMBER
            archive.extract(member, folder)
            backup_files.check(archive, manifest.files)
    except (OSError, BadZipFile, KeyError, ValueError, TypeError) as error:
        raise CliError(f"{file} is not a backup that can be read: {type(error).__name__}") from None
    copy = folder / member
    if checksum(copy) != manifest.checksum:
        raise CliError(f"{file} is damaged: its checksum is wrong")
    return manifest, copy


def _check_version(manifest: Manifest) -> None:
    known = {one.revision for one in ScriptDirectory(str(database.MIGRATIONS)).walk_revisions()}
    if manifest.version not in known:
        raise CliError("the backup was made by a newer version of Verstak; use that one")
