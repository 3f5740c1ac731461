"""The facts of a deal that conditions ask for, beside its fields."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from models.engine import balances, transitions
from models.entities import Deal
from models.process.process import Process
from models.tables.deals import HistoryRow
from models.tables.documents import PaperRow
from services import claims
from services.unit_of_work import UnitOfWork

VISITED = (
    select(HistoryRow.to_stage)
    .where(HistoryRow.deal_id == bindparam("deal"), HistoryRow.to_stage.is_not(None))
    .distinct()
)
PAPERS = (
    select(PaperRow.name, PaperRow.sent_at)
    .where(PaperRow.deal_id == bindparam("deal"), PaperRow.state == "made")
    .order_by(PaperRow.id)
)


def of(work: UnitOfWork, found: Deal) -> frozenset[str]:
    """`client`, `responsible`, `paid_in_full`, `claim_open`, `made:…`, `sent:…`, `runs:…`.

    What a process never speaks of is not read: a tap costs what it asks.
    """
    process = work.process(found.process)
    known = {name for name, value in (("client", found.client_id), ("responsible", found.responsible_id)) if value}
    if found.kind == "practice":
        known.add("client")  # made up, and no card of ours
    known |= {f"runs:{name}" for name in running(work, found)}
    if balances.is_paid_in_full(process, found.fields):
        known.add(balances.PAID_IN_FULL)
    if process.has_doors:
        known |= _passed(work, process, found)
    if process.papers:
        known |= _papers(work, found.id)
    if process.has_claims and claims.is_open(work, found.id):
        known.add("claim_open")
    return frozenset(known)


def running(work: UnitOfWork, found: Deal) -> frozenset[str]:
    """The processes that are switched on, as the deal has it: a learner's begins nothing in other ones (K-2)."""
    return frozenset((found.process,) if found.kind == "practice" else work.company.processes)


def _passed(work: UnitOfWork, process: Process, found: Deal) -> set[str]:
    """One-way stages that the deal has ever come to, wherever it stands now (M-2)."""
    visited = {f"{found.pipeline}.{found.stage}", *work.tx.execute(VISITED, {"deal": found.id}).scalars()}
    places = [place.partition(".") for place in visited]
    known = [(pipeline, stage) for pipeline, _, stage in places if pipeline in process.pipelines]
    return {fact for pipeline, stage in known for fact in transitions.passed(process, pipeline, stage)}


def _papers(work: UnitOfWork, deal_id: int) -> set[str]:
    """A newer version that was not sent yet takes «sent» back: the client has an old paper."""
    found = set[str]()
    for row in work.tx.execute(PAPERS, {"deal": deal_id}):
        found.add(f"made:{row.name}")
        found.discard(f"sent:{row.name}")
        if row.sent_at is not None:
            found.add(f"sent:{row.name}")
    return found
