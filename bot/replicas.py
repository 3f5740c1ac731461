"""Replicas that run at the same time work by the same process files (PostgreSQL; a SQLite file has one bot).

A deal that one replica moves by one file would be lost to a replica that works by another. So:

- While a replica runs, it holds a lease of its own in the table of leases and renews it. A webhook's replicas, none of
  which holds the poller's lease, do so too.
- The fingerprints of the files in force stand in the settings. A replica that starts while no other one runs puts its
  own in force: that is how files are changed. Stop all replicas, then start them with the new files.
- A replica that starts while another one runs must have the very files in force, and is refused otherwise. One that
  stands still keeps its lease for a while, so a start with other files waits as long before it is refused.

Besides, it holds a lock of the database as long as its process runs: one that was killed is known to be dead, and what
it had in hand is free. A connection that the server has ended takes the lock away from one that runs, and a restart of
the server from all of them: so whoever is missing has a moment to take it again. One that stands still counts as dead
after a lease, by the database's clock.

Each look and each entry is one transaction under one lock: of two that start at once with different files, one comes
first and the other one is refused. A replica that was held up for longer than its lease, and finds other files in force
when it goes on, says so in the log at every renewal, and its lease is not renewed.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from secrets import randbits
from time import monotonic

from sqlalchemy import Connection, bindparam, delete, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot import advisory_lock, database, log
from bot.database import Database, Postgres
from bot.process_files import ProcessFiles
from bot.selfcheck import StartRefused
from models.tables.updates import LeaderRow
from scheduler.clock import Clock
from services import company_settings

LEASE = timedelta(seconds=8)
RENEW = 2.0  # seconds
MISSING = 1.5  # seconds for which one has to be missing to be dead
AGAIN = 0.2  # seconds between two tries to take the lost lock again
PREFIX = "replica:"
CURE = "give all replicas the same files, or stop the others first"
logger = log.get("bot.replicas")

LOCK = text("SELECT pg_advisory_xact_lock(8253718)")  # replicas that enter at once come one after the other
RUNNING = select(LeaderRow.name, LeaderRow.holder).where(
    LeaderRow.name.startswith(PREFIX), LeaderRow.until > bindparam("now")
)
OVER = delete(LeaderRow).where(LeaderRow.name.startswith(PREFIX), LeaderRow.until <= bindparam("now"))
LEAVE = delete(LeaderRow).where(LeaderRow.name == bindparam("me"))
ENTER = insert(LeaderRow)


class Replica:
    """This running bot among others on the same database; leases go by `clock`, or without one by the database's."""

    def __init__(self, db: Database, clock: Clock | None, files: ProcessFiles, *, lease: timedelta = LEASE) -> None:
        self._db, self._clock, self._lease = db, clock, lease
        self._prints, self._paths = files.fingerprints(), files.paths()
        self.key = randbits(31)
        self.name = f"{PREFIX}{self.key}"
        self._lock = db.lock(self.key) if isinstance(db, Postgres) else None
        self._lost = asyncio.Event()
        if self._lock is not None:
            self._lock.on_lost = self._lost.set
        self._missing_since: dict[str, float] = {}
        self._alive: set[str] = set()
        self.on_death: Callable[[], None] = lambda: None  # told when one that ran does not any more
        self._holder = f"{socket.gethostname()[:40]}:{os.getpid()}"

    async def enter(self, pause: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        """Begin to work by these files. StartRefused names every file in which a running replica differs."""
        await self.hold()
        began, waits = await self._db.run(self._time), False
        while different := await self._db.run(self._enter):
            if await self._db.run(self._time) >= began + self._lease:
                raise StartRefused(different)
            if not waits:
                logger.warning("another replica works by other process files, or was killed; waiting", files=different)
            waits = True
            await pause(1.0)

    async def keep(self) -> None:
        """Renew the lease, for ever."""
        while True:
            await self._until_next()
            try:
                await self.renew()
            except Exception as error:  # the next try comes before a growing pause would let the lease run out
                logger.error("the lease cannot be renewed", exc_info=error)

    async def _until_next(self) -> None:
        """Wait until it is time to renew; a lost lock is taken again at once, and until it is, again and again."""
        try:
            async with asyncio.timeout(RENEW):
                await self._lost.wait()
                while self._lost.is_set():
                    try:
                        await self.hold()
                    except (SQLAlchemyError, OSError, TimeoutError):
                        await asyncio.sleep(AGAIN)
        except TimeoutError:
            return

    async def renew(self) -> list[str]:
        """Renew the lease once; in which files the others differ: in none, unless this one stood still for long."""
        await self.hold()
        different = await self._db.run(self._enter)
        if different:
            logger.error("other process files are in force; stop this replica", files=different)
        return different

    async def leave(self) -> None:
        """Let others change the files at once."""
        try:
            await self._db.run(lambda tx: tx.execute(LEAVE, {"me": self.name}))
        except (SQLAlchemyError, OSError) as error:
            logger.warning("the lease stays until it runs out", failure=log.describe(error))
        await self.die()

    async def die(self) -> None:
        """Be gone without a word, as a killed process is: what it wrote stays, its lock goes."""
        if self._lock is not None:
            await self._lock.release()

    def alive(self, tx: Connection) -> dict[str, str]:
        """Who runs: the names of replicas, this one too if it is known, and where each of them runs."""
        found, held = self._leases(tx), self._held(tx)
        alive = {name: where for name, where in found.items() if self._counts(name, held)}
        if self._alive - alive.keys():
            self.on_death()
        self._alive = set(alive)
        self._missing_since = {name: since for name, since in self._missing_since.items() if name in found}
        return alive

    def _counts(self, name: str, held: Collection[str] | None) -> bool:
        if held is None or name in held:
            self._missing_since.pop(name, None)
            return True
        return monotonic() - self._missing_since.setdefault(name, monotonic()) < MISSING

    def _leases(self, tx: Connection) -> dict[str, str]:
        return {row.name: row.holder for row in tx.execute(RUNNING, {"now": self._time(tx)})}

    def _held(self, tx: Connection) -> set[str] | None:
        """Who holds his lock; None where there are no locks."""
        return None if self._lock is None else {f"{PREFIX}{key}" for key in advisory_lock.held(tx)}

    @property
    def is_alone(self) -> bool:
        """Whether nobody else ran when somebody last looked."""
        return self._alive == {self.name}

    def alive_keys(self, tx: Connection) -> list[int]:
        """The keys of those who run."""
        return [int(name.removeprefix(PREFIX)) for name in self.alive(tx) if name.removeprefix(PREFIX).isdecimal()]

    def _time(self, tx: Connection) -> datetime:
        return database.time_of(tx, self._clock)

    async def hold(self) -> None:
        """Hold the lock that shows others that this one runs. SQLAlchemyError or OSError if the server is away."""
        if self._lock is not None:
            await self._lock.ensure()
        self._lost.clear()

    def _enter(self, tx: Connection) -> list[str]:
        if tx.dialect.name == "postgresql":
            tx.execute(LOCK)
        now = self._time(tx)
        held = self._held(tx)
        others = [
            where for name, where in self._leases(tx).items() if name != self.name and (held is None or name in held)
        ]
        in_force = company_settings.get(tx, company_settings.PROCESS_FILES) or {}
        if others and in_force != self._prints:
            return differences(self._prints, in_force, self._paths, ", ".join(others))
        if in_force != self._prints:
            company_settings.put(tx, company_settings.PROCESS_FILES, self._prints)
        tx.execute(OVER, {"now": now})
        tx.execute(LEAVE, {"me": self.name})
        tx.execute(ENTER, {"name": self.name, "holder": self._holder, "until": now + self._lease})
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
