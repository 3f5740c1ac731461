"""Half-filled forms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.states import QuestionStands
from models.tables.columns import Json, UtcDateTime
from models.tables.table_row import TableRow


class DraftRow(TableRow):
    """A half-filled form: one per person, in the database, so that it survives a restart."""

    __tablename__ = "draft"

    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True)
    data: Mapped[Any] = mapped_column(Json, nullable=False)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # asked: what is typed answers it; aside: he went elsewhere since; parked: what is typed is meant for something else
    stands: Mapped[QuestionStands] = mapped_column(String(8), server_default="asked")
