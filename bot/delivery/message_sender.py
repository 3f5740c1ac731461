"""Messages: written anew when they are due, sent outside of any transaction, and their outcome noted (promises 4, 5).

A row that may have been sent says so in its state while it is on its way. So a sender's death costs at most one repeat,
and the repeat says «возможно, повтор».
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiogram.exceptions import TelegramRetryAfter
from sqlalchemy import and_, bindparam, or_, select

from bot import log
from bot.delivery import outgoing_files, outgoing_messages
from bot.delivery.outgoing_messages import DeliveryHooks, TelegramCalls
from bot.delivery.rate_limits import RateLimits
from bot.unit_of_work_factory import UnitOfWorkFactory
from handlers.notices.compose import OutgoingMessage
from models.outbox import DeliveryState, Scheduled
from models.tables.outbox import ScheduledRow
from services.outbox import schedule
from services.people import employees
from services.unit_of_work import UnitOfWork

AT_ONCE = 16  # people who are written to at the same time
SEND = 45.0  # seconds for a letter, waiting for its turn included; shorter than a claim's lease
PROBE = timedelta(seconds=5)  # Telegram out of reach is tried at most so often
DOUBTFUL = timedelta(seconds=10)
BEHIND = timedelta(milliseconds=1)  # what follows stays behind what it follows
LONGEST_BACKOFF = timedelta(minutes=10)
MOST_UNKNOWN = 2  # so many tries may have arrived; a third one would be a nuisance
logger = log.get("bot.delivery.message_sender")

# another replica is just sending this person something that came due before ours
EARLIER = (
    select(ScheduledRow.id)
    .where(
        schedule.PENDING,
        ScheduledRow.kind == "notice",
        ScheduledRow.employee_id == bindparam("who"),
        ScheduledRow.id.not_in(bindparam("mine", expanding=True)),
        ScheduledRow.run_at <= bindparam("at"),
        or_(
            ScheduledRow.run_at < bindparam("at"),
            and_(ScheduledRow.run_at == bindparam("at"), ScheduledRow.id < bindparam("first")),
        ),
        ScheduledRow.lease_until >= bindparam("now"),
    )
    .limit(1)
)


class MessageSender:
    """Writes and sends what is claimed."""

    def __init__(
        self,
        units: UnitOfWorkFactory,
        telegram: TelegramCalls,
        limits: RateLimits,
        hooks: DeliveryHooks,
        data_dir: Path = Path("data"),
    ) -> None:
        self._units, self._telegram, self._limits, self._hooks = units, telegram, limits, hooks
        self._data_dir = data_dir
        self._down_until: datetime | None = None
        self.closing = False
        self.counts: dict[str, int] = defaultdict(int)  # by outcome: sent, later, down, gone, refused, doubt, failed

    async def deliver(self, rows: Sequence[Scheduled]) -> None:
        """Send claimed notices: person by person at once, each person's in order."""
        groups: dict[int, list[Scheduled]] = {}
        for row in rows:
            if row.employee_id is None:
                await self._refuse_nobodys(row)
            else:
                groups.setdefault(row.employee_id, []).append(row)
        everyone = list(groups.values())
        if self._down_until is not None and everyone:
            await self._person(everyone.pop(0))  # one probe, before all the others try
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(group: list[Scheduled]) -> None:
            async with gate:
                await self._person(group)

        await asyncio.gather(*map(one, everyone))

    async def _refuse_nobodys(self, row: Scheduled) -> None:
        logger.error("a message for nobody", due_id=row.id, rule=row.rule)
        self.counts["refused"] += 1
        await self._finish([row], DeliveryState.REFUSED, failure="it is for nobody")

    async def _person(self, rows: list[Scheduled]) -> None:
        known = [replace(row, tries=_unknown_tries(row)) for row in rows]
        lost = [row for row in known if row.tries >= MOST_UNKNOWN]
        if lost:
            await self._finish(lost, DeliveryState.UNSURE, failure="two senders were cut off")
        again = [row for row in known if 0 < row.tries < MOST_UNKNOWN]
        fresh = [row for row in known if row.tries == 0]
        until = await self._letters(again) if again else None
        if until is not None:
            await self._release(fresh, until + BEHIND)
        elif fresh:
            await self._letters(fresh)

    async def _letters(self, rows: list[Scheduled]) -> datetime | None:
        """Send one person's messages in order; if they could not go, the moment until which what follows must wait.

        All of them are fresh, or all may have arrived before.
        """
        now = self._units.clock()
        if self.closing or (self._down_until is not None and now < self._down_until):
            later = now if self.closing or self._down_until is None else self._down_until
            return await self._release(rows, later)
        try:
            found = await self._units.run(lambda work: self._compose(work, rows))
        except Exception as error:
            logger.error("a message cannot be written", due_ids=[row.id for row in rows], exc_info=error)
            if len(rows) > 1:
                return await self._one_by_one(rows)
            await self.put_off(rows, log.describe(error))
            return None
        if found is None:
            return await self._release(rows, now + timedelta(seconds=1))
        waiting = list(found)
        while waiting:
            message = waiting.pop(0)
            rest = [row for other in waiting for row in other.rows]
            wait = await self._send(message, rest)
            if wait is not None:
                return wait
        return None

    async def _one_by_one(self, rows: list[Scheduled]) -> datetime | None:
        """One bad row must not silence the others."""
        for place, row in enumerate(rows):
            until = await self._letters([row])
            if until is not None:
                await self._release(rows[place + 1 :], until + BEHIND)
                return until
        return None

    def _compose(self, work: UnitOfWork, rows: list[Scheduled]) -> list[OutgoingMessage] | None:
        """The messages, their rows marked as on their way; None if another replica must come first."""
        if _is_overtaking(work, rows):
            return None
        found = self._hooks.compose(work, rows, repeat=rows[0].tries > 0)
        kept = []
        for one in found:
            claims = one.stated or ((),) * len(one.rows)
            marked = [
                schedule.begin_sending(work, row, row.tries, said) for row, said in zip(one.rows, claims, strict=True)
            ]
            if all(marked):  # else the claim has lapsed, and somebody else has it
                kept.append(one)
        return kept

    async def _send(self, message: OutgoingMessage, rest: list[Scheduled]) -> datetime | None:
        """Send one message and write down what became of it and of the `rest`; until when that must wait, or None."""
        rows = message.rows
        parked = self._limits.parked(message.chat_id)
        if parked:
            until = self._units.clock() + timedelta(seconds=parked)
            return await self._release([*rows, *rest], until, "Telegram asked for a pause")
        try:
            number = await self._call(message)
        except Exception as error:  # noqa: BLE001 — every outcome is written down and counted below
            return await self._failed(message, rest, error)
        self._down_until = None
        self.counts["sent"] += 1
        await self._finish(rows, DeliveryState.SENT, message=number)
        if message.pin and number is not None:
            await self._pin(message.chat_id, number)
        return None

    async def _call(self, message: OutgoingMessage) -> int | None:
        try:
            if outgoing_files.holds_file(message.screen):
                return await self._with_file(message)
            return await self._once(*outgoing_messages.message(message.chat_id, message.screen, silent=message.silent))
        except Exception as error:
            if outgoing_messages.verdict(error) != "refused":
                raise
            logger.error("Telegram refuses the message's form", exc_info=error)
            return await self._once(*outgoing_messages.plain(message.chat_id, message.screen))

    async def _once(self, method: str, params: dict[str, Any]) -> int | None:
        async with asyncio.timeout(SEND):
            sent = await self._telegram.call(method, params, paced=True)
        return _number(sent)

    async def _with_file(self, message: OutgoingMessage) -> int | None:
        async with asyncio.timeout(SEND):
            sent = await outgoing_files.send(
                self._telegram, self._units, self._data_dir, message.chat_id, message.screen,
                silent=message.silent, paced=True,
            )  # fmt: skip
        return _number(sent)

    async def _pin(self, chat_id: int, number: int) -> None:
        try:
            given = {"chat_id": chat_id, "message_id": number, "disable_notification": True}
            await self._telegram.call("pinChatMessage", given, paced=True)
        except Exception as error:
            # the letter has arrived; a missing pin is no reason to send it again
            logger.warning("a message cannot be pinned", exc_info=error)

    # --- what became of it --------------------------------------------------------------------------------------

    async def _failed(self, message: OutgoingMessage, rest: list[Scheduled], error: Exception) -> datetime | None:
        verdict, why = outgoing_messages.verdict(error), outgoing_messages.reason(error)
        rows, now = message.rows, self._units.clock()
        self.counts[verdict] += 1
        logger.warning("a message did not arrive", verdict=verdict, due_ids=[row.id for row in rows], failure=why)
        if verdict == "refused":
            await self._finish(rows, DeliveryState.REFUSED, failure=why)
            return None
        if verdict == "gone":
            await self._write(lambda work: self._give_up(work, message.chat_id, [*rows, *rest], why))
            return now
        if verdict == "doubt":
            return await self._unsure(rows, rest, why)
        until = now + PROBE
        if isinstance(error, TelegramRetryAfter):
            until = now + timedelta(seconds=max(error.retry_after, self._limits.parked(message.chat_id)))
        else:
            self._down_until = until
        return await self._release([*rows, *rest], until, why)

    async def _unsure(self, rows: Sequence[Scheduled], rest: list[Scheduled], why: str) -> datetime | None:
        """Nobody knows whether it arrived: once more, marked, and what follows waits behind it; or it ends so."""
        unknown = [replace(row, tries=row.tries + 1) for row in rows]
        if unknown[0].tries >= MOST_UNKNOWN:
            await self._finish(unknown, DeliveryState.UNSURE, failure=why)
            return None
        until = await self._release(unknown, self._units.clock() + DOUBTFUL, why)
        return await self._release(rest, until + BEHIND)

    def _give_up(self, work: UnitOfWork, chat_id: int, rows: Sequence[Scheduled], why: str) -> None:
        employees.mark_reachable(work, chat_id, reachable=False)
        self._hooks.undeliverable(work, rows, why)
        for row in rows:
            schedule.finish(work, row, DeliveryState.REFUSED, failure=why)

    async def _release(
        self, rows: Sequence[Scheduled], until: datetime, why: str = "waiting for its turn"
    ) -> datetime:  # fmt: skip
        """Give rows back until a moment, in their order. One that may have been sent keeps saying so."""

        def write(work: UnitOfWork) -> None:
            for place, row in enumerate(rows):
                at = max(until, work.now) + timedelta(microseconds=place + 1)
                schedule.retry(work, row, at, why, state=_pending_state(row))

        if rows:
            await self._write(write)
        return until

    async def _finish(
        self,
        rows: Sequence[Scheduled],
        state: DeliveryState,
        *,
        failure: str | None = None,
        message: int | None = None,
    ) -> None:
        def write(work: UnitOfWork) -> None:
            for row in rows:
                schedule.finish(work, row, state, failure=failure, message=message)

        await self._write(write)

    async def _write(self, write: Callable[[UnitOfWork], None]) -> None:
        """Write an outcome down. If the database cannot, the claim lapses, and the repeat will be marked."""
        try:
            await self._units.run(write)
        except Exception as error:
            logger.error("an outcome could not be written down", exc_info=error)

    async def put_off(self, rows: Sequence[Scheduled], why: str) -> None:
        """After a failure of our own: again later, or, after the last attempt, failed with the reason on the row."""

        def write(work: UnitOfWork) -> None:
            for row in rows:
                if row.attempts >= schedule.MOST_ATTEMPTS:
                    schedule.finish(work, row, DeliveryState.REFUSED, failure=why)
                else:
                    again = work.now + _backoff(row.attempts)
                    schedule.retry(work, row, again, why, state=_pending_state(row))

        self.counts["failed"] += len(rows)
        await self._write(write)


def _number(sent: Any) -> int | None:
    number = sent.get("message_id") if isinstance(sent, dict) else None
    return number if isinstance(number, int) else None


def _is_overtaking(work: UnitOfWork, rows: Sequence[Scheduled]) -> bool:
    first = min(rows, key=lambda row: (row.run_at, row.id))
    mine = [row.id for row in rows]
    given = {"who": first.employee_id, "mine": mine, "at": first.run_at, "first": first.id, "now": work.now}
    return work.tx.execute(EARLIER, given).first() is not None


def _unknown_tries(row: Scheduled) -> int:
    """How many sends of it may have arrived: one that was on its way when its sender died counts."""
    return row.tries + (row.delivery_state is DeliveryState.SENDING)


def _pending_state(row: Scheduled) -> DeliveryState:
    return DeliveryState.UNSURE if row.tries else DeliveryState.WAITING


def _backoff(attempts: int) -> timedelta:
    return min(timedelta(seconds=15 * 2**attempts), LONGEST_BACKOFF)
