"""Changes of deals that somebody above is asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.columns import Json, UtcDateTime
from models.tables.table_row import TableRow


class ChangeRequestRow(TableRow):
    """What is asked for; whether it still is, and what was said to it, its task says."""

    __tablename__ = "change_request"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True, autoincrement=False)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    fields: Mapped[Any] = mapped_column(Json, nullable=False)  # field → the value that it is to get
    seen: Mapped[Any] = mapped_column(Json, nullable=False)  # field → what it was: another one, and the request lapses
    why: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_change_request_deal", "deal_id"),)
