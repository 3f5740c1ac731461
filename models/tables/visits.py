"""Booked visits to clients (K-19, K-20)."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from models.tables.base import Id, metadata
from models.tables.columns import UtcDateTime

booking = Table(
    "booking",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", ForeignKey("deal.id")),
    Column("field", String(24), nullable=False),
    Column("employee_id", ForeignKey("employee.id"), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False),  # held | booked | freed
    Column("held_until", UtcDateTime),
    Column("author_id", ForeignKey("employee.id")),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_booking_deal", "deal_id", "state"),
    Index("ix_booking_who", "employee_id", "state", "starts_at"),
)

# one row per half hour of a person: the primary key is what makes a second booking impossible, on every database
booking_cell = Table(
    "booking_cell",
    metadata,
    Column("employee_id", ForeignKey("employee.id"), primary_key=True),
    Column("cell", Integer, primary_key=True, autoincrement=False),  # half hours since 1970, UTC
    Column("booking_id", ForeignKey("booking.id"), nullable=False),
    Index("ix_booking_cell_booking", "booking_id"),
)
