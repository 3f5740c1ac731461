"""What the owner sets in the chat."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from models.tables.base import metadata
from models.tables.columns import Json

setting = Table(
    "setting",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("value", Json),
)
