"""Clients: persons and companies, their phones, the words of their names."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.states import ClientKind
from models.tables.columns import SearchToken, UtcDateTime
from models.tables.table_row import Id, TableRow


class ClientRow(TableRow):
    __tablename__ = "client"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[ClientKind] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # the person was erased; the row stays empty, so that no other one ever gets his number
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_client_company_id", "company_id"),)


class ClientPhoneRow(TableRow):
    __tablename__ = "client_phone"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)
    phone: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (Index("ix_client_phone_phone", "phone"),)


class ClientWordRow(TableRow):
    """By what a client is found: the words of his name, the ends of his phones (`models.search.search_words`)."""

    __tablename__ = "client_word"

    word: Mapped[str] = mapped_column(SearchToken, primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True)

    __table_args__ = (Index("ix_client_word_client_id", "client_id", "word"), {"sqlite_with_rowid": False})
