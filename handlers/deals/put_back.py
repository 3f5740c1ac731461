"""What was pressed is put back: the card as it was, what the client has got of it all the same, and what colleagues who
had heard of it are told."""

from __future__ import annotations

from dataclasses import replace

from handlers import home
from handlers.deals import deal_actions
from handlers.notices import notice_reader
from handlers.notices.composers import composes
from handlers.notices.corrected_notices import CorrectedNotice
from handlers.request import Request
from handlers.undo import shows_undone
from keyboards.deals import deal_card
from keyboards.deals import put_back_words as words
from keyboards.forms import field_words
from keyboards.notices import notices
from keyboards.notices.notice_view import NoticeView
from keyboards.screen import Reply, Screen
from keyboards.translator import Translator, translator
from models import access
from models.entities import Deal
from models.jobs import CorrectNotices
from models.notices import notice
from models.notices.deal_notices import PutBackTold
from models.outbox import Scheduled
from models.process.process import Process
from models.undo import DealBefore, Undo
from services import notice_rights
from services.deals import before_press, deal_queries, deal_visits, retelling
from services.documents import papers
from services.people import employees
from services.sms import sms_messages, sms_put_back
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork

MOST_FIELDS = 4


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
    pressed_at = done.until - before_press.LIFE
    made = {(one.name, one.number): None for one in papers.of_deal(request.work, deal.id) if one.at >= pressed_at}
    left = words.left(sms, made, view.process, request.t)
    toast = words.toast(view, before, request.t)
    screen = deal_card.card(view, request.t)
    for said in reversed(left):
        screen = screen.under(said)
    return Reply(screen, toast)


@composes(PutBackTold)
def told(work: UnitOfWork, t: Translator, sent: NoticeView) -> Screen | None:
    """How it stands now, for who reads it."""
    screen = notices.single(sent, work.now, t)
    if sent.deal is None or not isinstance(sent.notice, PutBackTold):
        return screen
    return words.as_it_stands(screen, _stands(work, t, sent, sent.notice), work.now, t)


def _stands(work: UnitOfWork, t: Translator, sent: NoticeView, said: PutBackTold) -> words.AsItStands:
    assert sent.deal is not None and work.actor is not None
    me, deal = work.actor, sent.deal
    process = work.company.processes.get(deal.process)
    newest = [every[-1] for every in deal_visits.of_deal(work, deal.id).values()]
    own = [one for one in task_queries.of_deal(work, deal.id) if one.assignee_id == me.id]
    off = [one for key in said.given if (one := task_queries.find(work, key)) and one.assignee_id == me.id]
    leads = employees.get(work, deal.responsible_id).name if deal.responsible_id is not None else None
    return words.AsItStands(
        process, tuple(newest), said.visits, me.id, me.id in said.people, me.role in access.FIELD_STAFF, tuple(own),
        tuple(one.title for one in off if one.state == "void"), _fields(work, t, process, deal, said), said.led, leads,
    )  # fmt: skip


def _fields(
    work: UnitOfWork, t: Translator, process: Process | None, deal: Deal, said: PutBackTold
) -> tuple[tuple[str, str], ...]:
    """What changed back, as it is now: of what the reader may see, in a card that he may open."""
    if work.actor is None or process is None or work.actor.role in access.FIELD_STAFF:
        return ()
    hidden = access.hidden_fields(work.actor.role, process)
    names = [name for name in said.fields if name in process.fields and name not in hidden][:MOST_FIELDS]
    people: dict[int, str] = {one.id: one.name for one in employees.staff(work)} if names else {}
    return tuple(
        (
            t(process.fields[name].title),
            field_words.value(t, process.fields[name], deal.fields.get(name), people, now=work.now),
        )
        for name in names
    )


def retold(work: UnitOfWork, job: CorrectNotices) -> tuple[list[CorrectedNotice], bool]:
    """The messages to be changed, as they are true now; and whether some are still on their way. Who looks at something
    else in the place of his has one of its own."""
    rows = retelling.find(work, job.rows)
    ready = [row for row in rows if row.message_id is not None and not retelling.is_in_digest(work, row)]
    for row in (one for one in ready if one.turned):
        retelling.tell_once(work, job, row.reader_id)
    ready = [row for row in ready if not row.turned]
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
