"""Deals with their history, the counts of them, and the numbers they get."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from models.tables.base import Id, metadata
from models.tables.columns import Json, UtcDateTime

deal = Table(
    "deal",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("process", String(24), nullable=False),
    Column("pipeline", String(24), nullable=False),
    Column("kind", String(10), nullable=False),  # lead | deal | deferred
    Column("stage", String(24), nullable=False),
    Column("status", String(10), nullable=False),  # open | won | lost
    Column("title", Text, nullable=False),
    Column("client_id", ForeignKey("client.id")),
    Column("responsible_id", ForeignKey("employee.id")),
    Column("source", Text),
    Column("fields", Json, nullable=False),
    Column("version", Integer, nullable=False),
    Column("entered_at", UtcDateTime, nullable=False),
    Column("came_from", String(24)),
    Column("origin_id", ForeignKey("deal.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("deleted_at", UtcDateTime),
    Index("ix_deal_mine", "responsible_id", "status", "kind", "id"),
    Index("ix_deal_all", "status", "kind", "id"),
    Index("ix_deal_stage", "process", "pipeline", "stage", "id"),
    Index("ix_deal_client_id", "client_id"),
    Index("ix_deal_origin_id", "origin_id"),
)

# append-only: who, when, from → to, why
event = Table(
    "event",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("seq", SmallInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", ForeignKey("employee.id")),
    Column("kind", String(20), nullable=False),
    Column("from_stage", String(50)),
    Column("to_stage", String(50)),
    Column("rule", Text),
    Column("data", Json),
    # the second lock against two winners: nobody can write the same step of a deal twice
    UniqueConstraint("deal_id", "version", "seq"),
)

# how many open deals stand where, and whose (0: nobody's): counts on the menu cost the same at a million deals
tally = Table(
    "tally",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("process", String(24), primary_key=True),
    Column("pipeline", String(24), primary_key=True),
    Column("stage", String(24), primary_key=True),
    Column("responsible_id", BigInteger, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
)

counter = Table(
    "counter",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

intake_key = Table(
    "intake_key",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
