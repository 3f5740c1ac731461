"""What a supervisor does with an escalation: look, hand over, put it off (C-6); and why it came."""

from __future__ import annotations

from handlers.deals import deal_actions as deal_handlers
from handlers.forms import form_runner
from handlers.forms.purpose_registry import on_finish
from handlers.notices import notice_reader
from handlers.request import Request, on_callback
from keyboards.callbacks.deal_callbacks import RenameDeal, WriteNote
from keyboards.callbacks.notice_callbacks import AnswerRobot, ChoosePutOff, ExplainNotice, OpenNotice, PutOffEscalation
from keyboards.deals import escalations as screens
from keyboards.deals import rule_words
from keyboards.near_time import near
from keyboards.notices import notices
from keyboards.notices.notice_view import NoticeView
from keyboards.screen import Reply
from models import access
from models.errors import NotFound
from models.field_values import FieldValues
from models.ids import NoticeId
from models.notices.deal_notices import FieldsWanted
from models.notices.task_notices import TaskUndone
from services import timers
from services.deals import deal_commands, deal_queries
from services.escalations import task_escalations
from services.outbox import schedule
from services.purposes.deal_purposes import FillPurpose, NotePurpose, RenameDealPurpose


def _notice(request: Request, notice_id: NoticeId) -> NoticeView:
    return notice_reader.get(request.work, notice_id, request.t)


@on_callback(OpenNotice, access.EVERYONE)
def show(request: Request, press: OpenNotice) -> Reply:
    """One line of a digest as the message it would have been, with its buttons."""
    found = _notice(request, press.notice)
    return Reply(notices.single(found, request.work.now, request.t), new=True)


@on_callback(ExplainNotice, access.EVERYONE)
def why(request: Request, press: ExplainNotice) -> Reply:
    """«Почему мне это пришло?»"""
    found = _notice(request, press.notice)
    process = request.work.process(found.deal.process) if found.deal else None
    title = (
        rule_words.rule_in_words(process, found.rule, request.t)
        if process
        else request.t("Сообщение от человека или по задаче")
    )
    return Reply(notices.why(found, title, request.t), new=True)


@on_callback(AnswerRobot, access.EVERYONE)
def answer(request: Request, press: AnswerRobot) -> Reply:
    """A robot asked for fields: ask for them in conversation (F-E4)."""
    found = _notice(request, press.notice)
    if found.deal is None:
        raise NotFound("deal")
    deal = deal_queries.get_editable(request.work, found.deal.id)
    process = request.work.process(deal.process)
    wanted = found.notice.fields if isinstance(found.notice, FieldsWanted) else ()
    fields = [name for name in wanted if name in process.fields]
    intro = notices.sentence(found, request.t)
    return form_runner.begin(request, FillPurpose(deal.id), fields, process=process, deal=deal, again=True, intro=intro)


@on_callback(ChoosePutOff, access.MANAGEMENT)
def put_off(request: Request, press: ChoosePutOff) -> Reply:
    """For how long?"""
    schedule.PUT_OFF.check(request.work.actor)
    deal_queries.get(request.work, press.deal)
    return Reply(screens.put_off(_notice(request, press.notice), request.t))


@on_callback(PutOffEscalation, access.MANAGEMENT)
def put_off_for(request: Request, press: PutOffEscalation) -> Reply:
    """The same rule rings again then, if the deal still stands there."""
    if not 1 <= press.days <= 31:
        raise NotFound("button")
    schedule.PUT_OFF.check(request.work.actor)
    found = _notice(request, press.notice)
    if isinstance(found.notice, TaskUndone):
        until = task_escalations.put_off(request.work, found.notice.task, press.days)
    else:
        until = timers.snooze(request.work, press.deal, found.rule, press.days)
    said = request.t("Отложено: {when}", when=near(until, request.work.now, request.t))
    return deal_handlers.card(request, press.deal, said)


@on_callback(WriteNote, access.EVERYONE)
def note(request: Request, press: WriteNote) -> Reply:
    """A line in the deal's history."""
    deal = deal_queries.get(request.work, press.deal)
    return form_runner.begin_text(
        request, NotePurpose(deal.id), request.t("Заметка"), request.t("Что записать в историю?")
    )


@on_callback(RenameDeal, access.SALES)
def rename(request: Request, press: RenameDeal) -> Reply:
    """Another title."""
    deal = deal_queries.get_editable(request.work, press.deal)
    return form_runner.begin_text(request, RenameDealPurpose(deal.id), request.t("Название сделки"), deal.title)


@on_finish(NotePurpose, access.EVERYONE)
def noted(request: Request, purpose: NotePurpose, values: FieldValues) -> Reply:
    """The note stands in the history."""
    deal = deal_commands.comment(request.work, purpose.deal, str(values["text"]))
    return deal_handlers.card(request, deal.id, new=True)


@on_finish(RenameDealPurpose, access.SALES)
def renamed(request: Request, purpose: RenameDealPurpose, values: FieldValues) -> Reply:
    """The deal has its new title."""
    deal = deal_commands.rename(request.work, purpose.deal, str(values["text"]))
    return deal_handlers.card(request, deal.id, new=True)
