"""Deals with their history, the counts of them, and the numbers they get."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.ids import ClientId, DealId, EmployeeId, Revision
from models.states import DealKind, DealStatus
from models.tables.columns import Json, SearchToken, UtcDateTime
from models.tables.table_row import Id, TableRow


class DealColumns:
    """A card: the columns of its table, and the attributes of `models.entities.Deal`."""

    id: Mapped[DealId] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    process: Mapped[str] = mapped_column(String(24))
    pipeline: Mapped[str] = mapped_column(String(24))
    kind: Mapped[DealKind] = mapped_column(String(10))
    stage: Mapped[str] = mapped_column(String(24))
    status: Mapped[DealStatus] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(Text)
    client_id: Mapped[ClientId | None] = mapped_column(ForeignKey("client.id"))
    responsible_id: Mapped[EmployeeId | None] = mapped_column(ForeignKey("employee.id"))
    source: Mapped[str | None] = mapped_column(Text)
    fields: Mapped[Any] = mapped_column(Json, nullable=False)
    version: Mapped[Revision] = mapped_column(Integer)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    came_from: Mapped[str | None] = mapped_column(String(24))
    origin_id: Mapped[DealId | None] = mapped_column(ForeignKey("deal.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DealRow(DealColumns, TableRow):
    __tablename__ = "deal"

    __table_args__ = (
        Index("ix_deal_mine", "responsible_id", "status", "kind", "id"),
        Index("ix_deal_all", "status", "kind", "id"),
        Index("ix_deal_stage", "process", "pipeline", "stage", "id"),
        Index("ix_deal_client_id", "client_id"),
        Index("ix_deal_origin_id", "origin_id"),
    )


class DealWordRow(TableRow):
    """By what a deal is found (`models.search.deal_words`). `field`: the field that says it, `paper:` and the name of a
    paper whose number it is; nothing for the deal's own number and title."""

    __tablename__ = "deal_word"

    word: Mapped[str] = mapped_column(SearchToken, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), primary_key=True)
    field: Mapped[str] = mapped_column(String(30), primary_key=True)

    __table_args__ = (Index("ix_deal_word_deal_id", "deal_id", "word"), {"sqlite_with_rowid": False})


class HistoryRow(TableRow):
    """Append-only: who, when, from → to, why."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    version: Mapped[int] = mapped_column(Integer)
    seq: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    kind: Mapped[str] = mapped_column(String(20))
    from_stage: Mapped[str | None] = mapped_column(String(50))
    to_stage: Mapped[str | None] = mapped_column(String(50))
    rule: Mapped[str | None] = mapped_column(Text)
    data: Mapped[Any] = mapped_column(Json, nullable=True)
    # somebody has put it back: it stands in the history, and nothing follows from it
    undone: Mapped[bool] = mapped_column(Boolean, server_default=false())

    __table_args__ = (
        # the second lock against two winners: nobody can write the same step of a deal twice
        UniqueConstraint("deal_id", "version", "seq"),
    )


class DealCounterRow(TableRow):
    """How many open deals stand where, and whose (0: nobody's): counts on the menu cost the same at a million deals."""

    __tablename__ = "deal_counter"

    kind: Mapped[DealKind] = mapped_column(String(10), primary_key=True)
    process: Mapped[str] = mapped_column(String(24), primary_key=True)
    pipeline: Mapped[str] = mapped_column(String(24), primary_key=True)
    stage: Mapped[str] = mapped_column(String(24), primary_key=True)
    responsible_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(Integer)


class CounterRow(TableRow):
    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class IntakeKeyRow(TableRow):
    __tablename__ = "intake_key"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
