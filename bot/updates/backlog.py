"""What of the stored updates is in memory, and what waits in the table until its chat's turn comes.

A chat has a share of the memory, and strangers have one together; what is beyond it is read later, that of the company
first. So a crowd costs neither memory nor anybody else's time (promise 9).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from bot.database import Database
from bot.updates import inbox
from bot.updates.chat_queues import ChatQueues
from bot.updates.inbox import InboxItem
from bot.updates.strangers import Strangers
from scheduler.clock import Clock

SHARE = 100  # updates of one chat in memory
ROOM = 1_000  # updates of strangers in memory
CHATS_AT_ONCE = 10  # chats that are read from the table in one transaction
FULL = 100  # updates that Telegram gives at most: more wait there
LEFT = -1  # in place of the id after which a chat's updates wait: an earlier run, or another replica, has left them
SWEEP = 15.0  # seconds after which an update that nobody works at is taken up


class Backlog:
    """Stores updates and hands them to the queues."""

    def __init__(
        self, db: Database, bot_id: int, clock: Clock, queues: ChatQueues, strangers: Strangers | None, share: int
    ) -> None:
        self._db, self._bot_id, self._clock, self._queues = db, bot_id, clock, queues
        self._strangers, self._share = strangers, share
        self._shared = db.name == "postgresql"
        self._order = asyncio.Lock()  # what is stored is passed on in the same order
        # chats that have more in the table than in memory: the id after which it stands there
        self._behind: dict[int, int] = {}
        self._strangers_behind: dict[int, int] = {}
        self._somebody_died = asyncio.Event()

    def __len__(self) -> int:
        """How many chats may have something in the table that is not in memory."""
        return len(self._behind) + len(self._strangers_behind)

    async def accept(self, updates: Sequence[dict[str, Any]]) -> int:
        """Store updates, committed when this returns. Gives how many were new."""

        def store(tx: Connection) -> tuple[list[InboxItem], Collection[int]]:
            items = inbox.store(tx, self._bot_id, updates, self._clock, self._shared)
            return items, self._strange(tx, items)

        is_full = len(updates) >= FULL
        if is_full:
            self._queues.crowd()
        try:
            async with self._order:
                items, strange = await self._db.run(store)
                for item in items:
                    self._pass_on(item, item.chat_id in strange)
        finally:
            if is_full:
                self._queues.calm()
        return len(items)

    async def replay(self, number: int | None) -> int:
        """Give quarantined updates (one or all) another three tries; tells how many there were."""
        async with self._order:
            found = await self._db.run(lambda tx: inbox.replay(tx, number))
            for key, chat in sorted(found.items(), reverse=True):
                self._behind[chat] = min(key - 1, self._behind.get(chat, key))
            self._queues.wake()
        return len(found)

    async def find_left(self, before: datetime | None = None) -> None:
        """Find what an earlier run has left undone, or, with `before`, what another replica has."""

        def look(tx: Connection) -> tuple[list[int], Collection[int]]:
            chats = inbox.waiting_chats(tx, self._bot_id, before)
            return chats, self._strangers.unknown(tx, chats) if self._strangers is not None and chats else ()

        async with self._order:
            chats, strange = await self._db.run(look)
            for chat in chats:
                lagging = self._strangers_behind if chat in strange and chat not in self._behind else self._behind
                lagging[chat] = LEFT  # what is in memory already is passed over
            self._queues.wake()

    async def keep_loading(self) -> None:
        """Read from the table what there is room for."""
        while True:
            chats = self._wanted()
            if chats:
                await self._load(chats)
            else:
                await self._queues.change()

    async def keep_sweeping(self) -> None:
        """Take up what a dead replica, or the command `replay`, has left in the table."""
        while True:
            try:
                async with asyncio.timeout(SWEEP):
                    await self._somebody_died.wait()
            except TimeoutError:
                await self.find_left(self._clock() - timedelta(seconds=SWEEP))
            else:
                self._somebody_died.clear()
                try:
                    await self.find_left()
                except BaseException:
                    self.sweep()  # not done yet
                    raise

    def sweep(self) -> None:
        """Take up at once what lies in the table and is nobody's: another replica has died."""
        self._somebody_died.set()

    def _strange(self, tx: Connection, items: Sequence[InboxItem]) -> Collection[int]:
        """The chats of strangers among these."""
        return self._strangers.among(tx, items) if self._strangers is not None and items else ()

    def _pass_on(self, item: InboxItem, stranger: bool) -> None:
        """Let it wait in memory, or, if its chat has had its share, in the table."""
        chat = item.chat_id
        if not stranger and chat in self._strangers_behind:  # he has turned out to be one of us, or is invited
            self._behind[chat] = self._strangers_behind.pop(chat)
            self._queues.welcome(chat)
            self._queues.wake()
        if chat in self._behind or chat in self._strangers_behind:
            return
        full = stranger and self._queues.from_strangers >= ROOM
        if full or len(self._queues.of(chat)) >= self._share:
            (self._strangers_behind if stranger else self._behind)[chat] = item.id - 1
            self._queues.wake()
        else:
            self._queues.add(item, stranger=stranger)

    def _wanted(self) -> list[int]:
        """Chats with more in the table and little in memory, those of the company first."""
        little = self._share // 2
        found = list(islice((one for one in self._behind if len(self._queues.of(one)) <= little), CHATS_AT_ONCE))
        if found or self._queues.from_strangers > ROOM // 2:
            return found
        return list(
            islice((one for one in self._strangers_behind if len(self._queues.of(one)) <= little), CHATS_AT_ONCE)
        )

    async def _load(self, chats: Sequence[int]) -> None:
        def read(tx: Connection) -> tuple[dict[int, list[InboxItem]], Collection[int]]:
            found = {
                chat: inbox.waiting_of(
                    tx,
                    self._bot_id,
                    chat,
                    self._clock,
                    self._shared,
                    after=after[chat],
                    most=self._share,
                    left=after[chat] == LEFT,
                )
                for chat in chats
            }
            return found, self._strange(tx, [item for items in found.values() for item in items])

        async with self._order:
            after = {chat: self._behind.get(chat, self._strangers_behind.get(chat, 0)) for chat in chats}
            found, strange = await self._db.run(read)
            for chat, items in found.items():
                self._behind.pop(chat, None)
                self._strangers_behind.pop(chat, None)
                if len(items) == self._share:
                    (self._strangers_behind if chat in strange else self._behind)[chat] = items[-1].id
                for item in items:
                    self._queues.add(item, stranger=chat in strange)
            self._queues.wake()
