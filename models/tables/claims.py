"""Claims of clients (K-24)."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, text

from models.tables.base import Id, metadata
from models.tables.columns import Json, UtcDateTime

claim = Table(
    "claim",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(10), nullable=False),  # open | settled
    Column("opened_by_id", ForeignKey("employee.id")),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("photos", Json, nullable=False),  # ids of the files that came with it; who works on it: its task says
    Column("settled_at", UtcDateTime),
    Column("settled_by_id", ForeignKey("employee.id")),
    Column("client_word", Text),
    Column("repair_id", ForeignKey("deal.id")),
    Index("ix_claim_deal", "deal_id", "state"),
    Index("ix_claim_open", "id", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
)
