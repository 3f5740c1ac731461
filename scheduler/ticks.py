"""The bell: one APScheduler interval job in UTC, and a second bell by a clock that nobody can turn back.

APScheduler goes by the wall clock: turned back by an hour, it would be silent for an hour. The second bell goes by
the loop's monotonic clock, notices that, and sets the job going again. Nothing is remembered here: what is due stands
in the table, so a missed ring costs a second and never a reminder.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler

EVERY = 1.0  # seconds between two rings
DEADLINE = 60.0  # seconds a tick, or the day's housekeeping, may take before it is cut off
SILENCE = 5.0  # seconds without a ring after which the second bell steps in
DAILY_ASKED = 600.0  # seconds between two questions whether the day's housekeeping is due
logger = structlog.get_logger("scheduler.ticks")

Body = Callable[[], Awaitable[object]]


class Ticks:
    """Rings `body` every second; asks `daily` every ten minutes, which itself knows whether a day has passed."""

    def __init__(
        self, body: Body, daily: Body | None = None, *, every: float = EVERY, silence: float = SILENCE
    ) -> None:
        self._body, self._daily = body, daily
        self._every, self._silence = every, silence
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._job: Job | None = None
        self._second: asyncio.TimerHandle | None = None
        self._began = self._ended = self._asked = float("-inf")
        self._ringing = self._woken = self._stopped = False
        self.last_at: datetime | None = None  # when a tick last ended well
        self.revived = 0  # how often the second bell had to step in

    @property
    def age(self) -> float:
        """Seconds since a tick last ended well; infinite before the first."""
        return asyncio.get_running_loop().time() - self._ended

    def start(self) -> None:
        """Begin to ring."""
        self._scheduler.start()
        self._job = self._scheduler.add_job(
            self._ring, "interval", seconds=self._every, coalesce=True, max_instances=1, misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )  # fmt: skip
        self._began = asyncio.get_running_loop().time()
        self._arm()

    def wake(self) -> None:
        """Something is due now: ring at once, or once more if it rings. Many calls at a time become one ring."""
        if self._job is None or self._woken or self._stopped:
            return
        self._woken = True
        if not self._ringing:
            self._job.modify(next_run_time=datetime.now(UTC))

    async def stop(self) -> None:
        """Stop ringing. A ring that runs is cut off; what it had claimed is free when this bot has ended."""
        self._stopped = True
        if self._second is not None:
            self._second.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
            await asyncio.sleep(0)

    async def _ring(self) -> None:
        self._ringing = self._woken = True
        try:
            while self._woken:  # again, if what is due came while it rang
                self._woken = False
                await self._in_time(self._body)
                self._ended, self.last_at = asyncio.get_running_loop().time(), datetime.now(UTC)
                await self._in_time(self._ask_daily)
        except asyncio.CancelledError:
            if not self._stopped:  # APScheduler would print a traceback for a ring that was cut off on purpose
                raise
        except Exception:
            # the next ring comes in a second; health turns red if none ends well
            logger.exception("tick failed")
        finally:
            self._ringing = False

    async def _in_time(self, step: Body) -> None:
        self._began = asyncio.get_running_loop().time()
        async with asyncio.timeout(DEADLINE):
            await step()

    async def _ask_daily(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._daily is not None and now - self._asked >= DAILY_ASKED:
            self._asked = now
            await self._daily()

    def _arm(self) -> None:
        self._second = asyncio.get_running_loop().call_later(self._silence, self._listen)

    def _listen(self) -> None:
        silent = asyncio.get_running_loop().time() - self._began
        if self._job is not None and silent > self._silence and not self._ringing:
            self.revived += 1
            logger.warning("the bell was silent", seconds=round(silent, 1))
            # a plain wakeup() finds nothing due when the wall clock went back, so the job's time is set anew
            self._job.modify(next_run_time=datetime.now(UTC))
            self._scheduler.wakeup()
        self._arm()
