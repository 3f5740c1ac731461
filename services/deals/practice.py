"""Practice («Обучение»): where a new employee learns on deals that reach nobody and count nowhere (K-2)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from models import access
from models.entities import Deal
from models.tables.deals import DealRow
from models.values.invalid_value import N_
from models.values.product_text import ProductText
from services.deals import deal_queries
from services.unit_of_work import Company, UnitOfWork

SEE = access.DEAL.right(N_("видеть учебные"), (access.ALL_SEEING, ("any",)), (access.MANAGER, ("own",)))

PAGE = 8
KIND = "practice"

_ALL = select(DealRow).where(DealRow.kind == KIND, DealRow.deleted_at.is_(None))
AFTER = _ALL.where(DealRow.id < bindparam("edge")).order_by(DealRow.id.desc()).limit(bindparam("most"))
BEFORE = _ALL.where(DealRow.id > bindparam("edge")).order_by(DealRow.id).limit(bindparam("most"))
ANY = select(DealRow.id).where(DealRow.kind == KIND, DealRow.responsible_id == bindparam("who")).limit(1)
NO_EDGE = 2**62


@dataclass(frozen=True, slots=True)
class PracticePipeline:
    """A pipeline where one can practise: the button's title begins a deal there."""

    process: str
    pipeline: str
    button: ProductText


@dataclass(frozen=True, slots=True)
class PracticePage:
    """A page of practice deals, open and closed, the newest first."""

    deals: tuple[Deal, ...]
    after: int | None
    before: int | None


def grounds(company: Company) -> tuple[PracticePipeline, ...]:
    """Every practice pipeline of the company."""
    return tuple(
        PracticePipeline(process.process, name, line.new.button)
        for process in company.processes.values()
        for name in process.practice
        if (line := process.pipelines[name]).new
    )


def sees_all(work: UnitOfWork) -> bool:
    """Whether the actor sees every learner's deals: those above do."""
    return SEE.allows(work.actor)


def page(work: UnitOfWork, *, after: int | None = None, before: int | None = None) -> PracticePage:
    """The actor's own practice deals; for those above every learner's. NotAllowed but for sales."""
    SEE.check(work.actor, own=True)
    who = None if sees_all(work) else work.actor_id
    back = before is not None
    query = BEFORE if back else AFTER
    if who is not None:
        query = query.where(DealRow.responsible_id == who)
    edge = before if before is not None else after if after is not None else NO_EDGE
    rows = work.tx.execute(query, {"edge": edge, "most": PAGE + 1}).all()
    found = deal_queries.read_all(work, rows[:PAGE])
    if back:
        found.reverse()
    if not found:
        return PracticePage((), None, None)
    more = len(rows) > PAGE
    further, earlier = (True, more) if back else (more, after is not None)
    return PracticePage(tuple(found), found[-1].id if further else None, found[0].id if earlier else None)


def has_tried(work: UnitOfWork) -> bool:
    """Whether the actor has ever begun a practice deal."""
    return work.tx.execute(ANY, {"who": work.actor_id}).first() is not None
