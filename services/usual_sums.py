"""What a sum usually is in this company: learnt from its own deals, when somebody types a sum (truth 38)."""

from __future__ import annotations

from decimal import Decimal
from statistics import median

from sqlalchemy import select

from models.fields import codec
from models.process.process import Process
from models.tables.deals import DealRow
from services.unit_of_work import UnitOfWork

LOOKED_AT = 100  # the newest deals of the company: so many rows cost the same in a table of any size
ENOUGH = 3  # of fewer sums nothing is learnt
LATEST = (
    select(DealRow.id, DealRow.process, DealRow.kind, DealRow.fields)
    .where(DealRow.deleted_at.is_(None))
    .order_by(DealRow.id.desc())
    .limit(LOOKED_AT)
)


def find(work: UnitOfWork, process: Process, name: str, *, but: int | None = None) -> Decimal | None:
    """The median of what stands under the field in the newest deals, without the deal `but` and those of learners; None
    where too little is known."""
    field = process.fields[name]
    kept = [
        row.fields[name]
        for row in work.tx.execute(LATEST)
        if row.process == process.process and row.id != but and row.kind != "practice" and row.fields.get(name)
    ]
    sums = [value for one in kept if isinstance(value := codec.decode_value(field, one), Decimal) and value > 0]
    return median(sums) if len(sums) >= ENOUGH else None
