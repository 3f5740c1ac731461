"""The table of things to do later: the only schedule there is. APScheduler rings; these rows are the truth.

A row is written in the transaction of its cause, tied to deal + rule + dedup key, replaced when what it hangs on moves,
void when the deal leaves the stage. What is due goes through `queue`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from models import access, rights
from models.engine import task_escalations
from models.ids import NoticeId
from models.jobs import Job
from models.notices import notice
from models.notices.notice import Notice
from models.outbox import DeliveryState, Envelope, Planned, Scheduled
from models.tables.outbox import ScheduledRow
from models.values.invalid_value import N_
from services.unit_of_work import RowValues, UnitOfWork

MESSAGE = rights.thing("notice", N_("Сообщения бота"), ids=(NoticeId,), tables=("scheduled",))
OPEN = MESSAGE.right(N_("открывать и отвечать"), (access.EVERYONE, ("addressed",)), robots=False)
PUT_OFF = MESSAGE.right(N_("откладывать напоминание о сделке"), (access.MANAGEMENT, ("any",)), robots=False)

ESCALATIONS = (task_escalations.UNDONE, task_escalations.UNREADY)

PENDING = ScheduledRow.done_at.is_(None)
INSERT = insert(ScheduledRow)
VOID = {"delivery_state": DeliveryState.VOID, "done_at": bindparam("at")}
VOID_TIMERS = (
    update(ScheduledRow)
    .where(ScheduledRow.deal_id == bindparam("deal"), ScheduledRow.kind == "timer", PENDING)
    .values(VOID)
)
VOID_TIMER = VOID_TIMERS.where(ScheduledRow.rule == bindparam("name"))
VOID_TASK = (
    update(ScheduledRow)
    .where(ScheduledRow.task_id == bindparam("task"), ScheduledRow.kind == "task", PENDING)
    .values(VOID)
)
VOID_ESCALATION = VOID_TASK.where(ScheduledRow.rule.in_(ESCALATIONS))
AGAIN = (
    update(ScheduledRow)
    .where(
        ScheduledRow.task_id == bindparam("task"),
        ScheduledRow.kind == bindparam("of_kind"),
        ScheduledRow.dedup_key == bindparam("same"),
    )
    .values(
        delivery_state=DeliveryState.WAITING, run_at=bindparam("at"), scheduled_for=bindparam("at"), done_at=None,
        # whoever has it in hand has it no more
        attempts=ScheduledRow.attempts + 1, tries=0, failures=0, try_at=None, tried_at=None, holder=None, failure=None,
        turned=None,
    )
)  # fmt: skip
WAITING = (
    select(ScheduledRow.id).where(PENDING, ScheduledRow.kind == "job", ScheduledRow.rule == bindparam("name")).limit(1)
)
NOTICE = select(ScheduledRow).where(ScheduledRow.id == bindparam("id"), ScheduledRow.kind == "notice")
NEXT = select(ScheduledRow.run_at).where(PENDING).order_by(ScheduledRow.run_at).limit(1)
logger = structlog.get_logger("services.outbox.schedule")

BY_MESSAGE = select(ScheduledRow).where(
    ScheduledRow.employee_id == bindparam("who"), ScheduledRow.message_id == bindparam("message")
)


def read(row: Row[Any]) -> Scheduled:
    """A row of the table as a value, whatever another version has written there: one bad row never stops the rest."""
    payload = row.payload if isinstance(row.payload, dict) else {}
    return Scheduled(
        row.id, row.kind, row.deal_id, row.task_id, row.employee_id, row.rule, row.dedup_key, payload,
        Envelope.from_data(row.envelope), row.scheduled_for, row.run_at, _state(row), row.attempts, row.tries,
        row.failures, row.failure, row.done_at, row.message_id, bool(row.turned),
    )  # fmt: skip


def _state(row: Row[Any]) -> DeliveryState:
    """How far it has come; of a state that this version does not know nobody can say whether it has arrived."""
    try:
        return DeliveryState(row.delivery_state)
    except ValueError:
        logger.warning("a state of delivery that this version does not know", due_id=row.id, state=row.delivery_state)
        return DeliveryState.UNSURE


def timer(deal_id: int, rule: str, anchor: str, at: datetime) -> Planned:
    """A robot of the deal is looked at again then."""
    return Planned("timer", rule, anchor, at, at, deal_id=deal_id)


def task_bell(deal_id: int, task_id: int, at: datetime) -> Planned:
    """A task falls due then."""
    return Planned("task", "task", at.isoformat(), at, at, deal_id=deal_id, task_id=task_id)


def escalation(deal_id: int, task_id: int, rule: str, at: datetime) -> Planned:
    """A task that is still undone then is told to those above."""
    return Planned("task", rule, f"{rule}-{at.isoformat()}", at, at, deal_id=deal_id, task_id=task_id)


def call_list(title: str, day: str, employee_id: int, at: datetime) -> Planned:
    """The calls of a day come to a person then, as one message (F-E5)."""
    return Planned("list", title, day, at, at, employee_id=employee_id)


def _stored(content: Notice | Job | None) -> dict[str, Any] | None:
    if content is None:
        return None
    return notice.payload_of(content) if isinstance(content, Notice) else content.to_data()


def values(work: UnitOfWork, one: Planned) -> RowValues:
    """The columns of a row to be written."""
    return {
        "kind": one.kind,
        "deal_id": one.deal_id,
        "task_id": one.task_id,
        "employee_id": one.employee_id,
        "rule": one.rule,
        "dedup_key": one.dedup_key,
        "payload": _stored(one.content),
        "envelope": one.envelope.to_data(),
        "scheduled_for": one.scheduled_for,
        "run_at": one.run_at,
        "delivery_state": DeliveryState.WAITING,
        "attempts": 0,
        "tries": 0,
        "failures": 0,
        "created_at": work.now,
    }


def _note_due(work: UnitOfWork, *rows: Planned) -> None:
    """What is due at once need not wait for the next ring: the commit wakes it."""
    if any(one.run_at <= work.now for one in rows):
        work.wakes = True


def put(work: UnitOfWork, rows: Sequence[Planned]) -> None:
    """Write rows; one statement for all."""
    if rows:
        work.tx.execute(INSERT, [values(work, one) for one in rows])
        _note_due(work, *rows)


def put_once(work: UnitOfWork, new: Planned) -> None:
    """Write a row unless its cause has been written before (a call list that exists already)."""
    dialect = postgresql if work.tx.dialect.name == "postgresql" else sqlite
    work.tx.execute(dialect.insert(ScheduledRow).on_conflict_do_nothing(), values(work, new))
    _note_due(work, new)


def put_again(work: UnitOfWork, new: Planned) -> bool:
    """Put a task's row back that had the same dedup key before (its date returns to what it was); False if none had."""
    given = {"task": new.task_id, "of_kind": new.kind, "same": new.dedup_key, "at": new.run_at}
    _note_due(work, new)
    return work.tx.execute(AGAIN, given).rowcount == 1


def put_anew(work: UnitOfWork, new: Planned) -> None:
    """Write a task's row, or put the one of the same dedup key back."""
    if not put_again(work, new):
        put(work, [new])


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


def void_escalation(work: UnitOfWork, task_id: int) -> bool:
    """What was planned to be told to those above is planned anew; False if nothing was."""
    return work.tx.execute(VOID_ESCALATION, {"task": task_id, "at": work.now}).rowcount > 0


def is_waiting(work: UnitOfWork, rule: str) -> bool:
    """Whether a job of that name is to be carried out."""
    return work.tx.execute(WAITING, {"name": rule}).first() is not None


def next_due(work: UnitOfWork) -> datetime | None:
    """When the next thing falls due."""
    return work.tx.execute(NEXT).scalar_one_or_none()


def find_sent(work: UnitOfWork, message_id: int | None) -> Scheduled | None:
    """What the actor was told by that message of the bot; None if it was no notice, or a digest of several."""
    if message_id is None:
        return None
    rows = work.tx.execute(BY_MESSAGE, {"who": work.actor_id, "message": message_id}).all()
    return read(rows[0]) if len(rows) == 1 else None


def find_notice(work: UnitOfWork, notice_id: int) -> Scheduled | None:
    """A message that was sent to the actor; None for somebody else's."""
    row = work.tx.execute(NOTICE, {"id": notice_id}).one_or_none()
    if row is None or not OPEN.allows(work.actor, addressed=row.employee_id == work.actor_id):
        return None
    return read(row)
