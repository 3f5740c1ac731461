"""What was pressed is put back: the card as it was, what the client has got of it all the same, and what colleagues who
had heard of it are told."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers import home
from handlers.deals import deal_actions
from handlers.notices import notice_reader
from handlers.notices.composers import composes
from handlers.request import Request
from handlers.undo import shows_undone
from keyboards.deals import put_back_words as words
from keyboards.notices import notices
from keyboards.notices.notice_view import NoticeView
from keyboards.screen import Reply, Screen
from keyboards.translator import Translator, translator
from models.jobs import CorrectNotices
from models.notices import notice
from models.notices.deal_notices import PutBackTold
from models.outbox import Scheduled
from models.undo import DealBefore, Undo
from services import notice_rights
from services.deals import deal_queries, deal_visits, retelling
from services.documents import papers
from services.people import employees
from services.sms import sms_messages, sms_put_back
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork


@shows_undone(DealBefore)
def shown(request: Request, done: Undo) -> Reply:
    """The card, with what could not be called back above it; home for who may not open the deal any more."""
    before = done.before
    assert isinstance(before, DealBefore)
    deal = deal_queries.find(request.work, before.deal)
    if deal is None or not deal_queries.can_open(request.work, deal):  # he was on it by what he has put back
        return replace(home.show(request), toast=request.t("Отменено, всё как было"))
    view = deal_actions.view(request, deal)
    sms = sms_put_back.gone_out(request.work, before) if sms_messages.SEE.allows(request.me) else []
    made = ((one.name, one.number) for one in papers.asked_by(request.work, before))
    left = words.left(sms, made, view.process, request.t)
    toast = words.toast(view, before, request.t)
    reply = deal_actions.card(request, deal.id, toast)
    screen = reply.screen
    for said in reversed(left):
        screen = screen.under(said) if screen is not None else None
    return replace(reply, screen=screen)


@composes(PutBackTold)
def told(work: UnitOfWork, t: Translator, sent: NoticeView) -> Screen | None:
    """How it stands now, for who reads it."""
    screen = notices.single(sent, work.now, t)
    if sent.deal is None or not isinstance(sent.notice, PutBackTold):
        return screen
    return words.as_it_stands(screen, _stands(work, sent, sent.notice), work.now, t)


def _stands(work: UnitOfWork, sent: NoticeView, said: PutBackTold) -> words.AsItStands:
    assert sent.deal is not None and work.actor is not None
    me, deal = work.actor.id, sent.deal
    process = work.company.processes.get(deal.process)
    visits = deal_visits.of_deal(work, deal.id)
    newest = [visits[name][-1] for name in said.visits if name in visits]
    own = [one for one in task_queries.of_deal(work, deal.id) if one.assignee_id == me]
    off = [one for key in said.given if (one := task_queries.find(work, key)) and one.assignee_id == me]
    leads = employees.get(work, deal.responsible_id).name if deal.responsible_id is not None else None
    return words.AsItStands(
        process, tuple(newest), said.visits, me, tuple(own), tuple(one.title for one in off if one.state == "void"),
        said.led, leads,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CorrectedNotice:
    """A message that a person has, and what it is to say now."""

    person: int
    chat_id: int
    message_id: int
    screen: Screen


def retold(work: UnitOfWork, job: CorrectNotices) -> tuple[list[CorrectedNotice], bool]:
    """The messages to be changed, as they are true now; and whether some are still on their way."""
    rows = [row for row in retelling.find(work, job.rows) if retelling.has_left(row)]
    ready = [row for row in rows if row.message_id is not None and not retelling.is_in_digest(work, row)]
    found = [one for row in ready if (one := _retold(work, row, job)) is not None]
    return found, any(row.done_at is None for row in rows)


def _retold(work: UnitOfWork, row: Scheduled, job: CorrectNotices) -> CorrectedNotice | None:
    person = employees.get(work, row.reader_id)
    said = replace(row, payload=notice.payload_of(job.said))
    reader = work.read_by(person)
    if person.telegram_id is None or row.message_id is None or not notice_rights.may_read(reader, said):
        return None
    t = translator(person.locale, work.company.calendar.zone)
    screen = told(reader, t, notice_reader.read(reader, said, t))
    return CorrectedNotice(person.id, person.telegram_id, row.message_id, screen) if screen is not None else None
