"""Tasks and the lines of their checklists as they were before a press that is put back."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from models.errors import CannotPutBack
from models.tables.tasks import ItemRow, TaskRow
from models.undo import DealBefore, RowChanges, Values
from services.deals import before_press, deal_rows, hooks
from services.deals.changes import DealChanges

OFF = (
    update(TaskRow)
    .where(TaskRow.id.in_(bindparam("ids", expanding=True)))
    # it was never given there: nothing follows from it
    .values(state="void", origin="", outcome=None, closed_at=bindparam("at"), closed_by_id=bindparam("who"))
)


@hooks.put_back.register
def _put_back(changes: DealChanges, before: DealBefore) -> None:
    """CannotPutBack where somebody has taken, ticked or closed one of them since."""
    work, key = changes.work, before.deal
    tasks, items = before.rows_of("tasks"), before.rows_of("items")
    if not (tasks.new or tasks.changed or items.changed):
        return
    found = deal_rows.read(work, key).values()
    now, lines = found["tasks"], found["items"]
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
            values = {name: before_press.read(name, was) for name, (was, _) in row.items()}
            work.tx.execute(update(table).where(table.id == one).values(**values))


def _stand(part: RowChanges, now: dict[int, Values]) -> bool:
    """Whether the rows are as the press has left them."""
    return all(
        one in now and now[one][name] == left for one, row in part.changed.items() for name, (_, left) in row.items()
    )
