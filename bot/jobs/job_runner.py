"""Jobs are carried out: outside any transaction, beside each other, each in its own time.

A job may be carried out twice after a crash, so it looks first whether it is still wanted. What it does to the database
it does in transactions of its own (`context.units`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from aiogram.exceptions import TelegramAPIError

from bot import database_faults, log
from bot.background import TaskGroup
from bot.delivery import breaker, outgoing_messages
from bot.delivery.breaker import CircuitBreaker
from bot.delivery.outcomes import Outcomes
from bot.settings import Settings
from bot.telegram_client import TelegramClient
from bot.unit_of_work_factory import UnitOfWorkFactory
from models.jobs import JOBS, Job
from models.outbox import DeliveryState, Scheduled
from models.stored_kinds import UnknownKind
from services.outbox import queue
from services.unit_of_work import UnitOfWork

AT_ONCE = 4
DEADLINE = 50.0  # seconds
PATIENCE = 5.0  # seconds of waiting for its turn after which a job makes sure that it is still its own
FIRST_PAUSE = timedelta(seconds=5)
ENDED = "each time that it was under way the bot ended"
DATABASE_AWAY = 2.0  # seconds until a job is tried again that the database was away for
logger = log.get("bot.jobs.job_runner")


class RetryLater(Exception):
    """To be tried again after so many seconds; not a failure, and not counted as one."""

    def __init__(self, seconds: float, why: str) -> None:
        super().__init__(why)
        self.seconds, self.why = seconds, why


@dataclass
class JobContext:
    """What a job needs: transactions, Telegram, the disk, the settings, the world outside."""

    units: UnitOfWorkFactory
    telegram: TelegramClient
    data_dir: Path
    settings: Settings
    _http: aiohttp.ClientSession | None = field(default=None, repr=False)

    @property
    def http(self) -> aiohttp.ClientSession:
        """One session for calls to the outside."""
        if self._http is None or self._http.closed:
            self._http = aiohttp.ClientSession(trust_env=False)
        return self._http

    async def close(self) -> None:
        """Close the session."""
        if self._http is not None:
            await self._http.close()


J = TypeVar("J", bound=Job)
JobHandler = Callable[[JobContext, Scheduled, J], Awaitable[None]]
FailureHandler = Callable[[UnitOfWork, Scheduled, J, str], None]


@dataclass(frozen=True)
class Registered:
    """Who carries out jobs of a kind, and what happens, in a transaction, when one has failed for good."""

    carry_out: JobHandler[Any]
    on_failure: FailureHandler[Any] | None


HANDLERS: dict[type[Job], Registered] = {}


def job_handler(kind: type[J], *, on_failure: FailureHandler[J] | None) -> Callable[[JobHandler[J]], JobHandler[J]]:
    """Register who carries out jobs of a kind; without `on_failure` nobody is to be told, the row keeps the reason."""

    def register(handler: JobHandler[J]) -> JobHandler[J]:
        if kind in HANDLERS:
            raise ValueError(f"the job {kind.kind} is carried out twice")
        HANDLERS[kind] = Registered(handler, on_failure)
        return handler

    return register


def missing() -> list[str]:
    """Kinds of jobs that nobody carries out, or without a word that they are kept under."""
    return [f"job {kind.kind}: nobody carries it out" for kind in JOBS if kind not in HANDLERS] + JOBS.undeclared(Job)


class JobRunner:
    """Carries out claimed jobs, a few at once; the tick does not wait for them.

    That Telegram or the database is away is no failure of a job: it comes again when they may answer.
    """

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._tasks = TaskGroup()
        self._running: dict[asyncio.Task[None], int] = {}  # and the row that each carries out
        self._breaker = CircuitBreaker(lambda: context.telegram.call("getMe", {}), context.units.clock)
        self._outcomes = Outcomes(context.units)
        self.done = self.failed = 0

    def connect(self, breaker: CircuitBreaker, outcomes: Outcomes) -> None:
        """Share with messages what is known of Telegram, and what waits for the database."""
        self._breaker, self._outcomes = breaker, outcomes

    @property
    def in_hand(self) -> frozenset[int]:
        """The rows of the jobs that are under way."""
        return frozenset(self._running.values())

    def start(self, row: Scheduled) -> None:
        """Begin with a claimed row."""
        task = self._tasks.spawn(self._one(row), f"job {row.rule} {row.id}")
        self._running[task] = row.id
        task.add_done_callback(lambda one: self._running.pop(one, None))

    async def settle(self) -> bool:
        """Wait for all that are under way; whether there were any."""
        waited = bool(self._running)
        while self._running:
            await asyncio.wait(set(self._running))
        return waited

    async def close(self) -> None:
        """Stop; what was under way stays due."""
        await self._tasks.close()
        await self._context.close()

    async def _one(self, row: Scheduled) -> None:
        asked = asyncio.get_running_loop().time()
        async with self._gate:
            if asyncio.get_running_loop().time() - asked > PATIENCE and not await self._is_mine(row):
                return  # while it waited this bot was taken for dead, and somebody else has it
            try:
                job = row.job
            except UnknownKind as unknown:  # of another version, or spoilt: it cannot become better by trying again
                logger.error("a job of an unknown kind", due_id=row.id, job=unknown.word, failure=unknown.problem)
                await self._outcomes.write(lambda work, why=str(unknown): _refuse(work, row, why))  # type: ignore[misc]
                return
            if row.failures >= queue.MOST_FAILURES:
                await self._outcomes.write(lambda work: self._give_up(work, row, job, ENDED))
                return
            await self._carry_out(row, job)

    async def _carry_out(self, row: Scheduled, job: Job) -> None:
        try:
            async with asyncio.timeout(DEADLINE):
                await HANDLERS[type(job)].carry_out(self._context, row, job)
        except RetryLater as later:
            await self._again(row, later.seconds, later.why)
        except TelegramAPIError as error:
            if await self._is_outage(error):
                await self._again(row, breaker.EVERY, log.reason(error))
            else:
                await self._failed(row, job, error)
        except Exception as error:  # noqa: BLE001 — written down and told
            if database_faults.is_surely_away(error):
                await self._again(row, DATABASE_AWAY, log.reason(error))
            else:
                await self._failed(row, job, error)
        else:
            self.done += 1
            await self._outcomes.write(lambda work: queue.finish(work, row))

    async def _is_outage(self, error: TelegramAPIError) -> bool:
        match outgoing_messages.verdict(error):
            case "down":
                self._breaker.unreached()
                return True
            case "doubt":
                return await self._breaker.unanswered(0)
            case _:
                return False

    async def _is_mine(self, row: Scheduled) -> bool:
        return await self._context.units.run(lambda work: queue.is_held(work, row))

    async def _again(self, row: Scheduled, seconds: float, why: str) -> None:
        pause = timedelta(seconds=seconds)
        await self._outcomes.write(lambda work: queue.retry(work, row, work.now + pause, why))

    async def _failed(self, row: Scheduled, job: Job, error: Exception) -> None:
        logger.error("a job failed", due_id=row.id, job=row.rule, exc_info=error)
        why = log.reason(error)
        await self._outcomes.write(lambda work: self._put_off(work, row, job, why))

    def _put_off(self, work: UnitOfWork, row: Scheduled, job: Job, why: str) -> None:
        """Again later; after the last try somebody is told. Being asked to come later is no failure."""
        failed = replace(row, failures=row.failures + 1)
        if failed.failures < queue.MOST_FAILURES:
            queue.retry(work, failed, work.now + FIRST_PAUSE * 4 ** (failed.failures - 1), why)
            return
        self._give_up(work, failed, job, why)

    def _give_up(self, work: UnitOfWork, row: Scheduled, job: Job, why: str) -> None:
        """For good: whoever waits for it is told."""
        self.failed += 1
        on_failure = HANDLERS[type(job)].on_failure
        if _refuse(work, row, why) and on_failure is not None:
            on_failure(work, row, job, why)


def _refuse(work: UnitOfWork, row: Scheduled, why: str) -> bool:
    return queue.finish(work, row, DeliveryState.REFUSED, failure=why)
