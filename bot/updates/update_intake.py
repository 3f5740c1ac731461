"""From the inbox to a handler: order kept per chat, chats at once, failures put aside (promise 1)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, Protocol

from bot import log
from bot.background import TaskGroup
from bot.database import Database
from bot.database_state import DatabaseState
from bot.updates import inbox
from bot.updates.chat_queues import ChatQueues
from bot.updates.inbox import AlreadyHandled, InboxItem, OutOfOrder
from scheduler.clock import Clock

WORKERS = 8
ROOM = 1_000  # updates held in memory; more wait in the table until there is room
DEADLINE = 60.0  # seconds for one update
SWEEP = 15.0  # seconds after which an update that nobody works at is taken up
PAUSES = (0.2, 1.0, 2.0)  # seconds between tries while the database does not answer
TURN = 0.1  # seconds until another look whether an earlier update, at another replica, is done
logger = log.get("bot.updates.update_intake")

Handle = Callable[[InboxItem], Awaitable[None]]
Quarantined = Callable[[InboxItem, BaseException], Awaitable[None]]


class BotIdentity(Protocol):
    """Whose updates these are."""

    id: int


class UpdateIntake:
    """Stores updates and has each handled once, in its chat's order, up to eight chats at a time.

    `handle` calls `item.mark_done(tx)` inside its own transaction; if it returns without, the update is marked here.
    If it raises, the update is tried three times in all and then quarantined, and `on_quarantine` is told.
    """

    def __init__(
        self,
        db: Database,
        telegram: BotIdentity,
        clock: Clock,
        handle: Handle,
        *,
        on_quarantine: Quarantined | None = None,
        workers: int = WORKERS,
        room: int = ROOM,
    ) -> None:
        self._db, self._bot_id, self._clock, self._handle = db, telegram.id, clock, handle
        self._on_quarantine = on_quarantine
        self._workers, self._room = workers, room
        self._shared = db.name == "postgresql"
        self._tasks = TaskGroup()
        self._queues = ChatQueues()
        self._order = asyncio.Lock()  # what is stored is passed on in the same order
        self._last = 0  # the highest id passed on
        self._behind = True  # there may be more in the table than in memory
        self.handled = self.failures = self.quarantined = 0

    @property
    def state(self) -> DatabaseState:
        """Whether updates can be stored."""
        return self._db.state

    @property
    def waiting(self) -> int:
        """How many updates are in memory, those being handled included."""
        return len(self._queues)

    async def start(self) -> None:
        """Take up what an earlier run left undone, and begin to work."""
        await self._load()
        self._tasks.keep("intake loader", self._keep_loading)
        self._tasks.keep("intake sweep", self._keep_sweeping)
        for number in range(self._workers):
            self._tasks.keep(f"intake worker {number}", self._work)

    async def accept(self, updates: Sequence[dict[str, Any]]) -> int:
        """Store updates; once this returns they are committed and Telegram may be told. Gives how many were new."""
        async with self._order:
            items = await self._db.run(
                lambda tx: inbox.store(tx, self._bot_id, updates, self._clock, self._shared)
            )  # fmt: skip
            if self._behind or len(self._queues) + len(items) > self._room:
                self._behind = True  # the loader reads them in their turn
                self._queues.wake()
            else:
                self._pass_on(items)
        return len(items)

    async def settle(self) -> None:
        """Wait until every stored update has been handled or put aside."""
        while self._queues or self._behind:
            await self._queues.change()

    async def replay(self, number: int | None = None) -> int:
        """Give quarantined updates (one or all) another three tries; tells how many there were."""
        ids = await self._db.run(lambda tx: inbox.replay(tx, number))
        if ids:
            await self._load(after=ids[0] - 1)
        return len(ids)

    async def stop(self, patience: float = 8.0) -> None:
        """Let what is being handled end, for up to `patience` seconds; the rest waits in the table."""
        self._queues.close()
        try:
            async with asyncio.timeout(patience):
                while self._queues.busy:
                    await self._queues.change()
        except TimeoutError:
            logger.warning("stopped while updates were being handled", updates=self._queues.busy)
        await self._tasks.close()

    # --- from the table into memory -----------------------------------------------------------------------------

    def _pass_on(self, items: Sequence[InboxItem]) -> None:
        for item in items:
            self._queues.add(item)
            self._last = max(self._last, item.id)

    async def _load(self, after: int | None = None) -> None:
        async with self._order:
            start, most = self._last if after is None else after, self._room
            items = await self._db.run(
                lambda tx: inbox.undone(tx, self._bot_id, self._clock, self._shared, after=start, most=most)
            )
            self._behind = len(items) == most
            self._pass_on(items)
            self._queues.wake()

    async def _keep_loading(self) -> None:
        while True:
            if self._behind and len(self._queues) < self._room // 2:
                await self._load()
            else:
                await self._queues.change()

    async def _keep_sweeping(self) -> None:
        """Take up what a dead replica, or the command `replay`, has left in the table."""
        while True:
            await asyncio.sleep(SWEEP)
            if self._behind:
                continue
            before = self._clock() - timedelta(seconds=SWEEP)
            async with self._order:
                items = await self._db.run(
                    lambda tx: inbox.undone(
                        tx, self._bot_id, self._clock, self._shared, most=self._room, before=before  # noqa: B023
                    )
                )  # fmt: skip
                self._pass_on(items)

    # --- one update ---------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        while True:
            item = await self._queues.take()
            try:
                finished = await self._carry_out(item)
            except BaseException:
                self._queues.later(item, TURN)  # the pump is being stopped, or starts anew
                raise
            if finished:
                self._queues.done(item)
            else:
                self._queues.later(item, TURN)

    async def _carry_out(self, item: InboxItem) -> bool:
        """Have one update handled; False if it is to come again."""
        try:
            async with asyncio.timeout(DEADLINE):
                await self._handle(item)
                if not item.marked:
                    await self._db.run(item.mark_done)
        except AlreadyHandled:
            return True
        except OutOfOrder:
            return False
        except Exception as error:  # noqa: BLE001 — it is written down, tried again, and holds up nobody else
            return await self._note(item, error)
        self.handled += 1
        return True

    async def _note(self, item: InboxItem, error: Exception) -> bool:
        self.failures += 1
        item.marked = False
        logger.error("update failed", inbox_id=item.id, failure=log.describe(error), exc_info=error)
        outcome = await self._write_failure(item, log.describe(error))
        if outcome == "quarantined":
            self.quarantined += 1
            await self._tell(item, error)
        return outcome != "again"

    async def _write_failure(self, item: InboxItem, why: str) -> str:
        """A try counts only if the database could note it: while it is down, the update waits."""
        tries = 0
        while True:
            try:
                return await self._db.run(lambda tx: inbox.fail(tx, item, why))
            except Exception as error:
                pause = PAUSES[min(tries, len(PAUSES) - 1)]
                logger.error("the database does not answer", again_in=pause, exc_info=error)
                await asyncio.sleep(pause)
                tries += 1

    async def _tell(self, item: InboxItem, error: Exception) -> None:
        if self._on_quarantine is None:
            return
        try:
            await self._on_quarantine(item, error)
        except Exception as trouble:
            logger.error("the alert failed", inbox_id=item.id, failure=log.describe(trouble), exc_info=trouble)
