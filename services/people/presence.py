"""Who is there: works here, is not away today, gets the bot's messages; and who stands above whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import bindparam, select

from models.entities import Employee
from models.roles import Role
from models.states import AbsenceKind
from models.tables.people import AbsenceRow
from services.people import employees
from services.unit_of_work import UnitOfWork

ABOVE: dict[Role, tuple[Role, ...]] = {"supervisor": ("owner",), "owner": ("owner",)}
HIGHEST: tuple[Role, ...] = ("supervisor", "owner")
AWAY = (
    select(AbsenceRow.employee_id, AbsenceRow.kind, AbsenceRow.last_on)
    .where(AbsenceRow.first_on <= bindparam("today"), AbsenceRow.last_on >= bindparam("today"))
    .order_by(AbsenceRow.last_on)
)


@dataclass(frozen=True, slots=True)
class NotHere:
    """Why somebody does nothing today: he has left (`gone`), is not reached, or is away until that day included."""

    why: Literal["gone", "unreachable"] | AbsenceKind
    until: date | None = None


def roles_above(role: Role | None) -> tuple[Role, ...]:
    """Who stands above a role, the nearest first; above the owner only he himself."""
    return ABOVE.get(role, HIGHEST) if role else HIGHEST


def away(work: UnitOfWork) -> dict[int, NotHere]:
    """Everybody who is away today, by id."""
    return _away(work, work.moment.today)


def _away(work: UnitOfWork, day: date) -> dict[int, NotHere]:
    return {row.employee_id: NotHere(row.kind, row.last_on) for row in work.tx.execute(AWAY, {"today": day})}


def away_on(work: UnitOfWork, employee_id: int, day: date) -> NotHere | None:
    """Why that person will not be there on a day, as it is known now; None if he will."""
    return _away(work, day).get(employee_id)


def why_not(work: UnitOfWork, employee_id: int) -> NotHere | None:
    """Why that person is not there today; None if he is."""
    person = employees.find_working(work, employee_id)
    if person is None:
        return NotHere("gone")
    if person.unreachable_at is not None:
        return NotHere("unreachable")
    return away(work).get(employee_id)


def nearest(work: UnitOfWork, roles: Sequence[Role]) -> list[Employee]:
    """Those of the first of these roles of whom somebody is there, without who is not; else all who are left."""
    absent = away(work)
    for role in roles:
        here = [one for one in employees.of_role(work, role) if one.id not in absent and one.unreachable_at is None]
        if here:
            return here
    return employees.of_role(work, *roles)


def first_of(work: UnitOfWork, role: Role) -> list[Employee]:
    """Those of the role; where nobody holds it, those above."""
    for one in (role, *roles_above(role)):
        if found := employees.of_role(work, one):
            return found
    return []


def with_stand_ins(work: UnitOfWork, found: Sequence[Employee]) -> list[Employee]:
    """These people; and, if every one of them is away today, those above them who are there."""
    absent = away(work)
    if not found or any(one.id not in absent for one in found):
        return list(found)
    above = nearest(work, roles_above(found[0].role))
    return [*found, *(one for one in above if one not in found)]
