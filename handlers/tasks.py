"""Tasks: their card, checklist and outcomes (C-3), taking, putting off, the messages about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from handlers import forms
from handlers.task_lists import call_list, my_tasks
from handlers.task_views import marks, view
from handlers.visit import Visit, number, on_tap
from keyboards import task_card as cards
from keyboards.notices import Notice
from keyboards.screen import EMPTY, Answer, Screen, bold, line
from keyboards.texts import Texts
from keyboards.when import near
from models import access
from models.errors import MoveRefused, NotAllowed, NotFound
from models.nouns import Deal, Item, Task
from models.process.process import Process
from services import deals, tasks
from services.work import Work

MORNING = time(9)
LONGEST_REASON = 300

__all__ = ["call_list", "closed", "later", "my_tasks", "notice", "show", "ticked"]


# --- the card ---------------------------------------------------------------------------------------------------


def show(visit: Visit, task_id: int, toast: str | None = None) -> Answer:
    """The card of a task that the person may see: NotFound, NotAllowed."""
    return Answer(cards.task_card(view(visit.work, visit.t, tasks.get(visit.work, task_id)), visit.t), toast)


@on_tap("task", access.EVERYONE)
def open_(visit: Visit, task_id: str) -> Answer:
    return show(visit, number(task_id, "task"))


# --- what one does on it ----------------------------------------------------------------------------------------


@on_tap("tick", access.EVERYONE)
def tick(visit: Visit, task_id: str, item_id: str, wanted: str = "1") -> Answer:
    """Tick or untick a line; one that asks for values asks in conversation (C-3).

    The button says what is to become true: a second press of it changes nothing.
    """
    key = number(task_id, "task")
    task = tasks.get_mine(visit.work, key)
    one = _item(task, number(item_id, "item"))
    if (one.done_at is not None) == (wanted == "1"):
        return show(visit, key, visit.t("Уже отмечено") if wanted == "1" else visit.t("Отметка уже снята"))
    if wanted == "1" and one.fill:
        deal, process = _begun(visit, task)
        purpose: dict[str, str | int] = {"do": "item", "task": key, "item": one.id}
        intro = visit.t(one.title)
        return forms.begin(visit, purpose, one.fill, process=process, deal=deal, again=True, intro=intro)
    tasks.tick(visit.work, key, one.id)
    return show(visit, key)


def _item(task: Task, item_id: int) -> Item:
    found = next((one for one in task.items if one.id == item_id), None)
    if found is None:
        raise NotFound("item")
    return found


def _begun(visit: Visit, task: Task) -> tuple[Deal, Process]:
    """The deal that a form is for. Who begins to answer a task of his role has taken it, and so may see the deal."""
    work = visit.work
    if task.assignee_id is None and task.role == visit.me.role:
        tasks.take(work, task.id)
    deal = deals.find(work, task.deal_id)
    process = work.company.processes.get(deal.process) if deal else None
    if deal is None or process is None:
        raise NotFound("deal")
    return deal, process


@on_tap("outcome", access.EVERYONE)
def outcome(visit: Visit, task_id: str, name: str, drawn_for: str = "") -> Answer:
    """Close the task with an outcome. What is only missing is asked first; any other reason is said (C-1, C-2)."""
    key = number(task_id, "task")
    task = tasks.get_mine(visit.work, key)
    if drawn_for and number(drawn_for) != cards.stamp(task.due_at):
        return show(visit, key, visit.t("Срок задачи изменился. Показываю свежую карточку."))
    try:
        deal = tasks.close(visit.work, key, name)
    except MoveRefused as refused:
        if not refused.refusal.only_missing or not refused.refusal.missing:
            raise
        about, process = _begun(visit, task)
        purpose: dict[str, str | int] = {"do": "outcome", "task": key, "outcome": name}
        return forms.begin(visit, purpose, refused.refusal.missing, process=process, deal=about)
    return closed(visit, key, deal)


def closed(visit: Visit, task_id: int, deal: Deal) -> Answer:
    """What is shown after an outcome: the card as it is now, or the deal if the task is gone."""
    found = tasks.find(visit.work, task_id)
    if found is None or found.state == "void":
        return _gone(visit, deal)
    if found.state == "open":
        when = near(found.due_at, visit.work.now, visit.t)
        return show(visit, task_id, visit.t("Отложено: {when}", when=when))
    if found.origin != f"{deal.pipeline}.{deal.stage}":  # the outcome has moved the deal: that is what to see now
        return _gone(visit, deal)
    return show(visit, task_id, visit.t("Задача закрыта"))


def ticked(visit: Visit, task_id: int, deal: Deal) -> Answer:
    """What is shown after a line was ticked with values. A robot may have moved the deal and taken the task back."""
    found = tasks.find(visit.work, task_id)
    if found is None or found.state == "void":
        return _gone(visit, deal)
    return show(visit, task_id, visit.t("Отмечено"))


def _gone(visit: Visit, deal: Deal) -> Answer:
    from handlers import deals as deal_handlers

    stage = visit.work.process(deal.process).stage(deal.pipeline, deal.stage)
    said = visit.t("Готово. Сделка теперь на стадии «{stage}»", stage=visit.t(stage.title))
    try:
        deals.get(visit.work, deal.id)
    except NotAllowed:  # his task was all that he saw of the deal
        return replace(my_tasks(visit), toast=said)
    return deal_handlers.card(visit, deal.id, said)


@on_tap("task_take", access.EVERYONE)
def take(visit: Visit, task_id: str) -> Answer:
    """Take a task that was given to a role."""
    found = tasks.take(visit.work, number(task_id, "task"))
    return show(visit, found.id, visit.t("Задача ваша"))


# --- putting off ------------------------------------------------------------------------------------------------


def later(work: Work) -> tuple[datetime, ...]:
    """In an hour; tomorrow, in three days and in a week in the morning, by the company's clocks."""
    calendar = work.company.calendar
    today = calendar.today(work.now)
    mornings = (calendar.at(today + timedelta(days=days), MORNING) for days in (1, 3, 7))
    return (work.now + timedelta(hours=1), *mornings)


@on_tap("snooze", access.EVERYONE)
def snooze(visit: Visit, task_id: str, choice: str = "") -> Answer:
    """Until when, then why: the reason is written into the deal's history."""
    work, t = visit.work, visit.t
    task = tasks.get_mine(work, number(task_id, "task"))
    choices = later(work)
    if not choice:
        return Answer(cards.snooze_screen(view(work, t, task), choices, t))
    place = number(choice)
    if not 0 <= place < len(choices):
        raise NotFound("button")
    until = choices[place]
    purpose: dict[str, str | int] = {"do": "put_off", "task": task.id, "until": until.isoformat()}
    title = t("Отложить: {when}", when=near(until, work.now, t))
    return forms.begin_text(visit, purpose, title, t("Напишите причину"), longest=LONGEST_REASON)


@forms.on_finish("put_off")
def put_off(visit: Visit, purpose: dict[str, str | int], values: dict[str, Any]) -> Answer:
    """The reason has come."""
    until = datetime.fromisoformat(str(purpose["until"]))
    if until <= visit.work.now:  # the answer took longer than the hour it was to be put off for
        until = visit.work.now + timedelta(hours=1)
    found = tasks.put_off(visit.work, int(purpose["task"]), until, str(values["text"]))
    when = near(found.due_at, visit.work.now, visit.t)
    return show(visit, found.id, visit.t("Отложено: {when}", when=when))


# --- messages -------------------------------------------------------------------------------------------------------


def notice(work: Work, t: Texts, sent: Notice) -> Screen:
    """The message that a task was given, or that it is due: the card itself below one line that says why it came."""
    task = tasks.find(work, int(sent.payload["task"]))
    if task is None:
        raise NotFound("task")
    screen = cards.task_card(view(work, t, task), t)
    said = t("Пора: срок задачи наступил") if sent.payload.get("due") else t("Вам дали задачу")
    return replace(screen, lines=(line("🔔 ", bold(said)), *marks(work, t, sent), EMPTY, *screen.lines))
