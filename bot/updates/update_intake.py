"""From the inbox to a handler: order kept per chat, chats at once, failures put aside (promise 1)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Protocol

from bot import database_faults, log
from bot.background import TaskGroup
from bot.database import Database
from bot.database_state import DatabaseState
from bot.updates import attempts
from bot.updates.backlog import SHARE, Backlog
from bot.updates.chat_queues import ChatQueues
from bot.updates.inbox import AlreadyHandled, InboxItem, OutOfOrder
from bot.updates.strangers import Strangers
from scheduler.clock import Clock

WORKERS = 8  # updates under work at once; one whose answer is being shown is not under work any more
HUSHED_AT_ONCE = 4  # presses of strangers that are told to wait no more; beyond that they wait
DEADLINE = 60.0  # seconds for one update
PAUSES = (0.2, 1.0, 2.0)  # seconds between tries while the database does not answer
MOST_SPARED = 10  # failures of the database while one update was worked at that are not held against it
TURN = 0.1  # seconds until another look whether an earlier update, at another replica, is done
logger = log.get("bot.updates.update_intake")

Handle = Callable[[InboxItem], Awaitable[None]]
Quarantined = Callable[[InboxItem, BaseException], Awaitable[None]]
TakeOut = Callable[[Sequence[dict[str, Any]]], list[dict[str, Any]]]


class BotIdentity(Protocol):
    """Whose updates these are."""

    id: int


class UpdateIntake:
    """Stores updates and has each handled once, in its chat's order, up to eight chats at a time.

    `handle` calls `item.mark_done(tx)` inside its own transaction; if it returns without, the update is marked here.
    If it raises, the update is tried three times in all and then quarantined, and `on_quarantine` is told. Without
    `strangers` everybody is of the company; a stranger's press that is put by is given to `hush`.
    What `take_out` does not give back is never stored: it has been taken care of.
    """

    def __init__(
        self,
        db: Database,
        telegram: BotIdentity,
        clock: Clock,
        handle: Handle,
        *,
        on_quarantine: Quarantined | None = None,
        hush: Handle | None = None,
        strangers: Strangers | None = None,
        take_out: TakeOut | None = None,
        workers: int = WORKERS,
        share: int = SHARE,
    ) -> None:
        self._db, self._handle, self._on_quarantine, self._workers = db, handle, on_quarantine, workers
        self._strangers, self._hush, self._hushing = strangers, hush, 0
        self._take_out = take_out
        self._tasks = TaskGroup()
        self._queues = ChatQueues(clock)
        self._backlog = Backlog(db, telegram.id, clock, self._queues, strangers, share)
        self.handled = self.failures = self.quarantined = self.silenced = 0

    @property
    def state(self) -> DatabaseState:
        """Whether updates can be stored."""
        return self._db.state

    @property
    def waiting(self) -> int:
        """How many updates are in memory, those being handled included, and how many chats have more in the table."""
        return len(self._queues) + len(self._backlog)

    async def start(self) -> None:
        """Take up what an earlier run left undone, and begin to work."""
        await self._backlog.find_left()
        self._tasks.keep("intake loader", self._backlog.keep_loading)
        self._tasks.keep("intake sweep", self._backlog.keep_sweeping)
        for number in range(self._workers):
            self._tasks.keep(f"intake worker {number}", self._work)

    async def accept(self, updates: Sequence[dict[str, Any]]) -> int:
        """Store updates; once this returns they are committed and Telegram may be told. Gives how many were new."""
        kept = updates if self._take_out is None else self._take_out(updates)
        return await self._backlog.accept(kept) if kept else 0

    async def settle(self) -> None:
        """Wait until every stored update has been handled or put aside."""
        while self._queues or self._backlog:
            await self._queues.change()

    async def replay(self, number: int | None = None) -> int:
        """Give quarantined updates (one or all) another three tries; tells how many there were."""
        return await self._backlog.replay(number)

    def take_over(self) -> None:
        """Another bot has died: what it had stored and not carried out is taken up now."""
        self._backlog.sweep()

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

    # --- one update ---------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        """One after the other; what is left of one when its effects are committed does not hold up the next."""
        while True:
            item = await self._queues.take()
            settled = asyncio.Event()
            item.committed = settled.set
            item.pressed_again = partial(self._queues.is_pressed_again, item)
            self._tasks.spawn(self._serve(item), f"update {item.id}")
            await settled.wait()
            self._queues.settled(item)

    async def _serve(self, item: InboxItem) -> None:
        silent: list[InboxItem] = []
        finished = False
        try:
            silent = await self._put_by(item)
            finished = bool(silent) or await self._carry_out(item)
        finally:  # also when it is being stopped, or the database does not answer
            item.committed()
            if finished:
                self._queues.done(item, silent)
            else:
                self._queues.later(item, TURN)

    async def _put_by(self, item: InboxItem) -> list[InboxItem]:
        """What is put by instead of being handled: a stranger's messages once he has had his answer."""
        strangers, waiting = self._strangers, list(self._queues.of(item.chat_id))
        item.heard = item.heard or strangers is None or strangers.knows(item.chat_id) or strangers.hears(item)
        if strangers is None or item.heard:
            return []
        silent = await self._db.run(lambda tx: strangers.put_by(tx, waiting))
        self.silenced += len(silent)
        for press in (one for one in silent if "callback_query" in one.update):
            if self._hush is not None and self._hushing < HUSHED_AT_ONCE:
                self._hushing += 1
                self._tasks.spawn(self._stop_waiting(press, self._hush), f"hush {press.id}")
        return silent

    async def _stop_waiting(self, press: InboxItem, hush: Handle) -> None:
        try:
            await hush(press)
        finally:
            self._hushing -= 1

    async def _carry_out(self, item: InboxItem) -> bool:
        """Have one update handled; False if it is to come again."""
        try:
            if item.left and not item.counted and not await self._is_begun(item):
                return True
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

    async def _is_begun(self, item: InboxItem) -> bool:
        """Count an attempt at what another run has left before it is made: what ends the program is put aside."""
        outcome = await self._db.run(lambda tx: attempts.count_attempt(tx, item))
        if outcome == "quarantined":
            logger.error("an update has ended the program each time", inbox_id=item.id)
            self.quarantined += 1
            await self._tell(item, attempts.PoisonUpdate())
        return outcome == "begun"

    async def _note(self, item: InboxItem, error: Exception) -> bool:
        self.failures += 1
        item.marked = False
        logger.error("update failed", inbox_id=item.id, failure=log.describe(error), exc_info=error)
        outcome = await self._write_failure(item, log.reason(error), innocent=self._is_innocent(item, error))
        item.counted = False
        if outcome == "quarantined":
            self.quarantined += 1
            await self._tell(item, error)
        return outcome != "again"

    def _is_innocent(self, item: InboxItem, error: Exception) -> bool:
        """Whether it was the database that failed and not the update: a few times, for one that brings the database
        down each time is not."""
        if not database_faults.is_surely_away(error):
            return False
        item.spared += 1
        return item.spared <= MOST_SPARED

    async def _write_failure(self, item: InboxItem, why: str, *, innocent: bool) -> str:
        """A try counts only if the database could note it: while it is down, the update waits."""
        tries = 0
        while True:
            try:
                return await self._db.run(lambda tx: attempts.fail(tx, item, why, innocent=innocent))
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
