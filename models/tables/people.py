"""People of the company: employees, invitations, when they work and when not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.roles import Role
from models.states import AbsenceKind
from models.tables.columns import Json, UtcDateTime
from models.tables.table_row import Id, TableRow


class EmployeeRow(TableRow):
    __tablename__ = "employee"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    telegram_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[Role] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(8))
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)  # minutes from midnight, local; both or none
    quiet_to: Mapped[int | None] = mapped_column(SmallInteger)
    active: Mapped[bool] = mapped_column(Boolean)
    phone: Mapped[str | None] = mapped_column(String(20))  # where a client reaches him on the day of the visit (K-21)
    # since when Telegram refuses to deliver to this person
    unreachable_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class InvitationRow(TableRow):
    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Role] = mapped_column(String(20))
    name: Mapped[str | None] = mapped_column(Text)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WorkingHoursRow(TableRow):
    """When a person works, where it differs from the company's hours; and the secret of the calendar's link."""

    __tablename__ = "working_hours"

    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True)
    # {"0": ["09:00", "18:00"], …} by weekday, Monday 0; a missing day is off; None: the company's week
    week: Mapped[Any] = mapped_column(Json, nullable=True)
    calendar_secret: Mapped[str | None] = mapped_column(String(64), unique=True)


class AbsenceRow(TableRow):
    __tablename__ = "absence"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    kind: Mapped[AbsenceKind] = mapped_column(String(10))
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_absence_who", "employee_id", "last_on"),)
