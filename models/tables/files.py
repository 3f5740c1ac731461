"""Files of deals."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from models.tables.base import Id, metadata
from models.tables.columns import UtcDateTime

file = Table(
    "file",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("field", String(24)),
    Column("kind", String(10), nullable=False),  # photo | document | video | audio | voice | animation | video_note
    Column("name", Text, nullable=False),
    Column("size", BigInteger),
    Column("mime", Text),
    Column("telegram_id", Text, nullable=False),  # file_id: what the bot sends back; empty for what it has only on disk
    Column("unique_id", Text, nullable=False),  # file_unique_id: the same file sent twice is one
    Column("sha", String(64)),  # of its bytes, once they lie on our disk; the same bytes lie there once
    Column("author_id", ForeignKey("employee.id")),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("deal_id", "field", "unique_id"),
    Index("ix_file_sha", "sha"),
)
