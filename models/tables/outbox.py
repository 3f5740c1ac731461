"""What is to happen later, and the pinned messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Id, TableRow
from models.tables.columns import Json, UtcDateTime

PENDING, DONE, VOID, FAILED, DOUBT = 0, 1, 2, 3, 4


class ScheduledRow(TableRow):
    __tablename__ = "due"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # timer | task | list | notice | errand
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    rule: Mapped[str] = mapped_column(Text)
    anchor: Mapped[str] = mapped_column(Text)
    payload: Mapped[Any] = mapped_column(Json, nullable=True)
    # when it was to happen; `due_at` may be later: hours, retries
    meant_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[int] = mapped_column(SmallInteger)
    attempts: Mapped[int] = mapped_column(SmallInteger)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message_id: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
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


class PinRow(TableRow):
    __tablename__ = "pin"

    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)  # the process's text with placeholders
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))  # in whose chat it hangs
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    shown: Mapped[str | None] = mapped_column(Text)  # what it says now
    stale: Mapped[bool] = mapped_column(Boolean)
    # since when somebody is about to change it; a lease that lapses
    sending_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
