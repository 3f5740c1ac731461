"""What can still be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.columns import Json, UtcDateTime
from models.tables.table_row import Id, TableRow


class UndoRow(TableRow):
    """See `models.undo.Undo`."""

    __tablename__ = "undo"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    about: Mapped[int] = mapped_column(BigInteger)
    data: Mapped[Any] = mapped_column(Json, nullable=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_undo_about", "kind", "about"), Index("ix_undo_until", "until"))
