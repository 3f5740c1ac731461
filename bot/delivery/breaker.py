"""An outage of Telegram is recognised as one: one probe asks, everybody's messages wait, then they go in order.

A call that was not answered may be one chat's trouble or everybody's; `getMe`, which changes nothing and may be asked
as often as one likes, tells which. While Telegram is away nothing is sent and nothing is a try. When it answers again
one message goes first, and the others follow when that one has arrived.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Literal

from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter

from bot import log
from scheduler.clock import Clock

EVERY = 5.0  # seconds between two probes
PATIENCE = 5.0  # seconds that a probe waits for its answer
MANY = 3  # chats in a row without an answer are no chat's own trouble, whatever the probe says
logger = log.get("bot.delivery.breaker")

State = Literal["closed", "open", "trying"]
Ask = Callable[[], Awaitable[Any]]


class CircuitBreaker:
    """Whether Telegram is to be called. `ask` is a call that changes nothing."""

    def __init__(self, ask: Ask, clock: Clock) -> None:
        self._ask, self._clock = ask, clock
        self.state: State = "closed"
        self.since: datetime | None = None  # when the first call of this outage failed
        # outages that are over and that nobody has been told of: from when to when; an earlier run may have begun one
        self.ended: list[tuple[datetime | None, datetime]] = []
        self._any_success = False
        self._failed: set[int] = set()
        self._asked = float("-inf")
        self._asking: asyncio.Task[bool] | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing is to be sent."""
        return self.state == "open"

    @property
    def lets(self) -> int | None:
        """To how many people one may write at once; None for any number."""
        return {"closed": None, "open": 0, "trying": 1}[self.state]

    def succeeded(self) -> None:
        """A message has arrived."""
        self._failed.clear()
        if self.state != "closed" or not self._any_success:
            self._any_success = True
            self.ended.append((self.since, self._clock()))
            self.state, self.since = "closed", None

    def unreached(self) -> None:
        """A call was surely not carried out: Telegram is away."""
        self._open()

    async def unanswered(self, chat_id: int) -> bool:
        """A call to a chat had no answer; whether that is an outage. Asks Telegram itself, once for all who wonder."""
        self._failed.add(chat_id)
        if self.state == "trying" or len(self._failed) >= MANY or not await self._answers():
            self._open()
        return self.is_open

    async def ask(self) -> bool:
        """Whether Telegram answers now."""
        if not await self._answers():
            self._open()
        return not self.is_open

    async def probe(self, *, at_once: bool = False) -> None:
        """While it is open: ask from time to time whether Telegram answers, and let one message try if it does."""
        now = asyncio.get_running_loop().time()
        if self.is_open and (at_once or now - self._asked >= EVERY) and await self._answers() and self.is_open:
            self.state = "trying"

    def _open(self) -> None:
        if self.since is None:
            self.since = self._clock()
            logger.error("Telegram is away")
        self.state = "open"

    async def _answers(self) -> bool:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(self._once())
        return await asyncio.shield(self._asking)

    async def _once(self) -> bool:
        self._asked = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._ask()
        except TelegramRetryAfter:
            return True  # it answers
        except (TelegramAPIError, TimeoutError) as error:
            logger.info("Telegram does not answer the probe", failure=log.describe(error))
            return False
        return True
