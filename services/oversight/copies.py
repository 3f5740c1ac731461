"""Backups that were made, and one that was put in the database's place: written down by day and number of rows."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, inspect

from models.oversight.journal import Subject
from models.tables.journal import JournalRow
from services.oversight import journal


def made(tx: Connection, at: datetime, day: date, rows: int) -> None:
    """A backup of that day holds so many rows. A database whose tables are of a version before the journal has nowhere
    to write it: a backup changes no tables."""
    if inspect(tx).has_table(JournalRow.__tablename__):
        journal.add(tx, at, "backup_made", about=_numbered(day), count=rows)


def restored(tx: Connection, at: datetime, day: date, rows: int) -> None:
    """The database is now what the backup of that day held; the journal goes on after the rows that came with it."""
    journal.add(tx, at, "restored", about=_numbered(day), count=rows)


def _numbered(day: date) -> Subject:
    return "backup", day.year * 10_000 + day.month * 100 + day.day
