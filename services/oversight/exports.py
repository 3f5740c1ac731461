"""Tables that are taken out of the bot: written down, and the owner hears of it."""

from __future__ import annotations

from models.notices.oversight_notices import TableTaken
from services.outbox import notices, schedule
from services.oversight import journal
from services.people import employees
from services.unit_of_work import UnitOfWork

RULE = "table_taken"
ALL_CLIENTS = "clients"  # clients and deals together: `verstak export FILE.zip`


def taken(work: UnitOfWork, table: str, rows: int) -> None:
    """Somebody takes so many rows of that table out (its word; nobody acts: the command line does). Every owner hears
    of it but the one who does it himself."""
    key = journal.note(work, "table_exported", about=(table, None), count=rows)
    said = TableTaken(table, rows, work.actor.name if work.actor else "")
    owners = [one for one in employees.of_role(work, "owner") if one.id != work.actor_id]
    schedule.put(work, [notices.to(work, one, said, rule=RULE, cause=str(key)) for one in owners])
