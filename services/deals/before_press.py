"""How a deal stood before a person changed it: noted as he does, kept for five minutes, so that it can be put back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from models.engine import transitions
from models.entities import Deal
from models.field_values import FieldValues
from models.fields import codec
from models.process.process import Process
from models.tables.outbox import PinRow, ScheduledRow
from models.undo import DealBefore, DealSnapshot, RowChanges, Undo, Values
from models.visits import Visit
from services import undo
from services.unit_of_work import UnitOfWork

LIFE = timedelta(minutes=5)
COLUMNS = (
    "pipeline", "kind", "stage", "status", "entered_at", "came_from", "client_id", "responsible_id", "closed_at",
)  # fmt: skip
# lines of the history that say that something was done which can be put back
WORTH = frozenset(
    {"moved", "filled", "aside", "assigned", "task_closed", "task_answered", "task_snoozed", "visit_report"}
)

Look = Callable[[UnitOfWork, int], dict[int, Values]]
PARTS: dict[str, Look] = {}
PENDING = select(ScheduledRow.id, ScheduledRow.run_at).where(
    ScheduledRow.deal_id == bindparam("deal"), ScheduledRow.done_at.is_(None)
)
PIN = select(PinRow.text).where(PinRow.deal_id == bindparam("deal"))


def looks_at(part: str) -> Callable[[Look], Look]:
    """Register how rows of a deal are read that are put back with it: by their ids, as JSON."""

    def register(look: Look) -> Look:
        if part in PARTS:
            raise ValueError(f"the rows {part} are read twice")
        PARTS[part] = look
        return look

    return register


def look(work: UnitOfWork, found: Deal) -> None:
    """A person is about to change the deal: note how it stands, once in a transaction. Who changes two deals at once
    cannot take that back by one tap."""
    if work.actor is None:
        return
    if work.look is None:
        work.look = DealSnapshot(found, _rows(work, found.id), _pin(work, found))
    elif work.look.deal.id != found.id:
        work.look.lasting = True


def keep(work: UnitOfWork) -> None:
    """What the actor has done is done: from now on he can take it back, if it can be taken back."""
    seen, work.look = work.look, None
    if seen is None or seen.after is None or seen.lasting or work.begun is not None:
        return
    process = work.process(seen.deal.process)
    if WORTH.isdisjoint(seen.kinds) or _is_one_way(process, seen.deal, seen.after):
        return
    undo.keep(work, _between(work, process, seen, seen.after), seen.deal.id, LIFE)


def find(work: UnitOfWork, deal_id: int) -> Undo | None:
    """What the actor may take back of the deal now, the latest thing that was done to it; None if there is nothing."""
    keep(work)
    return undo.find(work, DealBefore, deal_id)


def stored(value: Any) -> Any:
    """A column's value as JSON."""
    return value.isoformat() if isinstance(value, datetime) else value


def _rows(work: UnitOfWork, deal_id: int) -> dict[str, dict[int, Values]]:
    return {name: read(work, deal_id) for name, read in PARTS.items()}


@looks_at("waits")
def _waits(work: UnitOfWork, deal_id: int) -> dict[int, Values]:
    """What is planned for the deal."""
    return {row.id: {"run_at": stored(row.run_at)} for row in work.tx.execute(PENDING, {"deal": deal_id})}


def _pin(work: UnitOfWork, found: Deal) -> str | None:
    process = work.company.processes.get(found.process)
    has_pins = process is not None and process.has_pins
    return work.tx.execute(PIN, {"deal": found.id}).scalar_one_or_none() if has_pins else None


def _is_one_way(process: Process, before: Deal, after: Deal) -> bool:
    """Whether it went through a one-way door: from there nothing leads back (M-2)."""
    passed = (transitions.passed(process, one.pipeline, one.stage) for one in (after, before))
    return bool(next(passed) - next(passed))


def _between(work: UnitOfWork, process: Process, seen: DealSnapshot, after: Deal) -> DealBefore:
    before, now = seen.deal, _rows(work, seen.deal.id)
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
