"""One person's messages on their way: in order, one at a time, each marked as being sent when its own call begins.

So a sender's death costs at most one repeat for each person who was just being written to, and the repeat says so.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiogram.exceptions import TelegramRetryAfter

from bot import database_faults, log
from bot.delivery import outgoing_files, outgoing_messages
from bot.delivery.breaker import CircuitBreaker
from bot.delivery.outcomes import Outcomes
from bot.delivery.outgoing_messages import DeliveryHooks, TelegramCalls
from bot.delivery.rate_limits import RateLimits
from bot.telegram_client import FileUpload
from bot.unit_of_work_factory import UnitOfWorkFactory
from handlers.notices.compose import OutgoingMessage
from models.outbox import DeliveryState, Scheduled
from services.outbox import queue
from services.people import employees
from services.unit_of_work import UnitOfWork

SEND = 45.0  # seconds for a message, waiting for its turn included
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=10)  # before a message of doubt is repeated
OWN_PAUSE = timedelta(seconds=15)  # after a failure of our own
MOST_UNKNOWN = 6  # tries of which nobody knows, while Telegram answers others: then a person is told
logger = log.get("bot.delivery.person_lane")


class ClaimLost(Exception):
    """Somebody else has the message by now."""


class SendingPaused(Exception):
    """Its turn came when nothing is to be sent."""


@dataclass
class Sending:
    """What all lanes share. `counts` by outcome: sent, later, down, gone, refused, doubt, failed."""

    units: UnitOfWorkFactory
    telegram: TelegramCalls
    limits: RateLimits
    hooks: DeliveryHooks
    breaker: CircuitBreaker
    outcomes: Outcomes
    data_dir: Path
    closing: bool = False
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True)
class MarkedCalls:
    """Telegram's calls; `begin` is carried out when the call's own turn has come."""

    telegram: TelegramCalls
    begin: Callable[[], Awaitable[None]]

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        files: Mapping[str, FileUpload] | None = None,
        paced: bool = True,
    ) -> Any:
        """Make the call in its turn."""
        return await self.telegram.call(method, params, files=files, paced=paced, begin=self.begin)

    async def download(self, file_id: str) -> bytes:
        """The bytes of a file that is to go out looked through."""
        return await self.telegram.download(file_id)


class PersonLane:
    """The claimed messages of one person."""

    def __init__(self, shared: Sending, rows: Sequence[Scheduled]) -> None:
        self._shared = shared
        # one that was on its way when its sender died may have arrived
        self._rows = [replace(row, tries=row.tries + (row.delivery_state is DeliveryState.SENDING)) for row in rows]
        self._left = {row.id: row for row in self._rows}
        self._flying: frozenset[int] = frozenset()  # the rows whose call has begun

    async def run(self) -> None:
        """Send what can be sent; the rest is given back as it was."""
        again = [row for row in self._rows if row.tries]
        fresh = [row for row in self._rows if not row.tries]
        try:
            for group in (again, fresh):
                if group and not await self._group(group):
                    break
        finally:
            # cut off in the middle of a call: that one may have arrived
            rest = [replace(row, tries=row.tries + (row.id in self._flying)) for row in self._left.values()]
            if rest:
                await self._shared.outcomes.write(lambda work: [queue.put_back(work, row) for row in rest])

    async def _group(self, rows: list[Scheduled]) -> bool:
        """Send messages that are all fresh, or may all have arrived before; whether what follows may go on."""
        shared = self._shared
        if shared.closing or shared.breaker.is_open:
            return False
        try:
            found = await shared.units.run(lambda work: shared.hooks.compose(work, rows, repeat=rows[0].tries > 0))
        except Exception as error:
            if database_faults.is_surely_away(error):
                return False  # as they were; that is no failure of theirs
            logger.error("a message cannot be written", due_ids=[row.id for row in rows], exc_info=error)
            if len(rows) > 1:  # one bad row must not silence the others
                return all([await self._group([row]) for row in rows])
            await self._put_off(rows, log.reason(error))
            return True
        for message in found:
            if not await self._send(message):
                return False
        return True

    async def _send(self, message: OutgoingMessage) -> bool:
        """Send one message and write down what became of it; whether the next one may go."""
        shared = self._shared
        if parked := shared.limits.parked(message.chat_id):
            await self._later(message.rows, parked, "Telegram asked for a pause")
            return False
        began = asyncio.Event()
        try:
            number = await self._call(message, began)
        except SendingPaused:
            self._flying = frozenset()
            return False
        except ClaimLost:
            self._done(message.rows)
            return True
        except Exception as error:  # noqa: BLE001 — every outcome is written down and counted below
            if not began.is_set() and (isinstance(error, TimeoutError) or database_faults.is_surely_away(error)):
                return False  # its turn did not come, or could not be written down
            return await self._failed(message, error, began=began.is_set())
        shared.breaker.succeeded()
        shared.counts["sent"] += 1
        await self._finish(message.rows, DeliveryState.SENT, message=number)
        if message.pin and number is not None:
            await self._pin(message.chat_id, number)
        return True

    async def _begin(self, message: OutgoingMessage, began: asyncio.Event) -> None:
        if self._shared.closing or self._shared.breaker.is_open:
            raise SendingPaused
        claims = message.stated or ((),) * len(message.rows)

        def mark(work: UnitOfWork) -> None:
            for row, said in zip(message.rows, claims, strict=True):
                if not queue.begin_sending(work, row, said):
                    raise ClaimLost  # nothing is marked: what is told together is told by one

        await self._shared.units.run(mark)
        self._flying = frozenset(row.id for row in message.rows)
        began.set()

    async def _call(self, message: OutgoingMessage, began: asyncio.Event) -> int | None:
        shared = self._shared
        calls = MarkedCalls(shared.telegram, lambda: self._begin(message, began))
        try:
            async with asyncio.timeout(SEND):
                if outgoing_files.holds_file(message.screen):
                    return _number(
                        await outgoing_files.send(
                            calls, shared.units, shared.data_dir, message.chat_id, message.screen,
                            silent=message.silent, paced=True,
                        )
                    )  # fmt: skip
                given = outgoing_messages.message(message.chat_id, message.screen, silent=message.silent)
                return _number(await calls.call(*given))
        except Exception as error:
            if outgoing_messages.verdict(error) != "refused":
                raise
            logger.error("Telegram refuses the message's form", exc_info=error)
            async with asyncio.timeout(SEND):
                return _number(await calls.call(*outgoing_messages.plain(message.chat_id, message.screen)))

    async def _pin(self, chat_id: int, number: int) -> None:
        try:
            given = {"chat_id": chat_id, "message_id": number, "disable_notification": True}
            await self._shared.telegram.call("pinChatMessage", given, paced=True)
        except Exception as error:
            # the message has arrived; a missing pin is no reason to send it again
            logger.warning("a message cannot be pinned", exc_info=error)

    # --- what became of it --------------------------------------------------------------------------------------

    async def _failed(self, message: OutgoingMessage, error: Exception, *, began: bool) -> bool:
        shared, rows = self._shared, message.rows
        verdict = outgoing_messages.verdict(error) if began else "failed"
        why = outgoing_messages.reason(error)
        logger.warning(
            "a message did not arrive", verdict=verdict, due_ids=[row.id for row in rows], failure=log.describe(error)
        )
        if verdict == "failed":
            await self._put_off(rows, why)
            return False
        shared.counts[verdict] += 1
        match verdict:
            case "refused":
                await self._lost(rows, DeliveryState.REFUSED, why)
                return True
            case "gone":
                await self._give_up(message.chat_id, why)
            case "doubt":
                await self._unsure(message, why)
            case "later":
                asked = error.retry_after if isinstance(error, TelegramRetryAfter) else 0
                await self._later(rows, max(asked, shared.limits.parked(message.chat_id)), why)
            case _:
                self._flying = frozenset()
                shared.breaker.unreached()
        return False

    async def _unsure(self, message: OutgoingMessage, why: str) -> None:
        """Nobody knows whether it arrived: again, marked, until it is known, or a person is told of it."""
        unknown = [replace(row, tries=row.tries + 1) for row in message.rows]
        outage = await self._shared.breaker.unanswered(message.chat_id)
        if not outage and unknown[0].tries >= MOST_UNKNOWN:
            await self._lost(unknown, DeliveryState.UNSURE, why)
            return
        pause = min(FIRST_PAUSE * 2 ** (unknown[0].tries - 1), LONGEST_PAUSE)
        await self._retry(unknown, pause, why)

    async def _give_up(self, chat_id: int, why: str) -> None:
        """Telegram does not deliver to this person: all that is his goes to who stands above."""
        rows = list(self._left.values())

        def write(work: UnitOfWork) -> None:
            employees.mark_reachable(work, chat_id, reachable=False)
            self._shared.hooks.undeliverable(work, rows, why)
            for row in rows:
                queue.finish(work, row, DeliveryState.REFUSED, failure=why)

        self._done(rows)
        await self._shared.outcomes.write(write)

    async def _lost(self, rows: Sequence[Scheduled], state: DeliveryState, why: str) -> None:
        """It is given up, and not in silence."""

        def write(work: UnitOfWork) -> None:
            ended = [queue.finish(work, row, state, failure=why) for row in rows]
            if any(ended):
                self._shared.hooks.lost(work, rows, why)

        self._done(rows)
        await self._shared.outcomes.write(write)

    async def _finish(self, rows: Sequence[Scheduled], state: DeliveryState, *, message: int | None = None) -> None:
        self._done(rows)
        await self._shared.outcomes.write(
            lambda work: [queue.finish(work, row, state, message=message) for row in rows]
        )

    async def _later(self, rows: Sequence[Scheduled], seconds: float, why: str) -> None:
        await self._retry(rows, timedelta(seconds=seconds), why)

    async def _put_off(self, rows: Sequence[Scheduled], why: str) -> None:
        """After a failure of our own: again later, or, after the last try, given up, and somebody is told."""
        self._shared.counts["failed"] += len(rows)
        failed = [replace(row, failures=row.failures + 1) for row in rows]
        if failed[0].failures >= queue.MOST_FAILURES:
            await self._lost(failed, DeliveryState.REFUSED, why)
        else:
            await self._retry(failed, own_pause(failed[0]), why)

    async def _retry(self, rows: Sequence[Scheduled], pause: timedelta, why: str) -> None:
        self._done(rows)
        await self._shared.outcomes.write(lambda work: [queue.retry(work, row, work.now + pause, why) for row in rows])

    def _done(self, rows: Sequence[Scheduled]) -> None:
        self._flying = frozenset()
        for row in rows:
            self._left.pop(row.id, None)


def own_pause(row: Scheduled) -> timedelta:
    """How long a row rests after a failure of our own: longer each time."""
    pause: timedelta = OWN_PAUSE * 2**row.failures
    return min(pause, LONGEST_PAUSE)


def _number(sent: Any) -> int | None:
    number = sent.get("message_id") if isinstance(sent, dict) else None
    return number if isinstance(number, int) else None
