"""Lines of the history that change no card: what a gateway answered, that a paper was made.

They stand below the deal's last step, so the buttons that people look at stay good.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, func, insert, select

from models.tables.deals import DealRow, HistoryRow
from services.unit_of_work import UnitOfWork

KINDS = ("sms", "paper_made", "paper_sent")
# locked, so that of two who write at once the second one sees the first one's line
LOCK = select(DealRow.version).where(DealRow.id == bindparam("key")).with_for_update(key_share=True)
NEXT = select(func.coalesce(func.max(HistoryRow.seq), -1) + 1).where(
    HistoryRow.deal_id == bindparam("deal"), HistoryRow.version == bindparam("version")
)
ADD = insert(HistoryRow)


def add(work: UnitOfWork, deal_id: int, kind: str, data: Mapping[str, Any]) -> None:
    """Write a line; `kind` is one of KINDS."""
    if kind not in KINDS:
        raise ValueError(f"{kind} is no footnote")
    version = work.tx.execute(LOCK, {"key": deal_id}).scalar_one()
    seq = work.tx.execute(NEXT, {"deal": deal_id, "version": version}).scalar_one()
    work.tx.execute(
        ADD,
        {
            "deal_id": deal_id, "version": version, "seq": seq, "at": work.now, "actor_id": work.actor_id,
            "kind": kind, "data": dict(data),
        },
    )  # fmt: skip
