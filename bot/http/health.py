"""Whether all goes well, by facts: the database answers, the bell rings, updates are asked for, nothing is overdue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.database import Database
from bot.updates import inbox
from scheduler.clock import Clock
from services.outbox.schedule import NEXT

PATIENCE = 5.0  # seconds for the database to answer
STALE_TICK = 60.0
STALE_POLL = 120.0  # a question is held open for 30 seconds, and out of reach Telegram is asked every 5


@dataclass
class HealthFacts:
    """What the database knows."""

    quarantined: int
    overdue: float  # seconds


@dataclass
class Health:
    """Asks the parts. `poll_age` is None where this replica does not poll."""

    db: Database
    clock: Clock
    tick_age: Callable[[], float]
    poll_age: Callable[[], float | None]

    async def vital(self) -> HealthFacts | None:
        """The database's numbers; None if it does not answer in time."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.db.run(lambda tx: _read(tx, self.clock()))
        except Exception:  # noqa: BLE001 — whatever ails it, the answer is «it does not answer»
            return None

    async def report(self) -> tuple[bool, dict[str, object]]:
        """(ready, the facts). Quarantined updates and overdue rows are told, but do not make it unready."""
        vital = await self.vital()
        tick, poll = self.tick_age(), self.poll_age()
        facts: dict[str, object] = {
            "database": vital is not None,
            "tick_age_seconds": _seconds(tick),
            "polling": "off" if poll is None else poll < STALE_POLL,
            "quarantined": vital.quarantined if vital else None,
            "overdue_seconds": round(vital.overdue, 1) if vital else None,
        }
        return vital is not None and tick < STALE_TICK and (poll is None or poll < STALE_POLL), facts


def _read(tx: Connection, now: datetime) -> HealthFacts:
    oldest = tx.execute(NEXT).scalar_one_or_none()
    overdue = max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
    return HealthFacts(inbox.count_quarantined(tx), overdue)


def _seconds(value: float) -> float | None:
    return None if value == float("inf") else round(value, 1)
