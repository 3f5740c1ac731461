"""Replicas that run at the same time work by the same process files (PostgreSQL; a SQLite file has one bot).

A deal that one replica moves by one file would be lost to a replica that works by another. So:

- While a replica runs, it holds a lease of its own in the table of leases and renews it. A webhook's replicas, none of
  which holds the poller's lease, do so too.
- The fingerprints of the files in force stand in the settings. A replica that starts while no other one runs puts its
  own in force: that is how files are changed. Stop all replicas, then start them with the new files.
- A replica that starts while another one runs must have the very files in force, and is refused otherwise. One that was
  killed keeps its lease for a while, so a start with other files waits as long before it is refused.

Each look and each entry is one transaction under one lock: of two that start at once with different files, one comes
first and the other one is refused. A replica that was held up for longer than its lease, and finds other files in force
when it goes on, says so in the log at every renewal, and its lease is not renewed.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

from sqlalchemy import Connection, bindparam, delete, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot import log
from bot.database import Database
from bot.process_files import ProcessFiles
from bot.selfcheck import StartRefused
from models.tables.updates import LeaderRow
from scheduler.clock import Clock
from services import company_settings

LEASE = timedelta(seconds=15)
RENEW = 5.0  # seconds
PREFIX = "replica:"
CURE = "give all replicas the same files, or stop the others first"
logger = log.get("bot.replicas")

LOCK = text("SELECT pg_advisory_xact_lock(8253718)")  # replicas that enter at once come one after the other
OTHERS = select(LeaderRow.holder).where(
    LeaderRow.name.startswith(PREFIX), LeaderRow.name != bindparam("me"), LeaderRow.until > bindparam("now")
)
OVER = delete(LeaderRow).where(LeaderRow.name.startswith(PREFIX), LeaderRow.until <= bindparam("now"))
LEAVE = delete(LeaderRow).where(LeaderRow.name == bindparam("me"))
ENTER = insert(LeaderRow)


class Replica:
    """This running bot among others on the same database."""

    def __init__(self, db: Database, clock: Clock, files: ProcessFiles, *, lease: timedelta = LEASE) -> None:
        self._db, self._clock, self._lease = db, clock, lease
        self._prints, self._paths = files.fingerprints(), files.paths()
        self._name = f"{PREFIX}{token_hex(8)}"
        self._holder = f"{socket.gethostname()[:40]}:{os.getpid()}"

    async def enter(self, pause: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        """Begin to work by these files. StartRefused names every file in which a running replica differs."""
        deadline, waits = self._clock() + self._lease, False
        while different := await self._db.run(self._enter):
            if self._clock() >= deadline:
                raise StartRefused(different)
            if not waits:
                logger.warning("another replica works by other process files, or was killed; waiting", files=different)
            waits = True
            await pause(1.0)

    async def keep(self) -> None:
        """Renew the lease, for ever."""
        while True:
            await asyncio.sleep(RENEW)
            try:
                await self.renew()
            except Exception as error:  # the next try comes before a growing pause would let the lease run out
                logger.error("the lease cannot be renewed", exc_info=error)

    async def renew(self) -> list[str]:
        """Renew the lease once; in which files the others differ: in none, unless this one stood still for long."""
        different = await self._db.run(self._enter)
        if different:
            logger.error("other process files are in force; stop this replica", files=different)
        return different

    async def leave(self) -> None:
        """Let others change the files at once."""
        try:
            await self._db.run(lambda tx: tx.execute(LEAVE, {"me": self._name}))
        except (SQLAlchemyError, OSError) as error:
            logger.warning("the lease stays until it runs out", failure=log.describe(error))

    def _enter(self, tx: Connection) -> list[str]:
        if tx.dialect.name == "postgresql":
            tx.execute(LOCK)
        now = self._clock()
        others = tx.execute(OTHERS, {"me": self._name, "now": now}).scalars().all()
        in_force = company_settings.get(tx, company_settings.PROCESS_FILES) or {}
        if others and in_force != self._prints:
            return differences(self._prints, in_force, self._paths, ", ".join(others))
        if in_force != self._prints:
            company_settings.put(tx, company_settings.PROCESS_FILES, self._prints)
        tx.execute(OVER, {"now": now})
        tx.execute(LEAVE, {"me": self._name})
        tx.execute(ENTER, {"name": self._name, "holder": self._holder, "until": now + self._lease})
        return []


def differences(
    ours: Mapping[str, str], in_force: Mapping[str, str], paths: Mapping[str, Path], others: str
) -> list[str]:
    """A line for each file that is not the same here as where other replicas run."""
    found = []
    for name in sorted({*ours, *in_force}):
        if name not in ours:
            found.append(f"{name}: the running replica {others} works by this file, which is not in force here; {CURE}")
        elif name not in in_force:
            found.append(f"{paths[name]}: the running replica {others} does not work by this file; {CURE}")
        elif ours[name] != in_force[name]:
            found.append(f"{paths[name]}: differs from the file by which the running replica {others} works; {CURE}")
    return found
