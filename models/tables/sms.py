"""Messages to clients (K-21)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.states import SmsState
from models.tables.columns import Json, UtcDateTime
from models.tables.table_row import Id, TableRow


class SmsRow(TableRow):
    __tablename__ = "sms"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    phone: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    said: Mapped[Any] = mapped_column(Json, nullable=True)  # what it claims (`models.statements`)
    parts: Mapped[int] = mapped_column(SmallInteger)
    rule: Mapped[str] = mapped_column(Text)
    state: Mapped[SmsState] = mapped_column(String(10))
    provider_id: Mapped[str | None] = mapped_column(Text)
    failure: Mapped[str | None] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))  # whose press it follows from
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_sms_deal", "deal_id", "id"),)
