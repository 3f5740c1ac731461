"""The database: one transaction is one piece of ordinary (sync) code, carried out in one hop.

A verb takes a SQLAlchemy `Connection`. On SQLite the whole transaction runs as one job in aiosqlite's own thread, on
the single writer connection (BEGIN IMMEDIATE); on PostgreSQL it runs through SQLAlchemy's async engine over asyncpg.
One thread or greenlet switch per transaction, not per statement, is what makes a tap cheap; see DECISIONS.md.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

import aiosqlite
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from bot import private_files

T = TypeVar("T")
IDLE = 2.0  # seconds after which a connection may have died unseen
MIGRATIONS = Path(__file__).resolve().parent.parent / "models" / "migrations"


class Database(Protocol):
    """Where transactions run."""

    name: str

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction: committed if it returns, rolled back if it raises.

        A cancelled caller does not cut the transaction: it ends as it would have (a cancelled COMMIT means
        «unknown», not «undone»).
        """
        ...

    async def close(self) -> None:
        """Finish what runs and close."""
        ...


class Sqlite:
    """One writer connection in one thread; every transaction begins IMMEDIATE, so that reads in it cannot be outrun."""

    name = "sqlite"

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._aio = connection
        raw = connection._conn
        self._raw = raw
        self._engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool, hide_parameters=True)
        self._tx: Connection | None = None

    @classmethod
    async def open(cls, path: str) -> Sqlite:
        """Open (and create) the file; `:memory:` is for tests."""
        if path != ":memory:":
            await asyncio.to_thread(private_files.prepare_sqlite, Path(path))
        connection = await aiosqlite.connect(path, isolation_level=None, timeout=30)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            # an unread answer would keep a statement open, and with it the connection busy
            async with connection.execute(f"PRAGMA {pragma}") as cursor:
                await cursor.fetchall()
        return cls(connection)

    async def run(self, work: Callable[[Connection], T]) -> T:
        # aiosqlite gives its thread no public door for a job of several statements; `_execute` is that door
        return await asyncio.shield(self._aio._execute(self._transact, work))  # type: ignore[no-untyped-call]

    def _transact(self, work: Callable[[Connection], T]) -> T:
        if (
            self._tx is None
        ):  # made in the thread that it belongs to, and kept: the pool's care for it costs a statement
            self._tx = self._engine.connect()
        with self._tx.begin():
            # the driver emits no BEGIN of its own; a «begin» event would do it too, and tax every other statement
            self._raw.execute("BEGIN IMMEDIATE")
            return work(self._tx)

    async def close(self) -> None:
        if self._tx is not None:  # in its own thread, like all that is done with it
            await self._aio._execute(self._tx.close)  # type: ignore[no-untyped-call]
        await self._aio.close()


class Postgres:
    """A pool of connections; each transaction is READ COMMITTED and guarded by version checks."""

    name = "postgresql"

    def __init__(self, url: str, pool_size: int = 5) -> None:
        self._engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            hide_parameters=True,  # a failed statement is logged; whose phone was in it is not
            connect_args={
                "command_timeout": 30,
                "server_settings": {"idle_in_transaction_session_timeout": "60000", "application_name": "verstak"},
            },
        )

        event.listen(self._engine.sync_engine, "checkin", _note_use)
        event.listen(self._engine.sync_engine, "checkout", self._ping_if_idle)

    def _ping_if_idle(self, connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
        """A server that went away is noticed before a transaction begins; to ask before each would double its cost."""
        if time.monotonic() - record.info.get("used", 0.0) > IDLE:
            try:
                self._engine.dialect.do_ping(connection)
            except self._engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error

    async def run(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.shield(self._transact(work))

    async def _transact(self, work: Callable[[Connection], T]) -> T:
        async with self._engine.begin() as tx:
            return await tx.run_sync(work)

    async def close(self) -> None:
        await self._engine.dispose()


def _note_use(_: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["used"] = time.monotonic()


async def open_database(url: str) -> Database:
    """Open `sqlite:///path` or `postgresql://…`; ValueError names any other scheme."""
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            return await Sqlite.open(parsed.database or ":memory:")
        case "postgresql":
            return Postgres(parsed.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False))
        case other:
            raise ValueError(f"DATABASE_URL takes sqlite:///… or postgresql://…, not {other}://…")


def migrate(tx: Connection) -> None:
    """Bring the tables to this version; a newer or unknown version is refused by alembic."""
    if tx.dialect.name == "postgresql":
        # replicas that start together wait for the first one
        tx.execute(text("SELECT pg_advisory_xact_lock(8253717)"))
    command.upgrade(_alembic(tx), "head")


def migrate_back(tx: Connection, version: str) -> None:
    """Take the tables back to an earlier version; what only newer tables hold is lost."""
    command.downgrade(_alembic(tx), version)


def _alembic(tx: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = tx
    return config


def head_version() -> str | None:
    """The version that the code expects."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
