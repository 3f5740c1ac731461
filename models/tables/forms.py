"""Half-filled forms."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Table

from models.tables.base import metadata
from models.tables.columns import Json, UtcDateTime

# a half-filled form: one per person, in the database, so that it survives a restart
draft = Table(
    "draft",
    metadata,
    Column("employee_id", ForeignKey("employee.id"), primary_key=True),
    Column("data", Json, nullable=False),
    Column("message_id", BigInteger),
    Column("updated_at", UtcDateTime, nullable=False),
)
