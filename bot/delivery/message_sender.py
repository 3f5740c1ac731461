"""Letters: written anew when they are due, sent outside of any transaction, and their outcome noted (promises 4, 5).

A row that may have been sent says so in `failure` while it is on its way. So a sender's death costs at most one repeat,
and the repeat says «возможно, повтор».
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiogram.exceptions import TelegramRetryAfter
from sqlalchemy import Row, and_, bindparam, or_, select, text, update

from bot import log
from bot.delivery import outgoing_files, outgoing_messages
from bot.delivery.outgoing_messages import DeliveryHooks, OutgoingMessage, TelegramCalls
from bot.delivery.rate_limits import RateLimits
from bot.unit_of_work_factory import UnitOfWorkFactory
from models.tables.outbox import DOUBT, PENDING, ScheduledRow
from services.outbox import schedule
from services.people import employees
from services.unit_of_work import UnitOfWork

AT_ONCE = 16  # people who are written to at the same time
SEND = 45.0  # seconds for a letter, waiting for its turn included; shorter than a claim's lease
PROBE = timedelta(seconds=5)  # Telegram out of reach is tried at most so often
DOUBTFUL = timedelta(seconds=10)
BEHIND = timedelta(milliseconds=1)  # what follows stays behind what it follows
LONGEST_BACKOFF = timedelta(minutes=10)
SENDING, SENDING_AGAIN, IN_DOUBT = "sending", "sending again", "doubt"
logger = log.get("bot.delivery.message_sender")

ON_ITS_WAY = (
    update(ScheduledRow)
    .where(
        ScheduledRow.id == bindparam("key"),
        ScheduledRow.attempts == bindparam("attempt"),
        ScheduledRow.state == PENDING,
    )
    .values(failure=bindparam("why"), claimed_until=bindparam("until"))
)
# another replica is just sending this person something that came due before ours
EARLIER = (
    select(ScheduledRow.id)
    .where(
        text(f"due.state = {PENDING}"),  # literally, so that the index of pending rows serves it
        ScheduledRow.kind == "notice",
        ScheduledRow.employee_id == bindparam("who"),
        ScheduledRow.id.not_in(bindparam("mine", expanding=True)),
        ScheduledRow.due_at <= bindparam("at"),
        or_(
            ScheduledRow.due_at < bindparam("at"),
            and_(ScheduledRow.due_at == bindparam("at"), ScheduledRow.id < bindparam("first")),
        ),
        ScheduledRow.claimed_until >= bindparam("now"),
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
        outbox: DeliveryHooks,
        data_dir: Path = Path("data"),
    ) -> None:
        self._units, self._telegram, self._limits, self._outbox = units, telegram, limits, outbox
        self._data_dir = data_dir
        self._down_until: datetime | None = None
        self.closing = False
        self.counts: dict[str, int] = defaultdict(int)  # by outcome: sent, later, down, gone, refused, doubt, failed

    async def deliver(self, rows: Sequence[Row[Any]]) -> None:
        """Send claimed notices: person by person at once, each person's in order."""
        groups: dict[int, list[Row[Any]]] = {}
        for row in rows:
            groups.setdefault(row.employee_id, []).append(row)
        everyone = list(groups.values())
        if self._down_until is not None and everyone:
            await self._person(everyone.pop(0))  # one probe, before all the others try
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(group: list[Row[Any]]) -> None:
            async with gate:
                await self._person(group)

        await asyncio.gather(*map(one, everyone))

    async def _person(self, rows: list[Row[Any]]) -> None:
        lost = [row for row in rows if row.failure == SENDING_AGAIN]
        if lost:  # its second sender died as well: whether it arrived is not known, and a third would be a nuisance
            await self._finish(lost, state=DOUBT, failure="doubt: two senders were cut off")
        again = [row for row in rows if row.failure and row.failure.startswith((SENDING, IN_DOUBT)) and row not in lost]
        fresh = [row for row in rows if row not in again and row not in lost]
        until = await self._letters(again, repeat=True) if again else None
        if until is not None:
            await self._release(fresh, until + BEHIND, None, repeat=False)
        elif fresh:
            await self._letters(fresh, repeat=False)

    async def _letters(self, rows: list[Row[Any]], repeat: bool) -> datetime | None:
        """Send one person's letters in order; if they could not go, the moment until which what follows must wait."""
        now = self._units.clock()
        if self.closing or (self._down_until is not None and now < self._down_until):
            later = now if self.closing or self._down_until is None else self._down_until
            return await self._release(rows, later, None, repeat=repeat)
        try:
            found = await self._units.run(lambda work: self._compose(work, rows, repeat))
        except Exception as error:
            logger.error("a letter cannot be written", due_ids=[row.id for row in rows], exc_info=error)
            if len(rows) > 1:
                return await self._one_by_one(rows, repeat)
            await self.put_off(rows, f"{IN_DOUBT}: {log.describe(error)}" if repeat else log.describe(error))
            return None
        if found is None:
            return await self._release(rows, now + timedelta(seconds=1), None, repeat=repeat)
        by_id = {row.id: row for row in rows}
        waiting = list(found)
        while waiting:
            letter = waiting.pop(0)
            held = [by_id[key] for key, _ in letter.keys]
            rest = [by_id[key] for other in waiting for key, _ in other.keys]
            wait = await self._send(letter, held, rest, repeat)
            if wait is not None:
                return wait
        return None

    async def _one_by_one(self, rows: list[Row[Any]], repeat: bool) -> datetime | None:
        """One bad row must not silence the others."""
        for place, row in enumerate(rows):
            until = await self._letters([row], repeat)
            if until is not None:
                await self._release(rows[place + 1 :], until + BEHIND, None, repeat=repeat)
                return until
        return None

    def _compose(self, work: UnitOfWork, rows: list[Row[Any]], repeat: bool) -> list[OutgoingMessage] | None:
        """The letters, their rows marked as on their way; None if another replica must come first."""
        if _is_overtaking(work, rows):
            return None
        letters_ = self._outbox.compose(work, rows, repeat=repeat)
        until, why = work.now + schedule.LEASE, SENDING_AGAIN if repeat else SENDING
        kept = []
        for letter in letters_:
            hits = [
                work.tx.execute(ON_ITS_WAY, {"key": key, "attempt": attempt, "why": why, "until": until}).rowcount
                for key, attempt in letter.keys
            ]
            if all(hits):  # else the claim has lapsed, and somebody else has it
                kept.append(letter)
        return kept

    async def _send(
        self, letter: OutgoingMessage, rows: list[Row[Any]], rest: list[Row[Any]], repeat: bool
    ) -> datetime | None:
        """Send one letter and write down what became of it and of the `rest`; until when that must wait, or None."""
        parked = self._limits.parked(letter.chat_id)
        if parked:
            until = self._units.clock() + timedelta(seconds=parked)
            return await self._release([*rows, *rest], until, "Telegram asked for a pause", repeat=repeat)
        try:
            number = await self._call(letter)
        except Exception as error:  # noqa: BLE001 — every outcome is written down and counted below
            return await self._failed(letter, rows, rest, repeat, error)
        self._down_until = None
        self.counts["sent"] += 1
        await self._finish(rows, message=number)
        if letter.pin and number is not None:
            await self._pin(letter.chat_id, number)
        return None

    async def _call(self, letter: OutgoingMessage) -> int | None:
        try:
            if outgoing_files.holds_file(letter.screen):
                return await self._with_file(letter)
            return await self._once(*outgoing_messages.message(letter.chat_id, letter.screen, silent=letter.silent))
        except Exception as error:
            if outgoing_messages.verdict(error) != "refused":
                raise
            logger.error("Telegram refuses the message's form", exc_info=error)
            return await self._once(*outgoing_messages.plain(letter.chat_id, letter.screen))

    async def _once(self, method: str, params: dict[str, Any]) -> int | None:
        async with asyncio.timeout(SEND):
            sent = await self._telegram.call(method, params, paced=True)
        return _number(sent)

    async def _with_file(self, letter: OutgoingMessage) -> int | None:
        async with asyncio.timeout(SEND):
            sent = await outgoing_files.send(
                self._telegram, self._units, self._data_dir, letter.chat_id, letter.screen,
                silent=letter.silent, paced=True,
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

    async def _failed(
        self, letter: OutgoingMessage, rows: list[Row[Any]], rest: list[Row[Any]], repeat: bool, error: Exception
    ) -> datetime | None:
        verdict, why, now = outgoing_messages.verdict(error), outgoing_messages.reason(error), self._units.clock()
        self.counts[verdict] += 1
        logger.warning("a letter did not arrive", verdict=verdict, due_ids=[row.id for row in rows], failure=why)
        if verdict == "refused":
            await self._finish(rows, failure=why)
            return None
        if verdict == "gone":
            await self._write(lambda work: self._give_up(work, letter.chat_id, [*rows, *rest], why))
            return now
        if verdict == "doubt" and repeat:
            await self._finish(rows, state=DOUBT, failure=f"{IN_DOUBT}: {why}")
            return None
        if verdict == "doubt":
            until = await self._release(rows, now + DOUBTFUL, why, repeat=True)
            return await self._release(rest, until + BEHIND, None, repeat=False)
        until = now + PROBE
        if isinstance(error, TelegramRetryAfter):
            until = now + timedelta(seconds=max(error.retry_after, self._limits.parked(letter.chat_id)))
        else:
            self._down_until = until
        return await self._release([*rows, *rest], until, why, repeat=repeat)

    def _give_up(self, work: UnitOfWork, chat_id: int, rows: list[Row[Any]], why: str) -> None:
        employees.mark_reachable(work, chat_id, reachable=False)
        self._outbox.undeliverable(work, rows, why)
        for row in rows:
            schedule.finish(work, row.id, row.attempts, failure=why)

    async def _release(self, rows: Sequence[Row[Any]], until: datetime, why: str | None, *, repeat: bool) -> datetime:
        """Give rows back until a moment, in their order. One that may have been sent keeps saying so."""
        said = f"{IN_DOUBT}: {why or 'waiting'}" if repeat else why or "waiting for its turn"

        def write(work: UnitOfWork) -> None:
            for place, row in enumerate(rows):
                at = max(until, work.now) + timedelta(microseconds=place + 1)
                schedule.retry(work, row.id, row.attempts, at, said)

        if rows:
            await self._write(write)
        return until

    async def _finish(
        self,
        rows: Sequence[Row[Any]],
        *,
        failure: str | None = None,
        state: int | None = None,
        message: int | None = None,
    ) -> None:
        def write(work: UnitOfWork) -> None:
            for row in rows:
                schedule.finish(work, row.id, row.attempts, failure=failure, state=state, message=message)

        await self._write(write)

    async def _write(self, write: Callable[[UnitOfWork], None]) -> None:
        """Write an outcome down. If the database cannot, the claim lapses, and the repeat will be marked."""
        try:
            await self._units.run(write)
        except Exception as error:
            logger.error("an outcome could not be written down", exc_info=error)

    async def put_off(self, rows: Sequence[Row[Any]], why: str) -> None:
        """After a failure of our own: again later, or, after the last attempt, failed with the reason on the row."""

        def write(work: UnitOfWork) -> None:
            for row in rows:
                if row.attempts >= schedule.MOST_ATTEMPTS:
                    schedule.finish(work, row.id, row.attempts, failure=why)
                else:
                    schedule.retry(work, row.id, row.attempts, work.now + _backoff(row.attempts), why)

        self.counts["failed"] += len(rows)
        await self._write(write)


def _number(sent: Any) -> int | None:
    number = sent.get("message_id") if isinstance(sent, dict) else None
    return number if isinstance(number, int) else None


def _is_overtaking(work: UnitOfWork, rows: Sequence[Row[Any]]) -> bool:
    first = min(rows, key=lambda row: (row.due_at, row.id))
    mine = [row.id for row in rows]
    given = {"who": first.employee_id, "mine": mine, "at": first.due_at, "first": first.id, "now": work.now}
    return work.tx.execute(EARLIER, given).first() is not None


def _backoff(attempts: int) -> timedelta:
    return min(timedelta(seconds=15 * 2**attempts), LONGEST_BACKOFF)
