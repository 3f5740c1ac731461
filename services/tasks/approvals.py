"""Who approved what a field says, when, and of what: read while it holds; one that has lapsed leaves nothing here."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from models.approval import Approval
from models.entities import Deal
from models.process.process import Process
from models.tables.people import EmployeeRow
from models.tables.tasks import TaskRow
from services.unit_of_work import UnitOfWork

GIVEN = (
    select(TaskRow.name, TaskRow.outcome, TaskRow.closed_at, EmployeeRow.name.label("by"))
    .outerjoin(EmployeeRow, EmployeeRow.id == TaskRow.closed_by_id)
    .where(
        TaskRow.deal_id == bindparam("deal"), TaskRow.state == "done",
        TaskRow.name.in_(bindparam("names", expanding=True)),
    )
    .order_by(TaskRow.id)
)  # fmt: skip


def of_fields(work: UnitOfWork, deal: Deal, process: Process, names: Iterable[str]) -> dict[str, Approval]:
    """The approvals that stand behind these fields of the deal; asks nothing where none of them is approved."""
    asked = {name: process.approvals[name] for name in names if name in process.approvals and name in deal.fields}
    if not asked:
        return {}
    tasks = {task for outcomes in asked.values() for task, _ in outcomes}
    found: dict[str, Approval] = {}
    for row in work.tx.execute(GIVEN, {"deal": deal.id, "names": sorted(tasks)}):
        for name, outcomes in asked.items():
            of = outcomes.get((row.name, row.outcome))
            if of is not None:
                found[name] = Approval(row.by or "", row.closed_at, of)
    return found
