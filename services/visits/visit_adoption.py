"""Deals in flight survive an edit of their process: what they hold of a visit in their own fields becomes the visit.

When a file says that fields are views of a visit, or an older version of the bot kept them in the deal, their values
are moved into the table at the next start; a deal has each of them in one place only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, Text, or_, select, type_coerce, update

from models.engine import visit_changes
from models.engine.deal_state import DealState
from models.errors import NotFound, SlotTaken
from models.fields import codec
from models.process.process import Process
from models.process.visit_kinds import VisitKind
from models.tables.deals import DealRow
from models.values.invalid_value import InvalidValue
from models.visits import Visit
from services import company_settings
from services.deals import deal_visits
from services.unit_of_work import UnitOfWork
from services.visits import booking_rows, bookings

DONE = company_settings.VISITS_ADOPTED
TEXT = type_coerce(DealRow.fields, Text)


def adopt(work: UnitOfWork) -> int:
    """Move what deals hold of visits into the table, once for each set of fields; gives how many deals there were."""
    wanted = {name: sorted(_names(process)) for name, process in work.company.processes.items()}
    known = company_settings.lock(work.tx, DONE, {})
    moved = 0
    for name, process in work.company.processes.items():
        if wanted[name] and wanted[name] != known.get(name):
            moved += _adopt(work, process, wanted[name])
    if any(wanted[name] != known.get(name) for name in wanted):
        company_settings.put(work.tx, DONE, {**known, **wanted})
    return moved


def _names(process: Process) -> set[str]:
    """The fields that are views of visits, and the flags of earlier files that meant their states."""
    return {*process.faces, *(flag for kind in process.visit_kinds.values() for flag in kind.was)}


def _adopt(work: UnitOfWork, process: Process, names: Iterable[str]) -> int:
    holds = or_(*(TEXT.contains(f'"{name}":', autoescape=True) for name in names))
    rows = work.tx.execute(
        select(DealRow.id, DealRow.kind, DealRow.status, DealRow.fields).where(
            DealRow.process == process.process, holds
        )
    ).all()
    return sum(_adopt_one(work, process, row) for row in rows)


def _adopt_one(work: UnitOfWork, process: Process, row: Row[Any]) -> bool:
    held = {name: value for name, value in row.fields.items() if name in _names(process)}
    if not held:
        return False
    values = codec.decode(process.fields, {name: value for name, value in held.items() if name in process.faces})
    visits = deal_visits.of_deal(work, row.id)
    for kind in process.visit_kinds.values():
        flags = {name: value for name, value in held.items() if name in kind.was}
        _become(work, process, kind, row, values, flags, visits.get(kind.name, ()))
    left = {name: value for name, value in row.fields.items() if name not in held}
    work.tx.execute(update(DealRow).where(DealRow.id == row.id).values(fields=left))
    return True


def _become(
    work: UnitOfWork,
    process: Process,
    kind: VisitKind,
    row: Row[Any],
    values: Mapping[str, Any],
    flags: Mapping[str, Any],
    known: tuple[Visit, ...],
) -> None:
    """The visit that the deal's fields and flags tell of, unless it has a row already."""
    current = next((one for one in known if one.current), None)
    if current is None:
        given = {name: value for name, value in values.items() if name in kind.fields}
        state = DealState("", "", work.now)
        sets = visit_changes.write(process, state, given, work.moment).sets if given else ()
        if not sets:
            return
        current = _kept(work, kind, row, sets[-1].visit)
    said = [kind.was[name] for name, value in flags.items() if value is True]
    told = "off" if "off" in said else said[-1] if said else current.state
    if row.status == "lost" and current.state != "held" and told not in ("held", "off"):
        told = "off"
    if told != current.state:
        if not replace(current, state=told).is_agreed():
            booking_rows.clear(work, current.id)
        booking_rows.change(work, current.id, replace(current, state=told))


def _kept(work: UnitOfWork, kind: VisitKind, row: Row[Any], visit: Visit) -> Visit:
    """The visit in its row. Nobody was locked for it before: where two were promised one hour, the hour of the second
    one is taken away, so that somebody agrees it anew."""
    if row.status == "open":
        try:
            with work.tx.begin_nested():
                key = bookings.put(work, row.id, kind, visit_changes.new(visit), 0)
            return replace(visit, id=key)
        except (SlotTaken, InvalidValue, NotFound):
            pass  # it is kept below without its hour: nothing is promised that cannot be
        day = work.company.calendar.local(visit.starts_at).date() if visit.starts_at is not None else visit.day
        visit = replace(visit, state="wished", day=day, starts_at=None, ends_at=None, more_starts=())
    return replace(visit, id=booking_rows.add(work, row.id, visit))
