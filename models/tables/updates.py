"""What came in from Telegram, and which replica asks for it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, SmallInteger, String, Table, Text, UniqueConstraint, text

from models.tables.base import Id, metadata
from models.tables.columns import UtcDateTime

inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", SmallInteger, nullable=False),  # PENDING, DONE or FAILED (quarantined)
    Column("attempts", SmallInteger, nullable=False),
    Column("failure", Text),
    Column("received_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    UniqueConstraint("bot_id", "update_id"),
    Index("ix_inbox_pending", "id", sqlite_where=text("state = 0"), postgresql_where=text("state = 0")),
    Index("ix_inbox_quarantined", "id", sqlite_where=text("state = 3"), postgresql_where=text("state = 3")),
)

leader = Table(
    "leader",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(80), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
