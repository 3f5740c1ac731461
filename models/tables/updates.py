"""What came in from Telegram, and which replica asks for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.columns import Json, UtcDateTime
from models.tables.table_row import Id, TableRow

PENDING, DONE, FAILED = 0, 1, 3  # FAILED: quarantined


class InboxRow(TableRow):
    __tablename__ = "inbox"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    bot_id: Mapped[int] = mapped_column(BigInteger)
    update_id: Mapped[int] = mapped_column(BigInteger)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[int] = mapped_column(SmallInteger)  # PENDING, DONE or FAILED (quarantined)
    attempts: Mapped[int] = mapped_column(SmallInteger)
    failure: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("bot_id", "update_id"),
        Index("ix_inbox_pending", "chat_id", "id", sqlite_where=text("state = 0"), postgresql_where=text("state = 0")),
        Index("ix_inbox_quarantined", "id", sqlite_where=text("state = 3"), postgresql_where=text("state = 3")),
    )


class LeaderRow(TableRow):
    __tablename__ = "leader"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class OwedScreenRow(TableRow):
    """The newest screen of a chat that nobody has seen yet: it lasts for moments, or as long as Telegram is away."""

    __tablename__ = "owed_screen"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    cause: Mapped[int] = mapped_column(BigInteger)  # the inbox row that it answers
    calls: Mapped[Any] = mapped_column(Json)
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    holder: Mapped[int | None] = mapped_column(BigInteger)  # the running bot that shows it
    at: Mapped[datetime] = mapped_column(UtcDateTime)
