"""People of the company: employees, invitations, when they work and when not."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, SmallInteger, String, Table, Text

from models.tables.base import Id, metadata
from models.tables.columns import Json, UtcDateTime

employee = Table(
    "employee",
    metadata,
    Column("id", Id, primary_key=True),
    Column("telegram_id", BigInteger, unique=True),
    Column("name", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("locale", String(8), nullable=False),
    Column("quiet_from", SmallInteger),  # minutes from midnight, local; both or none
    Column("quiet_to", SmallInteger),
    Column("active", Boolean, nullable=False),
    Column("phone", String(20)),  # where a client reaches him on the day of the visit (K-21)
    Column("unreachable_at", UtcDateTime),  # since when Telegram refuses to deliver to this person
    Column("created_at", UtcDateTime, nullable=False),
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("name", Text),
    Column("created_by_id", ForeignKey("employee.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_by_id", ForeignKey("employee.id")),
    Column("used_at", UtcDateTime),
)

# when a person works, where it differs from the company's hours; and the secret of the calendar's link
working_hours = Table(
    "working_hours",
    metadata,
    Column("employee_id", ForeignKey("employee.id"), primary_key=True),
    # {"0": ["09:00", "18:00"], …} by weekday, Monday 0; a missing day is off; None: the company's week
    Column("week", Json),
    Column("calendar_secret", String(64), unique=True),
)

absence = Table(
    "absence",
    metadata,
    Column("id", Id, primary_key=True),
    Column("employee_id", ForeignKey("employee.id"), nullable=False),
    Column("kind", String(10), nullable=False),  # off | leave | sick
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("author_id", ForeignKey("employee.id")),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_absence_who", "employee_id", "last_on"),
)
