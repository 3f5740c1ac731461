"""Employees and invitations: who is in the company, and how one joins it (C-8)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from models import access
from models.entities import Employee
from models.errors import InvitationInvalid, NotAllowed, NotFound
from models.roles import ROLES, Role
from models.tables.people import EmployeeRow, InvitationRow, WorkingHoursRow
from models.visits import read_week
from services.unit_of_work import UnitOfWork

INVITATION_LIFE = timedelta(hours=48)

EVERYBODY = select(EmployeeRow, WorkingHoursRow.week).outerjoin(
    WorkingHoursRow, WorkingHoursRow.employee_id == EmployeeRow.id
)
BY_TELEGRAM = EVERYBODY.where(EmployeeRow.telegram_id == bindparam("telegram_id"))
BY_ID = EVERYBODY.where(EmployeeRow.id == bindparam("id"))
ACTIVE = EVERYBODY.where(EmployeeRow.active).order_by(EmployeeRow.id)
INVITATION = select(InvitationRow).where(InvitationRow.token_hash == bindparam("token_hash"))
USABLE = select(InvitationRow.token_hash).where(
    InvitationRow.token_hash.in_(bindparam("hashes", expanding=True)),
    InvitationRow.used_at.is_(None),
    InvitationRow.expires_at > bindparam("now"),
)
ACCOUNTS = select(EmployeeRow.telegram_id).where(EmployeeRow.active)
ACCOUNTS_AMONG = ACCOUNTS.where(EmployeeRow.telegram_id.in_(bindparam("among", expanding=True)))
USE = (
    update(InvitationRow)
    .where(InvitationRow.id == bindparam("key"), InvitationRow.used_at.is_(None))
    .values(used_at=bindparam("at"), used_by_id=bindparam("by"))
)
ADD = insert(EmployeeRow).returning(EmployeeRow.id)


def find_by_telegram(work: UnitOfWork, telegram_id: int) -> Employee | None:
    """The active employee with that Telegram account."""
    row = work.tx.execute(BY_TELEGRAM, {"telegram_id": telegram_id}).one_or_none()
    return _read(row) if row and row.active else None


def find_accounts(work: UnitOfWork, among: Collection[int] | None = None) -> set[int]:
    """The Telegram accounts of everybody who works now, or of those among the given ones."""
    rows = work.tx.execute(ACCOUNTS) if among is None else work.tx.execute(ACCOUNTS_AMONG, {"among": list(among)})
    return {one for one in rows.scalars() if one is not None}


def get(work: UnitOfWork, employee_id: int) -> Employee:
    """The employee; NotFound if there is none."""
    row = work.tx.execute(BY_ID, {"id": employee_id}).one_or_none()
    if row is None:
        raise NotFound("employee")
    return _read(row)


def _read(row: Row[Any]) -> Employee:
    return Employee.of(row, read_week(row.week))


def staff(work: UnitOfWork) -> list[Employee]:
    """Everybody who works now, in the order of joining. Read once per unit of work."""
    if work.staff_cache is None:
        work.staff_cache = [_read(row) for row in work.tx.execute(ACTIVE)]
    return work.staff_cache


def find_working(work: UnitOfWork, employee_id: int | None) -> Employee | None:
    """The employee if he works now; None for nobody and for one who has left."""
    return next((one for one in staff(work) if one.id == employee_id), None)


def of_role(work: UnitOfWork, *roles: str) -> list[Employee]:
    """Those who work now in one of the roles."""
    return [one for one in staff(work) if one.role in roles]


def invite(work: UnitOfWork, role: Role, name: str | None = None) -> str:
    """Make a one-time invitation and give its token (a start parameter; only its hash is kept).

    It carries a role, lives 48 hours and works once. ValueError for a role that does not exist, NotAllowed for an
    actor who may not invite (the command line invites without an actor).
    """
    if role not in ROLES:
        raise ValueError(f"no such role: {role}; roles are {', '.join(ROLES)}")
    if work.actor and work.actor.role not in access.MANAGEMENT:
        raise NotAllowed
    if work.actor and work.actor.role == "supervisor" and role == "owner":
        raise NotAllowed
    token = secrets.token_urlsafe(24)
    work.tx.execute(
        insert(InvitationRow).values(
            token_hash=_hash(token),
            role=role,
            name=name,
            created_by_id=work.actor_id,
            created_at=work.now,
            expires_at=work.now + INVITATION_LIFE,
        )
    )
    return token


def join(work: UnitOfWork, token: str, telegram_id: int, name: str, locale: str) -> Employee:
    """Use an invitation. InvitationInvalid if it is unknown, expired or used; of two at once exactly one gets in."""
    row = work.tx.execute(INVITATION, {"token_hash": _hash(token)}).one_or_none()
    if row is None:
        raise InvitationInvalid("unknown")
    if row.used_at is not None:
        raise InvitationInvalid("used")
    if row.expires_at <= work.now:
        raise InvitationInvalid("expired")
    person = _admit(work, telegram_id, row.name or name, row.role, locale)
    used = work.tx.execute(USE, {"key": row.id, "at": work.now, "by": person.id})
    if used.rowcount != 1:
        raise InvitationInvalid("used")
    return person


def open_invitations(work: UnitOfWork, tokens: Collection[str]) -> set[str]:
    """Those of the tokens that would let somebody in now."""
    by_hash = {_hash(token): token for token in tokens}
    found = work.tx.execute(USABLE, {"hashes": list(by_hash), "now": work.now}).scalars()
    return {by_hash[one] for one in found}


def _admit(work: UnitOfWork, telegram_id: int, name: str, role: Role, locale: str) -> Employee:
    known = work.tx.execute(BY_TELEGRAM, {"telegram_id": telegram_id}).one_or_none()
    if known is None:
        employee_id = work.add(
            ADD, telegram_id=telegram_id, name=name, role=role, locale=locale, active=True, created_at=work.now
        )
    else:  # someone who comes back, or whose role changes, keeps his history
        employee_id = known.id
        work.tx.execute(update(EmployeeRow).where(EmployeeRow.id == employee_id).values(role=role, active=True))
    work.staff_cache = None
    return get(work, employee_id)


def set_locale(work: UnitOfWork, person: Employee, locale: str) -> None:
    """Choose the language of everything the bot says to this person (C-7)."""
    work.tx.execute(update(EmployeeRow).where(EmployeeRow.id == person.id).values(locale=locale))


def check_owner(work: UnitOfWork) -> None:
    """NotAllowed but for the owner."""
    if work.actor is None or work.actor.role not in access.OWNER:
        raise NotAllowed


def set_phone(work: UnitOfWork, person: Employee, phone: str) -> None:
    """Where clients reach this person (K-21); the number is normalised already."""
    work.tx.execute(update(EmployeeRow).where(EmployeeRow.id == person.id).values(phone=phone))
    work.staff_cache = None


def set_quiet_hours(work: UnitOfWork, person: Employee, starts: int | None, ends: int | None) -> None:
    """Choose when the bot keeps silent, in minutes from midnight; None for both: the company's hours only."""
    work.tx.execute(update(EmployeeRow).where(EmployeeRow.id == person.id).values(quiet_from=starts, quiet_to=ends))


def dismiss(work: UnitOfWork, employee_id: int) -> Employee:
    """End somebody's access: the very next press is refused. The owner cannot dismiss himself."""
    if work.actor is None or work.actor.role not in access.MANAGEMENT or work.actor.id == employee_id:
        raise NotAllowed
    person = get(work, employee_id)
    if person.role == "owner" and work.actor.role != "owner":
        raise NotAllowed
    work.tx.execute(update(EmployeeRow).where(EmployeeRow.id == employee_id).values(active=False))
    work.staff_cache = None
    return person


def mark_reachable(work: UnitOfWork, telegram_id: int, *, reachable: bool) -> None:
    """Note that Telegram delivers to this person again, or that he blocked the bot."""
    statement = update(EmployeeRow).where(EmployeeRow.telegram_id == telegram_id)
    if reachable:
        statement = statement.where(EmployeeRow.unreachable_at.is_not(None)).values(unreachable_at=None)
    else:
        statement = statement.where(EmployeeRow.unreachable_at.is_(None)).values(unreachable_at=work.now)
    work.tx.execute(statement)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
