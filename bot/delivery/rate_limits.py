"""Telegram's pace: 30 a second, 1 a second per chat, 20 a minute per group.

What the bot begins keeps a margin, 28 a second. What follows a person's press is not in that: it keeps its own chat's
pace only, which lets a person press ten times in a row. If Telegram complains all the same (429), the chat is left
alone for as long as it says, and for a minute everything keeps the common pace, people who press first, strangers last.

The windows slide, and a send counts until its time after its *answer*: so Telegram, which counts at some moment in
between, never sees more. (A leaky bucket, as aiolimiter has, lets twice the number through in its first window.)
Calls that send or change no message are not counted.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum

MANY_CHATS = 2_000
ROUNDING = 1e-6  # seconds: a timer may ring a rounding error early, and must not ring for ever
PER_GROUP, MINUTE = 20, 60.0
OVERALL = 28  # a second, of Telegram's 30
STRANGERS = 5  # of those; an answer to a stranger takes a place that nobody else wants
PRESSES = 10  # answers that one chat may get at once, then one a second
JOINED = 60.0  # seconds after a 429 in which what follows a press keeps the common pace too
AT_ONCE, SEVERAL = 3.0, 3  # so many chats refused within so many seconds: Telegram means the bot, not the chats
LONG = 5.0  # seconds: who hardly ever wrote to a chat and is to leave it alone for so long is meant as a whole


class SendPriority(IntEnum):
    """Who goes first."""

    PRESS = 0
    NOTICE = 1
    STRANGER = 2


class RateWindow:
    """At most `most` sends in any `per` seconds, by priority and then in order of asking."""

    def __init__(self, most: int, per: float) -> None:
        self._most, self._per = most, per
        self._flying = 0
        self._landed: deque[float] = deque()
        self._waiting: dict[SendPriority, deque[asyncio.Future[None]]] = {
            priority: deque() for priority in SendPriority
        }
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        """Whether it remembers nothing."""
        return not (self.held or any(self._waiting.values()))

    @property
    def held(self) -> int:
        """How many places are taken."""
        self._forget()
        return self._flying + len(self._landed)

    async def enter(self, priority: SendPriority = SendPriority.NOTICE) -> None:
        """Wait for a place; it is held until `leave`."""
        if self.held < self._most and not any(self._waiting[one] for one in SendPriority if one <= priority):
            self._flying += 1
            return
        mine = asyncio.get_running_loop().create_future()
        self._waiting[priority].append(mine)
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

    def _first(self) -> asyncio.Future[None] | None:
        """Whoever waits and is next; those who have gone away are dropped."""
        for queue in self._waiting.values():
            while queue and queue[0].done():
                queue.popleft()
            if queue:
                return queue[0]
        return None

    def _let_in(self) -> None:
        while (one := self._first()) is not None and self.held < self._most:
            one.set_result(None)
            self._flying += 1
        if self._timer is None and one is not None and self._landed:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(self._landed[0] + self._per, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._let_in()


class ChatLimits:
    """One chat's windows: of all that is sent to it, and of what follows a press there."""

    def __init__(self, chat_id: int, per_chat: float, burst: int) -> None:
        self.all = RateWindow(PER_GROUP, MINUTE) if chat_id < 0 else RateWindow(burst, burst / per_chat)
        presses = max(PRESSES, burst)
        self.presses = RateWindow(presses, presses / per_chat)

    @property
    def is_idle(self) -> bool:
        """Whether nothing has been sent there lately."""
        return self.all.is_idle and self.presses.is_idle


class RateLimits:
    """The pace of one bot. `overall` sends a second, `per_chat` a second and chat with up to `burst` at once."""

    def __init__(self, overall: int = OVERALL, per_chat: float = 1.0, burst: int = 3) -> None:
        self._overall = RateWindow(overall, 1.0)
        self._strangers = RateWindow(min(STRANGERS, overall), 1.0)
        self._burst, self._per_chat = burst, per_chat
        self._chats: dict[int, ChatLimits] = {}
        self._look_at = 0.0  # when to forget chats next, if there are many
        self._parked: dict[int, float] = {}
        self._refusals: deque[tuple[float, int]] = deque()
        self._joined_until = self._paused_until = float("-inf")
        self._off = False

    @classmethod
    def none(cls) -> RateLimits:
        """No pace at all, for the sandbox and tests; parking after a 429 stays."""
        limits = cls()
        limits._off = True
        return limits

    @asynccontextmanager
    async def slot(self, chat_id: int | None, *, urgent: bool = False, stranger: bool = False) -> AsyncIterator[None]:
        """The right to make one call. `urgent` follows a press; `stranger`: of somebody who is not of the company."""
        if self._off or chat_id is None:
            # no message: «the button is heard» and questions to Telegram itself are not what it counts, and two places
            # for every press would halve the presses that the bot can answer
            yield
            return
        priority = SendPriority.STRANGER if stranger else SendPriority.PRESS if urgent else SendPriority.NOTICE
        chat = self._chat(chat_id)
        held: list[RateWindow] = []
        try:
            if (
                priority is SendPriority.PRESS
            ):  # it does not wait for what the bot began, but what the bot begins waits for it
                chat.all.hurry()
                held.append(chat.all)
            for window in self._windows(chat, priority):
                await window.enter(priority)
                held.append(window)
            yield
        finally:
            for window in held:
                window.leave()

    def _windows(self, chat: ChatLimits, priority: SendPriority) -> list[RateWindow]:
        """Those to wait for, in order."""
        if priority is SendPriority.STRANGER:
            return [chat.all, self._strangers, self._overall]
        if priority is SendPriority.NOTICE:
            return [chat.all, self._overall]
        joined = self._joined_until > asyncio.get_running_loop().time()
        return [chat.presses, self._overall] if joined else [chat.presses]

    # --- what Telegram refuses (429) ----------------------------------------------------------------------------

    def refuse(self, chat_id: int, seconds: float) -> None:
        """Telegram asked to leave this chat alone for a while; or, by all signs, everybody."""
        now = asyncio.get_running_loop().time()
        self.park(chat_id, seconds)
        self._joined_until = now + JOINED
        self._refusals.append((now, chat_id))
        while self._refusals[0][0] < now - AT_ONCE:
            self._refusals.popleft()
        several = len({chat for _, chat in self._refusals}) >= SEVERAL
        if several or (seconds >= LONG and self._is_free(chat_id)):
            self._paused_until = max(self._paused_until, now + seconds)

    def _is_free(self, chat_id: int) -> bool:
        """Whether the chat was written to so little that the refusal cannot be its own."""
        chat = self._chats.get(chat_id)
        return chat is not None and chat.all.held <= 1

    def park(self, chat_id: int, seconds: float) -> None:
        """Leave this chat alone for a while; the others go on."""
        until = asyncio.get_running_loop().time() + seconds
        self._parked[chat_id] = max(until, self._parked.get(chat_id, until))

    def parked(self, chat_id: int) -> float:
        """For how many seconds more the chat is to be left alone, by itself or with all; 0.0 if it is not."""
        now = asyncio.get_running_loop().time()
        left = self._parked.get(chat_id, now) - now
        if left <= 0:
            self._parked.pop(chat_id, None)
        return max(left, self._paused_until - now, 0.0)

    def _chat(self, chat_id: int) -> ChatLimits:
        pace = self._chats.get(chat_id)
        if pace is None:
            now = asyncio.get_running_loop().time()
            if len(self._chats) >= MANY_CHATS and now >= self._look_at:
                self._chats = {key: one for key, one in self._chats.items() if not one.is_idle}
                self._look_at = now + 1.0  # looking through thousands at every new one would take its time
            pace = self._chats[chat_id] = ChatLimits(chat_id, self._per_chat, self._burst)
        return pace
