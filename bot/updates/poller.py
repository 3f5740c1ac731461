"""Long polling: ask, store, commit, and only then confirm (aiogram's own loop confirms first, and loses updates)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from bot import log
from bot.troubles.trouble_reporter import TroubleReporter
from bot.updates.unstored import UnstoredUpdates
from bot.updates.update_intake import UpdateIntake
from models.troubles import TroubleKind

WAIT = 30  # seconds Telegram holds a question open
PAUSES = (0.5, 1.0, 2.0, 5.0)  # seconds; Telegram out of reach is asked at most every 5
CONFLICT_PAUSE = 15.0  # another program may be meant to poll; the end of an earlier one's question is no reason to wait
STORE_PAUSES = (0.2, 1.0, 2.0)  # seconds; when the database is back, nobody waits for more than five
LOOK = 1.0  # seconds between two looks at whom to answer while it is away
# a bot that was just started meets the last question of the one before once; a second one goes on
CONFLICTS_SURE = 120.0  # seconds within which a second conflict means another program
CONFLICTS_OVER = 300.0  # seconds without one after which it is gone
WEBHOOK = "webhook"  # what the conflict is about where somebody has set one
logger = log.get("bot.updates.poller")


class Source(Protocol):
    """Where updates come from."""

    async def get_updates(self, offset: int | None, timeout: int = 30) -> list[dict[str, Any]]: ...  # noqa: ASYNC109


class Poller:
    """Brings updates from Telegram into the inbox. `may_ask`: whether nobody else does so now; looked at before each
    question, because a second one at a time ends the first."""

    def __init__(
        self,
        telegram: Source,
        intake: UpdateIntake,
        *,
        wait: int = WAIT,
        reporter: TroubleReporter | None = None,
        unstored: UnstoredUpdates | None = None,
        may_ask: Callable[[], bool] = lambda: True,
    ) -> None:
        self._unstored, self._may_ask = unstored, may_ask
        self._telegram, self._intake, self._wait, self._reporter = telegram, intake, wait, reporter
        self._heard = self._conflict_at = float("-inf")
        self._trouble: str | None = None
        self.conflicts = 0
        self.hears = False  # whether Telegram gave updates when it was asked last
        self.mute: str | None = None  # in one word, why not all updates come to us though we ask

    @property
    def age(self) -> float:
        """Seconds since Telegram last answered; infinite before the first answer."""
        return asyncio.get_running_loop().time() - self._heard

    async def run(self) -> None:
        """Poll for ever."""
        offset, failures = None, 0
        while True:
            if not self._may_ask():
                await asyncio.sleep(LOOK)
                continue
            # the first question is not held open: its answer says that Telegram is there
            wait = self._wait if self._heard > float("-inf") else 0
            try:
                updates = await self._telegram.get_updates(offset, wait)
            except TelegramAPIError as error:
                self.hears = False
                await self._report(error)
                await asyncio.sleep(self._pause(error, failures))
                failures += 1
                continue
            failures, self._trouble, self.hears = 0, None, True
            self._heard = asyncio.get_running_loop().time()
            await self._report_answer()
            if updates:
                updates = await self._store(updates, offset)
                offset = max(_number(one) for one in updates) + 1

    async def _store(self, updates: list[dict[str, Any]], offset: int | None) -> list[dict[str, Any]]:
        """Store them, however long that takes, and give them: the offset waits for the commit.

        While it takes long because the database is away, whoever wrote is answered all the same, and whoever writes
        meanwhile: they are asked for without confirming any.
        """
        tries = 0
        while True:
            storing = asyncio.ensure_future(self._intake.accept([one for one in updates if not self._is_shown(one)]))
            try:
                await self._answer_meanwhile(storing, updates, offset)
                await storing
                if self._unstored is not None:
                    self._unstored.over()
                return updates
            except Exception as error:
                pause = STORE_PAUSES[min(tries, len(STORE_PAUSES) - 1)]
                logger.error("updates cannot be stored", again_in=pause, exc_info=error if not tries else None)
                await self._answer(updates)
                await asyncio.sleep(pause)
                updates = await self._look_again(updates, offset)
                tries += 1
            finally:
                storing.cancel()

    async def _answer_meanwhile(
        self, storing: asyncio.Future[int], updates: list[dict[str, Any]], offset: int | None
    ) -> None:
        """Until it is stored or has failed."""
        while not storing.done():
            await asyncio.wait({storing}, timeout=LOOK)
            if not storing.done() and self._intake.state.trouble is not None:
                updates = await self._look_again(updates, offset)
                await self._answer(updates)

    async def _look_again(self, updates: list[dict[str, Any]], offset: int | None) -> list[dict[str, Any]]:
        """What waits at Telegram now, the same and what has come since; nothing is confirmed by asking."""
        if self._unstored is None or not self._may_ask():
            return updates
        try:
            return await self._telegram.get_updates(offset, 0) or updates
        except TelegramAPIError as error:
            logger.info("what came meanwhile cannot be had", failure=log.describe(error))
            return updates

    async def _answer(self, updates: list[dict[str, Any]]) -> None:
        if self._unstored is not None and self._intake.state.trouble is not None:
            await self._unstored.answer(updates)

    def _is_shown(self, update: dict[str, Any]) -> bool:
        return self._unstored is not None and self._unstored.shown(update)

    async def _report(self, error: TelegramAPIError) -> None:
        """A trouble that a person has to see to is told."""
        now = asyncio.get_running_loop().time()
        if isinstance(error, TelegramConflictError):
            sure, self._conflict_at = now - self._conflict_at < CONFLICTS_SURE, now
            if sure:
                self.mute = "conflict"
                await self._begin(TroubleKind.SECOND_BOT, WEBHOOK if WEBHOOK in error.message.lower() else "")
        elif isinstance(error, TelegramUnauthorizedError):
            self.mute = "unauthorized"
            await self._begin(TroubleKind.TOKEN_REVOKED)

    async def _begin(self, kind: TroubleKind, about: str = "") -> None:
        if self._reporter is not None:
            await self._reporter.begin(kind, about)

    async def _report_answer(self) -> None:
        """Telegram has answered: what it said before is over, another program's doings after a while of quiet."""
        quiet = self._heard - self._conflict_at > CONFLICTS_OVER
        if quiet or self.mute != "conflict":
            self.mute = None
        if self._reporter is None:
            return
        await self._reporter.end(TroubleKind.TOKEN_REVOKED)
        if quiet:
            await self._reporter.end(TroubleKind.SECOND_BOT)
            await self._reporter.end(TroubleKind.SECOND_BOT, WEBHOOK)

    def _pause(self, error: TelegramAPIError, failures: int) -> float:
        """How long to leave Telegram alone; each kind of trouble is told once, not at every try."""
        kind = type(error).__name__
        if kind != self._trouble:
            self._trouble = kind
            logger.error(_story(error), alert=True, failure=log.describe(error))
        if isinstance(error, TelegramConflictError):
            self.conflicts += 1
            return CONFLICT_PAUSE if failures or self.mute == "conflict" else PAUSES[0]
        if isinstance(error, TelegramRetryAfter):
            return float(error.retry_after)
        if isinstance(error, TelegramUnauthorizedError):
            return CONFLICT_PAUSE
        return PAUSES[min(failures, len(PAUSES) - 1)]


def _story(error: TelegramAPIError) -> str:
    if isinstance(error, TelegramConflictError):
        return "somebody else polls with this token, or a webhook is set"
    if isinstance(error, TelegramUnauthorizedError):
        return "Telegram does not know this token any more"
    return "no updates can be had"


def _number(update: dict[str, Any]) -> int:
    number = update.get("update_id")
    return number if isinstance(number, int) else -1
