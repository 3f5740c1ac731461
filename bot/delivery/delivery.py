"""What is due happens: timers fire, messages go out (design, section 3; promise 4).

Claim → act or send → mark, until nothing is due. Hours decide when a row is due; nothing here drops one. The tick
begins messages and jobs, and does not wait for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from secrets import randbits
from typing import Protocol

from sqlalchemy import Connection

from bot import database_faults, log
from bot.database import Database
from bot.delivery.breaker import CircuitBreaker
from bot.delivery.message_sender import MessageSender
from bot.delivery.outages import WORTH_TELLING
from bot.delivery.outcomes import Outcomes
from bot.delivery.outgoing_messages import DeliveryHooks, TelegramCalls
from bot.delivery.person_lane import Sending, own_pause
from bot.delivery.rate_limits import RateLimits
from bot.jobs.job_runner import JobRunner
from bot.unit_of_work_factory import CommitBell, UnitOfWorkFactory
from models.outbox import DeliveryState, Scheduled
from scheduler.clock import Clock
from services.outbox import queue
from services.unit_of_work import Company, UnitOfWork

BUDGET = 45.0  # seconds of real time for one tick that the bell rings
FORGOTTEN = 60.0  # seconds between two looks for what is held and not in hand
SOON = timedelta(seconds=1)  # after which a row is tried again that the database was away for
logger = log.get("bot.delivery.delivery")


class ReplicaView(Protocol):
    """A running bot among others on the same database."""

    key: int

    def alive_keys(self, tx: Connection) -> Collection[int]:
        """The keys of those that run."""
        ...


class Delivery:
    """Carries out what is due, as the running bot `holder`; without a `replica` it is the only one that can run."""

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
        *,
        bell: CommitBell | None = None,
        replica: ReplicaView | None = None,
    ) -> None:
        self._units = UnitOfWorkFactory(db, clock, company, bell)
        self.jobs, self._hooks = jobs, hooks
        self._replica = replica
        self.holder = randbits(31) if replica is None else replica.key
        self.breaker = CircuitBreaker(lambda: telegram.call("getMe", {}), clock)
        self.outcomes = Outcomes(self._units)
        if jobs is not None:
            jobs.connect(self.breaker, self.outcomes)
        shared = Sending(self._units, telegram, limits, hooks, self.breaker, self.outcomes, data_dir)
        self.sender = MessageSender(shared, self._lane_ended)
        self.on_free: Callable[[], None] = lambda: None  # told when somebody may be written to again
        self.fired = 0
        self._one = asyncio.Lock()
        self._runs = 0
        self._closing = self._asked_again = False
        self._cut_off, self._looked_at = False, float("-inf")
        self._said_away = False
        self._may_be_said = True  # an earlier run may have told of an outage that lasts

    async def take_over(self) -> int:
        """At the start, where only one bot can run: what a dead one had in hand is free at once; how many rows."""
        return await self._units.run(queue.set_free)

    async def tick(self, budget: float | None = None) -> int:
        """Do everything that is due, for up to `budget` seconds; gives the number of rows dealt with. Without a budget
        it waits for what it has begun.

        Calls at the same time become one: who comes while a tick runs waits for one that began after he came.
        """
        mine = self._runs + 1
        async with self._one:
            if self._runs >= mine:
                return 0
            self._runs += 1
            try:
                return await self._run(budget)
            except BaseException:
                self._cut_off = True  # what it had claimed may not have been begun
                raise

    async def close(self, patience: float = 8.0) -> None:
        """Begin nothing more; wait up to `patience` seconds for what is on its way. The rest stays due."""
        self._closing = self.sender.shared.closing = True
        try:
            async with asyncio.timeout(patience), self._one:
                await self._settle()
        except TimeoutError:
            logger.warning("stopped while messages were on their way")
        await self.sender.close()

    async def _run(self, budget: float | None) -> int:
        loop = asyncio.get_running_loop()
        ends = None if budget is None else loop.time() + budget
        total = 0
        if not self._closing:
            await self._look_around(at_once=budget is None)
        while not self._closing:
            self._asked_again = self.sender.is_busy  # whose lane is busy has to wait for its end, and for no other's
            people = min(self.sender.room, queue.MOST_AT_ONCE)
            rows = await self._units.run(lambda work: queue.claim(work, self.holder, people=people))  # noqa: B023
            if not rows:
                # the tick does not wait for jobs; a jump of the clock sees them through, with what they bring
                await self._end_outage()
                if (budget is None and await self._settle()) or await self._tell_outages():
                    continue
                break
            total += len(rows)
            await self._begin(rows)
            if ends is not None and (loop.time() > ends or self._was_all(rows, people)):
                await self._tell_outages()
                break
        return total

    @staticmethod
    def _was_all(rows: list[Scheduled], people: int) -> bool:
        """Whether a claim left nothing, and what it took brings nothing that is due now: a claim that finds nothing
        would go before the messages that have just begun. What is committed since rings the bell."""
        kinds = [row.kind for row in rows]
        readers = {row.employee_id for row in rows if row.kind == "notice"}
        return not set(kinds) - {"notice", "job"} and kinds.count("job") < queue.MOST_AT_ONCE and len(readers) < people

    async def _begin(self, rows: list[Scheduled]) -> None:
        messages = [row for row in rows if row.kind == "notice"]
        for row in rows:
            if row.kind == "job":
                self._start_job(row)
            elif row.kind != "notice":
                await self._fire(row)
        await self.sender.start(messages)

    async def _look_around(self, *, at_once: bool) -> None:
        """What became known and could not be written; what the dead had in hand; whether Telegram is back."""
        await self.outcomes.catch_up()
        if self._replica is not None:
            others = self._replica.alive_keys
            await self._units.run(lambda work: queue.set_free(work, {*others(work.tx), self.holder}))
        await self._free_forgotten()
        await self.breaker.probe(at_once=at_once)

    async def _free_forgotten(self) -> None:
        """What this bot holds and nobody works at is free again: a tick that was cut off, or the answer to whose claim
        was lost, leaves such rows."""
        now = asyncio.get_running_loop().time()
        looks = self._cut_off or now - self._looked_at >= FORGOTTEN
        if not looks or not self.outcomes.is_settled:
            return
        in_hand = self.sender.in_hand | (self.jobs.in_hand if self.jobs is not None else frozenset())
        freed = await self._units.run(lambda work: queue.release(work, self.holder, in_hand))
        self._cut_off, self._looked_at = False, now
        if freed:
            logger.error("rows were held and not worked at", rows=freed)

    async def _end_outage(self) -> None:
        """Telegram answers, and no message waits by which it could be tried: it is back all the same. After a start it
        is asked: nothing says yet whether an outage of before lasts."""
        unknown = self._may_be_said and self.breaker.state == "closed" and not self.breaker.ended
        if self.sender.is_busy or not (unknown or self.breaker.state == "trying"):
            return
        if not await self._units.run(queue.has_messages) and (not unknown or await self.breaker.ask()):
            self.breaker.succeeded()

    async def _tell_outages(self) -> bool:
        """The owner hears that Telegram is away, where he can, and from when to when it was. Whether there was such."""
        since, told = self.breaker.since, False
        if since is not None and not self._said_away and self._units.clock() - since >= WORTH_TELLING:
            told = self._said_away = True
            await self.outcomes.write(lambda work: self._hooks.away(work, since))
        while self.breaker.ended:
            began, over = self.breaker.ended.pop(0)
            if self._said_away or self._may_be_said or (began is not None and over - began >= WORTH_TELLING):
                told, self._said_away, self._may_be_said = True, False, False
                await self.outcomes.write(lambda work, began=began, over=over: self._hooks.back(work, began, over))  # type: ignore[misc]
        return told

    async def _settle(self) -> bool:
        sent = await self.sender.settle()
        return (self.jobs is not None and await self.jobs.settle()) or sent

    def _lane_ended(self) -> None:
        if self._asked_again:
            self._asked_again = False
            self.on_free()

    def _start_job(self, row: Scheduled) -> None:
        if self.jobs is not None:
            self.jobs.start(row)

    async def _fire(self, row: Scheduled) -> None:
        try:
            await self._units.run(lambda work: self._ring(work, row))
            self.fired += 1
        except Exception as error:
            why = log.reason(error)
            if database_faults.is_surely_away(error):  # no failure of the row's
                await self.outcomes.write(lambda work: queue.retry(work, row, work.now + SOON, why))
                return
            # one bad row never stops the rest; after the last attempt it stays on the table, failed, with the reason
            logger.error("a due row failed", due_id=row.id, rule=row.rule, exc_info=error)
            await self.outcomes.write(lambda work: self._put_off(work, row, why))

    def _ring(self, work: UnitOfWork, row: Scheduled) -> None:
        """One that stood still for so long that it was taken for dead finds that another has rung instead."""
        if queue.is_held(work, row):
            self._hooks.fire(work, row)

    def _put_off(self, work: UnitOfWork, row: Scheduled, why: str) -> None:
        failed = replace(row, failures=row.failures + 1)
        if failed.failures < queue.MOST_FAILURES:
            queue.retry(work, failed, work.now + own_pause(failed), why)
        elif queue.finish(work, failed, DeliveryState.REFUSED, failure=why):
            self._hooks.lost(work, [failed], why)
