"""What hangs on somebody who has left or is away, before those above: look at it, hand it on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from handlers.deals import deal_actions
from handlers.notices.composers import composes
from handlers.request import Request, on_callback
from handlers.tasks import task_actions
from keyboards.callbacks.team_callbacks import (
    ChooseColleague,
    HandOverWork,
    LeaveWork,
    ListLeftWork,
    OpenLeftDeal,
    OpenLeftTask,
)
from keyboards.near_time import near
from keyboards.notices import notices
from keyboards.notices.notice_view import NoticeView
from keyboards.people import left_work as screens
from keyboards.people.left_work import LeftLine, LeftWorkView
from keyboards.screen import Reply, Screen
from keyboards.translator import Translator
from models import access
from models.ids import EmployeeId
from models.notices.people_notices import WorkLeft
from services.deals import deal_queries
from services.escalations import handing_over, handovers
from services.escalations.left_work import LeftTask, LeftVisit, LeftWork
from services.people import employees
from services.unit_of_work import UnitOfWork

PAGE = 8


@on_callback(ListLeftWork, access.MANAGEMENT)
def show(request: Request, press: ListLeftWork) -> Reply:
    """The list, page by page."""
    return _shown(request, press.employee, press.page or 0)


def _shown(request: Request, person_id: int, page: int = 0, toast: str | None = None) -> Reply:
    work, said = request.work, handovers.why_now(request.work, person_id)
    found = handovers.of_person(work, person_id)
    return Reply(_screen(work, request.t, EmployeeId(person_id), said, found, page), toast)


def _screen(
    work: UnitOfWork, t: Translator, person: EmployeeId, said: WorkLeft | None, found: LeftWork, page: int = 0
) -> Screen:
    n = len(found.visits) + len(found.tasks) + len(found.deals)
    at = min(max(page, 0), max(n - 1, 0) // PAGE)
    lines = list(islice(_lines(work, t, found), at * PAGE, (at + 1) * PAGE))
    sums = (len(found.visits), len(found.tasks), len(found.deals))
    name, more = employees.get(work, person).name, n > (at + 1) * PAGE
    view = LeftWorkView(person, name, said, lines, *sums, at, at * PAGE + 1, more, work.moment.today)
    return screens.left_work_screen(view, t)


def _lines(work: UnitOfWork, t: Translator, found: LeftWork) -> Iterator[LeftLine]:
    for one in found.everything:
        match one:
            case LeftVisit():
                said = f"{near(one.visit.starts_at or work.now, work.now, t)} · {one.deal.title}"
                yield LeftLine("🚗", said, OpenLeftDeal(one.deal.id))
            case LeftTask():
                said = f"{t.title(one.task.title)} · {one.deal.title} · {near(one.task.due_at, work.now, t)}"
                yield LeftLine("📞" if one.task.list else "📋", said, OpenLeftTask(one.task.id))
            case _:
                process = work.company.processes.get(one.process)
                stage = process.find_stage(one.pipeline, one.stage) if process else None
                yield LeftLine("📁", f"{one.title} · {t(stage.title)}" if stage else one.title, OpenLeftDeal(one.id))


@on_callback(OpenLeftDeal, access.MANAGEMENT)
def open_deal(request: Request, press: OpenLeftDeal) -> Reply:
    """A line of it: the list stays above."""
    return deal_actions.card(request, press.deal, new=True)


@on_callback(OpenLeftTask, access.MANAGEMENT)
def open_task(request: Request, press: OpenLeftTask) -> Reply:
    return replace(task_actions.show(request, press.task), new=True)


@on_callback(ChooseColleague, access.MANAGEMENT)
def choose(request: Request, press: ChooseColleague) -> Reply:
    """To whom?"""
    work = request.work
    if handovers.why_now(work, press.employee) is None:
        return _shown(request, press.employee, toast=request.t("Передавать не нужно: сотрудник на месте"))
    load = deal_queries.workload(work)
    people = [(one.id, one.name, load.get(one.id, 0)) for one in handing_over.takers(work, press.employee)]
    name = employees.get(work, press.employee).name
    return Reply(screens.colleagues_screen(name, people, press.employee, press.deals, request.t))


@on_callback(HandOverWork, access.MANAGEMENT)
def hand_over(request: Request, press: HandOverWork) -> Reply:
    """All of it; what the other one cannot take stays in the list."""
    t = request.t
    done = handing_over.hand_over(request.work, press.employee, press.to, deals=press.deals)
    said = t("Передано: {what}", what=screens.given(done.deals, done.tasks, done.visits, t))
    left = t.plural("{n} осталось в списке", "{n} осталось в списке", done.left) if done.left else ""
    return _shown(request, press.employee, toast=f"{said}. {left}" if left else said)


@on_callback(LeaveWork, access.MANAGEMENT)
def leave(request: Request, press: LeaveWork) -> Reply:
    """Those above are asked no more."""
    handovers.leave(request.work, press.employee)
    return _shown(request, press.employee, toast=request.t("Больше не спрошу до следующего отсутствия"))


@composes(WorkLeft)
def message(work: UnitOfWork, t: Translator, sent: NoticeView) -> Screen | None:
    """The list as a message, as it stands when it is sent."""
    said = sent.notice
    if not isinstance(said, WorkLeft):
        return None
    now = handovers.why_now(work, said.person)
    found = handovers.of_notice(work, said)
    if now is None or found.is_empty:
        return None
    screen = _screen(work, t, EmployeeId(said.person), said, found)
    return Screen((*screen.lines, *notices.marks(sent, work.now, t)), screen.rows)
