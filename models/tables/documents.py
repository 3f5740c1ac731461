"""Papers of deals, every version of them (K-11, K-12), and the owner's own templates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.states import PaperState, TemplateState
from models.tables.columns import Json, UtcDateTime
from models.tables.table_row import Id, TableRow


class PaperRow(TableRow):
    __tablename__ = "paper"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    name: Mapped[str] = mapped_column(String(24))  # as the process calls it: contract, invoice …
    number: Mapped[str] = mapped_column(String(30))
    version: Mapped[int] = mapped_column(SmallInteger)
    data: Mapped[Any] = mapped_column(Json, nullable=False)  # what the template was filled with
    fingerprint: Mapped[str] = mapped_column(String(64))  # of data and template: the same card makes no new version
    state: Mapped[PaperState] = mapped_column(String(10))
    failure: Mapped[str | None] = mapped_column(Text)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when the manager said that the client has it
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))

    __table_args__ = (UniqueConstraint("deal_id", "name", "number", "version"),)


class PaperTemplateRow(TableRow):
    """The owner's own templates; the newest accepted one of a name is used."""

    __tablename__ = "paper_template"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    process: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(String(24))
    file_name: Mapped[str] = mapped_column(Text)
    telegram_id: Mapped[str] = mapped_column(Text)
    sha: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[TemplateState] = mapped_column(String(10))
    problem: Mapped[str | None] = mapped_column(Text)
    printed: Mapped[Any] = mapped_column(Json, nullable=True)  # names whose place is a line when nothing is known
    author_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_paper_template_name", "process", "name", "state"),)
