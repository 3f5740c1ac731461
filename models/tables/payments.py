"""Money received: append-only; a correction is a row with the opposite sign that names what it takes back (K-14)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.columns import UtcDateTime
from models.tables.table_row import Id, TableRow


class PaymentRow(TableRow):
    __tablename__ = "payment"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    field: Mapped[str] = mapped_column(String(24))  # the payment field of the process that it counts for
    amount: Mapped[int] = mapped_column(BigInteger)  # kopecks; below zero for a reversal
    paid_on: Mapped[date] = mapped_column(Date)
    method: Mapped[str] = mapped_column(String(24))
    note: Mapped[str | None] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # nothing is taken back twice
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)

    __table_args__ = (Index("ix_payment_deal", "deal_id", "id"),)
