"""What a supervisor does with an escalation: look, hand over, put it off (C-6); and why it came."""

from __future__ import annotations

from typing import Any

from handlers.deals import deal_actions as deal_handlers
from handlers.forms import form_runner
from handlers.notices import notice_reader
from handlers.request import Request, number, on_callback
from keyboards.deals import escalations as screens
from keyboards.deals import rule_words
from keyboards.notices import notices
from keyboards.notices.notice_view import NoticeView
from keyboards.screen import Reply
from models import access
from models.errors import NotFound
from models.notices.deal_notices import FieldsWanted
from services import timers
from services.deals import deal_commands, deal_queries


def _notice(request: Request, notice_id: str) -> NoticeView:
    return notice_reader.get(request.work, number(notice_id), request.t)


@on_callback("notice", access.EVERYONE)
def show(request: Request, notice_id: str) -> Reply:
    """One line of a digest as the message it would have been, with its buttons."""
    return Reply(notices.single(_notice(request, notice_id), request.work.now, request.t), new=True)


@on_callback("why", access.EVERYONE)
def why(request: Request, notice_id: str) -> Reply:
    """«Почему мне это пришло?»"""
    found = _notice(request, notice_id)
    process = request.work.process(found.deal.process) if found.deal else None
    title = (
        rule_words.rule_in_words(process, found.rule, request.t)
        if process
        else request.t("Сообщение от человека или по задаче")
    )
    return Reply(notices.why(found, title, request.t), new=True)


@on_callback("answer", access.EVERYONE)
def answer(request: Request, notice_id: str) -> Reply:
    """A robot asked for fields: ask for them in conversation (F-E4)."""
    found = _notice(request, notice_id)
    if found.deal is None:
        raise NotFound("deal")
    deal = deal_queries.get_editable(request.work, found.deal.id)
    process = request.work.process(deal.process)
    wanted = found.notice.fields if isinstance(found.notice, FieldsWanted) else ()
    fields = [name for name in wanted if name in process.fields]
    purpose: dict[str, str | int] = {"do": "fill", "deal": deal.id}
    intro = notices.sentence(found, request.t)
    return form_runner.begin(request, purpose, fields, process=process, deal=deal, again=True, intro=intro)


@on_callback("putoff", access.MANAGEMENT)
def put_off(request: Request, deal_id: str, notice_id: str) -> Reply:
    """For how long?"""
    deal_queries.get(request.work, number(deal_id, "deal"))
    return Reply(screens.put_off(_notice(request, notice_id), request.t))


@on_callback("putoff_for", access.MANAGEMENT)
def put_off_for(request: Request, deal_id: str, notice_id: str, days: str) -> Reply:
    """The same rule rings again then, if the deal still stands there."""
    length = number(days)
    if not 1 <= length <= 31:
        raise NotFound("button")
    found = _notice(request, notice_id)
    timers.snooze(request.work, number(deal_id, "deal"), found.rule, length)
    said = request.t.plural("Отложено на {n} день", "Отложено на {n} дней", length)
    return deal_handlers.card(request, number(deal_id, "deal"), said)


@on_callback("note", access.EVERYONE)
def note(request: Request, deal_id: str) -> Reply:
    """A line in the deal's history."""
    deal = deal_queries.get(request.work, number(deal_id, "deal"))
    return form_runner.begin_text(
        request, {"do": "note", "deal": deal.id}, request.t("Заметка"), request.t("Что записать в историю?")
    )


@on_callback("rename", access.SALES)
def rename(request: Request, deal_id: str) -> Reply:
    """Another title."""
    deal = deal_queries.get_editable(request.work, number(deal_id, "deal"))
    return form_runner.begin_text(request, {"do": "rename", "deal": deal.id}, request.t("Название сделки"), deal.title)


@form_runner.on_finish("note")
def noted(request: Request, purpose: dict[str, str | int], values: dict[str, Any]) -> Reply:
    """The note stands in the history."""
    deal = deal_commands.comment(request.work, int(purpose["deal"]), str(values["text"]))
    return deal_handlers.card(request, deal.id, new=True)


@form_runner.on_finish("rename")
def renamed(request: Request, purpose: dict[str, str | int], values: dict[str, Any]) -> Reply:
    """The deal has its new title."""
    deal = deal_commands.rename(request.work, int(purpose["deal"]), str(values["text"]))
    return deal_handlers.card(request, deal.id, new=True)
