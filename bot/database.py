"""The database: one transaction is one piece of ordinary (sync) code, carried out in one hop.

A verb takes a SQLAlchemy `Connection`. On SQLite the whole transaction runs as one job in aiosqlite's own thread, on
the single writer connection (BEGIN IMMEDIATE); on PostgreSQL it runs through SQLAlchemy's async engine over asyncpg.
One thread or greenlet switch per transaction, not per statement, is what makes a tap cheap; see DECISIONS.md.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

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

from bot import database_faults, log, private_files
from bot.advisory_lock import AdvisoryLock
from bot.database_state import DatabaseState
from bot.databases.sqlite_reader import SqliteReader
from bot.databases.statement_cache import StatementCache
from scheduler.clock import Clock, utc_now

T = TypeVar("T")
BUSY = 30.0  # seconds that a transaction waits for another program to let go of the file
TRY = 200  # milliseconds of them at a time
PAUSE = 0.05  # seconds between two tries
LOCKED_LONG = 2.0  # seconds after which a lock is a trouble
CONNECT = 5.0  # seconds for PostgreSQL to let us in
STANDSTILL = "7000"  # milliseconds: a bot that stands still in a transaction lets go before its lease is over
IDLE = 2.0  # seconds after which a connection may have died unseen
logger = log.get("bot.database")
MIGRATIONS = Path(__file__).resolve().parent.parent / "models" / "migrations"


class NotBegun(Exception):
    """Another program holds the file: nothing has been done."""

    def __init__(self, error: sqlite3.OperationalError) -> None:
        super().__init__(str(error))
        self.error = error


class Turn:
    """A transaction that was asked for; `given_up` by its caller, it does not begin any more."""

    __slots__ = ("given_up",)

    def __init__(self) -> None:
        self.given_up = False

    async def see_through(self, work: Coroutine[Any, Any, T]) -> T:
        """Await it; a cancelled caller leaves it to its own end, if it has begun."""
        doing = asyncio.ensure_future(work)
        try:
            return await asyncio.shield(doing)
        except asyncio.CancelledError:
            self.given_up = True
            doing.add_done_callback(_note_end)
            raise


def _note_end(doing: asyncio.Future[Any]) -> None:
    """Nobody waits for it any more: what it fails with is written into the log, unless it simply never began."""
    error = None if doing.cancelled() else doing.exception()
    if error is not None and database_faults.kind_of(error) is None:
        logger.error("a transaction that nobody waits for any more failed", exc_info=error)


class Database(Protocol):
    """Where transactions run."""

    name: str
    state: DatabaseState

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction: committed if it returns, rolled back if it raises.

        A cancelled caller does not cut the transaction: it ends as it would have (a cancelled COMMIT means
        «unknown», not «undone»). One that has not begun yet, because the database is away, never begins.
        """
        ...

    async def read(self, look: Callable[[Connection], T]) -> T:
        """Give what `look` reads, while nothing may be writable; DBAPIError if it would write."""
        ...

    async def rewrite(self) -> None:
        """Write the database anew, so that nothing of what was deleted lies between its rows, nor in its log.

        DBAPIError (nothing is harmed) while another program holds it, or its disk is too small.
        """
        ...

    async def close(self) -> None:
        """Finish what runs and close."""
        ...


class Sqlite:
    """One writer connection in one thread; every transaction begins IMMEDIATE, so that reads in it cannot be outrun."""

    name = "sqlite"

    def __init__(self, connection: aiosqlite.Connection, path: str = ":memory:") -> None:
        self._aio = connection
        self.state = DatabaseState()
        self._reader = None if path == ":memory:" else SqliteReader(path)
        self._closing = False
        raw = connection._conn
        self._raw = raw
        engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool, hide_parameters=True)
        self._engine = engine.execution_options(compiled_cache=StatementCache())
        self._tx: Connection | None = None

    @classmethod
    async def open(cls, path: str) -> Sqlite:
        """Open (and create) the file; `:memory:` is for tests."""
        if path != ":memory:":
            await asyncio.to_thread(private_files.prepare_sqlite, Path(path))
        connection = await aiosqlite.connect(path, isolation_level=None, timeout=30)
        # secure_delete: what is deleted is written over, as far as the page is written anyway
        for pragma in (
            "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=FAST", f"busy_timeout={TRY}",
        ):  # fmt: skip
            # an unread answer would keep a statement open, and with it the connection busy
            async with connection.execute(f"PRAGMA {pragma}") as cursor:
                await cursor.fetchall()
        return cls(connection, path)

    async def run(self, work: Callable[[Connection], T]) -> T:
        turn = Turn()
        return await turn.see_through(self._run(work, turn))

    async def _run(self, work: Callable[[Connection], T], turn: Turn) -> T:
        self.state.began()
        try:
            return await self._patiently(work, turn)
        except Exception as error:
            self.state.failed(error)
            raise
        finally:
            self.state.ended()

    async def _patiently(self, work: Callable[[Connection], T], turn: Turn) -> T:
        """While another program holds the file it is asked again and again: the thread must not be held up by it."""
        began = time.monotonic()
        while True:
            try:
                # aiosqlite gives its thread no public door for a job of several statements; `_execute` is that door
                return await self._aio._execute(self._transact, work, turn)  # type: ignore[no-any-return,no-untyped-call]
            except NotBegun as locked:
                waited = time.monotonic() - began
                if waited > LOCKED_LONG:
                    self.state.failed(locked.error)
                if waited > BUSY or self._closing or turn.given_up:
                    raise locked.error from None
                await asyncio.sleep(PAUSE)

    async def read(self, look: Callable[[Connection], T]) -> T:
        return await (self.run(look) if self._reader is None else self._reader.run(look))

    def _transact(self, work: Callable[[Connection], T], turn: Turn) -> T:
        if turn.given_up:
            raise database_faults.DatabaseAway
        if (
            self._tx is None
        ):  # made in the thread that it belongs to, and kept: the pool's care for it costs a statement
            self._tx = self._engine.connect()
        with self._tx.begin():
            # the driver emits no BEGIN of its own; a «begin» event would do it too, and tax every other statement
            try:
                self._raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if database_faults.why_away(error) == database_faults.LOCKED:
                    raise NotBegun(error) from None
                raise
            if turn.given_up:  # while it was waited for
                raise database_faults.DatabaseAway
            return work(self._tx)

    async def rewrite(self) -> None:
        # the thread that all transactions run in: none is under way meanwhile, and those that come wait
        await self._aio._execute(self._rewrite)  # type: ignore[no-untyped-call]

    def _rewrite(self) -> None:
        self._raw.execute("VACUUM")
        busy, _, _ = self._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise sqlite3.OperationalError("database is locked: somebody reads the log that is to be cut")

    async def close(self) -> None:
        self._closing = True
        if self._tx is not None:  # in its own thread, like all that is done with it
            await self._aio._execute(self._tx.close)  # type: ignore[no-untyped-call]
        await self._aio.close()


class Postgres:
    """A pool of connections; each transaction is READ COMMITTED and guarded by version checks."""

    name = "postgresql"

    def __init__(self, url: str, pool_size: int = 5) -> None:
        self._url = url
        self.state = DatabaseState()
        engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            hide_parameters=True,  # a failed statement is logged; whose phone was in it is not
            connect_args={
                "timeout": CONNECT,
                "command_timeout": 30,
                "server_settings": {"idle_in_transaction_session_timeout": STANDSTILL, "application_name": "verstak"},
            },
        )

        event.listen(engine.sync_engine, "checkin", _note_use)
        event.listen(engine.sync_engine, "checkout", self._ping_if_idle)
        self._engine = engine.execution_options(compiled_cache=StatementCache())

    def lock(self, key: int) -> AdvisoryLock:
        """A lock that shows others on this database that this process runs."""
        return AdvisoryLock(self._url, key)

    def _ping_if_idle(self, connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
        """A server that went away is noticed before a transaction begins; to ask before each would double its cost."""
        if time.monotonic() - record.info.get("used", 0.0) > IDLE:
            try:
                self._engine.dialect.do_ping(connection)
            except self._engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error

    async def run(self, work: Callable[[Connection], T]) -> T:
        turn = Turn()
        return await turn.see_through(self._transact(work, turn))

    async def _transact(self, work: Callable[[Connection], T], turn: Turn) -> T:
        self.state.began()
        let_in = False
        try:
            async with self._engine.begin() as tx:
                let_in = True
                if turn.given_up:
                    raise database_faults.DatabaseAway
                return await tx.run_sync(work)
        except Exception as error:
            self.state.failed(error)
            if isinstance(error, OSError) and not let_in:
                raise database_faults.DatabaseAway from error
            raise
        finally:
            self.state.ended()

    async def read(self, look: Callable[[Connection], T]) -> T:
        def looking(tx: Connection) -> T:
            tx.execute(text("SET TRANSACTION READ ONLY"))
            return look(tx)

        return await self.run(looking)

    async def rewrite(self) -> None:
        """The space of what was deleted is given free; its bytes go as it is used again. The server's own log and
        copies are its administrator's."""
        async with self._engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await alone.exec_driver_sql("VACUUM")

    async def close(self) -> None:
        await self._engine.dispose()


def _note_use(_: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["used"] = time.monotonic()


def time_of(tx: Connection, clock: Clock | None) -> datetime:
    """What time it is by `clock`; without one, by the database's own, which all who use it share."""
    if clock is not None:
        return clock()
    if tx.dialect.name == "postgresql":
        found: datetime = tx.execute(text("SELECT clock_timestamp()")).scalar_one()
        return found
    return utc_now()


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
