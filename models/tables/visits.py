"""Visits to clients, and the half hours that they take (K-19, K-20)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.states import VisitState
from models.tables.columns import Json, UtcDateTime
from models.tables.table_row import Id, TableRow
from models.values.product_text import ProductText


class VisitRow(TableRow):
    """A visit of a deal; one of a name is `current`, the others are its history. `day` stands while no hour does."""

    __tablename__ = "visit"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"))
    name: Mapped[str] = mapped_column(String(24))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[VisitState] = mapped_column(String(10))
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date | None] = mapped_column(Date)
    others: Mapped[Any] = mapped_column(Json, nullable=True)  # further people, by their ids
    more_starts: Mapped[Any] = mapped_column(Json, nullable=True)  # further days: seconds since 1970
    current: Mapped[bool] = mapped_column(Boolean)
    told: Mapped[bool] = mapped_column(Boolean)
    off_why: Mapped[ProductText | None] = mapped_column(Text)
    off_by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))

    __table_args__ = (
        Index("ix_visit_deal", "deal_id"),
        Index("ix_visit_who", "employee_id", "starts_at"),
        Index(
            "uq_visit_current", "deal_id", "name", unique=True, sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
    )  # fmt: skip


class HalfHourRow(TableRow):
    """One row per half hour of a person: its primary key makes a second visit impossible, on every database."""

    __tablename__ = "visit_cell"

    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True)
    cell: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)  # half hours since 1970, UTC
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))

    __table_args__ = (Index("ix_visit_cell_visit", "visit_id"),)
