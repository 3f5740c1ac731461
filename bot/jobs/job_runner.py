"""Jobs are carried out: outside any transaction, beside each other, each in its own time.

A job may be carried out twice after a crash, so it looks first whether it is still wanted. What it does to the database
it does in transactions of its own (`context.units`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from bot import log
from bot.background import TaskGroup
from bot.settings import Settings
from bot.telegram_client import TelegramClient
from bot.unit_of_work_factory import UnitOfWorkFactory
from models.jobs import JOBS, Job
from models.outbox import DeliveryState, Scheduled
from models.stored_kinds import UnknownKind
from services.outbox import schedule
from services.unit_of_work import UnitOfWork

AT_ONCE = 4
DEADLINE = 50.0  # seconds; shorter than a claim's lease
PATIENCE = 5.0  # seconds of waiting for its turn after which a job makes sure that it is still its own
FIRST_PAUSE = timedelta(seconds=5)
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
    """Carries out claimed jobs, a few at once; the tick does not wait for them."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._tasks = TaskGroup()
        self._running: set[asyncio.Task[None]] = set()
        self.done = self.failed = 0

    def start(self, row: Scheduled) -> None:
        """Begin with a claimed row."""
        task = self._tasks.spawn(self._one(row), f"job {row.rule} {row.id}")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

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
            if asyncio.get_running_loop().time() - asked > PATIENCE and not await self._renew(row):
                return  # while it waited its claim lapsed, and somebody else has it
            try:
                job = row.job
            except UnknownKind as unknown:  # of another version, or spoilt: it cannot become better by trying again
                logger.error("a job of an unknown kind", due_id=row.id, job=unknown.word, failure=unknown.problem)
                await self._write(lambda work, why=str(unknown): _refuse(work, row, why))  # type: ignore[misc]
                return
            await self._carry_out(row, job)

    async def _carry_out(self, row: Scheduled, job: Job) -> None:
        try:
            async with asyncio.timeout(DEADLINE):
                await HANDLERS[type(job)].carry_out(self._context, row, job)
        except RetryLater as later:
            reason, pause = later.why, timedelta(seconds=later.seconds)
            await self._write(lambda work: schedule.retry(work, row, work.now + pause, reason))
        except Exception as error:
            logger.error("a job failed", due_id=row.id, job=row.rule, exc_info=error)
            why = log.describe(error)
            await self._write(lambda work: self._put_off(work, row, job, why))
        else:
            self.done += 1
            await self._write(lambda work: schedule.finish(work, row))

    async def _renew(self, row: Scheduled) -> bool:
        return await self._context.units.run(lambda work: schedule.renew(work, row))

    def _put_off(self, work: UnitOfWork, row: Scheduled, job: Job, why: str) -> None:
        """Again later; after the last try somebody is told. Being asked to come later is no failure."""
        tries = row.tries + 1
        if tries < schedule.MOST_ATTEMPTS:
            schedule.retry(work, row, work.now + FIRST_PAUSE * 4 ** (tries - 1), why, tries=tries)
            return
        self.failed += 1
        on_failure = HANDLERS[type(job)].on_failure
        if _refuse(work, row, why) and on_failure is not None:
            on_failure(work, row, job, why)

    async def _write(self, write: Callable[[UnitOfWork], object]) -> None:
        try:
            await self._context.units.run(write)
        except Exception as error:  # the claim lapses, and the job is carried out again
            logger.error("what became of a job cannot be written down", exc_info=error)


def _refuse(work: UnitOfWork, row: Scheduled, why: str) -> bool:
    return schedule.finish(work, row, DeliveryState.REFUSED, failure=why)
