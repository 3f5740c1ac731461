"""What the running bot does once, done once per process of tests too, though they build a thousand bots.

Nothing here changes an answer: tables are copied from a file that the migrations have made, the same process gets the
same verdict of its checks, the same statement the same SQL, and certificates are read once.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import ssl
import tempfile
from atexit import register
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from aiogram.client.session import aiohttp as aiogram_session
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool

from bot import app, database
from models.process import checks, parse
from models.process.parse import Lines, Problem
from models.process.process import Process

FILE = "verstak.db"
MEMORY = Path("/dev/shm")  # of Linux; a container has 64 MB of it unless it is told otherwise
ROOM = 8 << 30  # bytes


def begin() -> None:
    """Before the first test, when everything is imported."""
    _write_into_memory()
    parse.read = lru_cache(maxsize=64)(parse.read)  # the same text is the same frozen process, and costs 0.1 s of YAML
    checks.find_problems = _once_per_process()
    database.create_engine = _with_one_dialect  # type: ignore[attr-defined]
    aiogram_session.ssl = _Certificates  # type: ignore[attr-defined]
    app.tune_memory()  # as in the running bot: the collector need not walk through what is imported


@cache
def tables() -> Path:
    """A SQLite file with the tables made and no row in them; to be copied."""
    folder = tempfile.mkdtemp(prefix="verstak-tables-")
    register(shutil.rmtree, folder, ignore_errors=True)
    raw = sqlite3.connect(Path(folder) / FILE, isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    with create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool).connect() as tx:
        raw.execute("BEGIN IMMEDIATE")
        database.migrate(tx)
        tx.commit()
    raw.close()
    return Path(folder) / FILE


def with_tables(folder: Path) -> Path:
    """A data folder whose database has its tables already, unless there is one in it; the database's file."""
    file = folder / FILE
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tables(), file)
        file.chmod(0o600)
    return file


def _write_into_memory() -> None:
    """Temporary files lie in memory, where there is much of it: a commit waits for the disk, and tests make millions.

    Whoever has chosen a folder (TMPDIR) keeps it.
    """
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def _once_per_process() -> Any:
    """The checks of a process, kept with it: it is frozen, and they take as long as reading it."""
    find, kept = checks.find_problems, dict[tuple[int, str], tuple[Process, list[Problem]]]()

    def find_problems(process: Process, file: str, lines: Lines) -> list[Problem]:
        key = id(process), file
        if key not in kept:
            if len(kept) > 200:  # those of generated processes are asked once
                kept.clear()
            kept[key] = process, find(process, file, lines)
        return list(kept[key][1])

    return find_problems


class _Certificates:
    """Of `ssl`, what aiogram's session takes."""

    create_default_context = staticmethod(cache(ssl.create_default_context))


@cache
def _first() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    engine.connect().close()  # a dialect gets to know its database as it connects first
    return engine


def _with_one_dialect(*args: Any, **more: Any) -> Engine:
    """An engine that finds the statements that an earlier one has compiled: they are kept by dialect."""
    engine = create_engine(*args, **more)
    if engine.dialect.name == "sqlite":
        engine.dialect, engine._compiled_cache = _first().dialect, _first()._compiled_cache
    return engine
