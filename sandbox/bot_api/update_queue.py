"""The queue of updates of one bot: kept until confirmed, handed out by long polling or a webhook."""

import asyncio
import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sandbox.bot_api.api_error import ApiError

# These come only to those who name them.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
FIRST_ID = 100_000_001
encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(slots=True)
class QueuedUpdate:
    """One update as it goes over the wire. `forced`: handed out once even if its id is confirmed."""

    id: int
    raw: str
    forced: bool = False


class UpdateQueue:
    """Updates not yet confirmed, in order.

    `arrived` is set when there is something to post, `polled` while a poll hangs and waits.
    """

    def __init__(self) -> None:
        self.entries: deque[QueuedUpdate] = deque()
        self.allowed: frozenset[str] | None = None
        self.arrived = asyncio.Event()
        self.polled = asyncio.Event()
        self._next = FIRST_ID
        self._last: QueuedUpdate | None = None
        self._waiter: asyncio.Future[str] | None = None

    def put(self, kind: str, payload: dict[str, Any]) -> None:
        """Queue an update, unless its kind is not among those the bot asked for."""
        if kind not in self.allowed if self.allowed else kind in ON_REQUEST:
            return
        self._append(QueuedUpdate(self._next, f'{{"update_id":{self._next},"{kind}":{encode(payload)}}}'))

    def inject(self, update: dict[str, Any]) -> int:
        """Queue any JSON object as is; its update_id is given if absent. Returns the id."""
        number = update.get("update_id")
        if isinstance(number, int):
            forced = number < self._next
        else:
            number, forced = self._next, False
        self._append(QueuedUpdate(number, encode({"update_id": number, **update}), forced))
        return number

    def duplicate(self) -> int | None:
        """Hand out the last update once more, with the id it had. None if there was none."""
        if self._last is None:
            return None
        self._append(QueuedUpdate(self._last.id, self._last.raw, forced=True))
        return self._last.id

    def _append(self, entry: QueuedUpdate) -> None:
        self._next = max(self._next, entry.id + 1)
        self._last = entry
        self.entries.append(entry)
        self.arrived.set()
        self._wake("arrived")

    def confirm(self, offset: int) -> None:
        """Forget what is below `offset`; a negative one keeps only that many last updates."""
        if offset < 0:
            while len(self.entries) > -offset:
                self.entries.popleft()
            return
        while self.entries and self.entries[0].id < offset and not self.entries[0].forced:
            self.entries.popleft()
        if any(entry.id < offset and not entry.forced for entry in self.entries):
            self.entries = deque(e for e in self.entries if e.id >= offset or e.forced)

    def peek(self, limit: int) -> list[QueuedUpdate]:
        """The first updates, which stay until confirmed."""
        batch = [entry for entry, _ in zip(self.entries, range(limit), strict=False)]
        for entry in batch:
            entry.forced = False
        return batch

    async def poll(self, offset: int, limit: int, timeout: float) -> list[QueuedUpdate]:  # noqa: ASYNC109
        """One getUpdates: wait up to `timeout` seconds for something to come. A later poll ends this
        one with 409."""
        self._wake("conflict")
        if offset:
            self.confirm(offset)
        if self.entries or timeout <= 0:
            return self.peek(limit)
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[str] = loop.create_future()
        self._waiter = waiter
        self.polled.set()
        timer = loop.call_later(timeout, _settle, waiter, "timeout")
        try:
            outcome = await waiter
        finally:
            timer.cancel()
            if self._waiter is waiter:
                self._waiter = None
                self.polled.clear()
        if outcome == "conflict":
            raise ApiError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        return self.peek(limit)

    def clear(self) -> None:
        """Drop what is pending."""
        self.entries.clear()
        self._last = None

    def release(self) -> None:
        """Let a waiting poll go home empty-handed."""
        self._wake("timeout")

    def allow(self, kinds: Iterable[str]) -> None:
        """Queue only these kinds from now on; none means the usual ones."""
        self.allowed = frozenset(kinds) or None

    def _wake(self, outcome: str) -> None:
        if self._waiter is not None:
            _settle(self._waiter, outcome)


def _settle(waiter: asyncio.Future[str], outcome: str) -> None:
    if not waiter.done():
        waiter.set_result(outcome)
