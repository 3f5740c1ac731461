"""What is to happen later, and the pinned messages."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, SmallInteger, String, Table, Text, text

from models.tables.base import Id, metadata
from models.tables.columns import Json, UtcDateTime

PENDING, DONE, VOID, FAILED, DOUBT = 0, 1, 2, 3, 4

due = Table(
    "due",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(10), nullable=False),  # timer | task | list | notice | errand
    Column("deal_id", ForeignKey("deal.id")),
    Column("task_id", ForeignKey("task.id")),
    Column("employee_id", ForeignKey("employee.id")),
    Column("rule", Text, nullable=False),
    Column("anchor", Text, nullable=False),
    Column("payload", Json),
    Column("meant_at", UtcDateTime, nullable=False),  # when it was to happen; `due_at` may be later: hours, retries
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("claimed_until", UtcDateTime),
    Column("failure", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("message_id", BigInteger),
    Index("ix_due_pending", "due_at", "id", sqlite_where=text("state = 0"), postgresql_where=text("state = 0")),
    Index("ix_due_deal", "deal_id", "state"),
    # which deal a message was about: an answer to it belongs there (K-22)
    Index(
        "ix_due_message",
        "employee_id",
        "message_id",
        sqlite_where=text("message_id IS NOT NULL"),
        postgresql_where=text("message_id IS NOT NULL"),
    ),
    # one pending timer per deal and rule: a new anchor replaces the old one
    Index(
        "uq_due_timer",
        "deal_id",
        "rule",
        unique=True,
        sqlite_where=text("state = 0 AND kind = 'timer'"),
        postgresql_where=text("state = 0 AND kind = 'timer'"),
    ),
    Index(
        "uq_due_list",
        "employee_id",
        "rule",
        "anchor",
        unique=True,
        sqlite_where=text("kind = 'list'"),
        postgresql_where=text("kind = 'list'"),
    ),
    # one message per cause: a cause carried out twice (a crash, a second replica) speaks once
    Index("uq_due_task", "task_id", "kind", "anchor", unique=True),
)

pin = Table(
    "pin",
    metadata,
    Column("deal_id", ForeignKey("deal.id"), primary_key=True),
    Column("text", Text, nullable=False),  # the process's text with placeholders
    Column("employee_id", ForeignKey("employee.id")),  # in whose chat it hangs
    Column("message_id", BigInteger),
    Column("shown", Text),  # what it says now
    Column("stale", Boolean, nullable=False),
    Column("sending_at", UtcDateTime),  # since when somebody is about to change it; a lease that lapses
)
