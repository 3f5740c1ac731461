"""The visits of deals as they are read: one statement for one deal or for many; their fields are views of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select

from models.tables.columns import EPOCH
from models.tables.sms import SmsRow
from models.tables.visits import VisitRow
from models.visits import RESERVED, Visit
from services.unit_of_work import UnitOfWork

NOT_GONE = {"waiting", "dropped"}
MESSAGES = select(SmsRow.state).where(SmsRow.deal_id == bindparam("deal")).distinct()
Visits = Mapping[str, tuple[Visit, ...]]
NONE: Visits = {}
OF_DEAL = (
    select(VisitRow).where(VisitRow.deal_id == bindparam("deal"), VisitRow.state != RESERVED).order_by(VisitRow.id)
)
OF_DEALS = (
    select(VisitRow)
    .where(VisitRow.deal_id.in_(bindparam("deals", expanding=True)), VisitRow.state != RESERVED)
    .order_by(VisitRow.id)
)


def read(row: Row[Any]) -> Visit:
    """A visit from its row."""
    people = () if row.employee_id is None else (row.employee_id, *(row.others or ()))
    more = tuple(EPOCH + timedelta(seconds=at) for at in row.more_starts or ())
    return Visit(
        row.name, row.state, row.day, people, row.starts_at, row.ends_at, more, row.told, row.current, row.off_why,
        row.id, row.deal_id, row.held_until, row.at, row.off_by_id,
    )  # fmt: skip


def of_deal(work: UnitOfWork, deal_id: int) -> Visits:
    """Every visit of the deal by its name, the oldest first."""
    rows = work.tx.execute(OF_DEAL, {"deal": deal_id}).all()
    return _by_name(rows) if rows else NONE


def of_deals(work: UnitOfWork, deals: Iterable[int]) -> dict[int, Visits]:
    """The same of many deals by one statement; those that have none are left out."""
    wanted = list(deals)
    rows: dict[int, list[Row[Any]]] = {}
    for row in work.tx.execute(OF_DEALS, {"deals": wanted}) if wanted else ():
        rows.setdefault(row.deal_id, []).append(row)
    return {key: _by_name(found) for key, found in rows.items()}


def as_heard(work: UnitOfWork, deal_id: int, visits: Visits) -> Visits:
    """The same, as the client knows of them: while all that was written to him still waits to go, he has heard of
    nothing, and need not be called when it is off."""
    if not any(one.told for every in visits.values() for one in every):
        return visits
    states = set(work.tx.execute(MESSAGES, {"deal": deal_id}).scalars())
    if not states or not states <= NOT_GONE:
        return visits
    return {name: tuple(replace(one, told=False) for one in every) for name, every in visits.items()}


def _by_name(rows: Iterable[Row[Any]]) -> Visits:
    found: dict[str, tuple[Visit, ...]] = {}
    for row in rows:
        found[row.name] = (*found.get(row.name, ()), read(row))
    return found
