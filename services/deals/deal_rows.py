"""A deal's tasks, the lines of their checklists and what is planned for it: read together, as a tap pays for every
statement. What the engine sees of them, when the deal rings next and what can be put back are readings of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Text, bindparam, case, cast, literal, null, or_, select, type_coerce, union_all

from models.engine import silences
from models.tables.columns import EPOCH, MICROSECOND
from models.tables.outbox import ScheduledRow
from models.tables.tasks import ItemRow, TaskRow
from models.undo import Values
from services.unit_of_work import UnitOfWork

_WORD, _NUMBER = cast(null(), Text), cast(null(), BigInteger)
# a line that only a person can tick, as the checklist was given or edited since (K-5)
_NO_ANSWER = or_(type_coerce(ItemRow.fill, Text) == "[]", ItemRow.optional, ItemRow.paper.is_not(None))
_BY_HAND = case((_NO_ANSWER, 1), else_=0)


def _moment(column: Any) -> Any:
    """A moment as it is kept: microseconds since 1970, which are JSON as they are."""
    return type_coerce(column, BigInteger)


ROWS = union_all(
    select(
        literal("tasks").label("part"), TaskRow.id, TaskRow.state, TaskRow.outcome, TaskRow.assignee_id.label("whose"),
        type_coerce(TaskRow.role, Text).label("role"), _moment(TaskRow.due_at).label("due"),
        _moment(TaskRow.closed_at).label("closed"), TaskRow.closed_by_id.label("closed_by"), TaskRow.name,
        TaskRow.origin, _NUMBER.label("by_hand"),
    ).where(TaskRow.deal_id == bindparam("deal")),
    select(
        literal("items"), ItemRow.id, _WORD, _WORD, ItemRow.task_id, _WORD, _NUMBER, _moment(ItemRow.done_at),
        ItemRow.done_by_id, _WORD, _WORD, _BY_HAND,
    )
    .join(TaskRow, TaskRow.id == ItemRow.task_id)
    .where(TaskRow.deal_id == bindparam("deal")),
    select(
        literal("waits"), ScheduledRow.id, _WORD, _WORD, _NUMBER, _WORD, _moment(ScheduledRow.run_at), _NUMBER, _NUMBER,
        ScheduledRow.rule, ScheduledRow.kind, _NUMBER,
    ).where(ScheduledRow.deal_id == bindparam("deal"), ScheduledRow.done_at.is_(None)),
)  # fmt: skip
# what is put back of each of them, by its place in the statement
PARTS: dict[str, dict[str, int]] = {
    "tasks": {
        "state": 2, "outcome": 3, "assignee_id": 4, "role": 5, "due_at": 6, "closed_at": 7, "closed_by_id": 8,
    },
    "items": {"task_id": 4, "done_at": 7, "done_by_id": 8},
    "waits": {"run_at": 6},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaskMark:
    """A task as the engine asks about it; `by_hand`: it is open, and has a line that only a person can tick."""

    name: str
    state: str
    outcome: str | None
    origin: str
    by_hand: bool


@dataclass(frozen=True, slots=True)
class DealRows:
    """The rows of one deal at one moment of a transaction."""

    rows: tuple[Any, ...]

    def values(self) -> dict[str, dict[int, Values]]:
        """What can be put back of them: by part, by id, as JSON."""
        found: dict[str, dict[int, Values]] = {part: {} for part in PARTS}
        for row in self.rows:
            found[row[0]][row[1]] = {name: row[place] for name, place in PARTS[row[0]].items()}
        return found

    def tasks(self) -> list[TaskMark]:
        """All tasks that the deal has ever had, the oldest first."""
        by_hand = {row.whose for row in self.rows if row.by_hand}
        tasks = sorted((row for row in self.rows if row.part == "tasks"), key=lambda row: int(row.id))
        return [
            TaskMark(row.name, row.state, row.outcome, row.origin, row.state == "open" and row.id in by_hand)
            for row in tasks
        ]

    @property
    def has_open_tasks(self) -> bool:
        """Whether somebody is asked for something now."""
        return any(row.part == "tasks" and row.state == "open" for row in self.rows)

    def rings(self) -> tuple[datetime, str] | None:
        """When the deal's next reminder rings, and its rule; the silence net does not count."""
        timers = [
            (int(row.due), int(row.id), str(row.name))
            for row in self.rows
            if row.part == "waits" and row.origin == "timer" and row.name != silences.SILENCE
        ]
        if not timers:
            return None
        at, _, rule = min(timers)
        return EPOCH + at * MICROSECOND, rule


def read(work: UnitOfWork, deal_id: int) -> DealRows:
    """The deal's rows as they are now."""
    return DealRows(tuple(work.tx.execute(ROWS, {"deal": deal_id}).all()))
