"""The database as it stands, read without touching it: a SQLite file by a copy, so that the bot finds its own as
it left it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from bot.sqlite_lock import sqlite_path

Rows = list[tuple[Any, ...]]


@dataclass
class Eye:
    """Reads the database of `url`; `folder` is for copies."""

    url: str
    folder: Path

    async def rows(self, *statements: str) -> list[Rows]:
        """What each of the statements finds, all at one moment if nobody writes."""
        path = sqlite_path(self.url)
        return _of_copy(path, self.folder, statements) if path else await self._of_server(statements)

    async def _of_server(self, statements: tuple[str, ...]) -> list[Rows]:
        connection = await asyncpg.connect(self.url)
        try:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                return [[tuple(row) for row in await connection.fetch(one)] for one in statements]
        finally:
            await connection.close()


def _of_copy(path: Path, folder: Path, statements: tuple[str, ...]) -> list[Rows]:
    copy = folder / "eye.db"
    for ending in ("", "-wal"):
        source, target = Path(f"{path}{ending}"), Path(f"{copy}{ending}")
        target.unlink(missing_ok=True)
        if source.exists():
            shutil.copy(source, target)
    with closing(sqlite3.connect(copy)) as db:
        return [db.execute(one).fetchall() for one in statements]
