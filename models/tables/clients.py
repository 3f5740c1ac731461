"""Clients: persons and companies, their phones, the words of their names."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, SmallInteger, String, Table, Text

from models.tables.base import Id, metadata
from models.tables.columns import UtcDateTime

client = Table(
    "client",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(10), nullable=False),  # person | company
    Column("name", Text, nullable=False),
    Column("note", Text),
    Column("company_id", ForeignKey("client.id")),
    Column("merged_into_id", ForeignKey("client.id")),
    Column("created_at", UtcDateTime, nullable=False),
)

client_phone = Table(
    "client_phone",
    metadata,
    Column("client_id", ForeignKey("client.id"), primary_key=True),
    Column("phone", String(20), primary_key=True),
    Column("position", SmallInteger, nullable=False),
    Index("ix_client_phone_phone", "phone"),
)

# words of names, lower case, for search by their beginning: flat cost at a million clients
client_word = Table(
    "client_word",
    metadata,
    Column("word", String(60), primary_key=True),
    Column("client_id", ForeignKey("client.id"), primary_key=True),
)
