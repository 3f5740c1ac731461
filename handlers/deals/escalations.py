"""What a supervisor does with an escalation: look, hand over, put it off (C-6); and why it came."""

from __future__ import annotations

from typing import Any

from handlers.deals import deal_actions as deal_handlers
from handlers.forms import form_runner
from handlers.notices import presenters as letters
from handlers.request import Visit, number, on_tap
from keyboards.notices import notices
from keyboards.notices.notices import Notice
from keyboards.screen import Answer
from models import access
from models.errors import NotFound
from services import timers
from services.deals import deal_commands, deal_queries


def _notice(visit: Visit, notice_id: str) -> Notice:
    found = letters.find(visit.work, number(notice_id), visit.t)
    if found is None:
        raise NotFound("button")
    return found


@on_tap("notice", access.EVERYONE)
def show(visit: Visit, notice_id: str) -> Answer:
    """One line of a digest as the message it would have been, with its buttons."""
    found = _notice(visit, notice_id)
    return Answer(notices.single(found, visit.work.now, visit.t), new=True)


@on_tap("why", access.EVERYONE)
def why(visit: Visit, notice_id: str) -> Answer:
    """«Почему мне это пришло?»"""
    found = _notice(visit, notice_id)
    process = visit.work.process(found.deal.process) if found.deal else None
    title = (
        letters.rule_in_words(process, found.rule, visit.t)
        if process
        else visit.t("Сообщение от человека или по задаче")
    )
    return Answer(notices.why(found, title, visit.t), new=True)


@on_tap("answer", access.EVERYONE)
def answer(visit: Visit, notice_id: str) -> Answer:
    """A robot asked for fields: ask for them in conversation (F-E4)."""
    found = _notice(visit, notice_id)
    if found.deal is None:
        raise NotFound("deal")
    deal = deal_queries.get_editable(visit.work, found.deal.id)
    fields = [name for name in found.payload.get("fields", ()) if name in visit.work.process(deal.process).fields]
    intro = letters_text(visit, found)
    purpose: dict[str, str | int] = {"do": "fill", "deal": deal.id}
    return form_runner.begin(
        visit, purpose, fields, process=visit.work.process(deal.process), deal=deal, again=True, intro=intro
    )


def letters_text(visit: Visit, found: Notice) -> str:
    """The notice's own sentence."""
    return notices.filled(found, visit.t)


@on_tap("putoff", access.MANAGEMENT)
def put_off(visit: Visit, deal_id: str, notice_id: str) -> Answer:
    """For how long?"""
    deal_queries.get(visit.work, number(deal_id, "deal"))
    return Answer(notices.putoff(_notice(visit, notice_id), visit.t))


@on_tap("putoff_for", access.MANAGEMENT)
def put_off_for(visit: Visit, deal_id: str, notice_id: str, days: str) -> Answer:
    """The same rule rings again then, if the deal still stands there."""
    length = number(days)
    if not 1 <= length <= 31:
        raise NotFound("button")
    found = _notice(visit, notice_id)
    timers.snooze(visit.work, number(deal_id, "deal"), found.rule, length)
    said = visit.t.plural("Отложено на {n} день", "Отложено на {n} дней", length)
    return deal_handlers.card(visit, number(deal_id, "deal"), said)


@on_tap("note", access.EVERYONE)
def note(visit: Visit, deal_id: str) -> Answer:
    """A line in the deal's history."""
    deal = deal_queries.get(visit.work, number(deal_id, "deal"))
    return form_runner.begin_text(
        visit, {"do": "note", "deal": deal.id}, visit.t("Заметка"), visit.t("Что записать в историю?")
    )


@on_tap("rename", access.SALES)
def rename(visit: Visit, deal_id: str) -> Answer:
    """Another title."""
    deal = deal_queries.get_editable(visit.work, number(deal_id, "deal"))
    return form_runner.begin_text(visit, {"do": "rename", "deal": deal.id}, visit.t("Название сделки"), deal.title)


@form_runner.on_finish("note")
def noted(visit: Visit, purpose: dict[str, str | int], values: dict[str, Any]) -> Answer:
    """The note stands in the history."""
    deal = deal_commands.comment(visit.work, int(purpose["deal"]), str(values["text"]))
    return deal_handlers.card(visit, deal.id, new=True)


@form_runner.on_finish("rename")
def renamed(visit: Visit, purpose: dict[str, str | int], values: dict[str, Any]) -> Answer:
    """The deal has its new title."""
    deal = deal_commands.rename(visit.work, int(purpose["deal"]), str(values["text"]))
    return deal_handlers.card(visit, deal.id, new=True)
