"""A lock that PostgreSQL holds for a running process, and lets go the moment its connection ends, however it ends.

It needs a connection of its own to the server itself: a pooler in transaction mode would lend the lock to others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bot import log

SPACE = 8253720  # which of the database's advisory locks are running bots
PATIENCE = 3.0  # seconds that the server has to answer
TAKE = text("SELECT pg_advisory_lock(:space, :key)")
STILL = text("SELECT 1")
HELD = text(
    "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = :space AND objsubid = 2 AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
# a machine that is gone without a word is noticed by the server as well
SERVER = {"tcp_keepalives_idle": "4", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "2"}
logger = log.get("bot.advisory_lock")


class AdvisoryLock:
    """The lock number `key`, from `ensure` on until the process ends or releases it. `on_lost` is told when the server
    has ended its connection: that is known at once."""

    def __init__(self, url: str, key: int) -> None:
        self._engine = create_async_engine(
            url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True,
            connect_args={
                "timeout": PATIENCE, "command_timeout": PATIENCE,
                "server_settings": {**SERVER, "application_name": "verstak"},
            },
        )  # fmt: skip
        self._key = key
        self._connection: AsyncConnection | None = None
        self._one = asyncio.Lock()
        self.on_lost: Callable[[], None] = lambda: None

    async def ensure(self) -> None:
        """Hold the lock: take it, or take it anew after the server went away. SQLAlchemyError if it is away."""
        async with self._one:
            await self._ensure()

    async def _ensure(self) -> None:
        if self._connection is not None:
            try:
                await self._connection.execute(STILL)
                return
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                logger.warning("the connection that says this bot runs was lost", failure=log.describe(error))
                await self.release()
        connection = await self._engine.connect()
        try:
            await connection.execute(TAKE, {"space": SPACE, "key": self._key})
        except BaseException:
            await connection.close()
            raise
        self._connection = connection
        raw: Any = (await connection.get_raw_connection()).driver_connection
        raw.add_termination_listener(self._ended)

    def _ended(self, _: Any) -> None:
        if self._connection is not None:  # else it was us
            self.on_lost()

    async def release(self) -> None:
        """Let it go."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await connection.close()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            logger.info("the lost connection cannot be closed", failure=log.describe(error))


def held(tx: Connection) -> frozenset[int]:
    """The locks that running bots hold now, as the server knows it."""
    return frozenset(tx.execute(HELD, {"space": SPACE}).scalars())
