"""Troubles that a person has to hear of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.columns import Json, UtcDateTime
from models.tables.table_row import Id, TableRow

_LASTS = text("ended_at IS NULL")


class TroubleRow(TableRow):
    """See `models.troubles.Trouble`."""

    __tablename__ = "trouble"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    about: Mapped[str] = mapped_column(String(100))
    details: Mapped[Any] = mapped_column(Json, nullable=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # of two processes that notice the same trouble at once, one tells it
    __table_args__ = (
        Index("uq_trouble_lasting", "kind", "about", unique=True, sqlite_where=_LASTS, postgresql_where=_LASTS),
    )
