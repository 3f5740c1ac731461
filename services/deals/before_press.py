"""How a deal stood before a person changed it: noted as he does, kept for five minutes, so that it can be put back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from models.engine import transitions
from models.entities import Deal
from models.field_values import FieldValues
from models.fields import codec
from models.history.line import HistoryEntry
from models.process.process import Process
from models.tables.columns import EPOCH, MICROSECOND
from models.tables.deals import HistoryRow
from models.tables.outbox import PinRow
from models.tables.people import EmployeeRow
from models.undo import DealBefore, DealSnapshot, RowChanges, Undo
from models.visits import Visit
from services import undo
from services.deals import deal_rows, history
from services.deals.deal_rows import DealRows
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
PIN = select(PinRow.text).where(PinRow.deal_id == bindparam("deal"))


def look(work: UnitOfWork, found: Deal, rows: DealRows | None = None) -> None:
    """A person is about to change the deal: note how it stands, once in a transaction; `rows` if they have been read,
    and nothing was written since. Who changes two deals at once cannot take that back by one tap."""
    if work.actor is None:
        return
    if work.look is None:
        rows = rows or deal_rows.read(work, found.id)
        work.look = DealSnapshot(found, rows.values(), _pin(work, found))
    elif work.look.deal.id != found.id:
        work.look.lasting = True


def keep(work: UnitOfWork, rows: DealRows | None = None) -> Undo | None:
    """What the actor has done is done: from now on he can take it back, if it can be taken back. `rows`: of the deal,
    if they have been read after it."""
    seen, work.look = work.look, None
    if seen is None or seen.after is None or seen.lasting or work.begun is not None:
        return None
    process = work.process(seen.deal.process)
    # what somebody says of his visit is a fact, and so is what comes of it
    if "visit_report" in seen.kinds or WORTH.isdisjoint(seen.kinds) or _is_one_way(process, seen.deal, seen.after):
        return None
    if rows is None:
        rows = deal_rows.read(work, seen.deal.id)
    return undo.keep(work, _between(work, process, seen, seen.after, rows), seen.deal.id, LIFE)


def find(work: UnitOfWork, deal_id: int, rows: DealRows | None = None) -> Undo | None:
    """What the actor may take back of the deal now, the latest thing that was done to it; None if there is nothing.
    `rows`: how its rows are now, if they have been read."""
    kept = keep(work, rows if work.look is not None and work.look.deal.id == deal_id else None)
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


def _pin(work: UnitOfWork, found: Deal) -> str | None:
    process = work.company.processes.get(found.process)
    has_pins = process is not None and process.has_pins
    return work.tx.execute(PIN, {"deal": found.id}).scalar_one_or_none() if has_pins else None


def _is_one_way(process: Process, before: Deal, after: Deal) -> bool:
    """Whether it went through a one-way door: from there nothing leads back (M-2)."""
    passed = (transitions.passed(process, one.pipeline, one.stage) for one in (after, before))
    return bool(next(passed) - next(passed))


def _between(work: UnitOfWork, process: Process, seen: DealSnapshot, after: Deal, rows: DealRows) -> DealBefore:
    before, now = seen.deal, rows.values()
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
