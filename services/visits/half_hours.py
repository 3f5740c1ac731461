"""Half hours of people: the cells that a booked visit takes, and which of them are taken (promise 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, or_, select

from models.tables.columns import EPOCH
from models.tables.deals import DealRow
from models.tables.people import EmployeeRow
from models.tables.visits import HalfHourRow, VisitRow
from models.visits import AGREED, RESERVED
from services.unit_of_work import UnitOfWork

CELL = timedelta(minutes=30)

VALID = or_(VisitRow.state != RESERVED, VisitRow.held_until > bindparam("now"))  # what is off has no half hours
FOREIGN = VisitRow.id.not_in(bindparam("own", expanding=True))
TAKEN = (
    select(HalfHourRow.employee_id, HalfHourRow.cell)
    .join(VisitRow, VisitRow.id == HalfHourRow.visit_id)
    .where(
        HalfHourRow.employee_id.in_(bindparam("who", expanding=True)),
        HalfHourRow.cell >= bindparam("low"),
        HalfHourRow.cell < bindparam("high"),
        VALID,
        FOREIGN,
    )
)
IN_THE_WAY: Select[*tuple[Any, ...]] = (
    select(VisitRow, DealRow.number, EmployeeRow.name.label("holder"))
    .join(HalfHourRow, HalfHourRow.visit_id == VisitRow.id)
    .outerjoin(DealRow, DealRow.id == VisitRow.deal_id)
    .outerjoin(EmployeeRow, EmployeeRow.id == VisitRow.author_id)
    .where(
        HalfHourRow.employee_id == bindparam("who"),
        HalfHourRow.cell >= bindparam("low"),
        HalfHourRow.cell < bindparam("high"),
        VALID,
        FOREIGN,
    )
    .order_by(HalfHourRow.cell)
    .limit(1)
)
# what stands for the same question of the same deal gives way to another choice; a hold without a deal is its author's
OWN = select(VisitRow.id).where(
    VisitRow.name == bindparam("name"),
    or_(
        and_(VisitRow.deal_id == bindparam("deal"), VisitRow.state.in_((RESERVED, *AGREED))),
        and_(VisitRow.deal_id.is_(None), VisitRow.author_id == bindparam("author"), VisitRow.state == RESERVED),
    ),
)


def touched(starts_at: datetime, ends_at: datetime) -> range:
    """The half hours that a time touches, numbered since 1970."""
    return range((starts_at - EPOCH) // CELL, -((EPOCH - ends_at) // CELL))


def own_ids(work: UnitOfWork, deal_id: int | None, name: str) -> list[int]:
    """The agreed visits and holds that a new choice for this visit of this deal would replace."""
    if not name:
        return []
    asked = {"name": name, "deal": deal_id, "author": work.actor_id}
    return list(work.tx.execute(OWN, asked).scalars())


def rounded_up(at: datetime) -> datetime:
    """The moment itself on a half hour, else the next half hour."""
    return EPOCH + -((EPOCH - at) // CELL) * CELL


def is_half_hour(at: datetime) -> bool:
    """Whether a visit may begin then."""
    return not (at - EPOCH) % CELL


def taken(work: UnitOfWork, who: Iterable[int], cells: range, own: list[int]) -> dict[int, set[int]]:
    """Which of these half hours each of the people has no more; what `own` visits have does not count."""
    found: dict[int, set[int]] = {}
    asked = {"who": list(who), "low": cells.start, "high": cells.stop, "now": work.now, "own": own}
    for row in work.tx.execute(TAKEN, asked):
        found.setdefault(row.employee_id, set()).add(row.cell)
    return found


def in_the_way(work: UnitOfWork, person_id: int, cells: range, own: list[int]) -> Row[Any] | None:
    """The first visit that has one of these half hours, with its deal's `number` and the name of its author."""
    asked = {"who": person_id, "low": cells.start, "high": cells.stop, "now": work.now, "own": own}
    return work.tx.execute(IN_THE_WAY, asked).one_or_none()
