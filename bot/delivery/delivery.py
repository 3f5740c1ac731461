"""What is due happens: timers fire, messages go out (design, section 3; promise 4).

Claim → act or send → mark, until nothing is due. Hours decide when a row is due; nothing here drops one.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot import log
from bot.database import Database
from bot.delivery.message_sender import MessageSender
from bot.delivery.outgoing_messages import DeliveryHooks, TelegramCalls
from bot.delivery.rate_limits import RateLimits
from bot.jobs.job_runner import JobRunner
from bot.unit_of_work_factory import UnitOfWorkFactory
from models.outbox import Scheduled
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
        hooks: DeliveryHooks,
        jobs: JobRunner | None = None,
        data_dir: Path = Path("data"),
    ) -> None:
        self._units = UnitOfWorkFactory(db, clock, company)
        self.jobs = jobs
        self._hooks = hooks
        self.sender = MessageSender(self._units, telegram, limits, hooks, data_dir)
        self.fired = 0
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
        self._closing = self.sender.closing = True
        try:
            async with asyncio.timeout(patience), self._one:
                if self.jobs is not None:
                    await self.jobs.settle()
        except TimeoutError:
            logger.warning("stopped while messages were on their way")

    async def _run(self, budget: float | None) -> int:
        loop = asyncio.get_running_loop()
        ends = None if budget is None else loop.time() + budget
        total = 0
        while not self._closing:
            rows = await self._units.run(schedule.claim)
            if not rows:
                # the tick does not wait for jobs; a jump of the clock sees them through, with what they bring
                if budget is None and self.jobs is not None and await self.jobs.settle():
                    continue
                break
            total += len(rows)
            for row in rows:
                if self._closing or row.kind == "notice":  # a claim of somebody who has gone lapses
                    continue
                if row.kind == "job":
                    self._start_job(row)
                else:
                    await self._fire(row)
            await self.sender.deliver([row for row in rows if row.kind == "notice"])
            if ends is not None and loop.time() > ends:
                break
        return total

    def _start_job(self, row: Scheduled) -> None:
        if self.jobs is not None:
            self.jobs.start(row)

    async def _fire(self, row: Scheduled) -> None:
        try:
            await self._units.run(lambda work: self._hooks.fire(work, row))
            self.fired += 1
        except Exception as error:
            # one bad row never stops the rest; after the last attempt it stays on the table, failed, with the reason
            logger.error("a due row failed", due_id=row.id, rule=row.rule, exc_info=error)
            await self.sender.put_off([row], log.describe(error))
