"""Reading a SQLite file that must not or cannot be written: the disk is full, another program holds it, a doctor looks.

A connection of its own that can only read, so it waits for no writer, and never writes or checkpoints itself.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

T = TypeVar("T")
PATIENCE = 2.0  # seconds that a lock of the whole file is waited for


class SqliteReader:
    """Opens the file for each look: looks are rare, and nothing is held between them."""

    def __init__(self, path: str) -> None:
        address = f"{Path(path).absolute().as_uri()}?mode=ro"

        def connect() -> sqlite3.Connection:
            return sqlite3.connect(address, uri=True, isolation_level=None, timeout=PATIENCE, check_same_thread=False)

        self._engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    async def run(self, look: Callable[[Connection], T]) -> T:
        """Give what `look` reads, all of one moment. OperationalError if it would write, or the file cannot be read."""
        return await asyncio.to_thread(self._look, look)

    def _look(self, look: Callable[[Connection], T]) -> T:
        with self._engine.connect() as tx, tx.begin():
            tx.exec_driver_sql("BEGIN")
            return look(tx)
