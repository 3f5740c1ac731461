"""The table of things to do later: the only schedule there is. APScheduler rings; these rows are the truth.

A row is written in the transaction of its cause, tied to deal + rule + anchor, replaced when the anchor moves, void
when the deal leaves the stage. `claim` → the caller re-checks → acts → `finish`; a claim of somebody who died lapses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, insert, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from models.engine import moves
from models.entities import Employee
from models.tables.outbox import DONE as DONE
from models.tables.outbox import DOUBT as DOUBT
from models.tables.outbox import FAILED as FAILED
from models.tables.outbox import PENDING as PENDING
from models.tables.outbox import VOID as VOID
from models.tables.outbox import ScheduledRow
from models.values.work_calendar import QuietHours, WorkCalendar
from services.unit_of_work import UnitOfWork

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5

# written out, not bound: PostgreSQL uses the partial index of pending rows only if it reads the condition itself
STILL: ColumnElement[int] = literal_column("0")

INSERT = insert(ScheduledRow)
VOID_TIMERS = (
    update(ScheduledRow)
    .where(ScheduledRow.deal_id == bindparam("deal"), ScheduledRow.kind == "timer", ScheduledRow.state == PENDING)
    .values(state=VOID, done_at=bindparam("at"))
)
VOID_TIMER = VOID_TIMERS.where(ScheduledRow.rule == bindparam("name"))
VOID_TASK = (
    update(ScheduledRow)
    .where(ScheduledRow.task_id == bindparam("task"), ScheduledRow.kind == "task", ScheduledRow.state == PENDING)
    .values(state=VOID, done_at=bindparam("at"))
)
FREE = and_(
    ScheduledRow.state == STILL,
    ScheduledRow.due_at <= bindparam("now"),
    or_(ScheduledRow.claimed_until.is_(None), ScheduledRow.claimed_until < bindparam("now")),
)
DUE_IDS = select(ScheduledRow.id).where(FREE).order_by(ScheduledRow.due_at, ScheduledRow.id).limit(bindparam("most"))
# the outer WHERE repeats «still free»: on PostgreSQL two claimers would else both get a row that both selected
CLAIM = (
    update(ScheduledRow)
    .where(ScheduledRow.id.in_(bindparam("ids", expanding=True)), FREE)
    .values(claimed_until=bindparam("until"), attempts=ScheduledRow.attempts + 1)
    .returning(ScheduledRow)
)
FINISH = (
    update(ScheduledRow)
    .where(
        ScheduledRow.id == bindparam("key"),
        ScheduledRow.attempts == bindparam("attempt"),
        ScheduledRow.state == PENDING,
    )
    .values(
        state=bindparam("to_state"),
        failure=bindparam("why"),
        done_at=bindparam("at"),
        message_id=bindparam("message"),
        claimed_until=None,
    )
)
RENEW = (
    update(ScheduledRow)
    .where(
        ScheduledRow.id == bindparam("key"),
        ScheduledRow.attempts == bindparam("attempt"),
        ScheduledRow.state == PENDING,
    )
    .values(claimed_until=bindparam("until"))
)
LATER = (
    update(ScheduledRow)
    .where(
        ScheduledRow.id == bindparam("key"),
        ScheduledRow.attempts == bindparam("attempt"),
        ScheduledRow.state == PENDING,
    )
    .values(due_at=bindparam("until"), failure=bindparam("why"), claimed_until=None)
)
NEXT_OF_DEAL = (
    select(ScheduledRow.due_at, ScheduledRow.rule)
    .where(
        ScheduledRow.deal_id == bindparam("id"),
        ScheduledRow.state == PENDING,
        ScheduledRow.kind == "timer",
        ScheduledRow.rule != moves.SILENCE,
    )
    .order_by(ScheduledRow.due_at, ScheduledRow.id)
    .limit(1)
)
NOTICE = select(ScheduledRow).where(ScheduledRow.id == bindparam("id"), ScheduledRow.kind == "notice")
NEXT = select(ScheduledRow.due_at).where(ScheduledRow.state == STILL).order_by(ScheduledRow.due_at).limit(1)


def row(
    work: UnitOfWork,
    kind: str,
    rule: str,
    anchor: str,
    due_at: datetime,
    *,
    deal_id: int | None = None,
    task_id: int | None = None,
    employee_id: int | None = None,
    payload: dict[str, Any] | None = None,
    meant_at: datetime | None = None,
) -> dict[str, Any]:
    """A row of the table, to be written with `put`."""
    return {
        "kind": kind,
        "deal_id": deal_id,
        "task_id": task_id,
        "employee_id": employee_id,
        "rule": rule,
        "anchor": anchor,
        "payload": payload,
        "meant_at": meant_at or due_at,
        "due_at": due_at,
        "state": PENDING,
        "attempts": 0,
        "created_at": work.now,
    }


def put(work: UnitOfWork, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows; one statement for all."""
    if rows:
        work.tx.execute(INSERT, rows)


def put_once(work: UnitOfWork, new: dict[str, Any]) -> None:
    """Write a row unless its cause has been written before (a call list that exists already)."""
    dialect = postgresql if work.tx.dialect.name == "postgresql" else sqlite
    work.tx.execute(dialect.insert(ScheduledRow).on_conflict_do_nothing(), new)


def void_timers(work: UnitOfWork, deal_id: int, rules: Iterable[str] | None = None) -> None:
    """What was planned is no longer wanted: all timers of a deal, or those of some rules."""
    if rules is None:
        work.tx.execute(VOID_TIMERS, {"deal": deal_id, "at": work.now})
        return
    found = [{"deal": deal_id, "name": rule, "at": work.now} for rule in rules]
    if found:
        work.tx.execute(VOID_TIMER, found)


def void_task(work: UnitOfWork, task_id: int) -> None:
    """The task is closed or taken back: it will not ring."""
    work.tx.execute(VOID_TASK, {"task": task_id, "at": work.now})


def claim(work: UnitOfWork, most: int = 50) -> list[Row[Any]]:
    """Take up to `most` rows that are due and free, oldest first. Nobody else gets them until the lease ends."""
    ids = work.tx.execute(DUE_IDS, {"now": work.now, "most": most}).scalars().all()
    if not ids:
        return []
    rows = work.tx.execute(CLAIM, {"ids": ids, "now": work.now, "until": work.now + LEASE}).all()
    return sorted(rows, key=lambda one: (one.due_at, one.id))


def renew(work: UnitOfWork, key: int, attempt: int) -> bool:
    """Keep a claimed row for another lease; False if somebody else has taken it over since."""
    given = {"key": key, "attempt": attempt, "until": work.now + LEASE}
    return bool(work.tx.execute(RENEW, given).rowcount == 1)


def finish(
    work: UnitOfWork,
    key: int,
    attempt: int,
    *,
    failure: str | None = None,
    state: int | None = None,
    message: int | None = None,
) -> bool:
    """Mark a claimed row; False if somebody else has taken it over since (the attempt number moved on)."""
    chosen = state if state is not None else FAILED if failure else DONE
    result = work.tx.execute(
        FINISH,
        {"key": key, "attempt": attempt, "to_state": chosen, "why": failure, "at": work.now, "message": message},
    )
    return result.rowcount == 1


def retry(work: UnitOfWork, key: int, attempt: int, until: datetime, why: str) -> None:
    """Try a claimed row again later; the reason stays visible on the row."""
    work.tx.execute(LATER, {"key": key, "attempt": attempt, "until": until, "why": why})


def next_due(work: UnitOfWork) -> datetime | None:
    """When the next thing falls due."""
    return work.tx.execute(NEXT).scalar_one_or_none()


def next_of_deal(work: UnitOfWork, deal_id: int) -> tuple[datetime, str] | None:
    """When the deal's next reminder rings, and its rule; the silence net does not count."""
    found = work.tx.execute(NEXT_OF_DEAL, {"id": deal_id}).one_or_none()
    return (found.due_at, found.rule) if found else None


def find_notice(work: UnitOfWork, notice_id: int) -> Row[Any] | None:
    """A message that was sent to the actor; None for somebody else's."""
    row = work.tx.execute(NOTICE, {"id": notice_id}).one_or_none()
    return row if row is not None and row.employee_id == work.actor_id else None


def polite_time(calendar: WorkCalendar, person: Employee, at: datetime) -> datetime:
    """The first moment, not before `at`, when the company works and the person does not want quiet.

    Hours decide when a message comes, never whether. Hours that leave nothing open are overruled by the company's.
    """
    opened = calendar.next_open(at)
    if person.quiet_from is None or person.quiet_to is None:
        return opened
    quiet = QuietHours(_clock(person.quiet_from), _clock(person.quiet_to))
    moment = opened
    for _ in range(3):
        moment = quiet.end_after(moment, calendar.zone)
        if calendar.is_open(moment):
            return moment
        moment = calendar.next_open(moment)
    return opened


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
