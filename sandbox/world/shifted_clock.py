"""The sandbox's clock: real time plus an offset, or frozen, and always moving forward only."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

STEP = timedelta(hours=1)


class ShiftedClock:
    """What time it is in the sandbox.

    `frozen`: it stands still between moves. Otherwise it runs with real time from `start` on.
    `listeners` are awaited after each step of a move, in order; an error in one ends the move.
    """

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        if start is not None and start.tzinfo is None:
            raise ValueError("the clock needs an aware time to start at")
        self.listeners: list[Callable[[], Awaitable[None]]] = []
        self.frozen = frozen
        self._base = (start or datetime.now(UTC)).astimezone(UTC)
        self._since = time.monotonic()
        self._moving: asyncio.Lock | None = None

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        if self.frozen:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    async def advance(self, by: timedelta) -> None:
        """Move forward by `by`, at most an hour at a time, so that what comes due in between
        happens in its own hour. Zero rings the listeners once. ValueError if `by` is negative."""
        if by < timedelta(0):
            raise ValueError("the clock only moves forward")
        async with self._lock():
            await self._walk(by)

    async def move_to(self, at: datetime) -> None:
        """Move forward to the aware moment `at`. ValueError if it is past, or naive."""
        if at.tzinfo is None:
            raise ValueError("the moment to move to must be aware")
        async with self._lock():
            by = at - self.now()
            if by < timedelta(0):
                raise ValueError("the clock only moves forward")
            await self._walk(by)

    def _lock(self) -> asyncio.Lock:
        # Made on first use, since a clock may be built before there is a loop.
        if self._moving is None:
            self._moving = asyncio.Lock()
        return self._moving

    async def _walk(self, left: timedelta) -> None:
        while True:
            step = min(left, STEP)
            self._base += step
            left -= step
            for listener in tuple(self.listeners):
                await listener()
            if not left:
                return
