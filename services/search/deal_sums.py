"""What the deals that were found are worth: the sum that the client is to pay, read out of their fields where they are
kept, for at most as many as a search counts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from models import access
from models.engine import balances
from models.ids import DealId
from models.tables.deals import DealRow
from services.search.search_hits import SearchHit
from services.unit_of_work import UnitOfWork

AT_ONCE = 1_000
FIELDS = select(DealRow.id, DealRow.fields).where(DealRow.id.in_(bindparam("ids", expanding=True)))


def of(work: UnitOfWork, hits: Sequence[SearchHit]) -> dict[DealId, int]:
    """In kopecks. A deal is missing where nobody has said its sum, where its process keeps none, or where the actor's
    role may not see it: by that nothing is told of it either."""
    named = {hit.id: name for hit in hits if (name := _field(work, hit)) is not None}
    ids, found = list(named), dict[DealId, int]()
    for start in range(0, len(ids), AT_ONCE):
        for row in work.tx.execute(FIELDS, {"ids": ids[start : start + AT_ONCE]}):
            kopecks = row.fields.get(named[row.id])
            if isinstance(kopecks, int):
                found[row.id] = kopecks
    return found


def _field(work: UnitOfWork, hit: SearchHit) -> str | None:
    process = work.company.processes.get(hit.process)
    name = balances.total_field(process, hit.pipeline) if process is not None else None
    if process is None or name is None:
        return None
    me = work.actor
    return name if me is None or access.can_see_field(me, process, name) else None
