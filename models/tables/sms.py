"""Messages to clients (K-21)."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, SmallInteger, String, Table, Text

from models.tables.base import Id, metadata
from models.tables.columns import UtcDateTime

sms = Table(
    "sms",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("phone", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("parts", SmallInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("state", String(10), nullable=False),  # see models.sms
    Column("provider_id", Text),
    Column("failure", Text),
    Column("author_id", ForeignKey("employee.id")),  # whose press it follows from
    Column("at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("state_at", UtcDateTime),
    Index("ix_sms_deal", "deal_id", "id"),
)
