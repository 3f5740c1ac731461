"""Questions and answers about a deal while somebody is on the spot: each message once, with photos, kept (C-6, M-10).

A question goes to the responsible, an answer to who asked, and either may be answered again. They are delivered at
once, whatever the hour: the visit is now. Photos lie in the deal's folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from models import access
from models.entities import Deal, Employee
from models.errors import NotAllowed, NotFound
from models.history import line as history_line
from models.history.message_lines import AnswerLine, ChatLine, QuestionLine
from models.ids import TaskId
from models.notices.chat_notices import AnswerGiven, AttachedFile, ChatSaid, MessageUndelivered, QuestionAsked
from models.notices.notice import payload_of
from models.outbox import Envelope, Scheduled
from models.tables.deals import HistoryRow
from models.tables.files import FileRow
from models.tables.outbox import ScheduledRow
from models.tables.tasks import TaskRow
from models.values.invalid_value import N_, InvalidValue
from services.deals import deal_queries, plans
from services.outbox import notices, recipients, schedule
from services.people import employees
from services.unit_of_work import LATE, UnitOfWork

KINDS = ("question", "answer")
LONGEST = 2000  # of one message: with its photo's caption and its marks it must stay one message
ALBUM = timedelta(seconds=2)  # an album comes in parts: the message waits so long for the rest of it

OPEN_JOB = select(TaskRow.id).where(
    TaskRow.deal_id == bindparam("deal"), TaskRow.assignee_id == bindparam("who"), TaskRow.state == "open"
)
SAID = (
    select(ScheduledRow)
    .where(
        ScheduledRow.employee_id == bindparam("who"),
        ScheduledRow.message_id == bindparam("message"),
        ScheduledRow.rule.in_(KINDS),
    )
    .order_by(ScheduledRow.id.desc())
    .limit(1)
)
OF_ONE = select(ScheduledRow).where(
    ScheduledRow.deal_id == bindparam("deal"),
    ScheduledRow.kind == "notice",
    ScheduledRow.rule.in_(KINDS),
    ScheduledRow.dedup_key == bindparam("mark"),
)
# nobody has taken it to send it: what is added now is sent with it
ADD = (
    update(ScheduledRow)
    .where(
        ScheduledRow.id == bindparam("key"),
        schedule.PENDING,
        ScheduledRow.holder.is_(None),
    )
    .values(payload=bindparam("body"))
)
LINE = select(HistoryRow.id, HistoryRow.kind, HistoryRow.data).where(
    HistoryRow.deal_id == bindparam("deal"), HistoryRow.kind.in_(KINDS), HistoryRow.version == bindparam("mark")
)
COUNT = update(HistoryRow).where(HistoryRow.id == bindparam("key")).values(data=bindparam("body"))
NAMES = select(FileRow.id, FileRow.kind, FileRow.name).where(FileRow.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class FieldMessage:
    """What is said: words, files of the deal's folder, or both. `sent_at` is the message's own date: it may come hours
    later. `in_parts`: it is the first part of an album."""

    text: str = ""
    files: tuple[int, ...] = ()
    sent_at: datetime | None = None
    in_parts: bool = False


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom a message went to; `mark` is by what the rest of an album finds it."""

    people: tuple[Employee, ...]
    mark: str = ""


def find_job(work: UnitOfWork, deal_id: int) -> TaskId | None:
    """The actor's open task on the deal; None without one."""
    found = work.tx.execute(OPEN_JOB, {"deal": deal_id, "who": work.actor_id}).scalars().first()
    return TaskId(found) if found is not None else None


def can_ask(work: UnitOfWork, found: Deal) -> bool:
    """Whether the actor drives out for the deal: he has an open job there, or is booked for it."""
    if work.actor is None or work.actor.role not in access.FIELD_STAFF:
        return False
    booked = work.tx.execute(deal_queries.STILL_COMES, {"id": found.id, "who": work.actor_id}).first()
    return booked is not None or find_job(work, found.id) is not None


def ask(work: UnitOfWork, deal_id: int, said: FieldMessage, to: int | None = None) -> Recipients:
    """A question to the responsible, or to the employee `to`, by those above or who drives out; never to the actor.

    NotAllowed for anybody else, Wrong for an empty or too long one.
    """
    found = deal_queries.get(work, deal_id)
    if work.actor is not None and work.actor.role not in access.MANAGEMENT and not can_ask(work, found):
        raise NotAllowed
    other = employees.find_working(work, to)
    about = (work.process(found.process), found.fields, found.responsible_id)
    meant = [other] if other else recipients.recipients(work, *about, "responsible")
    return _say(work, found, QuestionAsked, [one for one in meant if one.id != work.actor_id], said)


def addressed(work: UnitOfWork, message_id: int | None) -> Scheduled | None:
    """The question or answer that the actor got by that message of the bot; None if it was anything else."""
    if message_id is None:
        return None
    row = work.tx.execute(SAID, {"who": work.actor_id, "message": message_id}).one_or_none()
    return schedule.read(row) if row is not None else None


def get(work: UnitOfWork, notice_id: int) -> Scheduled:
    """The question or answer that the actor got. NotFound for anything else, and for somebody else's."""
    row = schedule.find_notice(work, notice_id)
    if row is None or row.rule not in KINDS or row.deal_id is None:
        raise NotFound("button")
    return row


def respond(work: UnitOfWork, row: Scheduled, said: FieldMessage) -> Recipients:
    """An answer to the question, or a further question to the answer: to who said it."""
    before = spoken(row)
    if before is None or row.deal_id is None or before.from_id is None:
        raise NotFound("button")
    kind = AnswerGiven if isinstance(before, QuestionAsked) else QuestionAsked
    return _say(work, deal_queries.get(work, row.deal_id), kind, [employees.get(work, before.from_id)], said)


def spoken(row: Scheduled) -> ChatSaid | None:
    """What a person said in this message; None for a message of another kind."""
    said = row.notice if row.rule in KINDS else None
    return said if isinstance(said, ChatSaid) else None


def _say(
    work: UnitOfWork, found: Deal, kind: type[ChatSaid], meant: Sequence[Employee], said: FieldMessage
) -> Recipients:
    if not meant:
        return Recipients(())
    _check(said)
    mark = str(found.version + 1)  # the line in the history makes that version of the deal
    line = QuestionLine if kind is QuestionAsked else AnswerLine
    plans.note(work, found, line(said.text, len(said.files)))
    _put(work, found.id, mark, meant, kind(said.text, work.actor_id, _files(work, said.files)), said)
    return Recipients(tuple(meant), mark)


def _check(said: FieldMessage) -> None:
    if not said.text.strip() and not said.files:
        raise InvalidValue("text.empty", N_("Здесь пока пусто. Напишите ответ словами."))
    if len(said.text) > LONGEST:
        message = N_("Слишком длинно: можно не больше {limit} знаков, а здесь {length}. Сократите, пожалуйста.")
        raise InvalidValue("text.long", message, length=len(said.text), limit=LONGEST)


def _files(work: UnitOfWork, ids: Sequence[int]) -> tuple[AttachedFile, ...]:
    known = {row.id: row for row in work.tx.execute(NAMES, {"ids": list(ids)})} if ids else {}
    return tuple(AttachedFile(key, known[key].kind, known[key].name) for key in ids if key in known)


def _put(
    work: UnitOfWork, deal_id: int, mark: str, meant: Sequence[Employee], notice: ChatSaid, said: FieldMessage
) -> None:
    """Whoever is on the spot waits for the answer now (M-10); an album waits for its other parts."""
    late = said.sent_at is not None and work.now - said.sent_at > LATE
    rows = [
        notices.to(
            work, one, notice, rule=notice.kind, cause=mark, at=work.now + ALBUM if said.in_parts else work.now,
            deal_id=deal_id, envelope=Envelope(late=late), scheduled_for=said.sent_at if late else None,
        )
        for one in meant
    ]  # fmt: skip
    schedule.put(work, rows)


# --- nobody hears it --------------------------------------------------------------------------------------------


def is_by_above(work: UnitOfWork, row: Scheduled) -> bool:
    """Whether it is a question or an answer by somebody above: he calls himself, nobody stands in for him."""
    said = spoken(row)
    if said is None or said.from_id is None:
        return False
    return employees.get(work, said.from_id).role in access.MANAGEMENT


def unheard(work: UnitOfWork, row: Scheduled, person: Employee) -> None:
    """Tell who spoke that it does not arrive, so that he calls; nothing if it was no question and no answer."""
    said = spoken(row)
    if said is None or said.from_id is None:
        return
    speaker, told = employees.get(work, said.from_id), MessageUndelivered(said.text, person.name)
    new = notices.to(
        work, speaker, told, rule=told.kind, cause=row.dedup_key, at=work.now, deal_id=row.deal_id
    )  # fmt: skip
    schedule.put(work, [new])


# --- the rest of an album ---------------------------------------------------------------------------------------


def join(work: UnitOfWork, deal_id: int, mark: str, key: int, text: str = "") -> None:
    """One more photo of what was said before: it goes with the message, or, if that is on its way, after it."""
    first, after = _parts(work, deal_id, mark), _parts(work, deal_id, f"{mark}+")
    if any(key == one.id for _, said in (*first, *after) for one in said.files):
        return  # the same photo again
    [new] = _files(work, [key])
    for row, said in first:
        waiting = [(row, said), *(one for one in after if one[0].employee_id == row.employee_id)]
        if not any(_add(work, one, so_far, new, text) for one, so_far in waiting):
            more = replace(said, text=text, files=(new,), more=True)
            reader = employees.get(work, row.reader_id)
            _put(work, deal_id, f"{mark}+", [reader], more, FieldMessage(text, (key,), in_parts=True))
    _complete_line(work, deal_id, mark, text)


def _parts(work: UnitOfWork, deal_id: int, mark: str) -> list[tuple[Scheduled, ChatSaid]]:
    rows = map(schedule.read, work.tx.execute(OF_ONE, {"deal": deal_id, "mark": mark}))
    return [(row, said) for row in rows if (said := spoken(row)) is not None]


def _add(work: UnitOfWork, row: Scheduled, said: ChatSaid, new: AttachedFile, text: str) -> bool:
    body = payload_of(replace(said, files=(*said.files, new), text=said.text or text))
    return work.tx.execute(ADD, {"key": row.id, "body": body}).rowcount == 1


def _complete_line(work: UnitOfWork, deal_id: int, mark: str, text: str) -> None:
    """The message is complete only now, and so is its line in the history."""
    row = work.tx.execute(LINE, {"deal": deal_id, "mark": int(mark)}).one_or_none()
    line = history_line.read(row.kind, row.data) if row is not None else None
    if row is not None and isinstance(line, ChatLine):
        whole = replace(line, text=line.text or text, files=line.files + 1)
        work.tx.execute(COUNT, {"key": row.id, "body": whole.to_data()})
