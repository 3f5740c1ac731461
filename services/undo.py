"""One undo: what can be taken back, until when, by whom. A feature keeps what was, and says how it is put back.

Whoever did it takes it back, or those above; where what has happened since stands in the way, the feature refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import Row, bindparam, delete, insert, select, update

from models import access, rights
from models.errors import AlreadyDone, NotAllowed, NotFound
from models.ids import EmployeeId, UndoId
from models.tables.undo import UndoRow
from models.undo import STATES, StateBefore, Undo
from models.values.invalid_value import N_
from services.unit_of_work import UnitOfWork

UNDO = rights.thing("undo", N_("«Вернуть как было»"), ids=(UndoId,), tables=("undo",))
TAKE_BACK = UNDO.right(
    N_("возвращать сделанное"),
    (access.MANAGEMENT, ("any",)),
    (access.EVERYONE - access.MANAGEMENT, ("author",)),
    robots=False,
)

B = TypeVar("B", bound=StateBefore)
PutBack = Callable[[UnitOfWork, B], None]
UNDONE_BY: dict[type[StateBefore], PutBack[Any]] = {}
ADD = insert(UndoRow).returning(UndoRow.id)
BY_ID = select(UndoRow).where(UndoRow.id == bindparam("key"))
LATEST = (
    select(UndoRow)
    .where(
        UndoRow.kind == bindparam("sort"), UndoRow.about == bindparam("of"), UndoRow.undone_at.is_(None),
        UndoRow.until > bindparam("now"),
    )
    .order_by(UndoRow.id.desc())
    .limit(1)
)  # fmt: skip
TAKE = (
    update(UndoRow)
    .where(UndoRow.id == bindparam("key"), UndoRow.undone_at.is_(None))
    .values(undone_at=bindparam("at_"), undone_by_id=bindparam("by"))
)
FORGET = delete(UndoRow).where(UndoRow.until <= bindparam("now"))


def undoes(kind: type[B]) -> Callable[[PutBack[B]], PutBack[B]]:
    """Register how what was is put back; it raises NotFound if what has happened since stands in the way."""

    def register(put_back: PutBack[B]) -> PutBack[B]:
        if kind in UNDONE_BY:
            raise ValueError(f"{kind.kind} is undone twice")
        UNDONE_BY[kind] = put_back
        return put_back

    return register


def missing() -> list[str]:
    """What could be kept and nobody puts back; and what has no word that it is kept under."""
    return [f"undo {kind.kind}: nobody puts it back" for kind in STATES if kind not in UNDONE_BY] + STATES.undeclared(
        StateBefore
    )


def keep(work: UnitOfWork, before: StateBefore, about: int, life: timedelta) -> Undo:
    """Note what was before what the actor is doing; it can be put back for so long."""
    given = {"kind": before.kind, "about": about, "data": before.to_data(), "author_id": work.actor_id, "at": work.now}
    until = work.now + life
    return Undo(UndoId(work.add(ADD, **given, until=until)), before, about, EmployeeId(work.actor_id or 0), until)


def find(work: UnitOfWork, kind: type[StateBefore], about: int) -> Undo | None:
    """The latest thing of that kind that the actor may still take back; None if there is none."""
    row = work.tx.execute(LATEST, {"sort": kind.kind, "of": about, "now": work.now}).one_or_none()
    return _read(row) if row is not None and _may(work, row) else None


def take_back(work: UnitOfWork, undo_id: int) -> Undo:
    """Put it back as it was. NotFound if there is no such thing or its time is over, NotAllowed, AlreadyDone; of two at
    once one does it."""
    row = work.tx.execute(BY_ID, {"key": undo_id}).one_or_none()
    if row is None:
        raise NotFound("undo")
    if not _may(work, row):
        raise NotAllowed
    if row.undone_at is not None:
        raise AlreadyDone
    if row.until <= work.now:
        raise NotFound("undo")
    if work.tx.execute(TAKE, {"key": row.id, "at_": work.now, "by": work.actor_id}).rowcount != 1:
        raise AlreadyDone
    found = _read(row)
    UNDONE_BY[type(found.before)](work, found.before)
    return found


def about(work: UnitOfWork, undo_id: int, kind: type[StateBefore]) -> int | None:
    """What it is about, if it is of that kind; whoever asks."""
    row = work.tx.execute(BY_ID, {"key": undo_id}).one_or_none()
    return int(row.about) if row is not None and row.kind == kind.kind else None


def forget_old(work: UnitOfWork) -> int:
    """What can be taken back no more is forgotten, with what it was before; how many."""
    return work.tx.execute(FORGET, {"now": work.now}).rowcount


def _may(work: UnitOfWork, row: Row[Any]) -> bool:
    return TAKE_BACK.allows(work.actor, author=row.author_id == work.actor_id)


def _read(row: Row[Any]) -> Undo:
    return Undo(row.id, STATES.read(row.kind, row.data), row.about, row.author_id, row.until)
