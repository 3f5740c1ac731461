"""What is to happen later, and the pinned messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.outbox import DeliveryState, ScheduledKind
from models.tables.columns import Json, UtcDateTime
from models.tables.table_row import Id, TableRow


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of some rows only, on both databases."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class ScheduledRow(TableRow):
    """What is to happen later, and what has; see `models.outbox.Scheduled`. What has ended has `done_at`."""

    __tablename__ = "scheduled"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[ScheduledKind] = mapped_column(String(10))
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    rule: Mapped[str] = mapped_column(Text)
    dedup_key: Mapped[str] = mapped_column(Text)
    payload: Mapped[Any] = mapped_column(Json, nullable=True)
    envelope: Mapped[Any] = mapped_column(Json, nullable=True)
    # what the message claimed when it left (`models.statements`)
    said: Mapped[Any] = mapped_column(Json, nullable=True)
    # when it was to happen; `run_at` may be later: hours. It is the order too, and no retry changes it
    scheduled_for: Mapped[datetime] = mapped_column(UtcDateTime)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # after a try: when the next one may be, and when the last one was
    try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivery_state: Mapped[DeliveryState] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(Integer)
    tries: Mapped[int] = mapped_column(SmallInteger)
    failures: Mapped[int] = mapped_column(SmallInteger)
    holder: Mapped[int | None] = mapped_column(BigInteger)  # the running bot that has it in hand
    failure: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    turned: Mapped[bool | None] = mapped_column(Boolean)  # a press has put another screen in its place

    __table_args__ = (
        _partial("ix_scheduled_pending", "run_at", "id", where="done_at IS NULL"),
        _partial("ix_scheduled_reader", "employee_id", "run_at", where="done_at IS NULL AND kind = 'notice'"),
        _partial("ix_scheduled_held", "holder", where="done_at IS NULL AND holder IS NOT NULL"),
        _partial("ix_scheduled_tried", "tried_at", where="done_at IS NULL AND tried_at IS NOT NULL"),
        Index("ix_scheduled_deal", "deal_id", "done_at"),
        # which deal a message was about: an answer to it belongs there (K-22)
        _partial("ix_scheduled_message", "employee_id", "message_id", where="message_id IS NOT NULL"),
        # one pending timer per deal and rule: a new anchor replaces the old one
        _partial("uq_scheduled_timer", "deal_id", "rule", where="done_at IS NULL AND kind = 'timer'", unique=True),
        _partial("uq_scheduled_list", "employee_id", "rule", "dedup_key", where="kind = 'list'", unique=True),
        # one message per cause: a cause carried out twice (a crash, a second replica) speaks once
        Index("uq_scheduled_task", "task_id", "kind", "dedup_key", unique=True),
    )


class PinRow(TableRow):
    __tablename__ = "pin"

    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)  # the process's text with placeholders
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))  # in whose chat it hangs
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    shown: Mapped[str | None] = mapped_column(Text)  # what it says now
    stale: Mapped[bool] = mapped_column(Boolean)
    unsure: Mapped[bool] = mapped_column(Boolean)  # a message may have been sent whose id nobody knows
    # since when somebody is about to change it; a lease that lapses
    sending_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
