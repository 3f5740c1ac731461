"""Who has heard of what was put back: his message is to say what is true now, and if he could have acted on it, he is
told anew."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import bindparam, func, or_, select

from models.jobs import CorrectNotices
from models.notices.deal_notices import PutBackTold, RuleSaid, SilenceSaid
from models.outbox import DeliveryState, Scheduled
from models.tables.outbox import ScheduledRow
from models.tables.undo import UndoRow
from models.undo import DealBefore
from services.outbox import jobs, notices, schedule
from services.people import employees
from services.unit_of_work import UnitOfWork

RULE = "put_back"
LEFT = (DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNSURE)
RECENT = timedelta(minutes=10)  # what was said of earlier presses that were put back stands above it in the chat
# its reader has it, may have it, or has it in a moment: somebody who sends has it in hand
SAID = (
    select(ScheduledRow)
    .where(
        ScheduledRow.id.in_(bindparam("ids", expanding=True)), ScheduledRow.kind == "notice",
        or_(ScheduledRow.holder.is_not(None), ScheduledRow.delivery_state.in_(LEFT)),
    )
    .order_by(ScheduledRow.id)
)  # fmt: skip
TOLD = (
    select(ScheduledRow.id)
    .where(
        ScheduledRow.deal_id == bindparam("deal"), ScheduledRow.employee_id == bindparam("who"),
        ScheduledRow.rule == RULE, ScheduledRow.created_at >= bindparam("at"),
    )
    .limit(1)
)  # fmt: skip
TOLD_SINCE = select(ScheduledRow.id).where(
    ScheduledRow.deal_id == bindparam("deal"), ScheduledRow.kind == "notice", ScheduledRow.rule == RULE,
    ScheduledRow.created_at >= bindparam("at"),
)  # fmt: skip
PUT_BACK = select(UndoRow.data).where(
    UndoRow.kind == DealBefore.kind, UndoRow.about == bindparam("deal"), UndoRow.undone_at >= bindparam("since")
)
HEARD = (
    select(ScheduledRow.id)
    .where(
        ScheduledRow.deal_id == bindparam("deal"), ScheduledRow.employee_id == bindparam("who"),
        ScheduledRow.kind == "notice", ScheduledRow.delivery_state == "sent",
    )
    .limit(1)
)  # fmt: skip
WITH_OTHERS = select(func.count()).where(
    ScheduledRow.employee_id == bindparam("who"), ScheduledRow.message_id == bindparam("message")
)


def of_what_left(work: UnitOfWork, before: DealBefore, ids: Sequence[int]) -> None:
    """Have the messages of these rows that have left, or are leaving now, say what is true; and those that said so
    after an earlier press was put back. Whose press it was hears of it, and who was to come, and need not or need."""
    rows = find(work, (*ids, *_said_before(work, before)))
    own = [row for row in rows if row.id in ids]
    acts = (row for row in own if _acts_on_it(row, before.people) or is_in_digest(work, row))
    anew: set[int | None] = {row.employee_id for row in acts}
    anew |= {who for who in before.people if work.tx.execute(HEARD, {"deal": before.deal, "who": who}).first()}
    anew.add(before.author)
    for who in sorted(one for one in anew if one and one != work.actor_id):
        tell(work, before, who)
    if rows:
        said = CorrectNotices(before.deal, _told(work, before), tuple(row.id for row in rows))
        jobs.ask(work, said, deal_id=before.deal)


def _said_before(work: UnitOfWork, before: DealBefore) -> list[int]:
    """What was said of presses on the deal that were put back just now, and of that."""
    since = work.now - RECENT
    undone = work.tx.execute(PUT_BACK, {"deal": before.deal, "since": since}).scalars()
    found = [key for data in undone for key in data.get("rows", {}).get("waits", {}).get("new", ())]
    told = work.tx.execute(TOLD_SINCE, {"deal": before.deal, "at": since}).scalars()
    return [*found, *told]


def find(work: UnitOfWork, ids: Sequence[int]) -> list[Scheduled]:
    """The messages among these rows that have left, or are leaving now."""
    return [schedule.read(row) for row in work.tx.execute(SAID, {"ids": list(ids)})] if ids else []


def is_in_digest(work: UnitOfWork, row: Scheduled) -> bool:
    """Whether its message says other things too: then it cannot say something else in its place."""
    if row.message_id is None:
        return False
    return int(work.tx.execute(WITH_OTHERS, {"who": row.employee_id, "message": row.message_id}).scalar_one()) > 1


def tell(work: UnitOfWork, before: DealBefore, who: int) -> None:
    """A message of its own, within his hours."""
    person = employees.find_working(work, who)
    if person is not None:
        said = _told(work, before)
        cause = f"{before.now}-{work.now.isoformat()}"
        schedule.put(work, [notices.to(work, person, said, rule=RULE, cause=cause, deal_id=before.deal)])


def tell_once(work: UnitOfWork, job: CorrectNotices, who: int) -> None:
    """His message cannot be changed: he hears of it by one of its own, unless he does already."""
    given = {"who": who, "deal": job.deal, "at": job.said.at}
    person = employees.find_working(work, who)
    if person is None or who == job.said.from_id or work.tx.execute(TOLD, given).first() is not None:
        return
    cause = f"instead-{job.said.at.isoformat()}"
    schedule.put(work, [notices.to(work, person, job.said, rule=RULE, cause=cause, deal_id=job.deal)])


def _told(work: UnitOfWork, before: DealBefore) -> PutBackTold:
    return PutBackTold(
        work.actor_id or 0, work.now, before.visit_names, before.people, tuple(before.fields),
        before.rows_of("tasks").new, led=before.led,
    )  # fmt: skip


def _acts_on_it(row: Scheduled, people: Collection[int]) -> bool:
    """Whether it sent him somewhere, gave him something to do or took it away, or answered what he had asked: all but
    what a rule tells, and he need do nothing about."""
    news = isinstance(row.notice, RuleSaid | SilenceSaid | PutBackTold)
    return row.task_id is not None or row.employee_id in people or not news
