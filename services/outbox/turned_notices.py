"""Messages of the bot's own that show something else by now: a press on their button has put a screen in their place.

Whoever corrects what a message has said leaves such a one alone: its person looks at something else there.
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, update

from models.tables.outbox import ScheduledRow

TURN = (
    update(ScheduledRow)
    .where(ScheduledRow.employee_id == bindparam("who"), ScheduledRow.message_id == bindparam("message"))
    .values(turned=True)
)


def turn(tx: Connection, employee_id: int, message_id: int) -> None:
    """A press of that person's has put another screen in the place of that message, if it was one."""
    tx.execute(TURN, {"who": employee_id, "message": message_id})
