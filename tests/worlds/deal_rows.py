"""All that a press on a deal may change, read row by row with other statements than the program's own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, select

from models.tables.deals import DealRow
from models.tables.outbox import PinRow, ScheduledRow
from models.tables.tasks import ItemRow, TaskRow
from models.tables.visits import HalfHourRow, VisitRow
from services.unit_of_work import UnitOfWork

LEFT_OUT = {"deal": {"version"}, "visit": {"at", "told"}}  # a number of looks, and what a client has heard meanwhile
RINGS = ("timer", "task", "notice")


def stands(work: UnitOfWork, deal_id: int) -> dict[str, Any]:
    """All that a press on a deal may change, row by row."""

    def rows(table: Any, *where: Any) -> dict[Any, dict[str, Any]]:
        made: Table = table.__table__
        found = work.tx.execute(select(made).where(*where)).mappings()
        out = LEFT_OUT.get(made.name, set())
        keys = [one.name for one in made.primary_key]
        return {
            tuple(row[key] for key in keys): {name: one for name, one in row.items() if name not in out}
            for row in found
        }

    tasks = rows(TaskRow, TaskRow.deal_id == deal_id, TaskRow.origin != "")
    visits = rows(VisitRow, VisitRow.deal_id == deal_id, VisitRow.state != "reserved")
    pending = rows(
        ScheduledRow, ScheduledRow.deal_id == deal_id, ScheduledRow.done_at.is_(None), ScheduledRow.kind.in_(RINGS)
    )
    return {
        "deal": rows(DealRow, DealRow.id == deal_id),
        "task": tasks,
        "item": rows(ItemRow, ItemRow.task_id.in_([key for (key,) in tasks])),
        "visit": visits,
        "hours": set(rows(HalfHourRow, HalfHourRow.visit_id.in_([key for (key,) in visits]))),
        "pin": [row["text"] for row in rows(PinRow, PinRow.deal_id == deal_id).values() if row["text"]],
        "rings": {
            key: (row["kind"], row["rule"], row["dedup_key"], row["run_at"], row["created_at"])
            for (key,), row in pending.items()
        },
    }
