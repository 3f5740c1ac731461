"""Booked visits to clients (K-19, K-20)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.states import BookingState
from models.tables.columns import UtcDateTime
from models.tables.table_row import Id, TableRow


class BookingRow(TableRow):
    __tablename__ = "booking"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"))
    field: Mapped[str] = mapped_column(String(24))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[BookingState] = mapped_column(String(10))
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_booking_deal", "deal_id", "state"),
        Index("ix_booking_who", "employee_id", "state", "starts_at"),
    )


class HalfHourRow(TableRow):
    """One row per half hour of a person: its primary key makes a second booking impossible, on every database."""

    __tablename__ = "booking_cell"

    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True)
    cell: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)  # half hours since 1970, UTC
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))

    __table_args__ = (Index("ix_booking_cell_booking", "booking_id"),)
