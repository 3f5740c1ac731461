"""Deals in flight survive an edit of their process: a renamed stage takes along who stands there and its timers."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, func, select, update

from models.process.process import Process
from models.tables.deals import deal, tally
from models.tables.outbox import PENDING, due
from models.tables.tasks import task
from services import processes
from services.deals import changes

COUNTS = select(deal.c.process, deal.c.pipeline, deal.c.stage, func.count()).where(deal.c.deleted_at.is_(None))


def standing(tx: Connection) -> list[tuple[str, str, str, int]]:
    """(process, pipeline, stage, how many deals), closed ones too: their cards are still opened."""
    rows = tx.execute(COUNTS.group_by(deal.c.process, deal.c.pipeline, deal.c.stage))
    return [(row[0], row[1], row[2], int(row[3])) for row in rows]


def follow_renames(tx: Connection, known: Mapping[str, Process]) -> int:
    """Where a stage names its old names (`was`), move what still bears them; gives how many deals there were."""
    moved = 0
    for name, process in known.items():
        for (pipeline, old), new in processes.renamed(process).items():
            moved += _rename(tx, name, pipeline, old, new)
    return moved


def _rename(tx: Connection, process: str, pipeline: str, old: str, new: str) -> int:
    here = (deal.c.process == process, deal.c.pipeline == pipeline)
    tx.execute(update(deal).where(*here, deal.c.came_from == old).values(came_from=new))
    moved = tx.execute(update(deal).where(*here, deal.c.stage == old).values(stage=new)).rowcount
    if not moved:
        return 0
    ours = select(deal.c.id).where(*here)
    place, became = f"{pipeline}.{old}.", f"{pipeline}.{new}."
    tx.execute(
        update(due)
        .where(due.c.state == PENDING, due.c.deal_id.in_(ours), due.c.rule.startswith(place, autoescape=True))
        .values(rule=became + func.substr(due.c.rule, len(place) + 1))
    )
    tx.execute(
        update(task)
        .where(task.c.state == "open", task.c.deal_id.in_(ours), task.c.origin == place[:-1])
        .values(origin=became[:-1])
    )
    _recount(tx, process, pipeline, old, new)
    return moved


def _recount(tx: Connection, process: str, pipeline: str, old: str, new: str) -> None:
    there = (tally.c.process == process, tally.c.pipeline == pipeline, tally.c.stage == old)
    for row in tx.execute(select(tally).where(*there)).all():
        key = {"kind": row.kind, "process": process, "pipeline": pipeline, "stage": new}
        tx.execute(changes.TALLY[tx.dialect.name], {**key, "responsible_id": row.responsible_id, "n": row.n})
    tx.execute(delete(tally).where(*there))
