"""From due rows to messages, as their deals stand now and in the reader's language; obsolete ones are dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice

import structlog

from handlers.notices import notice_reader, stated
from handlers.notices.composers import COMPOSERS
from keyboards import translator
from keyboards.notices import notices
from keyboards.notices.notice_view import NoticeView
from keyboards.screen import Screen, line
from keyboards.translator import Translator
from models.entities import Employee
from models.notices.chat_notices import ChatSaid
from models.notices.deal_notices import Reminder
from models.notices.document_notices import PaperReady, RequisitesWanted, TemplateTried
from models.notices.notice import UnknownNotice
from models.notices.task_notices import TaskDue
from models.notices.trouble_notices import TroubleTold
from models.outbox import DeliveryState, Scheduled
from models.statements import Statement
from services import notice_rights, obsolete_notices, timers
from services.outbox import queue
from services.people import employees
from services.unit_of_work import UnitOfWork

DIGEST_FROM = 4
# never lines of a digest: messages with a file; somebody on the spot waits for the answer; what helps against a trouble
ALONE = (PaperReady, RequisitesWanted, TemplateTried, ChatSaid, TroubleTold)
logger = structlog.get_logger("handlers.notices.compose")


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message to send: to whom, what, which claimed rows it answers for, and what each of them claims."""

    chat_id: int
    screen: Screen
    rows: tuple[Scheduled, ...]
    employee_id: int
    stated: tuple[tuple[Statement, ...], ...] = ()
    silent: bool = False
    pin: bool = False


def compose(work: UnitOfWork, rows: Sequence[Scheduled], *, repeat: bool = False) -> list[OutgoingMessage]:
    """The messages for claimed notices, in due order per person; more than three to one person become one digest."""
    found: list[OutgoingMessage] = []
    ordered = sorted(rows, key=lambda row: (row.reader_id, row.run_at, row.id))
    for employee_id, group in groupby(ordered, key=lambda row: row.reader_id):
        found += _for_person(work, employees.get(work, employee_id), list(group), repeat)
    return found


def _for_person(work: UnitOfWork, person: Employee, rows: list[Scheduled], repeat: bool) -> list[OutgoingMessage]:
    wanted = [row for row in rows if not _dropped(work, row)]
    outdone = obsolete_notices.outdone(work, wanted) if len(wanted) > 1 else []
    for row in outdone:
        queue.finish(work, row, DeliveryState.VOID)
    wanted = [row for row in wanted if row not in outdone]
    if not person.active or person.telegram_id is None:
        timers.undeliverable(work, wanted, "not employed any more")
        return []
    t = translator.translator(person.locale, work.company.calendar.zone)
    reader = work.read_by(person)
    for row in [one for one in wanted if not notice_rights.may_read(reader, one)]:
        wanted.remove(row)
        timers.not_his(work, row)
    lines = [row for row in wanted if not isinstance(row.notice, ALONE)]
    if len(lines) < DIGEST_FROM:
        return [one for row in wanted if (one := _message(reader, row, t, repeat))]
    views = [notice_reader.read(reader, row, t) for row in lines]
    in_order = iter(lines)
    digests = [
        OutgoingMessage(
            person.telegram_id, one.screen, tuple(islice(in_order, len(one.views))), person.id,
            tuple(map(stated.of, one.views)),
        )
        for one in notices.digests(views, work.now, t, repeat=repeat)
    ]  # fmt: skip
    own = [_message(reader, row, t, repeat) for row in wanted if row not in lines]
    return [*digests, *(one for one in own if one)]


def _message(reader: UnitOfWork, row: Scheduled, t: Translator, repeat: bool) -> OutgoingMessage | None:
    """One row as a message of its own; None if it has nothing to say any more."""
    me = reader.actor
    assert me is not None and me.telegram_id is not None
    view = notice_reader.read(reader, row, t)
    screen = _screen(reader, view, t, repeat)
    if screen is None:
        queue.finish(reader, row, DeliveryState.VOID)
        return None
    return OutgoingMessage(me.telegram_id, screen, (row,), me.id, (stated.of(view),))


def _screen(reader: UnitOfWork, view: NoticeView, t: Translator, repeat: bool) -> Screen | None:
    kind = type(view.notice)
    if isinstance(view.notice, Reminder) and view.job is not None:
        kind = TaskDue  # what a robot says to somebody with a job there comes on the card of his job (K-21)
    composer = COMPOSERS.get(kind)
    if composer is None:
        return notices.single(view, reader.now, t, repeat=repeat)
    screen = composer(reader, t, view)
    if screen is None or not repeat:
        return screen
    return replace(screen, lines=(*screen.lines, line(t("Возможно, повтор"))))


def _dropped(work: UnitOfWork, row: Scheduled) -> bool:
    """A reminder whose deal has moved on, or a closed task, says nothing any more; an unreadable row neither."""
    said = row.notice
    if isinstance(said, UnknownNotice):
        logger.error("a notice of an unknown kind", due_id=row.id, notice=said.word, failure=said.problem)
        queue.finish(work, row, DeliveryState.REFUSED, failure=f"notice {said.word!r}: {said.problem}")
        return True
    if not obsolete_notices.is_obsolete(work, row):
        return False
    queue.finish(work, row, DeliveryState.VOID)
    return True
