"""Tasks: their card, checklist and outcomes (C-3), putting off, an installer's day (C-5), call lists (F-E5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from handlers import forms
from handlers import notices as letters
from handlers.visit import Visit, number, on_tap
from keyboards import task_card as cards
from keyboards import task_lists as screens
from keyboards.notices import LATE_MINUTES, Notice
from keyboards.screen import EMPTY, Answer, Screen, bold, line
from keyboards.task_card import ItemView, OutcomeView, TaskView
from keyboards.texts import Texts
from keyboards.when import near
from models import access
from models.errors import MoveRefused, NotAllowed, NotFound
from models.nouns import Client, Deal, Employee, Item, Task
from models.process import fields as f
from models.process.process import Process
from models.process.robots import Tapped
from models.process.stages import Outcome
from models.values.address import Address
from services import agenda, clients, deals, people, tasks
from services.agenda import Errand, Section
from services.work import Work

MORNING = time(9)
LONGEST_REASON = 300


# --- the card ---------------------------------------------------------------------------------------------------


def show(visit: Visit, task_id: int, toast: str | None = None) -> Answer:
    """The card of a task that the person may see: NotFound, NotAllowed."""
    return Answer(cards.task_card(view(visit.work, visit.t, tasks.get(visit.work, task_id)), visit.t), toast)


@on_tap("task", access.EVERYONE)
def open_(visit: Visit, task_id: str) -> Answer:
    return show(visit, number(task_id, "task"))


def view(work: Work, t: Texts, task: Task) -> TaskView:
    """What the actor sees of a task. Prices are not shown to those who drive out (C-8)."""
    deal = deals.find(work, task.deal_id)
    process = work.company.processes.get(deal.process) if deal else None
    if deal is None or process is None or work.actor is None:
        raise NotFound("deal")
    me, described = work.actor, tasks.description_of(process, task)
    may_act = _may_act(me, task, deal)
    client = clients.get(work, deal.client_id) if deal.client_id else None
    phone = deal.fields.get(process.client.phone)
    outcomes = described.outcomes if described else {"done": Outcome(title="Готово", style="success")}
    wanted = described.shows if described else ()
    return TaskView(
        id=task.id,
        title=task.title,
        due_at=task.due_at,
        now=work.now,
        deal_id=deal.id,
        deal_number=deal.number,
        deal_title=deal.title,
        client=_client_name(client, deal, process),
        phones=client.phones if client and client.phones else (phone,) if phone else (),
        address=_address(me, deal, process, wanted),
        description=task.description,
        video=task.video,
        shows=_shown(work, t, deal, process, wanted),
        items=tuple(
            ItemView(one.id, one.title, one.done_at is not None, bool(one.fill), one.optional) for one in task.items
        ),
        outcomes=tuple(OutcomeView(name, one.title, one.style) for name, one in outcomes.items()),
        taps=_taps(me, deal, process),
        list=task.list,
        assignee=people.get(work, task.assignee_id).name if task.assignee_id not in (None, me.id) else None,
        role=task.role,
        is_open=task.state == "open",
        outcome=outcomes[task.outcome].title if task.outcome in outcomes else task.outcome,
        mine=task.assignee_id == me.id,
        may_act=may_act,
        may_take=task.assignee_id is None and (task.role == me.role or me.role in access.MANAGEMENT),
        may_open=access.can_view(me, deal, assigned=task.assignee_id == me.id),
    )


def _may_act(me: Employee, task: Task, deal: Deal) -> bool:
    """The same as `tasks.get_mine` says at the press."""
    given = task.assignee_id == me.id or (task.assignee_id is None and task.role == me.role)
    return given or me.role in access.MANAGEMENT or deal.responsible_id == me.id


def _client_name(client: Client | None, deal: Deal, process: Process) -> str:
    return client.name if client else str(deal.fields.get(process.client.name) or "")


def _shown(work: Work, t: Texts, deal: Deal, process: Process, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    sees_money = work.actor is not None and access.can_see_money(work.actor)
    staff = {one.id: one.name for one in people.staff(work)}
    out = []
    for name in names:
        field, value = process.fields.get(name), deal.fields.get(name)
        if field is not None and value is not None and (sees_money or not isinstance(field, f.MoneyField)):
            out.append((field.title, t.value(field, value, staff)))
    return tuple(out)


def _address(me: Employee, deal: Deal, process: Process, names: Sequence[str]) -> Address | None:
    """Of the fields that the task shows; for those who drive out any address of the deal."""
    tried = [*names, *process.fields] if me.role in access.FIELD_STAFF else names
    found = (deal.fields.get(name) for name in tried if isinstance(process.fields.get(name), f.AddressField))
    return next((one for one in found if isinstance(one, Address)), None)


def _taps(me: Employee, deal: Deal, process: Process) -> tuple[tuple[int, str], ...]:
    if not access.can_edit(me, deal):
        return ()
    rules = enumerate(process.rules_of(deal.pipeline, deal.stage))
    return tuple((place, robot.on.tap) for place, (_, robot) in rules if isinstance(robot.on, Tapped))


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
    return show(visit, task_id, visit.t("Задача закрыта"))


def ticked(visit: Visit, task_id: int, deal: Deal) -> Answer:
    """What is shown after a line was ticked with values. A robot may have moved the deal and taken the task back."""
    found = tasks.find(visit.work, task_id)
    if found is None or found.state == "void":
        return _gone(visit, deal)
    return show(visit, task_id, visit.t("Отмечено"))


def _gone(visit: Visit, deal: Deal) -> Answer:
    from handlers import deals as deal_handlers

    said = visit.t("Готово. Задача больше не нужна: сделка пошла дальше.")
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


# --- lists ------------------------------------------------------------------------------------------------------


@on_tap("tasks", access.EVERYONE)
def my_tasks(visit: Visit, section: str = "", page: str = "0") -> Answer:
    """«Мои задачи»: overdue, today, coming; without a section the first that has any."""
    work = visit.work
    counts = agenda.counts(work)
    chosen: Section = next((name for name in agenda.SECTIONS if name == section), _fullest(counts))
    at = max(number(page), 0)
    found, more = agenda.page(work, chosen, at)
    lists = tuple(screens.ListLink(one.title, one.first, one.n) for one in agenda.lists(work))
    lines = tuple(screens.TaskLine(one.task.id, one.task.title, one.client, one.task.due_at) for one in found)
    shown = screens.MyTasksView(chosen, counts, lines, work.now, at, more, lists)
    return Answer(screens.my_tasks_screen(shown, visit.t))


def _fullest(counts: dict[str, int]) -> Section:
    return next((name for name in agenda.SECTIONS if counts[name]), "today")


@on_tap("jobs", access.EVERYONE)
def jobs(visit: Visit) -> Answer:
    """An installer's jobs of today, and those overdue (C-5)."""
    return _jobs(visit, coming=False)


@on_tap("jobs_next", access.EVERYONE)
def jobs_next(visit: Visit) -> Answer:
    """An installer's jobs of the days after, by day (C-5)."""
    return _jobs(visit, coming=True)


def _jobs(visit: Visit, *, coming: bool) -> Answer:
    work = visit.work
    calendar = work.company.calendar
    today = calendar.today(work.now)
    found = agenda.jobs(work)
    chosen = [one for one in found if (calendar.local(one.at).date() > today) == coming]
    lines = tuple(_job(work, one) for one in chosen[:20])
    shown = screens.JobsView(lines, work.now, coming, len(found) - len(chosen))
    return Answer(screens.jobs_screen(shown, visit.t))


def _job(work: Work, one: Errand) -> screens.JobLine:
    items = one.task.items
    done = [line_ for line_ in items if line_.done_at is not None]
    process = work.company.processes.get(one.deal.process)
    address = _address(work.actor, one.deal, process, ()) if work.actor and process else None
    status = done[-1].title if done else None
    place = short_address(address) if address else ""
    return screens.JobLine(one.task.id, one.task.title, one.at, one.client, place, status, len(done), len(items))


def short_address(address: Address) -> str:
    """«ул. Ленина, д. 5, кв. 12»: what one needs to know where the day goes."""
    if not address.street and not address.house:
        return address.one_line()[:60]
    return replace(address, city=None, entrance=None, floor=None, intercom=None, private=False, note="").one_line()


@on_tap("calls", access.EVERYONE)
def calls(visit: Visit, key: str = "", task_id: str = "") -> Answer:
    """A call list of the actor as it is now (F-E5): by one of its tasks (`t`, id) or by its message (the notice's id).

    Without either: the lists there are.
    """
    work = visit.work
    if not key:
        found = [screens.ListLink(one.title, one.first, one.n) for one in agenda.lists(work)]
        return Answer(screens.lists_screen(found, visit.t))
    if key == "t":
        title = tasks.get(work, number(task_id, "task")).list
    else:
        sent = letters.find(work, number(key), visit.t)
        title = sent.text if sent and sent.kind == "list" else None
    if title is None:
        raise NotFound("button")
    return Answer(_call_list(work, visit.t, title, None))


def _call_list(work: Work, t: Texts, title: str, day: date | None) -> Screen:
    found = agenda.calls(work, title)
    calendar = work.company.calendar
    latest = max((calendar.local(one.task.due_at).date() for one in found), default=calendar.today(work.now))
    calls_ = tuple(screens.Call(one.task.id, one.client, _reason(work, t, one)) for one in found)
    return screens.call_list_screen(screens.CallListView(title, day or latest, calls_), t)


def _reason(work: Work, t: Texts, one: Errand) -> str:
    """What the task shows of the deal, in one line: first of all why the client had said no."""
    process = work.company.processes.get(one.deal.process)
    described = tasks.description_of(process, one.task) if process else None
    if process is None or described is None:
        return ""
    return ". ".join(value for _, value in _shown(work, t, one.deal, process, described.shows)[:2])


# --- messages ---------------------------------------------------------------------------------------------------


def notice(work: Work, t: Texts, sent: Notice) -> Screen:
    """The message that a task was given, or that it is due: the card itself below one line that says why it came."""
    task = tasks.find(work, int(sent.payload["task"]))
    if task is None:
        raise NotFound("task")
    screen = cards.task_card(view(work, t, task), t)
    said = t("Пора: срок задачи наступил") if sent.payload.get("due") else t("Вам дали задачу")
    return replace(screen, lines=(line("🔔 ", bold(said)), *_passed(work, t, sent), EMPTY, *screen.lines))


def call_list(work: Work, t: Texts, sent: Notice) -> Screen:
    """The message with all calls of a day, a button per client (F-E5)."""
    raw = sent.payload.get("day")
    screen = _call_list(work, t, sent.text, date.fromisoformat(str(raw)) if raw else None)
    return replace(screen, lines=(*screen.lines, *_passed(work, t, sent)))


def _passed(work: Work, t: Texts, sent: Notice) -> list[tuple[str, ...]]:
    out: list[tuple[str, ...]] = []
    if sent.payload.get("instead_of"):
        out.append((t("Вместо {name}: сообщение не доставлено", name=sent.payload["instead_of"]),))
    if sent.payload.get("late") and work.now - sent.meant_at > timedelta(minutes=LATE_MINUTES):
        when = t.moment(sent.meant_at, now=work.now)
        out.append((t("Опоздало: должно было прийти {when}", when=when),))
    return out
