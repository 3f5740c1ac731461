"""Background work that is kept: awaited at close, its crashes heard of, its pumps set going again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from bot import log

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 4.0  # seconds between a pump's crash and its next start
logger = log.get("bot.background")


class TaskGroup:
    """A group of tasks that ends with `close`."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False

    def spawn(self, coro: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run `coro`; a crash is logged, not lost."""
        task = asyncio.get_running_loop().create_task(coro, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def keep(self, name: str, factory: Callable[[], Awaitable[None]]) -> asyncio.Task[Any]:
        """Run what `factory` gives, again and again: after a crash with a growing pause. A plain return ends it."""
        return self.spawn(self._keep(name, factory), name)

    async def _keep(self, name: str, factory: Callable[[], Awaitable[None]]) -> None:
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE
        while not self._closing:
            started = loop.time()
            try:
                await factory()
                return
            except Exception as error:
                logger.error("pump crashed", pump=name, failure=log.describe(error), exc_info=error)
            if loop.time() - started > LONGEST_PAUSE:
                pause = FIRST_PAUSE  # it ran well for a while: this is a new trouble
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("task crashed", task=task.get_name(), failure=log.describe(error), exc_info=error)

    async def close(self, patience: float = 0.0) -> None:
        """Wait up to `patience` seconds for what runs, then cancel the rest and await its end."""
        self._closing = True
        if self._tasks and patience:
            await asyncio.wait(self._tasks, timeout=patience)
        rest = list(self._tasks)
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
