"""Tasks and the lines of their checklists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.roles import Role
from models.states import StepEvery, TaskState
from models.tables.columns import Json, UtcDateTime
from models.tables.table_row import Id, TableRow
from models.values.product_text import ProductText, StoredTitle


class TaskRow(TableRow):
    __tablename__ = "task"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    name: Mapped[str] = mapped_column(String(24))
    origin: Mapped[str] = mapped_column(String(60))  # pipeline.stage it was given on
    title: Mapped[ProductText] = mapped_column(Text)
    description: Mapped[StoredTitle | None] = mapped_column(Text)
    video: Mapped[str | None] = mapped_column(Text)
    list: Mapped[ProductText | None] = mapped_column(Text)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    role: Mapped[Role | None] = mapped_column(String(20))  # whose it is while nobody has taken it
    state: Mapped[TaskState] = mapped_column(String(10))
    outcome: Mapped[str | None] = mapped_column(String(24))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    # of a next step, which a person has made (`models.process.next_steps`)
    words: Mapped[str | None] = mapped_column(Text)
    given_by_id: Mapped[int | None] = mapped_column(Id)  # of an employee: no row of his is ever deleted
    every: Mapped[StepEvery | None] = mapped_column(String(8))

    __table_args__ = (
        Index("ix_task_deal", "deal_id", "id"),
        Index("ix_task_assignee", "assignee_id", "state", "due_at"),
        Index("ix_task_role", "role", "state", "due_at"),
    )


class ItemRow(TableRow):
    __tablename__ = "item"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[StoredTitle] = mapped_column(Text)
    fill: Mapped[Any] = mapped_column(Json, nullable=False)
    offers: Mapped[Any] = mapped_column(Json, nullable=True)  # fields that are asked beside them and may be skipped
    paper: Mapped[str | None] = mapped_column(String(24))  # the paper that one tap makes
    optional: Mapped[bool] = mapped_column(Boolean)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))

    __table_args__ = (UniqueConstraint("task_id", "position"),)
