"""Deals in flight survive an edit of their process: a renamed stage takes along who stands there and its timers."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, func, select, update

from models.process.process import Process
from models.tables.deals import DealCounterRow, DealRow
from models.tables.outbox import ScheduledRow
from models.tables.tasks import TaskRow
from services import processes
from services.deals import changes

COUNTS = select(DealRow.process, DealRow.pipeline, DealRow.stage, func.count()).where(DealRow.deleted_at.is_(None))


def standing(tx: Connection) -> list[tuple[str, str, str, int]]:
    """(process, pipeline, stage, how many deals), closed ones too: their cards are still opened."""
    rows = tx.execute(COUNTS.group_by(DealRow.process, DealRow.pipeline, DealRow.stage))
    return [(row[0], row[1], row[2], int(row[3])) for row in rows]


def follow_renames(tx: Connection, known: Mapping[str, Process]) -> int:
    """Where a stage names its old names (`was`), move what still bears them; gives how many deals there were."""
    moved = 0
    for name, process in known.items():
        for (pipeline, old), new in processes.renamed(process).items():
            moved += _rename(tx, name, pipeline, old, new)
    return moved


def _rename(tx: Connection, process: str, pipeline: str, old: str, new: str) -> int:
    here = (DealRow.process == process, DealRow.pipeline == pipeline)
    tx.execute(update(DealRow).where(*here, DealRow.came_from == old).values(came_from=new))
    moved = tx.execute(update(DealRow).where(*here, DealRow.stage == old).values(stage=new)).rowcount
    ours = select(DealRow.id).where(*here)
    place, became = f"{pipeline}.{old}.", f"{pipeline}.{new}."
    # closed ones too: what was done there counts until the deal comes there again
    given_there = (TaskRow.deal_id.in_(ours), TaskRow.origin == place[:-1])
    tx.execute(update(TaskRow).where(*given_there).values(origin=became[:-1]))
    if not moved:
        return 0
    tx.execute(
        update(ScheduledRow)
        .where(
            ScheduledRow.done_at.is_(None),
            ScheduledRow.deal_id.in_(ours),
            ScheduledRow.rule.startswith(place, autoescape=True),
        )
        .values(rule=became + func.substr(ScheduledRow.rule, len(place) + 1))
    )
    _recount(tx, process, pipeline, old, new)
    return moved


def _recount(tx: Connection, process: str, pipeline: str, old: str, new: str) -> None:
    there = (DealCounterRow.process == process, DealCounterRow.pipeline == pipeline, DealCounterRow.stage == old)
    for row in tx.execute(select(DealCounterRow).where(*there)).all():
        key = {"kind": row.kind, "process": process, "pipeline": pipeline, "stage": new}
        tx.execute(changes.COUNT[tx.dialect.name], {**key, "responsible_id": row.responsible_id, "n": row.n})
    tx.execute(delete(DealCounterRow).where(*there))
