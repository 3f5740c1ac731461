"""The facts of a deal that conditions ask for, beside its fields. A feature registers the facts that it knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import get_args

from sqlalchemy import bindparam, select

from models.engine import balances, transitions
from models.entities import Deal
from models.process.conditions import Known
from models.process.process import Process
from models.tables.deals import HistoryRow
from services.unit_of_work import UnitOfWork

Reader = Callable[[UnitOfWork, Deal, Process], Iterable[str]]
READERS: list[tuple[Callable[[Process], bool], Reader]] = []
KNOWN: set[str] = set()  # the facts that somebody reads; of many of a kind («made:contract») the kind
ASKED = (*get_args(Known.model_fields["known"].annotation), "made", "sent", "runs", "passed")  # by conditions
VISITED = (
    select(HistoryRow.to_stage)
    .where(HistoryRow.deal_id == bindparam("deal"), HistoryRow.to_stage.is_not(None), ~HistoryRow.undone)
    .distinct()
)


def fact(*words: str, asked: Callable[[Process], bool] = lambda process: True) -> Callable[[Reader], Reader]:
    """Register who reads these facts; only for a process that `asked` of it: a tap costs what it asks."""

    def register(reader: Reader) -> Reader:
        READERS.append((asked, reader))
        KNOWN.update(words)
        return reader

    return register


def missing() -> list[str]:
    """Facts that conditions ask for and nobody reads."""
    return [f"the fact `{word}`: nobody reads it (services.facts, @fact)" for word in ASKED if word not in KNOWN]


def of(work: UnitOfWork, found: Deal) -> frozenset[str]:
    """`client`, `responsible`, `paid_in_full`, `debt`, `claim_open`, `made:…`, `sent:…`, `runs:…`, `passed:…`,
    `stood:…`."""
    process = work.process(found.process)
    known = set[str]()
    for asked, reader in READERS:
        if asked(process):
            known.update(reader(work, found, process))
    return frozenset(known)


def running(work: UnitOfWork, found: Deal) -> frozenset[str]:
    """The processes that are switched on, as the deal has it: a learner's begins nothing in other ones (K-2)."""
    return frozenset((found.process,) if found.kind == "practice" else work.company.processes)


@fact("client", "responsible", "runs", balances.PAID_IN_FULL, balances.DEBT)
def _own(work: UnitOfWork, found: Deal, process: Process) -> Iterable[str]:
    if found.client_id or found.kind == "practice":  # a learner's client is made up, and no card of ours
        yield "client"
    if found.responsible_id:
        yield "responsible"
    yield from (f"runs:{name}" for name in running(work, found))
    yield from balances.facts(process, found)


@fact("passed", "stood", asked=lambda process: process.has_one_way)
def _passed(work: UnitOfWork, found: Deal, process: Process) -> Iterable[str]:
    """One-way stages that the deal has ever come to, wherever it stands now (M-2), and every stage where it stood."""
    visited = {f"{found.pipeline}.{found.stage}", *work.tx.execute(VISITED, {"deal": found.id}).scalars()}
    places = [str(place).partition(".") for place in visited]
    known = [(pipeline, stage) for pipeline, _, stage in places if pipeline in process.pipelines]
    passed = {one for pipeline, stage in known for one in transitions.passed(process, pipeline, stage)}
    return passed | {f"{transitions.STOOD}{place}" for place in visited}
