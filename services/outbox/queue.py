"""What is due, taken in hand, tried and brought to its end: the state machine of a row of the schedule (promise 4).

A row is held by one running bot at a time; a bot's death sets free what it held, and no clock decides that. `run_at` is
the order and never changes; after a try `try_at` says when the next one may be. A person's messages are taken together,
and none while an earlier one is in hand or waits for its next try: so they arrive in order, whoever sends them. Of what
rings, whose readers are not known yet, nothing is taken while another bot has some in hand, be it a dead one's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, and_, bindparam, case, exists, func, or_, select, text, union_all, update
from sqlalchemy.orm import aliased

from models import statements
from models.outbox import DeliveryState, Scheduled
from models.statements import Statement
from models.tables.columns import UtcDateTime
from models.tables.outbox import ScheduledRow
from services.outbox import schedule
from services.outbox.schedule import PENDING
from services.unit_of_work import UnitOfWork

MOST_FAILURES = 5
MOST_AT_ONCE = 50  # timers and jobs, and people, of one claim
MOST_MESSAGES = 500  # of one person's in one claim: more than anybody reads at once

# several who claim on PostgreSQL come one after the other: else the second would not see whose messages the first took
IN_TURN = text("SELECT pg_advisory_xact_lock(8253719)")
NOTICE = ScheduledRow.kind == "notice"
NOW: BindParameter[datetime] = bindparam("now", type_=UtcDateTime)
COME = and_(ScheduledRow.run_at <= NOW, or_(ScheduledRow.try_at.is_(None), ScheduledRow.try_at <= NOW))
# of a moment of trying that is still ahead, the clock was set back since: no wait counts from it
SET_BACK = and_(ScheduledRow.tried_at.is_not(None), ScheduledRow.tried_at > NOW)
DUE = or_(COME, SET_BACK)
FREE = and_(PENDING, ScheduledRow.holder.is_(None), DUE)
WAITS = and_(ScheduledRow.try_at > NOW, ScheduledRow.tried_at <= NOW)
IN_HAND = (
    select(ScheduledRow.employee_id)
    .where(PENDING, NOTICE, ScheduledRow.employee_id.is_not(None))
    .where(or_(ScheduledRow.holder.is_not(None), WAITS))
)
JOB = ScheduledRow.kind == "job"
_rung = aliased(ScheduledRow, name="rung")
RUNG_ELSEWHERE = exists().where(
    _rung.done_at.is_(None), _rung.holder.is_not(None), _rung.holder != bindparam("me"),
    _rung.kind.not_in(("notice", "job")),
)  # fmt: skip
# two searches, each by its index: by one condition SQLite reads, at every tick, all that is ever to come
FOUND = union_all(*(select(ScheduledRow.id).where(PENDING, ~NOTICE, which) for which in (COME, SET_BACK)))
NEXT = (
    select(ScheduledRow.id)
    .where(ScheduledRow.id.in_(FOUND), FREE, or_(JOB, ~RUNG_ELSEWHERE))
    .order_by(ScheduledRow.run_at, ScheduledRow.id)
    .limit(bindparam("most"))
)  # fmt: skip
READERS = (
    select(ScheduledRow.employee_id)
    .where(FREE, NOTICE, ScheduledRow.employee_id.not_in(IN_HAND))
    .group_by(ScheduledRow.employee_id)
    .order_by(func.min(ScheduledRow.run_at), func.min(ScheduledRow.id))
    .limit(bindparam("people"))
)
NOBODYS = select(ScheduledRow.id).where(FREE, NOTICE, ScheduledRow.employee_id.is_(None)).limit(MOST_AT_ONCE)
ANYBODYS = select(ScheduledRow.id).where(PENDING, NOTICE, ScheduledRow.run_at <= NOW).limit(1)
MESSAGES = (
    select(ScheduledRow.id)
    .where(FREE, NOTICE, ScheduledRow.employee_id == bindparam("who"))
    .order_by(ScheduledRow.run_at, ScheduledRow.id)
    .limit(MOST_MESSAGES)
)
CLAIM = (
    update(ScheduledRow)
    .where(ScheduledRow.id.in_(bindparam("ids", expanding=True)), FREE)
    .values(holder=bindparam("me"), attempts=ScheduledRow.attempts + 1)
    .returning(ScheduledRow)
)
HELD = and_(PENDING, ScheduledRow.holder.is_not(None))
# a job that was in hand may be what ended the bot: that counts as a failure
SET_FREE = (
    update(ScheduledRow)
    .where(HELD)
    .values(holder=None, failures=ScheduledRow.failures + case((ScheduledRow.kind == "job", 1), else_=0))
)
SET_FREE_BUT = SET_FREE.where(ScheduledRow.holder.not_in(bindparam("alive", expanding=True)))
RELEASE = (
    update(ScheduledRow)
    .where(HELD, ScheduledRow.holder == bindparam("me"), ScheduledRow.id.not_in(bindparam("busy", expanding=True)))
    .values(holder=None)
)
# whoever has claimed a row and nobody since: a later claim has another attempt number
OWN = and_(ScheduledRow.id == bindparam("key"), ScheduledRow.attempts == bindparam("attempt"), PENDING)
# locked: until this transaction ends nobody else can take it over
MINE = select(ScheduledRow.id).where(OWN, ScheduledRow.holder.is_not(None)).with_for_update()
SENDING = (
    update(ScheduledRow)
    .where(OWN, ScheduledRow.holder.is_not(None))
    .values(delivery_state=DeliveryState.SENDING, tries=bindparam("tried"), said=bindparam("claims"))
)
FINISH = (
    update(ScheduledRow)
    .where(OWN)
    .values(
        delivery_state=bindparam("to_state"),
        tries=bindparam("tried"),
        failures=bindparam("failed"),
        failure=bindparam("why"),
        done_at=bindparam("at"),
        message_id=bindparam("message"),
        holder=None,
    )
)
# its cause was taken away while it was on its way: it has arrived all the same, and may have to be taken down
ARRIVED = (
    update(ScheduledRow)
    .where(
        ScheduledRow.id == bindparam("key"), ScheduledRow.attempts == bindparam("attempt"),
        ScheduledRow.done_at.is_not(None), ScheduledRow.message_id.is_(None),
    )
    .values(message_id=bindparam("message"))
)  # fmt: skip
PUT_BACK = (
    update(ScheduledRow)
    .where(OWN)
    .values(delivery_state=bindparam("to_state"), tries=bindparam("tried"), holder=None)
)  # fmt: skip
LATER = (
    update(ScheduledRow)
    .where(OWN)
    .values(
        try_at=bindparam("until"),
        tried_at=bindparam("at"),
        delivery_state=bindparam("to_state"),
        tries=bindparam("tried"),
        failures=bindparam("failed"),
        failure=bindparam("why"),
        holder=None,
    )
)


def claim(
    work: UnitOfWork, holder: int = 0, *, most: int = MOST_AT_ONCE, people: int = MOST_AT_ONCE
) -> list[Scheduled]:
    """Take in hand what is due and free, in due order: up to `most` timers and jobs, the messages of up to `people`.

    Nobody else gets them while `holder` runs.
    """
    if work.tx.dialect.name == "postgresql":
        work.tx.execute(IN_TURN)
    given = {"now": work.now}
    ids = list(work.tx.execute(NEXT, {**given, "most": most, "me": holder}).scalars()) if most else []
    if people:
        ids += work.tx.execute(NOBODYS, given).scalars()
        for who in work.tx.execute(READERS, {**given, "people": people}).scalars().all():
            ids += work.tx.execute(MESSAGES, {**given, "who": who}).scalars()
    if not ids:
        return []
    rows = work.tx.execute(CLAIM, {**given, "ids": ids, "me": holder}).all()
    return sorted(map(schedule.read, rows), key=lambda one: (one.run_at, one.id))


def has_messages(work: UnitOfWork) -> bool:
    """Whether messages are due: in somebody's hands, or waiting for their next try, too."""
    return work.tx.execute(ANYBODYS, {"now": work.now}).first() is not None


def set_free(work: UnitOfWork, alive: Collection[int] = ()) -> int:
    """Give up what is held by bots that do not run any more; how many rows. What was being sent stays marked so, and
    to a job it is a failure: one that ends the bot each time is not begun for ever."""
    if not alive:
        return work.tx.execute(SET_FREE).rowcount
    return work.tx.execute(SET_FREE_BUT, {"alive": list(alive)}).rowcount


def release(work: UnitOfWork, holder: int, in_hand: Collection[int]) -> int:
    """Give up what a running bot holds and does not know of: all but the rows that it has in hand; how many rows."""
    return work.tx.execute(RELEASE, {"me": holder, "busy": list(in_hand)}).rowcount


def begin_sending(work: UnitOfWork, one: Scheduled, said: Sequence[Statement] = ()) -> bool:
    """Mark a row as on its way, when its own call begins; `one.tries` earlier ones may have arrived.

    `said` is what the message claims as it leaves. False if it is in somebody else's hands by now.
    """
    claims = statements.to_data(said) or None
    given = {"key": one.id, "attempt": one.attempts, "tried": one.tries, "claims": claims}
    return work.tx.execute(SENDING, given).rowcount == 1


def is_held(work: UnitOfWork, one: Scheduled) -> bool:
    """Whether a claimed row is still in the hands of who claimed it; if it is, it stays so in this transaction."""
    return work.tx.execute(MINE, {"key": one.id, "attempt": one.attempts}).first() is not None


def finish(
    work: UnitOfWork,
    one: Scheduled,
    state: DeliveryState = DeliveryState.SENT,
    *,
    failure: str | None = None,
    message: int | None = None,
) -> bool:
    """End a claimed row; False if somebody else has taken it over since (the attempt number moved on), or it has ended:
    then the number of a message that arrived is kept all the same."""
    given = {
        "key": one.id,
        "attempt": one.attempts,
        "to_state": state,
        "tried": one.tries,
        "failed": one.failures,
        "why": failure,
        "at": work.now,
        "message": message,
    }
    if work.tx.execute(FINISH, given).rowcount == 1:
        return True
    if message is not None:
        work.tx.execute(ARRIVED, {"key": one.id, "attempt": one.attempts, "message": message})
    return False


def put_back(work: UnitOfWork, one: Scheduled) -> bool:
    """Give a row back. One that may have been sent says so. False as `finish`."""
    given = {"key": one.id, "attempt": one.attempts, "to_state": pending_state(one), "tried": one.tries}
    return work.tx.execute(PUT_BACK, given).rowcount == 1


def retry(work: UnitOfWork, one: Scheduled, until: datetime, why: str) -> bool:
    """A claimed row was tried and may be tried again from `until` on, before what waits behind it; the reason stays
    visible on the row. Its tries and failures are kept as `one` has them. False as `finish`."""
    given = {
        "key": one.id,
        "attempt": one.attempts,
        "until": until,
        "at": work.now,
        "to_state": pending_state(one),
        "tried": one.tries,
        "failed": one.failures,
        "why": why,
    }
    return work.tx.execute(LATER, given).rowcount == 1


def pending_state(one: Scheduled) -> DeliveryState:
    """What a row that waits is: it may have arrived, or surely has not."""
    return DeliveryState.UNSURE if one.tries else DeliveryState.WAITING
