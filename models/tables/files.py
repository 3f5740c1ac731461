"""Files of deals."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.states import FileKind
from models.tables.columns import UtcDateTime
from models.tables.table_row import Id, TableRow

_KEPT, _REMOVED = text("removed_at IS NULL"), text("removed_at IS NOT NULL")


class FileRow(TableRow):
    __tablename__ = "file"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    field: Mapped[str | None] = mapped_column(String(24))
    kind: Mapped[FileKind] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int | None] = mapped_column(BigInteger)
    mime: Mapped[str | None] = mapped_column(Text)
    # file_id: what the bot sends back; empty for what it has only on disk
    telegram_id: Mapped[str] = mapped_column(Text)
    unique_id: Mapped[str] = mapped_column(Text)  # file_unique_id: the same file sent twice is one
    # of its bytes, once they lie on our disk; the same bytes lie there once
    sha: Mapped[str | None] = mapped_column(String(64))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    content: Mapped[str | None] = mapped_column(String(100))  # its type by its bytes; empty until they were looked at
    caption: Mapped[str | None] = mapped_column(Text)  # the words that came with it
    traces: Mapped[bool | None]  # a picture that may tell where it was taken, because it could not be cleaned
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # since then it lies in the bin
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))

    __table_args__ = (
        Index(
            "ix_file_place", "deal_id", "field", "unique_id", unique=True, sqlite_where=_KEPT, postgresql_where=_KEPT
        ),
        Index("ix_file_bin", "deal_id", "removed_at", sqlite_where=_REMOVED, postgresql_where=_REMOVED),
        Index("ix_file_author", "author_id", "at"),
        Index("ix_file_sha", "sha"),
    )
