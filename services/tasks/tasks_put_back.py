"""Tasks and the lines of their checklists as they were before a press that is put back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from models.errors import CannotPutBack
from models.tables.tasks import ItemRow, TaskRow
from models.undo import DealBefore, RowChanges, Values
from services.deals import hooks
from services.deals.before_press import looks_at, stored
from services.deals.changes import DealChanges
from services.unit_of_work import UnitOfWork

TASK_COLUMNS = ("state", "outcome", "assignee_id", "role", "due_at", "closed_at", "closed_by_id")
ITEM_COLUMNS = ("done_at", "done_by_id")
TASKS = select(TaskRow.id, *(getattr(TaskRow, name) for name in TASK_COLUMNS)).where(
    TaskRow.deal_id == bindparam("deal")
)
ITEMS = (
    select(ItemRow.id, ItemRow.task_id, ItemRow.done_at, ItemRow.done_by_id)
    .join(TaskRow, TaskRow.id == ItemRow.task_id)
    .where(TaskRow.deal_id == bindparam("deal"))
)
OFF = (
    update(TaskRow)
    .where(TaskRow.id.in_(bindparam("ids", expanding=True)))
    # it was never given there: nothing follows from it
    .values(state="void", origin="", outcome=None, closed_at=bindparam("at"), closed_by_id=bindparam("who"))
)


@looks_at("tasks")
def _tasks(work: UnitOfWork, deal_id: int) -> dict[int, Values]:
    return _read(work.tx.execute(TASKS, {"deal": deal_id}), TASK_COLUMNS)


@looks_at("items")
def _items(work: UnitOfWork, deal_id: int) -> dict[int, Values]:
    """With its task, so that lines of a task that the press has given are known as its."""
    return _read(work.tx.execute(ITEMS, {"deal": deal_id}), ("task_id", *ITEM_COLUMNS))


def _read(rows: Any, columns: tuple[str, ...]) -> dict[int, Values]:
    return {row.id: {name: stored(getattr(row, name)) for name in columns} for row in rows}


@hooks.put_back.register
def _put_back(changes: DealChanges, before: DealBefore) -> None:
    """CannotPutBack where somebody has taken, ticked or closed one of them since."""
    work, key = changes.work, before.deal
    tasks, items = before.rows_of("tasks"), before.rows_of("items")
    if not (tasks.new or tasks.changed or items.changed):
        return
    now, lines = _tasks(work, key), _items(work, key)
    given = {one: row for one, row in now.items() if one in tasks.new}
    ticked = any(row["task_id"] in given and row["done_at"] is not None for row in lines.values())
    if ticked or not (_stand(tasks, now) and _stand(items, lines)):
        raise CannotPutBack("changed")
    if any(row["state"] not in ("open", "void") for row in given.values()):
        raise CannotPutBack("changed")
    if given:
        work.tx.execute(OFF, {"ids": list(given), "at": work.now, "who": work.actor_id})
    for table, rows in ((TaskRow, tasks), (ItemRow, items)):
        for one, row in rows.changed.items():
            values = {name: _column(name, was) for name, (was, _) in row.items()}
            work.tx.execute(update(table).where(table.id == one).values(**values))


def _stand(part: RowChanges, now: dict[int, Values]) -> bool:
    """Whether the rows are as the press has left them."""
    return all(
        one in now and now[one][name] == left for one, row in part.changed.items() for name, (_, left) in row.items()
    )


def _column(name: str, was: Any) -> Any:
    return datetime.fromisoformat(was) if was is not None and name.endswith("_at") else was
