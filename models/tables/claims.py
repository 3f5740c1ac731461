"""Claims of clients (K-24)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from models.states import ClaimState
from models.tables.columns import Json, UtcDateTime
from models.tables.table_row import Id, TableRow


class ClaimRow(TableRow):
    __tablename__ = "claim"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[ClaimState] = mapped_column(String(10))
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # ids of the files that came with it; who works on it: its task says
    photos: Mapped[Any] = mapped_column(Json, nullable=False)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    client_word: Mapped[str | None] = mapped_column(Text)
    repair_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"))

    __table_args__ = (
        Index("ix_claim_deal", "deal_id", "state"),
        Index("ix_claim_open", "id", sqlite_where=sql("state = 'open'"), postgresql_where=sql("state = 'open'")),
    )
