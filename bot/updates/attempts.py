"""Attempts at an update: one that fails is tried three times, and so is one that ends the program (promise 1).

What fails is counted after it failed. What ends the program writes nothing down, so an attempt at what another run has
left is counted before its work begins; the first one is not: that would cost every tap a write.
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, update

from bot.updates.inbox import NOT_DONE, STATE, InboxItem
from models.tables.updates import FAILED, PENDING, InboxRow

MOST_ATTEMPTS = 3

COUNT = update(InboxRow).where(NOT_DONE).values(attempts=InboxRow.attempts + bindparam("more"))
# another replica that has found it left as well counts once with this one
COUNT_ATTEMPT = COUNT.where(InboxRow.attempts == bindparam("known")).returning(InboxRow.attempts)
FAIL_AND_COUNT = COUNT.values(failure=bindparam("why")).returning(InboxRow.attempts)
QUARANTINE = update(InboxRow).where(NOT_DONE).values(state=FAILED, done_at=bindparam("at"))
QUARANTINE_BECAUSE = QUARANTINE.values(failure=bindparam("why"))


class PoisonUpdate(Exception):
    """Each time that the update was worked at the program ended."""


def count_attempt(tx: Connection, item: InboxItem) -> str:
    """Count an attempt before its work begins: «begun», «done» if it has taken effect after all, «quarantined» if each
    of three attempts has ended the program."""
    more = 2 if item.begun_before and not item.attempts else 1
    given = {"key": item.id, "known": item.attempts, "more": more}
    attempts = tx.execute(COUNT_ATTEMPT, given).scalar_one_or_none()
    if attempts is None:
        return "begun" if tx.execute(STATE, {"key": item.id}).scalar_one_or_none() == PENDING else "done"
    item.attempts, item.counted = attempts, True
    if attempts <= MOST_ATTEMPTS:
        return "begun"
    why = PoisonUpdate.__name__
    tx.execute(QUARANTINE_BECAUSE, {"key": item.id, "at": item.clock(), "why": why})
    return "quarantined"


def fail(tx: Connection, item: InboxItem, why: str, *, innocent: bool = False) -> str:
    """Note a failed attempt: «again», «quarantined» after the third, «done» if it had taken effect after all. An
    `innocent` one, in which the database failed, is none."""
    given = {"key": item.id, "why": why, "more": (0 if innocent else 1) - (1 if item.counted else 0)}
    attempts = tx.execute(FAIL_AND_COUNT, given).scalar_one_or_none()
    if attempts is None:
        return "done"
    item.attempts = attempts
    if innocent or attempts < MOST_ATTEMPTS:
        return "again"
    tx.execute(QUARANTINE, {"key": item.id, "at": item.clock()})
    return "quarantined"
