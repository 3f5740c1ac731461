"""Half-filled forms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
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


class TypedAnswerRow(TableRow):
    """Which message of a person said what of a deal: who corrects the message corrects that. Kept for as long as
    Telegram lets a message be corrected."""

    __tablename__ = "typed_answer"

    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True)
    message_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    field: Mapped[str | None] = mapped_column(String(24))  # None: the words of a note, or of something else
    value: Mapped[Any] = mapped_column(Json, nullable=True)  # as it was understood; None: of something else
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_typed_answer_deal", "deal_id"), Index("ix_typed_answer_at", "at"))
