"""Messages that a person was sent and may not read any more: his role has sunk, or he has left (C-8).

What the bot still knows the number of is taken out of his chat: what it told by itself, the question of a form, pins,
a screen that he has not seen yet. Every other one is refused, and drawn anew, at the first press on it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select, update

from models.entities import Employee
from models.jobs import ForgetMessages, RedrawPin
from models.outbox import Scheduled
from models.tables.outbox import PinRow, ScheduledRow
from models.tables.updates import OwedScreenRow
from services import drafts, notice_rights
from services.outbox import jobs, schedule
from services.people import employees
from services.unit_of_work import UnitOfWork

AT_ONCE = 20  # messages of one job: a chat takes one call a second
SENT = (
    select(ScheduledRow)
    .where(
        ScheduledRow.employee_id == bindparam("who"), ScheduledRow.message_id.is_not(None),
        ScheduledRow.kind == "notice", ScheduledRow.id < bindparam("below"),
    )
    .order_by(ScheduledRow.id.desc())
    .limit(bindparam("most"))
)  # fmt: skip
FORGET = (
    update(ScheduledRow)
    .where(ScheduledRow.employee_id == bindparam("whose"), ScheduledRow.message_id == bindparam("number"))
    .values(message_id=None)
)
PINS = select(PinRow.deal_id).where(PinRow.employee_id == bindparam("who")).order_by(PinRow.deal_id)
UNSEEN = delete(OwedScreenRow).where(OwedScreenRow.employee_id == bindparam("who"))
NEWEST = 2**62  # above every row


@dataclass(frozen=True, slots=True)
class OldMessages:
    """Whose messages are to be taken down, their numbers in his chat, and the row below which there may be more."""

    person: Employee
    numbers: tuple[int, ...]
    below: int | None


def take_down(work: UnitOfWork, person: Employee, form: int | None = None) -> None:
    """The person has another role, or has left: what he may not read any more goes out of his chat. `form` is the
    message of a form that he had open before."""
    work.tx.execute(UNSEEN, {"who": person.id})
    for deal_id in work.tx.execute(PINS, {"who": person.id}).scalars().all():
        jobs.ask(work, RedrawPin(deal_id), deal_id=deal_id)
    ended = form if form is not None and drafts.message_of(work, person.id) != form else None
    jobs.ask(work, ForgetMessages(person.id, form=ended), employee_id=person.id)


def find_forbidden(work: UnitOfWork, job: ForgetMessages) -> OldMessages:
    """The newest of them first, so many as one job can change."""
    person = employees.get(work, job.person)
    given = {"who": person.id, "below": job.below or NEWEST, "most": AT_ONCE}
    rows = [schedule.read(row) for row in work.tx.execute(SENT, given)]
    reader = work.read_by(person)
    found = [row.message_id for row in rows if row.message_id and not _may_read(reader, row)]
    numbers = tuple(dict.fromkeys([*([job.form] if job.form else []), *found]))
    return OldMessages(person, numbers, rows[-1].id if len(rows) == AT_ONCE else None)


def _may_read(reader: UnitOfWork, row: Scheduled) -> bool:
    """Who has left reads nothing; whoever stays reads what was never for a role of his alone."""
    return reader.actor is not None and reader.actor.active and notice_rights.may_read(reader, row)


def taken_down(work: UnitOfWork, done: OldMessages) -> None:
    """They are out of the chat; older ones come next."""
    for number in done.numbers:
        work.tx.execute(FORGET, {"whose": done.person.id, "number": number})
    if done.below is not None:
        jobs.ask(work, ForgetMessages(done.person.id, below=done.below), employee_id=done.person.id)
