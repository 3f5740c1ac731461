"""Tasks for which there is little time: who hears of them at once, whatever the hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from models.entities import Employee
from models.notices.task_notices import TaskComingLate, TaskDue
from models.outbox import Planned
from services.outbox import notices
from services.unit_of_work import UnitOfWork


def due_now(work: UnitOfWork, deal_id: int, key: int, person: Employee, due_at: datetime) -> Planned:
    """Who has pressed is awake: what is due at once he hears at once, and not once more when its bell rings."""
    cause = due_cause(person.id, due_at.isoformat())
    return notices.to(
        work, person, TaskDue(key, due=True), rule="task", cause=cause, deal_id=deal_id, task_id=key
    )  # fmt: skip


def due_cause(person_id: int, bell: str) -> str:
    """What tells the message that a task is due from others: to whom, and for which bell."""
    return f"due-{person_id}-{bell}"


def late_rows(work: UnitOfWork, deal_id: int, key: int, due_at: datetime, given: Sequence[Planned]) -> list[Planned]:
    """A task that begins before whoever does it can be told: who gives it hears so, and can call."""
    told = [row for row in given if row.kind == "notice"]
    if work.actor is None or due_at <= work.now or not told or min(row.run_at for row in told) < due_at:
        return []
    first = min(told, key=lambda row: row.run_at)
    said = TaskComingLate(key, first.employee_id or 0, first.run_at)
    return [notices.to(work, work.actor, said, rule="task", cause=f"late-{key}", deal_id=deal_id, task_id=key)]
