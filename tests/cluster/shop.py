"""The shop on which the bots work: deals to press on, reminders that fall due while they are struck.

Every message whose fate is followed says a word that no other one does: `N…` of a message that stands in the queue
already, `T…` of a deal whose timer rings, `L…` of a lead.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg

from models.engine import trigger_rules
from models.notices import notice
from models.notices.deal_notices import Reminder
from tests.bench import fill

PEOPLE = 10
FIRST_PRESSED, FIRST_TIMED = 2 * PEOPLE, 3 * PEOPLE  # deals, as `fill` deals them out
EPOCH = datetime.fromtimestamp(0, UTC)
DAY = 86_400_000_000  # microseconds
NOTICE, TIMER, LEAD = "N", "T", "L"
RUNG = """
SELECT deal.id, deal.responsible_id FROM deal JOIN scheduled ON scheduled.deal_id = deal.id
WHERE deal.stage = 'prepayment' AND deal.id >= $1 AND scheduled.rule LIKE 'order.prepayment%'
ORDER BY deal.id, scheduled.id
"""
SAY = """
INSERT INTO scheduled (kind, deal_id, employee_id, rule, dedup_key, payload, scheduled_for, run_at, delivery_state,
                       attempts, tries, failures, created_at)
VALUES ('notice', $1, $2, 'order.cluster', $3, $4, $5, $5, 'waiting', 0, 0, 0, $6)
"""


@dataclass(frozen=True)
class Due:
    """What is to come to a chat at a moment (Unix seconds), told by its word."""

    chat: int
    word: str
    at: float


def chat_of(employee: int) -> int:
    """The Telegram id of an employee."""
    return fill.FIRST_USER + employee - 1


def pressed_by(employee: int) -> int:
    """The deal that an employee moves to and fro: his own, and in «prepayment» at first."""
    return FIRST_PRESSED + employee - 1


async def prepare(url: str, most: int) -> None:
    """The tables, the people, a deal to press on for each, and at least `most` deals for timers."""
    await fill.fill(url, FIRST_TIMED + 2 * (most + PEOPLE), PEOPLE)
    connection = await asyncpg.connect(url)
    try:
        # nothing rings but what is planned below
        await connection.execute("DELETE FROM scheduled WHERE rule NOT LIKE 'order.prepayment%'")
    finally:
        await connection.close()


async def plan(url: str, begins: float, seconds: float, pause: float) -> list[Due]:
    """From `begins` on, every `pause` seconds a message of the queue falls due, and every other time a timer rings."""
    connection = await asyncpg.connect(url)
    try:
        timed = list({row["id"]: row for row in await connection.fetch(RUNG, FIRST_TIMED)}.values())
        found: list[Due] = []
        async with connection.transaction():
            for number in range(int(seconds / pause)):
                at = begins + number * pause
                employee = number * 7 % PEOPLE + 1
                found.append(await _say(connection, employee, f"{NOTICE}{number:05}", at))
                if number % 2 and timed:
                    row = timed.pop(0)
                    found.append(await _ring(connection, row["id"], row["responsible_id"], f"{TIMER}{number:05}", at))
            await connection.execute(
                "DELETE FROM scheduled WHERE kind = 'timer' AND run_at > $1", int((begins + seconds) * 1e6)
            )
    finally:
        await connection.close()
    return found


async def _say(connection: asyncpg.Connection, employee: int, word: str, at: float) -> Due:
    payload = json.dumps(notice.payload_of(Reminder(f"Напоминание {word}")), ensure_ascii=False)
    micro = int(at * 1e6)
    deal = pressed_by(employee)  # of his own: of a colleague's nobody is told
    await connection.execute(SAY, deal, employee, word, payload, micro, micro - DAY)
    return Due(chat_of(employee), word, at)


async def _ring(connection: asyncpg.Connection, deal: int, employee: int, word: str, at: float) -> Due:
    """The deal has stood where it stands for a day at that moment."""
    micro = int(at * 1e6)
    await connection.execute(
        "UPDATE deal SET title = $2, entered_at = $3 WHERE id = $1", deal, f"Шкаф {word}", micro - DAY
    )
    await connection.execute(
        "UPDATE scheduled SET run_at = $2, scheduled_for = $2, dedup_key = $3 WHERE deal_id = $1 AND id = "
        "(SELECT min(id) FROM scheduled WHERE deal_id = $1)",
        deal, micro, trigger_rules.stamp(EPOCH + timedelta(microseconds=micro - DAY)),
    )  # fmt: skip
    await connection.execute(
        "DELETE FROM scheduled WHERE deal_id = $1 AND kind = 'timer' AND run_at <> $2", deal, micro
    )
    return Due(chat_of(employee), word, at)
