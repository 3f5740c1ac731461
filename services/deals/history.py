"""Writing a deal's history: lines of a step, footnotes below it; and who wrote last."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select

from models.entities import Deal
from models.errors import CardOutdated
from models.history import line as lines
from models.history.line import LINES, Footnote, HistoryEntry, HistoryLine
from models.tables import columns
from models.tables.deals import DealRow, HistoryRow
from models.tables.people import EmployeeRow
from services.unit_of_work import RowValues, UnitOfWork

FOOTNOTES = tuple(kind.kind for kind in LINES if issubclass(kind, Footnote))
# locked, so that of two who write at once the second one sees the first one's line
LOCK = select(DealRow.version).where(DealRow.id == bindparam("key")).with_for_update(key_share=True)
NEXT = select(func.coalesce(func.max(HistoryRow.seq), -1) + 1).where(
    HistoryRow.deal_id == bindparam("deal"), HistoryRow.version == bindparam("version")
)
ADD = insert(HistoryRow)
LAST = (
    select(HistoryRow.at, EmployeeRow.name)
    .outerjoin(EmployeeRow, EmployeeRow.id == HistoryRow.actor_id)
    .where(HistoryRow.deal_id == bindparam("id"), HistoryRow.kind.not_in(FOOTNOTES))
    .order_by(HistoryRow.version.desc(), HistoryRow.seq.desc())
    .limit(1)
)


def row(
    work: UnitOfWork,
    deal_id: int,
    version: int,
    seq: int,
    line: HistoryLine,
    rule: str | None = None,
    from_stage: str | None = None,
    to_stage: str | None = None,
) -> RowValues:
    """The columns of a line."""
    return {
        "deal_id": deal_id,
        "version": version,
        "seq": seq,
        "at": work.now,
        "actor_id": work.actor_id,
        "kind": line.kind,
        "from_stage": from_stage,
        "to_stage": to_stage,
        "rule": rule,
        "data": line.to_data() or None,
    }


def add_footnote(work: UnitOfWork, deal_id: int, line: Footnote) -> None:
    """A line that changes no card: what a gateway answered, that a paper was made."""
    version = work.tx.execute(LOCK, {"key": deal_id}).scalar_one()
    seq = work.tx.execute(NEXT, {"deal": deal_id, "version": version}).scalar_one()
    work.tx.execute(ADD, row(work, deal_id, version, seq, line))


def entry(row: Row[*tuple[Any, ...]]) -> HistoryEntry:
    """A line as it is read, out of its row with the `name` of who has set it going."""
    return _entry(row, row.data)


def raw_entry(row: Row[*tuple[Any, ...]]) -> HistoryEntry:
    """The same, of a row whose `data` is still the text that stands in the database."""
    return _entry(row, columns.read_json(row.data))


def _entry(row: Row[*tuple[Any, ...]], data: Any) -> HistoryEntry:
    read = lines.read(row.kind, data)
    return HistoryEntry(row.at, row.name, read, row.from_stage, row.to_stage, row.rule, row.undone)


def outdated(work: UnitOfWork, found: Deal) -> CardOutdated:
    """Who changed the deal last, and when."""
    last = work.tx.execute(LAST, {"id": found.id}).one_or_none()
    return CardOutdated(last.name if last else None, last.at if last else None)
