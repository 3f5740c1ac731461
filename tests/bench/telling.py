"""Supervisors move deals of managers, who hear of it: how long after the press their messages leave."""

from __future__ import annotations

import asyncio
import random
import time
from datetime import UTC, datetime
from itertools import cycle

from sqlalchemy import bindparam, func, select, update

from bot.database import Database, open_database
from models.tables.outbox import ScheduledRow
from models.tables.people import EmployeeRow
from tests.bench.crowd import Crowd, Told

ABOVE = 20  # supervisors, whose presses somebody else hears of
TOLD = 180  # such presses, each for another manager
RATE = 4.0  # of them a second: the chats that hear of them are free
PROMOTE = (
    update(EmployeeRow).where(EmployeeRow.telegram_id.in_(bindparam("who", expanding=True))).values(role="supervisor")
)
# the time by which the press was carried out: that is when its transaction was asked for, so before its commit
CAUSED = (
    select(EmployeeRow.telegram_id, func.max(ScheduledRow.created_at))
    .join(ScheduledRow, ScheduledRow.employee_id == EmployeeRow.id)
    .where(ScheduledRow.kind == "notice")
    .group_by(EmployeeRow.telegram_id)
)


async def measure(crowd: Crowd, url: str) -> dict[str, float]:
    """Milliseconds until the manager's message leaves: from the getUpdates that brought the press, and from the moment
    at which its transaction was asked for, which is some milliseconds more than from its commit."""
    db = await open_database(url)
    try:
        bosses = crowd.pressers[:ABOVE]
        await db.run(lambda tx: tx.execute(PROMOTE, {"who": [one.chat.person.id for one in bosses]}))
        told = await _tell(crowd)
        return {"colleagues: told": len(told), **await _times(db, told)}
    finally:
        await db.close()


async def _tell(crowd: Crowd) -> list[Told]:
    fresh = [(one, card) for one in crowd.pressers[ABOVE:] for card in one.cards if card.stage == "prepayment"]
    chosen = {one.chat.person.id: (one, card) for one, card in random.sample(fresh, len(fresh))}
    todo = random.sample(list(chosen.values()), min(TOLD, len(chosen)))
    telling: list[asyncio.Task[Told]] = []
    async with asyncio.TaskGroup() as group:
        for boss, (manager, card) in zip(cycle(crowd.pressers[:ABOVE]), todo, strict=False):
            await asyncio.sleep(random.uniform(0.5, 1.5) / RATE)
            telling.append(group.create_task(crowd.tell(boss, manager, card)))
    return [one.result() for one in telling]


async def _times(db: Database, told: list[Told]) -> dict[str, float]:
    began: dict[int | None, datetime] = dict(await db.run(lambda tx: [(row[0], row[1]) for row in tx.execute(CAUSED)]))
    start = time.time() - time.perf_counter()
    heard = {one.telegram_id: datetime.fromtimestamp(start + one.heard, UTC) for one in told}
    return {
        **_spread("after it was handed over", [one.heard - one.handed for one in told]),
        **_spread("after the press began", [(at - began[who]).total_seconds() for who, at in heard.items()]),
    }


def _spread(since: str, took: list[float]) -> dict[str, float]:
    found = sorted(took)
    at = {"p50": found[len(found) // 2], "p99": found[len(found) * 99 // 100]}
    return {f"colleagues: {since}, {name} ms": seconds * 1000 for name, seconds in at.items()}
