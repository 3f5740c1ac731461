"""Messages: written anew when they are due, sent outside of any transaction, and their outcome noted (promises 4, 5).

Everybody who is written to has a lane of his own: a slow chat holds up nobody but itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot import log
from bot.background import TaskGroup
from bot.delivery.person_lane import PersonLane, Sending
from models.outbox import DeliveryState, Scheduled
from services.outbox import queue

MOST_LANES = 200  # people who are written to at the same time; the pace lets fewer through
logger = log.get("bot.delivery.message_sender")


class MessageSender:
    """Sends what is claimed, person by person at once, each person's in order."""

    def __init__(self, shared: Sending, on_end: Callable[[], None] = lambda: None) -> None:
        self.shared, self._on_end = shared, on_end
        self._tasks = TaskGroup()
        self._lanes: dict[asyncio.Task[None], frozenset[int]] = {}  # and the rows that each was given

    @property
    def room(self) -> int:
        """To how many more people one may begin to write."""
        lets = self.shared.breaker.lets
        return max((MOST_LANES if lets is None else lets) - len(self._lanes), 0)

    @property
    def is_busy(self) -> bool:
        """Whether anything is on its way."""
        return bool(self._lanes)

    @property
    def in_hand(self) -> frozenset[int]:
        """The rows of the messages that are on their way."""
        return frozenset[int]().union(*self._lanes.values())

    async def start(self, rows: Sequence[Scheduled]) -> None:
        """Begin to send claimed notices."""
        groups: dict[int, list[Scheduled]] = {}
        for row in rows:
            if row.employee_id is None:
                await self._refuse_nobodys(row)
            else:
                groups.setdefault(row.employee_id, []).append(row)
        for person, group in groups.items():
            lane = self._tasks.spawn(PersonLane(self.shared, group).run(), f"messages to {person}")
            self._lanes[lane] = frozenset(row.id for row in group)
            lane.add_done_callback(self._ended)

    async def settle(self) -> bool:
        """Wait for all that is on its way; whether anything was."""
        waited = bool(self._lanes)
        while self._lanes:
            await asyncio.wait(set(self._lanes))
        return waited

    async def deliver(self, rows: Sequence[Scheduled]) -> None:
        """Send claimed notices and wait for their outcomes."""
        await self.start(rows)
        await self.settle()

    async def close(self) -> None:
        """Cut off what is still on its way; it says so on its row."""
        await self._tasks.close()

    def _ended(self, lane: asyncio.Task[None]) -> None:
        self._lanes.pop(lane, None)
        self._on_end()

    async def _refuse_nobodys(self, row: Scheduled) -> None:
        logger.error("a message for nobody", due_id=row.id, rule=row.rule)
        self.shared.counts["refused"] += 1
        await self.shared.outcomes.write(
            lambda work: queue.finish(work, row, DeliveryState.REFUSED, failure="it is for nobody")
        )
