"""What is due happens: timers ring, letters go out (design, section 3; promise 4).

Claim → act or send → mark, until nothing is due. Hours decide when a row is due; nothing here drops one.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from bot import log
from bot.database import Database
from bot.delivery.message_sender import MessageSender
from bot.delivery.outgoing_messages import DeliveryHooks, TelegramCalls
from bot.delivery.rate_limits import RateLimits
from bot.jobs.job_runner import JobRunner
from bot.unit_of_work_factory import UnitOfWorkFactory
from scheduler.clock import Clock
from services.outbox import schedule
from services.unit_of_work import Company

BUDGET = 45.0  # seconds of real time for one tick that the bell rings
logger = log.get("bot.delivery.delivery")


class Delivery:
    """Carries out what is due."""

    def __init__(
        self,
        db: Database,
        telegram: TelegramCalls,
        clock: Clock,
        company: Company,
        limits: RateLimits,
        outbox: DeliveryHooks,
        errands: JobRunner | None = None,
        data_dir: Path = Path("data"),
    ) -> None:
        self._units = UnitOfWorkFactory(db, clock, company)
        self.errands = errands
        self._outbox = outbox
        self.post = MessageSender(self._units, telegram, limits, outbox, data_dir)
        self.rung = 0
        self._one = asyncio.Lock()
        self._runs = 0
        self._closing = False

    async def tick(self, budget: float | None = None) -> int:
        """Do everything that is due, for up to `budget` seconds; gives the number of rows dealt with.

        Calls at the same time become one: who comes while a tick runs waits for one that began after he came.
        """
        mine = self._runs + 1
        async with self._one:
            if self._runs >= mine:
                return 0
            self._runs += 1
            return await self._run(budget)

    async def close(self, patience: float = 8.0) -> None:
        """Begin nothing more; wait up to `patience` seconds for what is on its way. The rest stays due."""
        self._closing = self.post.closing = True
        try:
            async with asyncio.timeout(patience), self._one:
                if self.errands is not None:
                    await self.errands.settle()
        except TimeoutError:
            logger.warning("stopped while letters were on their way")

    async def _run(self, budget: float | None) -> int:
        loop = asyncio.get_running_loop()
        ends = None if budget is None else loop.time() + budget
        total = 0
        while not self._closing:
            rows = await self._units.run(schedule.claim)
            if not rows:
                # the bell does not wait for errands; a jump of the clock sees them through, with what they bring
                if budget is None and self.errands is not None and await self.errands.settle():
                    continue
                break
            total += len(rows)
            for row in rows:
                if self._closing or row.kind == "notice":  # a claim of somebody who has gone lapses
                    continue
                if row.kind == "errand":
                    self._send_on(row)
                else:
                    await self._ring(row)
            await self.post.deliver([row for row in rows if row.kind == "notice"])
            if ends is not None and loop.time() > ends:
                break
        return total

    def _send_on(self, row: Row[Any]) -> None:
        if self.errands is not None:
            self.errands.start(row)

    async def _ring(self, row: Row[Any]) -> None:
        try:
            await self._units.run(lambda work: self._outbox.ring(work, row))
            self.rung += 1
        except Exception as error:
            # one bad row never stops the rest; after the last attempt it stays on the table, failed, with the reason
            logger.error("a due row failed", due_id=row.id, rule=row.rule, exc_info=error)
            await self.post.put_off([row], log.describe(error))
