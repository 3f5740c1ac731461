"""Updates in memory: a queue per chat, taken in turns: order holds within a chat, and no chat holds up another."""

from __future__ import annotations

import asyncio
from collections import deque

from bot.updates.inbox import InboxItem


class ChatQueues:
    """What is waiting and what is being worked at."""

    def __init__(self) -> None:
        self._chats: dict[int, deque[InboxItem]] = {}
        self._ready: asyncio.Queue[int] = asyncio.Queue()
        self._held: set[int] = set()
        self._changed = asyncio.Event()
        self._closed = False
        self.busy = 0

    def __len__(self) -> int:
        """How many updates are here, those being worked at included."""
        return len(self._held)

    def __contains__(self, number: int) -> bool:
        return number in self._held

    def add(self, item: InboxItem) -> None:
        """Let it wait behind its chat's others; one that is here already is passed over."""
        if item.id in self._held:
            return
        self._held.add(item.id)
        queue = self._chats.setdefault(item.chat_id, deque())
        queue.append(item)
        if len(queue) == 1:
            self._ready.put_nowait(item.chat_id)

    async def take(self) -> InboxItem:
        """The next update whose chat nobody works at. It stays first in its queue until `done` or `later`."""
        chat = await self._ready.get()
        if self._closed:
            await asyncio.Event().wait()  # nothing more is begun; whoever waits here is cancelled
        self.busy += 1
        return self._chats[chat][0]

    def done(self, item: InboxItem) -> None:
        """It has been dealt with: the chat's next one may be taken."""
        queue = self._chats[item.chat_id]
        queue.popleft()
        self._held.discard(item.id)
        if queue:
            self._ready.put_nowait(item.chat_id)
        else:
            del self._chats[item.chat_id]
        self._release()

    def later(self, item: InboxItem, seconds: float) -> None:
        """It will be taken again after a while; its chat waits with it."""
        asyncio.get_running_loop().call_later(seconds, self._ready.put_nowait, item.chat_id)
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

    def _release(self) -> None:
        self.busy -= 1
        self._changed.set()
