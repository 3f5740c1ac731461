"""Who looked at clients, took them out, or erased them. Triggers refuse to change or take out a row (see 0017)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.columns import Json, UtcDateTime
from models.tables.table_row import Id, TableRow


class JournalRow(TableRow):
    """See `models.oversight.journal.JournalEntry`. It names no row of another table: it outlives them all."""

    __tablename__ = "journal"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)  # without gaps
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    what: Mapped[str] = mapped_column(String(20))
    about_kind: Mapped[str | None] = mapped_column(String(30))
    about_id: Mapped[int | None] = mapped_column(BigInteger)
    counted: Mapped[int | None] = mapped_column(Integer)
    clients: Mapped[Any] = mapped_column(Json, nullable=True)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("uq_journal_previous", "previous", unique=True),  # one chain: no row has two after it
        Index("ix_journal_actor_id_at", "actor_id", "at"),
    )
