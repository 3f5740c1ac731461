"""Deals that are offered before anything was asked for: those that wait for the actor, then the newest he leads."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from models.entities import Deal
from models.tables.deals import DealRow
from models.tables.tasks import TaskRow
from services.deals import deal_lists, deal_queries
from services.deals.deal_lists import Scope
from services.unit_of_work import UnitOfWork

_waits = (
    select(TaskRow.deal_id, func.min(TaskRow.due_at).label("due_at"))
    .where(TaskRow.assignee_id == bindparam("who"), TaskRow.state == "open")
    .group_by(TaskRow.deal_id)
    .subquery()
)
WAITING = (
    select(DealRow)
    .join(_waits, _waits.c.deal_id == DealRow.id)
    .where(DealRow.deleted_at.is_(None))
    .order_by(_waits.c.due_at, DealRow.id)
    .limit(bindparam("most"))
)


def waiting_first(work: UnitOfWork, most: int) -> list[tuple[Deal, bool]]:
    """At most so many deals that the actor may open, and whether each waits for him; what is due soonest is first."""
    if work.actor is None:
        return []
    rows = work.tx.execute(WAITING, {"who": work.actor.id, "most": most}).all()
    waiting = [one for one in deal_queries.read_all(work, rows) if deal_queries.can_open(work, one)]
    known = {one.id for one in waiting}
    mine = [one for kind in ("lead", "deal") for one in deal_lists.page(work, Scope(kind, "mine")).deals]
    newest = sorted((one for one in mine if one.id not in known), key=lambda one: -one.id)
    return [*((one, True) for one in waiting), *((one, False) for one in newest)][:most]
