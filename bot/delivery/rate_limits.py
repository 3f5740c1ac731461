"""Telegram's pace, kept without a single 429 in steady state: 30 a second, 1 a second per chat, 20 a minute per group.

The windows slide, and a send counts until its time after its *answer*: so Telegram, which counts at some moment in
between, never sees more. (A leaky bucket, as aiolimiter has, lets twice the number through in its first window.)
Answers to taps are counted but never wait for notices; calls that send or change no message are not counted.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MANY_CHATS = 2_000
ROUNDING = 1e-6  # seconds: a timer may ring a rounding error early, and must not ring for ever
PER_GROUP, MINUTE = 20, 60.0


class RateWindow:
    """At most `most` sends in any `per` seconds, in order of asking."""

    def __init__(self, most: int, per: float) -> None:
        self._most, self._per = most, per
        self._flying = 0
        self._landed: deque[float] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        """Whether it remembers nothing."""
        self._forget()
        return not (self._flying or self._landed or self._waiting)

    async def enter(self) -> None:
        """Wait for a place; it is held until `leave`."""
        if not self._waiting and self._has_room():
            self._flying += 1
            return
        mine = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        self._let_in()
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():  # the place was given and nobody will use it
                self._flying -= 1
                self._let_in()
            raise

    def hurry(self) -> None:
        """Take a place without waiting; others wait the longer."""
        self._flying += 1

    def leave(self) -> None:
        """The answer is here: the place is free `per` seconds from now."""
        self._flying -= 1
        self._landed.append(asyncio.get_running_loop().time())
        self._let_in()

    def _forget(self) -> None:
        ended = asyncio.get_running_loop().time() - self._per + ROUNDING
        while self._landed and self._landed[0] <= ended:
            self._landed.popleft()

    def _has_room(self) -> bool:
        self._forget()
        return self._flying + len(self._landed) < self._most

    def _let_in(self) -> None:
        while self._waiting and (self._waiting[0].done() or self._has_room()):
            one = self._waiting.popleft()
            if not one.done():
                one.set_result(None)
                self._flying += 1
        if self._timer is None and self._waiting and self._landed:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(self._landed[0] + self._per, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._let_in()


class RateLimits:
    """The pace of one bot. `overall` sends a second, `per_chat` a second and chat with up to `burst` at once."""

    def __init__(self, overall: int = 30, per_chat: float = 1.0, burst: int = 3) -> None:
        self._overall = RateWindow(overall, 1.0)
        self._taps = RateWindow(overall, 1.0)
        self._burst, self._span = burst, burst / per_chat
        self._chats: dict[int, RateWindow] = {}
        self._parked: dict[int, float] = {}
        self._off = False

    @classmethod
    def none(cls) -> RateLimits:
        """No pace at all, for the sandbox and tests; parking after a 429 stays."""
        limits = cls()
        limits._off = True
        return limits

    @asynccontextmanager
    async def slot(self, chat_id: int | None, *, urgent: bool = False) -> AsyncIterator[None]:
        """The right to make one call. `urgent` is an answer to a tap: it waits for other taps only."""
        if self._off or (urgent and chat_id is None):
            # no message: «the button is heard» and questions to Telegram itself are not what it counts, and two places
            # for every press would halve the presses that the bot can answer
            yield
            return
        chat = self._chat(chat_id)
        if urgent:
            held = [self._taps]
            await self._taps.enter()
            for window in filter(None, (chat, self._overall)):
                window.hurry()
                held.append(window)
        else:
            held = []
            try:
                for window in filter(None, (chat, self._overall)):
                    await window.enter()
                    held.append(window)
            except asyncio.CancelledError:
                for window in held:
                    window.leave()
                raise
        try:
            yield
        finally:
            for window in held:
                window.leave()

    def park(self, chat_id: int, seconds: float) -> None:
        """Telegram asked to leave this chat alone for a while; the others go on."""
        self._parked[chat_id] = asyncio.get_running_loop().time() + seconds

    def parked(self, chat_id: int) -> float:
        """For how many seconds more the chat is to be left alone; 0.0 if it is not."""
        until = self._parked.get(chat_id)
        if until is None:
            return 0.0
        left = until - asyncio.get_running_loop().time()
        if left <= 0:
            del self._parked[chat_id]
            return 0.0
        return left

    def _chat(self, chat_id: int | None) -> RateWindow | None:
        if chat_id is None:
            return None
        window = self._chats.get(chat_id)
        if window is None:
            if len(self._chats) >= MANY_CHATS:
                self._chats = {key: one for key, one in self._chats.items() if not one.is_idle}
            group = chat_id < 0
            window = RateWindow(PER_GROUP, MINUTE) if group else RateWindow(self._burst, self._span)
            self._chats[chat_id] = window
        return window
