"""Money received: append-only; a correction is a row with the opposite sign that names what it takes back (K-14)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, String, Table, Text

from models.tables.base import Id, metadata
from models.tables.columns import UtcDateTime

payment = Table(
    "payment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("field", String(24), nullable=False),  # the payment field of the process that it counts for
    Column("amount", BigInteger, nullable=False),  # kopecks; below zero for a reversal
    Column("paid_on", Date, nullable=False),
    Column("method", String(24), nullable=False),
    Column("note", Text),
    Column("author_id", ForeignKey("employee.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("reverses_id", ForeignKey("payment.id"), unique=True),  # nothing is taken back twice
    Index("ix_payment_deal", "deal_id", "id"),
)
