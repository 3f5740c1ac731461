"""How a deal stood before a person changed it: noted as he does, kept for five minutes, so that it can be put back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Text, bindparam, cast, literal, null, select, type_coerce, union_all

from models.engine import transitions
from models.entities import Deal
from models.field_values import FieldValues
from models.fields import codec
from models.history.line import HistoryEntry
from models.process.process import Process
from models.tables.columns import EPOCH, MICROSECOND
from models.tables.deals import HistoryRow
from models.tables.outbox import PinRow, ScheduledRow
from models.tables.people import EmployeeRow
from models.tables.tasks import ItemRow, TaskRow
from models.undo import DealBefore, DealSnapshot, RowChanges, Undo, Values
from models.visits import Visit
from services import undo
from services.deals import history
from services.unit_of_work import UnitOfWork

LIFE = timedelta(minutes=5)
COLUMNS = (
    "pipeline", "kind", "stage", "status", "entered_at", "came_from", "client_id", "responsible_id", "closed_at",
)  # fmt: skip
# lines of the history that say that something was done which can be put back
WORTH = frozenset({"moved", "filled", "aside", "assigned", "task_closed", "task_answered", "task_snoozed"})

# what stands in nobody's way when an earlier press is put back
HARMLESS = (
    "comment", "corrected", "forwarded", "call", "note", "question", "answer", "file", "file_removed", "file_restored",
    "file_moved", "file_words", "paper_made", "paper_sent", "paper_name", "sms", "renamed", "step", "checklist",
    "not_held", "held_again", "put_back", "merged", "split",
)  # fmt: skip
SINCE = (
    select(HistoryRow, EmployeeRow.name)
    .outerjoin(EmployeeRow, EmployeeRow.id == HistoryRow.actor_id)
    .where(
        HistoryRow.deal_id == bindparam("deal"), HistoryRow.version > bindparam("version"), ~HistoryRow.undone,
        HistoryRow.kind.not_in(HARMLESS),
    )
    .order_by(HistoryRow.id)
    .limit(1)
)  # fmt: skip
_WORD, _NUMBER = cast(null(), Text), cast(null(), BigInteger)


def _moment(column: Any) -> Any:
    """A moment as it is kept: microseconds since 1970, which are JSON as they are."""
    return type_coerce(column, BigInteger)


# one statement for all of it: a tap pays for every one
ROWS = union_all(
    select(
        literal("tasks").label("part"), TaskRow.id, TaskRow.state, TaskRow.outcome, TaskRow.assignee_id.label("whose"),
        type_coerce(TaskRow.role, Text).label("role"), _moment(TaskRow.due_at).label("due"),
        _moment(TaskRow.closed_at).label("closed"), TaskRow.closed_by_id.label("closed_by"),
    ).where(TaskRow.deal_id == bindparam("deal")),
    select(
        literal("items"), ItemRow.id, _WORD, _WORD, ItemRow.task_id, _WORD, _NUMBER, _moment(ItemRow.done_at),
        ItemRow.done_by_id,
    )
    .join(TaskRow, TaskRow.id == ItemRow.task_id)
    .where(TaskRow.deal_id == bindparam("deal")),
    select(
        literal("waits"), ScheduledRow.id, _WORD, _WORD, _NUMBER, _WORD, _moment(ScheduledRow.run_at), _NUMBER, _NUMBER
    ).where(ScheduledRow.deal_id == bindparam("deal"), ScheduledRow.done_at.is_(None)),
)  # fmt: skip
# what each of them is called, by its place in the statement
PARTS: dict[str, dict[str, int]] = {
    "tasks": {
        "state": 2, "outcome": 3, "assignee_id": 4, "role": 5, "due_at": 6, "closed_at": 7, "closed_by_id": 8,
    },
    "items": {"task_id": 4, "done_at": 7, "done_by_id": 8},
    "waits": {"run_at": 6},
}  # fmt: skip
PIN = select(PinRow.text).where(PinRow.deal_id == bindparam("deal"))


def look(work: UnitOfWork, found: Deal) -> None:
    """A person is about to change the deal: note how it stands, once in a transaction. Who changes two deals at once
    cannot take that back by one tap."""
    if work.actor is None:
        return
    if work.look is None:
        work.look = DealSnapshot(found, rows_of(work, found.id), _pin(work, found))
    elif work.look.deal.id != found.id:
        work.look.lasting = True


def keep(work: UnitOfWork) -> Undo | None:
    """What the actor has done is done: from now on he can take it back, if it can be taken back."""
    seen, work.look = work.look, None
    if seen is None or seen.after is None or seen.lasting or work.begun is not None:
        return None
    process = work.process(seen.deal.process)
    # what somebody says of his visit is a fact, and so is what comes of it
    if "visit_report" in seen.kinds or WORTH.isdisjoint(seen.kinds) or _is_one_way(process, seen.deal, seen.after):
        return None
    return undo.keep(work, _between(work, process, seen, seen.after), seen.deal.id, LIFE)


def find(work: UnitOfWork, deal_id: int) -> Undo | None:
    """What the actor may take back of the deal now, the latest thing that was done to it; None if there is nothing."""
    kept = keep(work)
    if kept is not None and kept.about == deal_id:
        return kept
    found = undo.find(work, DealBefore, deal_id)
    if found is None or not isinstance(found.before, DealBefore) or done_since(work, found.before) is not None:
        return None
    return found


def done_since(work: UnitOfWork, before: DealBefore) -> HistoryEntry | None:
    """Who has gone on from where the press had led, and how: that would be lost. None if nobody has."""
    row = work.tx.execute(SINCE, {"deal": before.deal, "version": before.now}).one_or_none()
    return history.entry(row) if row is not None else None


def stored(value: Any) -> Any:
    """A column's value as JSON: moments as microseconds since 1970."""
    return (value - EPOCH) // MICROSECOND if isinstance(value, datetime) else value


def read(name: str, value: Any) -> Any:
    """The column's value out of that."""
    return EPOCH + timedelta(microseconds=value) if value is not None and name.endswith("_at") else value


def rows_of(work: UnitOfWork, deal_id: int) -> dict[str, dict[int, Values]]:
    """The deal's tasks, the lines of their checklists and what is planned, as they are put back with it."""
    found: dict[str, dict[int, Values]] = {part: {} for part in PARTS}
    for row in work.tx.execute(ROWS, {"deal": deal_id}).all():
        found[row[0]][row[1]] = {name: row[place] for name, place in PARTS[row[0]].items()}
    return found


def _pin(work: UnitOfWork, found: Deal) -> str | None:
    process = work.company.processes.get(found.process)
    has_pins = process is not None and process.has_pins
    return work.tx.execute(PIN, {"deal": found.id}).scalar_one_or_none() if has_pins else None


def _is_one_way(process: Process, before: Deal, after: Deal) -> bool:
    """Whether it went through a one-way door: from there nothing leads back (M-2)."""
    passed = (transitions.passed(process, one.pipeline, one.stage) for one in (after, before))
    return bool(next(passed) - next(passed))


def _between(work: UnitOfWork, process: Process, seen: DealSnapshot, after: Deal) -> DealBefore:
    before, now = seen.deal, rows_of(work, seen.deal.id)
    return DealBefore(
        before.id,
        before.version,
        after.version,
        {
            name: (was, stored(getattr(after, name)))
            for name in COLUMNS
            if (was := stored(getattr(before, name))) != stored(getattr(after, name))
        },
        _fields(process, before.fields, after.fields),
        {name: RowChanges.between(rows, now[name]) for name, rows in seen.rows.items() if rows != now[name]},
        _visits(before, after),
        (seen.pin, _pin(work, after)),
        tuple(dict.fromkeys(seen.kinds)),
        work.actor_id or 0,
    )


def _fields(process: Process, was: FieldValues, now: FieldValues) -> dict[str, tuple[Any, Any]]:
    """The deal's own fields that changed; those of its visits are the visits'."""
    names = [name for name in {**was, **now} if name not in process.faces and was.get(name) != now.get(name)]
    return {name: (in_json(process, name, was), in_json(process, name, now)) for name in names}


def in_json(process: Process, name: str, values: FieldValues) -> Any:
    """A field's value as it is kept; None where it has none."""
    value = values.get(name)
    return None if value is None else codec.encode_value(process.fields.get(name), value)


def _visits(before: Deal, after: Deal) -> tuple[tuple[Visit | None, Visit | None], ...]:
    was, now = ({one.id: one for every in deal.visits.values() for one in every} for deal in (before, after))
    return tuple((was.get(key), now.get(key)) for key in {**was, **now} if was.get(key) != now.get(key))
