"""Lists and counts of deals: keyset pages and counter rows, so that they cost the same at a thousand and a million."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from models import access
from models.entities import Deal
from models.states import DealKind
from models.tables.deals import DealCounterRow, DealRow
from services.deals import deal_queries
from services.unit_of_work import UnitOfWork

PAGE = 8


@dataclass(frozen=True, slots=True)
class Scope:
    """Which deals: of a kind (lead, deal, deferred), whose (`mine`, `free` or everybody's), perhaps on one stage."""

    kind: DealKind
    whose: str  # mine | free | all
    process: str | None = None
    pipeline: str | None = None
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class DealPage:
    """A page of deals, the newest first; `after` leads to the next page, `before` to the one before."""

    deals: tuple[Deal, ...]
    after: int | None
    before: int | None


def allowed(work: UnitOfWork, scope: Scope) -> bool:
    """Whether the actor may see such a list: everybody's is for those above."""
    actor = work.actor
    if actor is None:
        return True
    return actor.role in access.SALES and (scope.whose != "all" or actor.role in access.ALL_SEEING)


def _filtered(scope: Scope, who: int) -> Select[Any]:
    query = select(DealRow).where(DealRow.status == "open", DealRow.kind == scope.kind, DealRow.deleted_at.is_(None))
    if scope.whose == "mine":
        query = query.where(DealRow.responsible_id == who)
    elif scope.whose == "free":
        query = query.where(DealRow.responsible_id.is_(None))
    if scope.pipeline and scope.stage:
        query = query.where(
            DealRow.process == scope.process, DealRow.pipeline == scope.pipeline, DealRow.stage == scope.stage
        )
    return query


def page(work: UnitOfWork, scope: Scope, *, after: int | None = None, before: int | None = None) -> DealPage:
    """One page; `after` and `before` are ids at its edges. No OFFSET anywhere."""
    query = _filtered(scope, work.actor_id or 0)
    if before is not None:
        rows = work.tx.execute(query.where(DealRow.id > before).order_by(DealRow.id).limit(PAGE + 1)).all()
        more_before, rows = len(rows) > PAGE, list(reversed(rows[:PAGE]))
        found = tuple(deal_queries.read_all(work, rows))
        return DealPage(found, found[-1].id if found else None, found[0].id if more_before and found else None)
    if after is not None:
        query = query.where(DealRow.id < after)
    rows = work.tx.execute(query.order_by(DealRow.id.desc()).limit(PAGE + 1)).all()
    found = tuple(deal_queries.read_all(work, rows[:PAGE]))
    further = found[-1].id if len(rows) > PAGE else None
    return DealPage(found, further, found[0].id if after is not None and found else None)


COUNTS = (
    select(DealCounterRow.kind, DealCounterRow.responsible_id, func.sum(DealCounterRow.n).label("n"))
    .where(DealCounterRow.responsible_id.in_((bindparam("who"), 0)), DealCounterRow.n != 0)
    .group_by(DealCounterRow.kind, DealCounterRow.responsible_id)
)
COUNTS_ALL = (
    select(DealCounterRow.kind, func.sum(DealCounterRow.n).label("n"))
    .where(DealCounterRow.n != 0)
    .group_by(DealCounterRow.kind)
)
BY_STAGE = select(
    DealCounterRow.process, DealCounterRow.pipeline, DealCounterRow.stage, func.sum(DealCounterRow.n).label("n")
).where(DealCounterRow.kind == bindparam("kind"))
PLACE = (DealCounterRow.process, DealCounterRow.pipeline, DealCounterRow.stage)


def counts(work: UnitOfWork) -> dict[tuple[str, str], int]:
    """How many open ones there are by (kind, whose): mine and nobody's; for those above everybody's too."""
    who = work.actor_id or 0
    found: dict[tuple[str, str], int] = {}
    for own in work.tx.execute(COUNTS, {"who": who}):
        found[own.kind, "mine" if own.responsible_id else "free"] = int(own.n)
    if work.actor and work.actor.role in access.ALL_SEEING:
        for row in work.tx.execute(COUNTS_ALL):
            found[row.kind, "all"] = int(row.n)
    return found


def by_stage(work: UnitOfWork, kind: DealKind, whose: str) -> list[tuple[str, str, str, int]]:
    """(process, pipeline, stage, how many) where there are any."""
    query = BY_STAGE.group_by(*PLACE).having(func.sum(DealCounterRow.n) > 0)
    if whose == "mine":
        query = query.where(DealCounterRow.responsible_id == (work.actor_id or 0))
    elif whose == "free":
        query = query.where(DealCounterRow.responsible_id == 0)
    return [(row.process, row.pipeline, row.stage, int(row.n)) for row in work.tx.execute(query, {"kind": kind})]


def total(work: UnitOfWork, scope: Scope) -> int:
    """How many deals the list holds, from the counters."""
    places = by_stage(work, scope.kind, scope.whose)
    if scope.stage is None:
        return sum(n for *_, n in places)
    return sum(n for *place, n in places if tuple(place) == (scope.process, scope.pipeline, scope.stage))
