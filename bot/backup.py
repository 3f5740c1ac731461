"""Backups: one command makes one file, checked; one command takes it back (promise 8).

The file is a ZIP of the database and a manifest: what made it, when, how many rows each table has, and a checksum.
Make it while the bot runs: SQLite is copied in one step (in several it would never end under writes).
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from alembic.script import ScriptDirectory

from bot import backup_postgres as postgres
from bot import backup_sqlite as sqlite
from bot import database, running
from bot import settings as conf
from bot.manifest import MANIFEST, Manifest, checksum
from bot.trouble import Trouble
from scheduler.clock import utc_now


async def backup(file: Path) -> str:
    """Save the database into `file`, replacing it only when the new one has been checked."""
    url = conf.load().database
    return await asyncio.to_thread(_backup, url, file)


async def restore(file: Path, *, force: bool = False) -> str:
    """Take the database from `file`. Refuses if a bot runs on it, or if it has data and `force` is not given."""
    url = conf.load().database
    return await asyncio.to_thread(_restore, url, file, force)


def _backup(url: str, file: Path) -> str:
    engine = _engine(url)
    with tempfile.TemporaryDirectory(prefix="verstak-") as folder:
        copy = Path(folder) / engine.MEMBER
        rows = engine.copy(url, copy)
        made = Manifest(engine.NAME, utc_now().isoformat(), database.head_version() or "", rows, checksum(copy))
        _pack(copy, made, file)
    _check_packed(file)
    return f"{file}: {sum(rows.values())} rows, {file.stat().st_size // 1024 + 1} KB, checked"


def _restore(url: str, file: Path, force: bool) -> str:
    engine = _engine(url)
    with tempfile.TemporaryDirectory(prefix="verstak-") as folder:
        manifest, copy = _unpack(file, Path(folder))
        if manifest.engine != engine.NAME:
            raise Trouble(f"{file} is a backup of {manifest.engine}, and DATABASE_URL is {engine.NAME}")
        _check_version(manifest)
        path = running.sqlite_path(url)
        handle = running.lock(path) if path is not None else None
        try:
            kept = engine.take(url, copy, manifest.rows, force)
        finally:
            if handle is not None:
                os.close(handle)
    when = datetime.fromisoformat(manifest.made_at).strftime("%Y-%m-%d %H:%M UTC")
    more = f"; what was there before is kept as {kept}" if kept else ""
    return f"restored {sum(manifest.rows.values())} rows as of {when}{more}"


def _engine(url: str) -> Any:
    return sqlite if running.sqlite_path(url) is not None else postgres


def _pack(copy: Path, manifest: Manifest, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    try:
        with ZipFile(part, "w", ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, manifest.as_json())
            archive.write(copy, copy.name)
        part.chmod(0o600)  # customers' data
        with part.open("rb") as done:
            os.fsync(done.fileno())
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Trouble(f"{file} cannot be written: {error.strerror}") from None


def _check_packed(file: Path) -> None:
    with ZipFile(file) as archive:
        if archive.testzip() is not None:
            raise Trouble(f"{file} cannot be read back: is the disk sound?")


def _unpack(file: Path, folder: Path) -> tuple[Manifest, Path]:
    try:
        with ZipFile(file) as archive:
            manifest = Manifest.read(archive.read(MANIFEST))
            member = sqlite.MEMBER if manifest.engine == sqlite.NAME else postgres.MEMBER
            archive.extract(member, folder)
    except (OSError, BadZipFile, KeyError, ValueError, TypeError) as error:
        raise Trouble(f"{file} is not a backup that can be read: {type(error).__name__}") from None
    copy = folder / member
    if checksum(copy) != manifest.checksum:
        raise Trouble(f"{file} is damaged: its checksum is wrong")
    return manifest, copy


def _check_version(manifest: Manifest) -> None:
    known = {one.revision for one in ScriptDirectory(str(database.MIGRATIONS)).walk_revisions()}
    if manifest.version not in known:
        raise Trouble("the backup was made by a newer version of Verstak; use that one")
