"""Which replica asks Telegram for updates: one row, held for seconds at a time (promise: exactly one poller).

Whoever is known to have died is succeeded at once, without waiting for the end of his lease.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from secrets import token_hex
from time import monotonic

from sqlalchemy import Connection, bindparam, delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from bot import database, log
from bot.database import Database
from models.tables.updates import LeaderRow
from scheduler.clock import Clock

LEASE = timedelta(seconds=8)  # so long a replica that stands still keeps others waiting
RENEW = 2.0  # seconds
logger = log.get("bot.updates.leader")

TAKE = (
    update(LeaderRow)
    .where(
        LeaderRow.name == bindparam("what"),
        or_(LeaderRow.holder == bindparam("me"), LeaderRow.until < bindparam("now")),
    )
    .values(holder=bindparam("me"), until=bindparam("to"))
)
FIRST = {
    name: dialect.insert(LeaderRow).on_conflict_do_nothing().returning(LeaderRow.name)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
BURY = delete(LeaderRow).where(
    LeaderRow.name == bindparam("what"), LeaderRow.holder.not_in(bindparam("alive", expanding=True))
)
GIVE = delete(LeaderRow).where(LeaderRow.name == bindparam("what"), LeaderRow.holder == bindparam("me"))


class Leader:
    """A lease on being the one who does something, by `clock`, or without one by the database's.

    `me` is the name under which `alive` knows those who run; `show_life` is what they know it by, and comes before each
    look: who does not show that he lives may be succeeded. `is_alone`: whether nobody else ran when one last looked.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock | None,
        name: str = "poller",
        *,
        lease: timedelta = LEASE,
        me: str = "",
        alive: Callable[[Connection], Collection[str]] | None = None,
        show_life: Callable[[], Awaitable[None]] | None = None,
        is_alone: Callable[[], bool] = lambda: False,
    ) -> None:
        self._db, self._clock, self._name, self._lease, self._alive = db, clock, name, lease, alive
        self.me = me or f"{socket.gethostname()[:40]}:{os.getpid()}:{token_hex(4)}"
        self._show_life, self._is_alone = show_life, is_alone
        self._goes_on = False  # without a lease: the database is away for a bot that runs alone
        self.is_held = False
        self._sure_until = 0.0  # by the monotonic clock

    @property
    def is_sure(self) -> bool:
        """Whether nobody else can hold the lease: a process that stood still goes on where it was, and is not."""
        return self._goes_on or (self.is_held and monotonic() < self._sure_until)

    async def renew(self) -> bool:
        """Take or renew the lease; whether it is held now."""
        if self._show_life is not None:
            await self._show_life()
        asked = monotonic()
        held = await self._db.run(self._take)
        self._sure_until = asked + self._lease.total_seconds()
        if held != self.is_held:
            logger.info("leading" if held else "not leading", name=self._name)
        self.is_held = held
        return held

    async def give_up(self) -> None:
        """Let the next replica begin at once."""
        self.is_held = False
        await self._db.run(lambda tx: tx.execute(GIVE, {"what": self._name, "me": self.me}))

    async def lead(self, work: Callable[[], Awaitable[None]], renew: float = RENEW) -> None:
        """Run `work` while the lease is held, and wait for it otherwise; never returns.

        When the lease cannot be renewed, work is cancelled before anybody else can have it; a bot that runs alone goes
        on, so that somebody answers while the database is away.
        """
        while True:
            if not await self._renewed():
                await asyncio.sleep(renew)
                continue
            doing = asyncio.ensure_future(work())
            try:
                while not doing.done() and (await self._renewed() or self._goes_on):
                    await asyncio.wait([doing], timeout=renew)
            finally:
                doing.cancel()
                await asyncio.gather(doing, return_exceptions=True)
            if not doing.cancelled():
                doing.result()

    async def _renewed(self) -> bool:
        try:
            async with asyncio.timeout(self._lease.total_seconds() / 2):
                held = await self.renew()
                self._goes_on = False
                return held
        except Exception as error:
            self._goes_on = (self.is_held or self._goes_on) and self._is_alone()
            self.is_held = False
            logger.error("the lease cannot be renewed", exc_info=error)
            return False

    def _take(self, tx: Connection) -> bool:
        now = database.time_of(tx, self._clock)
        if self._alive is not None:
            tx.execute(BURY, {"what": self._name, "alive": [*self._alive(tx), self.me]})
        given = {"what": self._name, "me": self.me, "now": now, "to": now + self._lease}
        if tx.execute(TAKE, given).rowcount == 1:
            return True
        row = {"name": self._name, "holder": self.me, "until": now + self._lease}
        return tx.execute(FIRST[tx.dialect.name], row).first() is not None
