"""Troubles of the bot itself reach a person, each once, and once more when it is over.

Whoever notices a trouble calls `begin`, as often as he likes; whoever sees that all is well again calls `end`. The
owner is told by the bot. Where the bot cannot speak (no owner is reached, Telegram is away, the token is not known), a
job tells it by SMS and e-mail as they are set; where nothing is set the bot tells it afterwards. Whatever lasts stands
on the health page and in `verstak doctor`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Row, bindparam, delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from models.entities import Employee
from models.jobs import TellTrouble
from models.notices.trouble_notices import TroubleBegan, TroubleOver, TroubleTold
from models.outbox import DeliveryState
from models.tables.outbox import ScheduledRow
from models.tables.troubles import TroubleRow
from models.troubles import MUTE, URGENT, Details, Trouble, TroubleKind
from services.outbox import jobs, notices, schedule
from services.people import employees
from services.unit_of_work import UnitOfWork

RULE = "trouble"
KEPT = timedelta(days=90)  # so long one that is over can be looked up
LONGEST_ABOUT = 100
logger = structlog.get_logger("services.operation.troubles")

LASTING = TroubleRow.ended_at.is_(None)
BEGIN = {
    name: dialect.insert(TroubleRow).on_conflict_do_nothing().returning(TroubleRow)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
END = (
    update(TroubleRow)
    .where(TroubleRow.kind == bindparam("sort"), TroubleRow.about == bindparam("what"), LASTING)
    .values(ended_at=bindparam("at"))
    .returning(TroubleRow)
)
OPEN = select(TroubleRow).where(LASTING).order_by(TroubleRow.began_at, TroubleRow.id)
BY_ID = select(TroubleRow).where(TroubleRow.id == bindparam("id"))
MUTE_NOW = select(TroubleRow.id).where(TroubleRow.kind.in_(sorted(MUTE)), LASTING).limit(1)
# of several bots that were cut off by the same outage one tells it
IN_TURN = text("SELECT pg_advisory_xact_lock(8253721)")
LASTED_THEN = (
    select(TroubleRow.id)
    .where(TroubleRow.kind == bindparam("sort"), TroubleRow.about == bindparam("what"))
    .where(TroubleRow.ended_at >= bindparam("since"))
    .limit(1)
)
OVER_LONG_AGO = delete(TroubleRow).where(TroubleRow.ended_at < bindparam("before"))
# one that is over before it was told is told once, as a whole
UNTOLD = (
    update(ScheduledRow)
    .where(
        ScheduledRow.rule == RULE,
        ScheduledRow.dedup_key == bindparam("cause"),
        ScheduledRow.delivery_state == DeliveryState.WAITING,
        ScheduledRow.done_at.is_(None),
    )
    .values(delivery_state=DeliveryState.VOID, done_at=bindparam("at"))
)


def begin(work: UnitOfWork, kind: TroubleKind, about: str = "", **data: str | int) -> bool:
    """A trouble has been noticed: True if it is new, and then it is told. `data` are what its words need."""
    return begun(work, kind, about, work.now, data)


def begun(work: UnitOfWork, kind: TroubleKind, about: str, at: datetime, data: Details | None = None) -> bool:
    """The same of a trouble that began some time ago."""
    given = {"kind": kind.value, "about": about[:LONGEST_ABOUT], "details": dict(data or {}) or None, "began_at": at}
    row = work.tx.execute(BEGIN[work.tx.dialect.name], given).one_or_none()
    if row is None:
        return False
    one = _read(row)
    logger.warning("trouble", kind=kind.value, about=one.about, alert=True)
    _tell(work, one)
    return True


def end(work: UnitOfWork, kind: TroubleKind, about: str = "") -> bool:
    """All is well again: True if it was not before, and then that is told."""
    given = {"sort": kind.value, "what": about[:LONGEST_ABOUT], "at": work.now}
    row = work.tx.execute(END, given).one_or_none()
    if row is None:
        return False
    one = _read(row)
    logger.info("trouble is over", kind=kind.value, about=one.about)
    work.tx.execute(UNTOLD, {"cause": _cause(one), "at": work.now})
    _tell(work, one)
    return True


def happened(work: UnitOfWork, kind: TroubleKind, about: str, **data: str | int) -> None:
    """Something has gone wrong that does not last: it is told once, and over with that."""
    values = {"kind": kind.value, "about": about[:LONGEST_ABOUT], "details": data or None, "began_at": work.now}
    row = work.tx.execute(BEGIN[work.tx.dialect.name], {**values, "ended_at": work.now}).one()
    _tell(work, replace(_read(row), ended_at=None))


def record(work: UnitOfWork, kind: TroubleKind, about: str, began_at: datetime, **data: str | int) -> None:
    """Write down one that nobody could write down while it lasted, as it is over; that is told, unless another bot,
    whose trouble it was too, has done so."""
    if work.tx.dialect.name == "postgresql":
        work.tx.execute(IN_TURN)
    if work.tx.execute(LASTED_THEN, {"sort": kind.value, "what": about, "since": began_at}).first() is not None:
        return
    values = {"kind": kind.value, "about": about, "details": data or None, "began_at": began_at, "ended_at": work.now}
    one = _read(work.tx.execute(BEGIN[work.tx.dialect.name], values).one())
    _tell(work, one)


def open_now(tx: Connection) -> list[Trouble]:
    """Every trouble that lasts, the oldest first; of a kind that this version does not know none is told."""
    known = set(TroubleKind)
    return [_read(row) for row in tx.execute(OPEN) if row.kind in known]


def find(work: UnitOfWork, trouble_id: int) -> Trouble | None:
    """A trouble by its id; None if it is forgotten."""
    row = work.tx.execute(BY_ID, {"id": trouble_id}).one_or_none()
    return _read(row) if row is not None else None


def forget_old(work: UnitOfWork) -> int:
    """Delete those that have been over for long; their number."""
    return work.tx.execute(OVER_LONG_AGO, {"before": work.now - KEPT}).rowcount


def tell_by_bot(work: UnitOfWork, one: Trouble) -> bool:
    """Have the bot tell the owners, when it can; False if there is nobody to tell."""
    readers = [person for person in employees.of_role(work, "owner") if person.telegram_id is not None]
    rows = [
        notices.to(
            work, person, _notice(one), rule=RULE, cause=_cause(one), at=work.now if one.kind in URGENT else None
        )
        for person in readers
    ]
    schedule.put(work, rows)
    return bool(rows)


def reachable_owners(work: UnitOfWork) -> list[Employee]:
    """Owners to whom Telegram delivers, as far as is known."""
    every = employees.of_role(work, "owner")
    return [one for one in every if one.telegram_id is not None and one.unreachable_at is None]


def _tell(work: UnitOfWork, one: Trouble) -> None:
    mute = work.tx.execute(MUTE_NOW).first() is not None
    if not mute and reachable_owners(work):
        tell_by_bot(work, one)
    else:
        jobs.ask(work, TellTrouble(one.id, one.ended_at is not None))


def _notice(one: Trouble) -> TroubleTold:
    if one.ended_at is None:
        return TroubleBegan(one.kind, one.began_at, one.about, one.details)
    return TroubleOver(one.kind, one.began_at, one.about, one.details, one.ended_at)


def _cause(one: Trouble) -> str:
    return f"{RULE}-{one.id}"


def _read(row: Row[Any]) -> Trouble:
    return Trouble(row.id, TroubleKind(row.kind), row.about, row.began_at, row.ended_at, row.details or {})
