"""Employees: who is in the company (C-8)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from models import access, rights
from models.entities import Employee
from models.errors import NotAllowed, NotFound
from models.roles import Role
from models.tables.forms import DraftRow
from models.tables.people import EmployeeRow, InvitationRow, WorkingHoursRow
from models.values.invalid_value import N_
from models.visits import read_week
from services import company_settings
from services.unit_of_work import UnitOfWork

SETUP = rights.thing("setup", N_("Настройки компании"), tables=("paper_template",))
SET_UP = SETUP.right(N_("менять реквизиты, шаблоны документов и задач, SMS"), (access.OWNER, ("any",)), robots=False)

EVERYBODY = select(EmployeeRow, WorkingHoursRow.week).outerjoin(
    WorkingHoursRow, WorkingHoursRow.employee_id == EmployeeRow.id
)
BY_TELEGRAM = (
    EVERYBODY.add_columns(DraftRow.stands)
    .outerjoin(DraftRow, DraftRow.employee_id == EmployeeRow.id)
    .where(EmployeeRow.telegram_id == bindparam("telegram_id"))
)
BY_ID = EVERYBODY.where(EmployeeRow.id == bindparam("id"))
ACTIVE = EVERYBODY.where(EmployeeRow.active).order_by(EmployeeRow.id)
ACCOUNTS = select(EmployeeRow.telegram_id).where(EmployeeRow.active)
ACCOUNTS_AMONG = ACCOUNTS.where(EmployeeRow.telegram_id.in_(bindparam("among", expanding=True)))
DROP_FORM = delete(DraftRow).where(DraftRow.employee_id == bindparam("who"))
END_INVITATIONS = (
    update(InvitationRow)
    .where(
        InvitationRow.created_by_id == bindparam("who"), InvitationRow.used_at.is_(None),
        InvitationRow.revoked_at.is_(None), InvitationRow.role.not_in(bindparam("gives", expanding=True)),
    )
    .values(revoked_at=bindparam("at"), revoked_by_id=bindparam("by"))
)  # fmt: skip
ADD = insert(EmployeeRow).returning(EmployeeRow.id)


def find_by_telegram(work: UnitOfWork, telegram_id: int) -> Employee | None:
    """The active employee with that Telegram account, and whether he is being asked something."""
    row = work.tx.execute(BY_TELEGRAM, {"telegram_id": telegram_id}).one_or_none()
    return replace(_read(row), question=row.stands) if row and row.active else None


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


def admit(work: UnitOfWork, telegram_id: int, name: str, role: Role, locale: str) -> Employee:
    """Somebody works here from now on; who comes back keeps his history and his name."""
    known = work.tx.execute(BY_TELEGRAM, {"telegram_id": telegram_id}).one_or_none()
    if known is None:
        employee_id = work.add(
            ADD, telegram_id=telegram_id, name=name, role=role, locale=locale, active=True, created_at=work.now
        )
    else:
        employee_id = known.id
        set_role(work, employee_id, role)
        work.tx.execute(update(EmployeeRow).where(EmployeeRow.id == employee_id).values(active=True))
    work.staff_cache = None
    return get(work, employee_id)


def set_role(work: UnitOfWork, employee_id: int, role: Role) -> None:
    """The very next press is judged by it. What the old role had begun ends: an open form, invitations that the new one
    could not have made, a limit that was lifted."""
    work.tx.execute(update(EmployeeRow).where(EmployeeRow.id == employee_id).values(role=role))
    _let_go(work, employee_id, access.roles_given_by(role))


def _let_go(work: UnitOfWork, employee_id: int, gives: Collection[Role]) -> None:
    work.tx.execute(DROP_FORM, {"who": employee_id})
    company_settings.remove(work.tx, f"{company_settings.LOOKS_LIFTED}{employee_id}")
    given = {"who": employee_id, "gives": list(gives), "at": work.now, "by": work.actor_id}
    work.tx.execute(END_INVITATIONS, given)
    work.staff_cache = None


def set_locale(work: UnitOfWork, person: Employee, locale: str) -> None:
    """Choose the language of everything the bot says to this person (C-7)."""
    work.tx.execute(update(EmployeeRow).where(EmployeeRow.id == person.id).values(locale=locale))


def check_owner(work: UnitOfWork) -> None:
    """NotAllowed but for the owner."""
    SET_UP.check(work.actor)


def set_phone(work: UnitOfWork, person: Employee, phone: str) -> None:
    """Where clients reach this person (K-21); the number is normalised already."""
    work.tx.execute(update(EmployeeRow).where(EmployeeRow.id == person.id).values(phone=phone))
    work.staff_cache = None


def set_quiet_hours(work: UnitOfWork, person: Employee, starts: int | None, ends: int | None) -> None:
    """Choose when the bot keeps silent, in minutes from midnight; None for both: the company's hours only."""
    work.tx.execute(update(EmployeeRow).where(EmployeeRow.id == person.id).values(quiet_from=starts, quiet_to=ends))


def dismiss(work: UnitOfWork, employee_id: int) -> Employee:
    """End somebody's access: the very next press is refused. The owner cannot dismiss himself."""
    person = get(work, employee_id)
    if work.actor is None or work.actor.id == employee_id:
        raise NotAllowed
    access.CHANGE_PERSON.check(work.actor, below=access.can_change_person(work.actor, person))
    work.tx.execute(update(EmployeeRow).where(EmployeeRow.id == employee_id).values(active=False))
    _let_go(work, employee_id, ())
    return person


def mark_reachable(work: UnitOfWork, telegram_id: int, *, reachable: bool) -> None:
    """Note that Telegram delivers to this person again, or that he blocked the bot."""
    statement = update(EmployeeRow).where(EmployeeRow.telegram_id == telegram_id)
    if reachable:
        statement = statement.where(EmployeeRow.unreachable_at.is_not(None)).values(unreachable_at=None)
    else:
        statement = statement.where(EmployeeRow.unreachable_at.is_(None)).values(unreachable_at=work.now)
    work.tx.execute(statement)
