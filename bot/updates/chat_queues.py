"""Updates in memory: a queue for each chat, and whose turn it is.

Order holds within a chat, and no chat holds up another. Of those that wait, people of the company go first; who has
just pressed a great deal waits behind the others, strangers wait behind everybody, and nobody waits for ever.
"""

from __future__ import annotations

import asyncio
from bisect import insort
from collections import deque
from collections.abc import Iterable
from datetime import timedelta
from enum import IntEnum

from bot.updates.inbox import InboxItem
from bot.updates.token_bucket import TokenBucket
from scheduler.clock import Clock

AT_ONCE, REFILL = 20, timedelta(seconds=0.2)  # presses that one person has handled before he waits behind the others
STRANGERS_AT_ONCE = 2  # workers that strangers may hold
FEW, CROWDED = 1, 0.5  # so many are worked at, for so many seconds after `crowd`
PATIENCE = 16  # turns that others may have before one who waits longest has his


class QueuePriority(IntEnum):
    """In which order those who wait are served."""

    STAFF = 0
    EAGER = 1  # of the company, but over the budget
    STRANGERS = 2


class ChatQueues:
    """What is waiting and what is being worked at."""

    def __init__(self, clock: Clock) -> None:
        self._budget = TokenBucket(AT_ONCE, REFILL, clock)
        self._chats: dict[int, list[InboxItem]] = {}
        self._strangers: set[int] = set()  # chats that are here and belong to nobody we know
        self._ready: dict[QueuePriority, deque[int]] = {lane: deque() for lane in QueuePriority}
        self._passed: dict[QueuePriority, int] = dict.fromkeys(QueuePriority, 0)  # turns that others have had meanwhile
        self._working: set[int] = set()  # chats that hold a worker
        self._strange_work: set[int] = set()  # those of them that are strangers'
        self._crowded_until = 0.0
        self._takers: deque[asyncio.Future[None]] = deque()
        self._held: set[int] = set()
        self._changed = asyncio.Event()
        self._closed = False
        self.busy = self.from_strangers = 0

    def __len__(self) -> int:
        """How many updates are here, those being worked at included."""
        return len(self._held)

    def of(self, chat: int) -> list[InboxItem]:
        """A chat's updates, the one being worked at first."""
        return self._chats.get(chat, [])

    def is_strangers(self, chat: int) -> bool:
        """Whether the chat is one of somebody we do not know."""
        return chat in self._strangers

    def is_pressed_again(self, item: InboxItem, message: int) -> bool:
        """Whether a button of a message has been pressed anew, by an update of the chat that comes after `item`."""
        return any(one.id > item.id and _pressed(one) == message for one in self.of(item.chat_id))

    def add(self, item: InboxItem, *, stranger: bool = False) -> None:
        """Let it wait behind its chat's earlier ones; one that is here already is passed over."""
        if not stranger:
            self.welcome(item.chat_id)
        if item.id in self._held:
            return
        self._held.add(item.id)
        queue = self._chats.get(item.chat_id)
        if queue is not None:
            insort(queue, item, key=lambda one: one.id)
        else:
            self._chats[item.chat_id] = [item]
            if stranger:
                self._strangers.add(item.chat_id)
            self._make_ready(item.chat_id)
        self.from_strangers += item.chat_id in self._strangers

    def welcome(self, chat: int) -> None:
        """Somebody has turned out to be one of us, or to be invited: he waits with the strangers no more."""
        if chat not in self._strangers:
            return
        self._strangers.discard(chat)
        self._strange_work.discard(chat)
        self.from_strangers -= len(self._chats[chat])
        if chat in self._ready[QueuePriority.STRANGERS]:
            self._ready[QueuePriority.STRANGERS].remove(chat)
            self._make_ready(chat)

    async def take(self) -> InboxItem:
        """The update whose turn it is; nobody works at its chat. It stays in its queue until `done` or `later`."""
        while self._closed or (lane := self._next_queue()) is None:
            await self._wait()  # once closed nothing more is begun; whoever waits here is cancelled
        chat = self._ready[lane].popleft()
        self._count_turn(lane)
        self._working.add(chat)
        if lane is QueuePriority.STRANGERS:
            self._strange_work.add(chat)
        self.busy += 1
        return self._chats[chat][0]

    def settled(self, item: InboxItem) -> None:
        """Its effects are committed: it holds no worker any more, only its chat, until it is `done`."""
        self._working.discard(item.chat_id)
        self._strange_work.discard(item.chat_id)
        self._wake_taker()

    def crowd(self) -> None:
        """A full batch is being stored, and more is to come: that goes before the work at what is, until `calm`."""
        self._crowded_until = float("inf")

    def calm(self) -> None:
        """It is stored; a little is worked at until the next batch comes, and more if none does."""
        loop = asyncio.get_running_loop()
        self._crowded_until = loop.time() + CROWDED
        loop.call_at(self._crowded_until, self._wake_all)
        self._wake_taker()

    def done(self, item: InboxItem, more: Iterable[InboxItem] = ()) -> None:
        """It has been dealt with, and `more` of its chat together with it: the chat's next one may be taken."""
        chat, gone = item.chat_id, {item.id, *(one.id for one in more)}
        rest = [one for one in self._chats[chat] if one.id not in gone]
        if chat in self._strangers:
            self.from_strangers -= len(self._chats[chat]) - len(rest)
        self._held -= gone
        self.settled(item)
        if rest:
            self._chats[chat] = rest
            self._make_ready(chat)
        else:
            del self._chats[chat]
            self._strangers.discard(chat)
        self._release()

    def later(self, item: InboxItem, seconds: float) -> None:
        """It will be taken again after a while; its chat waits with it."""
        self.settled(item)
        asyncio.get_running_loop().call_later(seconds, self._make_ready, item.chat_id)
        self._release()

    def close(self) -> None:
        """Give nothing more out."""
        self._closed = True

    async def change(self) -> None:
        """Wait until something has been done."""
        self._changed.clear()
        await self._changed.wait()

    def wake(self) -> None:
        """Let those go on who wait for a change."""
        self._changed.set()

    # --- whose turn it is ---------------------------------------------------------------------------------------

    def _make_ready(self, chat: int) -> None:
        lane = QueuePriority.STRANGERS
        if chat not in self._strangers:
            lane = QueuePriority.STAFF if self._budget.take(chat) else QueuePriority.EAGER
        self._ready[lane].append(chat)
        self._wake_taker()

    def _next_queue(self) -> QueuePriority | None:
        if asyncio.get_running_loop().time() < self._crowded_until and (
            self._crowded_until == float("inf") or len(self._working) >= FEW
        ):
            return None
        waiting = [lane for lane in QueuePriority if self._ready[lane]]
        if len(self._strange_work) >= STRANGERS_AT_ONCE and QueuePriority.STRANGERS in waiting:
            waiting.remove(QueuePriority.STRANGERS)
        tired = [lane for lane in waiting if self._passed[lane] >= PATIENCE]
        return next(iter([*tired, *waiting]), None)

    def _count_turn(self, served: QueuePriority) -> None:
        for lane in QueuePriority:
            waits = lane is not served and self._ready[lane]
            self._passed[lane] = self._passed[lane] + 1 if waits else 0

    async def _wait(self) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._takers.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():  # its turn goes to the next one
                self._wake_taker()
            raise

    def _wake_taker(self) -> None:
        while self._takers:
            one = self._takers.popleft()
            if not one.done():
                one.set_result(None)
                return

    def _wake_all(self) -> None:
        for _ in range(len(self._takers)):
            self._wake_taker()

    def _release(self) -> None:
        self.busy -= 1
        self._changed.set()


def _pressed(item: InboxItem) -> int | None:
    """The message whose button it presses."""
    query = item.update.get("callback_query")
    message = query.get("message") if isinstance(query, dict) else None
    number = message.get("message_id") if isinstance(message, dict) else None
    return number if isinstance(number, int) else None
