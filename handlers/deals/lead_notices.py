"""The messages that have offered a lead, as they are true now: for whom it is there to take, whose it is, that it is
over."""

from __future__ import annotations

from handlers.notices import notice_reader
from handlers.notices.corrected_notices import CorrectedNotice
from keyboards.deals import lead_words as words
from keyboards.notices import notices
from keyboards.screen import Screen
from keyboards.translator import Translator, translator
from models.entities import Deal
from models.jobs import CorrectLeadNotices
from models.outbox import Scheduled
from services import notice_rights
from services.deals import deal_queries, retelling
from services.operation import lead_notices
from services.people import employees
from services.unit_of_work import UnitOfWork


def as_it_stands(work: UnitOfWork, job: CorrectLeadNotices) -> tuple[list[CorrectedNotice], bool]:
    """The messages to be changed; and whether some are still on their way."""
    deal = deal_queries.find_even_deleted(work, job.deal)
    if deal is None:
        return [], False
    rows = lead_notices.find(work, deal.id)
    ready = [row for row in rows if row.message_id is not None and not retelling.is_in_digest(work, row)]
    found = [one for row in ready if (one := _corrected(work, row, deal)) is not None]
    return found, any(row.done_at is None for row in rows)


def _corrected(work: UnitOfWork, row: Scheduled, deal: Deal) -> CorrectedNotice | None:
    person = employees.get(work, row.reader_id)
    if not person.active or person.telegram_id is None or row.message_id is None:
        return None
    t = translator(person.locale, work.company.calendar.zone)
    screen = _screen(work.read_by(person), row, deal, t)
    return CorrectedNotice(person.id, person.telegram_id, row.message_id, screen) if screen is not None else None


def _screen(reader: UnitOfWork, row: Scheduled, deal: Deal, t: Translator) -> Screen | None:
    """Of a colleague's lead only its number and whose it is."""
    assert reader.actor is not None
    if deal.deleted_at is not None:
        return words.deleted(deal.number, t)
    is_his = deal.responsible_id in (None, reader.actor.id)
    if deal.status == "open" and is_his:
        if not notice_rights.may_read(reader, row):
            return None
        return notices.single(notice_reader.read(reader, row, t), reader.now, t)
    leads = employees.get(reader, deal.responsible_id).name if deal.responsible_id is not None else ""
    opens = deal if deal_queries.can_open(reader, deal) else None
    return words.settled(deal.number, leads, opens, t, is_open=deal.status == "open")
