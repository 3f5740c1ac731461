"""Tasks and the lines of their checklists."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, SmallInteger, String, Table, Text, UniqueConstraint

from models.tables.base import Id, metadata
from models.tables.columns import Json, UtcDateTime

task = Table(
    "task",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("name", String(24), nullable=False),
    Column("origin", String(60), nullable=False),  # pipeline.stage it was given on
    Column("title", Text, nullable=False),
    Column("description", Text),
    Column("video", Text),
    Column("list", Text),
    Column("assignee_id", ForeignKey("employee.id")),
    Column("role", String(20)),  # whose it is while nobody has taken it
    Column("state", String(10), nullable=False),  # open | done | void
    Column("outcome", String(24)),
    Column("due_at", UtcDateTime, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("closed_by_id", ForeignKey("employee.id")),
    Index("ix_task_deal", "deal_id", "id"),
    Index("ix_task_assignee", "assignee_id", "state", "due_at"),
    Index("ix_task_role", "role", "state", "due_at"),
)

item = Table(
    "item",
    metadata,
    Column("id", Id, primary_key=True),
    Column("task_id", ForeignKey("task.id"), nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("fill", Json, nullable=False),
    Column("offers", Json),  # fields that are asked beside them and may be skipped
    Column("paper", String(24)),  # the paper that one tap makes
    Column("optional", Boolean, nullable=False),
    Column("done_at", UtcDateTime),
    Column("done_by_id", ForeignKey("employee.id")),
    UniqueConstraint("task_id", "position"),
)
