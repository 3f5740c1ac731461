"""Consents of clients, and what was erased: by numbers, without anybody's name (152-ФЗ)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.personal.consent import ConsentSource
from models.personal.erasure import ErasureReason
from models.tables.columns import Json, UtcDateTime
from models.tables.table_row import Id, TableRow


class ConsentRow(TableRow):
    """A client's consent to the processing of his data. A lead has no card yet: then it hangs on the deal alone."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"))
    source: Mapped[ConsentSource] = mapped_column(String(10))
    given_on: Mapped[date] = mapped_column(Date)  # of the company's zone
    author_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))

    __table_args__ = (Index("ix_consent_client", "client_id"), Index("ix_consent_deal", "deal_id"))


class ErasureRow(TableRow):
    """See `models.personal.erasure.Erasure`. Kept for three years, and longer where a restore may need it."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    reason: Mapped[ErasureReason] = mapped_column(String(12))
    clients: Mapped[Any] = mapped_column(Json, nullable=False)  # [[id, when the card was made], …]
    deals: Mapped[Any] = mapped_column(Json, nullable=False)  # the same of leads and deals
    counts: Mapped[Any] = mapped_column(Json, nullable=False)  # table → rows
    outside: Mapped[Any] = mapped_column(Json, nullable=True)  # what is to be done outside the database yet
    author_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_erasure_open", "done_at"),)
