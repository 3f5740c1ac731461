"""Errands are carried out: outside any transaction, beside each other, each in its own time.

An errand may be carried out twice after a crash, so it looks first whether it is still wanted. What it does to the
database it does in transactions of its own (`kit.units`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import Row

from bot import log
from bot.background import TaskGroup
from bot.settings import Settings
from bot.telegram_client import TelegramClient
from bot.unit_of_work_factory import UnitOfWorkFactory
from services.outbox import schedule
from services.unit_of_work import UnitOfWork

AT_ONCE = 4
DEADLINE = 50.0  # seconds; shorter than a claim's lease
PATIENCE = 5.0  # seconds of waiting for its turn after which an errand makes sure that it is still its own
FIRST_PAUSE = timedelta(seconds=5)
TRIED = re.compile(r"try (\d+): ")
logger = log.get("bot.jobs.job_runner")


class RetryLater(Exception):
    """To be tried again after so many seconds; not a failure, and not counted as one."""

    def __init__(self, seconds: float, why: str) -> None:
        super().__init__(why)
        self.seconds, self.why = seconds, why


@dataclass
class JobContext:
    """What an errand needs: transactions, Telegram, the disk, the settings, the world outside."""

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


JobHandler = Callable[[JobContext, Row[Any]], Awaitable[None]]
FailureHandler = Callable[[UnitOfWork, Row[Any], str], None]
HANDLERS: dict[str, JobHandler] = {}
FAILURE_HANDLERS: dict[str, FailureHandler] = {}


def job_handler(name: str) -> Callable[[JobHandler], JobHandler]:
    """Register who carries out errands of that name."""

    def register(doer: JobHandler) -> JobHandler:
        if name in HANDLERS:
            raise ValueError(f"the errand {name} is registered twice")
        HANDLERS[name] = doer
        return doer

    return register


def on_failed(name: str) -> Callable[[FailureHandler], FailureHandler]:
    """Register what happens, in a transaction, when an errand has failed for good: somebody is to be told."""

    def register(mourner: FailureHandler) -> FailureHandler:
        FAILURE_HANDLERS[name] = mourner
        return mourner

    return register


class JobRunner:
    """Carries out claimed errands, a few at once; the bell does not wait for them."""

    def __init__(self, kit: JobContext, doers: Mapping[str, JobHandler]) -> None:
        self._kit, self._doers = kit, doers
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._tasks = TaskGroup()
        self._flying: set[asyncio.Task[None]] = set()
        self.done = self.failed = 0

    def start(self, row: Row[Any]) -> None:
        """Begin with a claimed row."""
        task = self._tasks.spawn(self._one(row), f"errand {row.rule} {row.id}")
        self._flying.add(task)
        task.add_done_callback(self._flying.discard)

    async def settle(self) -> bool:
        """Wait for all that are under way; whether there were any."""
        waited = bool(self._flying)
        while self._flying:
            await asyncio.wait(set(self._flying))
        return waited

    async def close(self) -> None:
        """Stop; what was under way stays due."""
        await self._tasks.close()
        await self._kit.close()

    async def _one(self, row: Row[Any]) -> None:
        asked = asyncio.get_running_loop().time()
        async with self._gate:
            if asyncio.get_running_loop().time() - asked > PATIENCE and not await self._renew(row):
                return  # while it waited its claim lapsed, and somebody else has it
            try:
                async with asyncio.timeout(DEADLINE):
                    await self._doers[row.rule](self._kit, row)
            except RetryLater as later:
                reason, pause = later.why, timedelta(seconds=later.seconds)
                await self._write(lambda work: _postpone(work, row, pause, reason))
            except Exception as error:
                logger.error("an errand failed", due_id=row.id, rule=row.rule, exc_info=error)
                why = log.describe(error)
                await self._write(lambda work: self._put_off(work, row, why))
            else:
                self.done += 1
                await self._write(lambda work: _finish(work, row))

    async def _renew(self, row: Row[Any]) -> bool:
        return await self._kit.units.run(lambda work: schedule.renew(work, row.id, row.attempts))

    def _put_off(self, work: UnitOfWork, row: Row[Any], why: str) -> None:
        tries = _tries(row) + 1
        if tries < schedule.MOST_ATTEMPTS:
            _postpone(work, row, FIRST_PAUSE * 4 ** (tries - 1), f"try {tries}: {why}")
            return
        self.failed += 1
        if schedule.finish(work, row.id, row.attempts, failure=why) and (mourner := FAILURE_HANDLERS.get(row.rule)):
            mourner(work, row, why)

    async def _write(self, write: Callable[[UnitOfWork], None]) -> None:
        try:
            await self._kit.units.run(write)
        except Exception as error:  # the claim lapses, and the errand is carried out again
            logger.error("what became of an errand cannot be written down", exc_info=error)


def _tries(row: Row[Any]) -> int:
    """How often it has failed; being asked to come later is no failure."""
    found = TRIED.match(row.failure or "")
    return int(found[1]) if found else 0


def _finish(work: UnitOfWork, row: Row[Any]) -> None:
    schedule.finish(work, row.id, row.attempts)


def _postpone(work: UnitOfWork, row: Row[Any], pause: timedelta, why: str) -> None:
    schedule.retry(work, row.id, row.attempts, work.now + pause, why)
