"""Papers of deals, every version of them (K-11, K-12), and the owner's own templates."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, SmallInteger, String, Table, Text, UniqueConstraint

from models.tables.base import Id, metadata
from models.tables.columns import Json, UtcDateTime

paper = Table(
    "paper",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("name", String(24), nullable=False),  # as the process calls it: contract, invoice …
    Column("number", String(30), nullable=False),
    Column("version", SmallInteger, nullable=False),
    Column("data", Json, nullable=False),  # what the template was filled with
    Column("fingerprint", String(64), nullable=False),  # of data and template: the same card makes no new version
    Column("state", String(10), nullable=False),  # asked | made | failed
    Column("failure", Text),
    Column("file_id", ForeignKey("file.id")),
    Column("author_id", ForeignKey("employee.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("made_at", UtcDateTime),
    Column("sent_at", UtcDateTime),  # when the manager said that the client has it
    Column("sent_by_id", ForeignKey("employee.id")),
    UniqueConstraint("deal_id", "name", "number", "version"),
)

# the owner's own templates; the newest accepted one of a name is used
paper_template = Table(
    "paper_template",
    metadata,
    Column("id", Id, primary_key=True),
    Column("process", String(24), nullable=False),
    Column("name", String(24), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("telegram_id", Text, nullable=False),
    Column("sha", String(64)),
    Column("state", String(10), nullable=False),  # checking | used | refused | old
    Column("problem", Text),
    Column("author_id", ForeignKey("employee.id")),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_paper_template_name", "process", "name", "state"),
)
