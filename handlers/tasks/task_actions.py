"""Tasks: their card, checklist and outcomes (C-3), taking, the messages about them."""

from __future__ import annotations

from dataclasses import replace

from handlers.deals import deal_actions as deal_handlers
from handlers.documents import paper_making, papers
from handlers.forms import form_runner
from handlers.notices.composers import composes
from handlers.request import Request, on_callback
from handlers.tasks import one_way_outcomes, own_outcomes
from handlers.tasks.task_lists import call_list, my_tasks
from handlers.tasks.task_views import view
from keyboards.callbacks.task_callbacks import ChooseOutcome, OpenTask, TakeTask, TickItem
from keyboards.near_time import near
from keyboards.notices import notices
from keyboards.notices.notice_view import NoticeView
from keyboards.notices.notice_words import why_button
from keyboards.screen import EMPTY, Reply, Screen, bold, line
from keyboards.tasks import job_page
from keyboards.tasks import task_card as cards
from keyboards.translator import Translator
from models import access
from models.entities import Deal, Item, Task
from models.errors import MoveRefused, NotAllowed, NotFound
from models.field_values import FieldValues
from models.notices.task_notices import TaskDue
from models.process.process import Process
from models.process.stages import Outcome
from services.deals import deal_queries
from services.purposes.task_purposes import OutcomePurpose, TickPurpose
from services.tasks import checklists, task_commands, task_queries
from services.unit_of_work import UnitOfWork

__all__ = ["call_list", "closed", "my_tasks", "notice", "show", "ticked"]


# --- the card ---------------------------------------------------------------------------------------------------


def show(request: Request, task_id: int, toast: str | None = None, *, held: bool = False) -> Reply:
    """The card of a task that the person may see: NotFound, NotAllowed. `held`, here and below: it was pressed on the
    page of a job, which comes again as long as the job is open and his own."""
    seen = view(request.work, request.t, task_queries.get(request.work, task_id))
    draw = job_page.job_page if held and seen.is_own_job else cards.task_card
    return Reply(draw(seen, request.t), toast)


@on_callback(OpenTask, access.EVERYONE)
def open_(request: Request, press: OpenTask) -> Reply:
    return show(request, press.task)


# --- what one does on it ----------------------------------------------------------------------------------------


def tick(request: Request, press: TickItem, *, held: bool = False) -> Reply:
    """Tick or untick a line; one that asks for values asks in conversation (C-3), one with a paper makes it (K-11).

    The button says what is to become true: a second press of it changes nothing.
    """
    key = press.task
    task = task_queries.get_mine(request.work, key)
    one = checklists.find_item(task, press.item)
    wanted = press.done is not False
    if (one.done_at is not None) == wanted:
        said = request.t("Уже отмечено") if wanted else request.t("Отметка уже снята")
        return show(request, key, said, held=held)
    if wanted and (one.asked or one.paper):
        return answer_line(request, task, one, held=held)
    task_commands.tick(request.work, key, one.id)
    return show(request, key, held=held)


on_callback(TickItem, access.EVERYONE)(tick)  # not above it: the page of a job calls it as well


def answer_line(request: Request, task: Task, one: Item, *, held: bool = False) -> Reply:
    """Ask what the line asks; what it only offers may be passed over. With nothing to ask it is done at once."""
    deal, process = _begun(request, task)
    shut = papers.without_requisites(request, deal) if one.paper else None
    if shut is not None:
        return shut
    asked = checklists.asked(process, deal, one)
    if not asked:
        return complete(request, task, one, {}, held=held)
    purpose = TickPurpose(task.id, one.id, held or None)
    offered = frozenset(one.offers) - set(one.fill)
    intro = request.t.title(one.title)
    return form_runner.begin(
        request, purpose, asked, process=process, deal=deal, optional=offered, again=True, intro=intro
    )  # fmt: skip


def complete(request: Request, task: Task, one: Item, values: FieldValues, *, held: bool = False) -> Reply:
    """The line is answered: its fields are filled in, its paper is made, it is ticked. What is to be asked before the
    paper is made (whose name, empty places) comes first; the paper then ticks the line itself."""
    if one.paper and one.done_at is None:
        deal = checklists.fill_line(request.work, task.id, one.id, values)
        found = task_queries.find(request.work, task.id)
        if found is None or found.state != "open":  # a robot on a filled field has taken it back
            return ticked(request, task.id, deal, one.id, held=held)
        known = one.paper in request.work.process(deal.process).papers
        wanted = paper_making.questions(request, deal, one.paper, task.id) if known else None
        if wanted is not None:
            return wanted
        values = {}
    deal = checklists.complete(request.work, task.id, one.id, values)
    return ticked(request, task.id, deal, one.id, held=held)


def _begun(request: Request, task: Task) -> tuple[Deal, Process]:
    """The deal that a form is for. Who begins to answer a task of his role has taken it, and so may see the deal."""
    work = request.work
    if task.assignee_id is None and task.role == request.me.role:
        task_commands.take(work, task.id)
    deal = deal_queries.find(work, task.deal_id)
    process = work.company.processes.get(deal.process) if deal else None
    if deal is None or process is None:
        raise NotFound("deal")
    return deal, process


def outcome(request: Request, press: ChooseOutcome, *, held: bool = False) -> Reply:
    """Close the task with an outcome. What is only missing is asked first; any other reason is said (C-1, C-2).

    What an outcome asks that leaves the task open is asked anew each time (K-16), and so is a claim (K-24).
    """
    key, name = press.task, press.name
    task = task_queries.get_mine(request.work, key)
    chosen = task_queries.find_outcome(request.work, task, name)
    if press.drawn_for is not None and (stale := _stale(request, task, chosen, press.drawn_for)):
        return show(request, key, stale, held=held)
    if (own := own_outcomes.OWN_OUTCOMES.get((task.name, name))) is not None:
        return own(request, task)
    if chosen and press.sure is None and (asked := one_way_outcomes.ask(request, task, chosen, press)):
        return asked
    purpose = OutcomePurpose(key, name, held or None)
    if chosen and chosen.asks_anew:
        task_commands.check_lines(task, chosen)
        about, process = _begun(request, task)
        intro = request.t(chosen.title)
        return form_runner.begin(request, purpose, chosen.ask, process=process, deal=about, again=True, intro=intro)
    try:
        deal = task_commands.close(request.work, key, name)
    except MoveRefused as refused:
        if not refused.refusal.only_missing:
            raise
        about, process = _begun(request, task)
        missing, together = refused.refusal.missing, refused.refusal.unconfirmed
        return form_runner.begin(request, purpose, missing, process=process, deal=about, together=together)
    return closed(request, key, deal, name, held=held)


on_callback(ChooseOutcome, access.EVERYONE)(outcome)


def _stale(request: Request, task: Task, chosen: Outcome | None, drawn_for: int) -> str | None:
    """What to say to a press of a button that was drawn for another state of the task."""
    if chosen and chosen.stays:  # it may be pressed again, but not twice by one look at the card
        deal = deal_queries.find(request.work, task.deal_id)
        changed = deal is not None and drawn_for != deal.version
        return request.t("Карточка изменилась. Показываю свежую.") if changed else None
    if drawn_for != cards.stamp(task.due_at):
        return request.t("Срок задачи изменился. Показываю свежую карточку.")
    return None


def closed(request: Request, task_id: int, deal: Deal, outcome: str = "", *, held: bool = False) -> Reply:
    """What is shown after an outcome: the card as it is now, or the deal if the task is gone."""
    found = task_queries.find(request.work, task_id)
    if found is None or found.state == "void":
        return _gone(request, deal)
    chosen = task_queries.find_outcome(request.work, found, outcome)
    if found.state == "open" and chosen and chosen.stays:
        return show(request, task_id, request.t("Записано: {outcome}", outcome=request.t(chosen.title)), held=held)
    if found.state == "open":
        return show(request, task_id, put_off_until(request, found), held=held)
    if _has_moved(found, deal):
        return _gone(request, deal)
    return show(request, task_id, request.t("Задача закрыта"))


def _has_moved(found: Task, deal: Deal) -> bool:
    """The task is closed and its outcome has moved the deal: that is what to see now."""
    return found.state == "done" and found.origin != f"{deal.pipeline}.{deal.stage}"


def put_off_until(request: Request, found: Task) -> str:
    """Until when the task was put off."""
    return request.t("Отложено: {when}", when=near(found.due_at, request.work.now, request.t))


def ticked(request: Request, task_id: int, deal: Deal, item_id: int | None = None, *, held: bool = False) -> Reply:
    """What is shown after a line was ticked with values. A robot may have moved the deal and taken the task back."""
    found = task_queries.find(request.work, task_id)
    if found is None or found.state == "void" or _has_moved(found, deal):
        return _gone(request, deal)
    paper = next((one.paper for one in found.items if one.id == item_id), None)
    if paper in request.work.process(deal.process).papers:
        return show(request, task_id, papers.being_made(request, deal, paper), held=held)
    return show(request, task_id, request.t("Отмечено"), held=held)


def _gone(request: Request, deal: Deal) -> Reply:
    stage = request.work.process(deal.process).stage(deal.pipeline, deal.stage)
    said = request.t("Готово. Сделка теперь на стадии «{stage}»", stage=request.t(stage.title))
    try:
        deal_queries.get(request.work, deal.id)
    except NotAllowed:  # his task was all that he saw of the deal
        return replace(my_tasks(request), toast=said)
    return deal_handlers.card(request, deal.id, said)


@on_callback(TakeTask, access.EVERYONE)
def take(request: Request, press: TakeTask) -> Reply:
    """Take a task that was given to a role."""
    found = task_commands.take(request.work, press.task)
    return show(request, found.id, request.t("Задача ваша"))


# --- messages -------------------------------------------------------------------------------------------------------


@composes(TaskDue)
def notice(work: UnitOfWork, t: Translator, sent: NoticeView) -> Screen | None:
    """The message that a task was given, or that it is due: the card itself below one line that says why it came.

    What a robot says to somebody who drives out comes on the card of his job as well (K-21): the evening before he
    has the address, the phone and the buttons at hand.
    """
    said = sent.notice
    key = said.task if isinstance(said, TaskDue) else sent.job
    task = task_queries.find(work, key) if key is not None else None
    if task is None:
        return None
    screen = cards.task_card(view(work, t, task), t)
    if isinstance(said, TaskDue):
        told = t("Пора: срок задачи наступил") if said.due else t("Вам дали задачу")
    else:
        told = notices.sentence(sent, t)
        screen = screen.with_rows([why_button(sent, t)])
    marks = notices.marks(sent, work.now, t)
    return replace(screen, lines=(line("🔔 ", bold(told)), *marks, EMPTY, *screen.lines))
