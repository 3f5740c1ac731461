"""«Мои задачи», an installer's day (C-5), call lists (F-E5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from handlers.notices import notice_reader
from handlers.notices.composers import composes
from handlers.request import Request, on_callback
from handlers.tasks.task_views import address_for, idle_outcomes, short_address, shown
from keyboards.callbacks.task_callbacks import ListComingJobs, ListJobs, ListTasks, OpenCallList
from keyboards.notices import notices
from keyboards.notices.notice_view import NoticeView
from keyboards.screen import Reply, Screen
from keyboards.tasks import task_lists as screens
from keyboards.translator import Translator
from models import access
from models.errors import NotFound
from models.fields.booking_field import BookingField
from models.notices.task_notices import CallsDue
from models.process.process import Process
from models.values.product_text import NO_TEXT, ProductText
from services.deals import deal_queries
from services.tasks import agenda, task_queries
from services.tasks.agenda import AgendaTask, Section
from services.unit_of_work import UnitOfWork
from services.visits import visit_agenda
from services.visits.visit_agenda import AgendaVisit

JOBS = 10  # on one page of an installer's list


@on_callback(ListTasks, access.EVERYONE)
def open_(request: Request, press: ListTasks) -> Reply:
    return my_tasks(request, press.section, press.page or 0)


def my_tasks(request: Request, section: str | None = None, page: int = 0) -> Reply:
    """«Мои задачи»: overdue, today, coming; without a section the first that has any. Those of practice stand apart."""
    work = request.work
    counts = agenda.counts(work)
    chosen: Section = next((name for name in agenda.EVERY if name == section), _fullest(counts))
    last = max(counts[chosen] - 1, 0) // agenda.PAGE  # what was here may be done by now
    at = min(max(page, 0), last)
    found, more = agenda.page(work, chosen, at)
    lists = tuple(screens.ListLink(one.title, one.first, one.n) for one in agenda.lists(work))
    lines = tuple(screens.TaskLine(one.task.id, one.task.title, one.client, one.task.due_at) for one in found)
    drives, first = request.me.role in access.FIELD_STAFF, at * agenda.PAGE + 1
    drawn = screens.MyTasksView(chosen, counts, lines, work.now, at, more, lists, first, drives)
    return Reply(screens.my_tasks_screen(drawn, request.t))


def _fullest(counts: dict[str, int]) -> Section:
    return next((name for name in agenda.SECTIONS if counts[name]), "today")


@on_callback(ListJobs, access.EVERYONE)
def jobs(request: Request, press: ListJobs) -> Reply:
    """An installer's jobs of today, and those overdue (C-5)."""
    return _jobs(request, press.page or 0, coming=False)


@on_callback(ListComingJobs, access.EVERYONE)
def jobs_next(request: Request, press: ListComingJobs) -> Reply:
    """An installer's jobs of the days after, by day (C-5)."""
    return _jobs(request, press.page or 0, coming=True)


def _jobs(request: Request, page: int, *, coming: bool) -> Reply:
    work, found = request.work, _errands(request.work)
    chosen = [one for one in found if _is_ahead(work, one) == coming]
    at = min(max(page, 0), max(len(chosen) - 1, 0) // JOBS)
    lines = tuple(_line(request, one) for one in chosen[at * JOBS : (at + 1) * JOBS])
    more, first = len(chosen) > (at + 1) * JOBS, at * JOBS + 1
    drawn = screens.JobsView(lines, work.now, coming, len(found) - len(chosen), at, more, first, _books(work))
    return Reply(screens.jobs_screen(drawn, request.t))


def jobs_now(request: Request) -> list[screens.JobLine]:
    """The jobs of today, those of the days before that are still open, and the next one after, by the hour."""
    found = _errands(request.work)
    until = sum(1 for one in found if not _is_ahead(request.work, one))
    return [_line(request, one) for one in found[: until + 1]]


def _errands(work: UnitOfWork) -> list[AgendaTask | AgendaVisit]:
    """The actor's open jobs, and his visits for which he has none yet, by the time to be there."""
    jobs_ = agenda.jobs(work)
    found: list[AgendaTask | AgendaVisit] = [*jobs_, *visit_agenda.without_job(work, jobs_)]
    return sorted(found, key=lambda one: one.at)


def _is_ahead(work: UnitOfWork, one: AgendaTask | AgendaVisit) -> bool:
    return work.company.calendar.local(one.at).date() > work.moment.today


def _books(work: UnitOfWork) -> bool:
    every = (field for process in work.company.processes.values() for field in process.fields.values())
    return any(isinstance(field, BookingField) for field in every)


def _line(request: Request, one: AgendaTask | AgendaVisit) -> screens.JobLine:
    if isinstance(one, AgendaTask):
        return _job(request.work, one)
    process = request.work.company.processes.get(one.deal.process)
    kind = process.visit_kinds.get(one.visit.name) if process else None
    seen = deal_queries.as_seen(request.work, one.deal)
    address = address_for(request.work.actor, seen, process, ()) if request.work.actor and process else None
    title, place = kind.title if kind else NO_TEXT, short_address(address) if address else ""
    return screens.JobLine(None, title, one.at, one.client, place, deal_id=one.deal.id)


def _job(work: UnitOfWork, one: AgendaTask) -> screens.JobLine:
    items = one.task.items
    done = [line_ for line_ in items if line_.done_at is not None]
    process = work.company.processes.get(one.deal.process)
    seen = deal_queries.as_seen(work, one.deal)
    address = address_for(work.actor, seen, process, ()) if work.actor and process else None
    status = done[-1].title if done else None
    place = short_address(address) if address else ""
    accepted = process is not None and _is_accepted(work, one, process)
    line_ = screens.JobLine(one.task.id, one.task.title, one.at, one.client, place, status, len(done), len(items))
    return replace(line_, accepted=accepted)


def _is_accepted(work: UnitOfWork, one: AgendaTask, process: Process) -> bool:
    """Whether the installer has said that he comes: an answer that leaves the job open, and has no place any more."""
    described = process.find_task(one.task.name)
    answers = {key: said for key, said in described.outcomes.items() if said.stays} if described else {}
    return bool(idle_outcomes(work, one.deal, answers))


@on_callback(OpenCallList, access.EVERYONE)
def calls(request: Request, press: OpenCallList) -> Reply:
    """A call list of the actor as it is now (F-E5): by one of its tasks (`t`, id) or by its message (the notice's id).

    Without either: the lists there are.
    """
    work = request.work
    if press.key is None:
        found = [screens.ListLink(one.title, one.first, one.n) for one in agenda.lists(work)]
        return Reply(screens.lists_screen(found, request.t))
    if press.task is not None:
        title = task_queries.get(work, press.task).list
    else:
        notice_id = press.notice
        sent = notice_reader.find(work, notice_id, request.t) if notice_id is not None else None
        title = sent.notice.text if sent and isinstance(sent.notice, CallsDue) else None
    if title is None:
        raise NotFound("button")
    return Reply(_call_list(work, request.t, title, None))


def _call_list(work: UnitOfWork, t: Translator, title: ProductText, day: date | None) -> Screen:
    found = agenda.calls(work, title)
    calendar = work.company.calendar
    latest = max((calendar.local(one.task.due_at).date() for one in found), default=calendar.today(work.now))
    calls_ = tuple(screens.CallLine(one.task.id, one.client, _reason(work, t, one)) for one in found)
    return screens.call_list_screen(screens.CallListView(title, day or latest, calls_), t)


def _reason(work: UnitOfWork, t: Translator, one: AgendaTask) -> str:
    """What the task shows of the deal, in one line: first of all why the client had said no."""
    process = work.company.processes.get(one.deal.process)
    described = task_queries.description_of(process, one.task) if process else None
    if process is None or described is None:
        return ""
    return ". ".join(value for _, value in shown(work, t, one.deal, process, described.shows)[:2])


@composes(CallsDue)
def call_list(work: UnitOfWork, t: Translator, sent: NoticeView) -> Screen | None:
    """The message with all calls of a day, a button per client (F-E5)."""
    if not isinstance(sent.notice, CallsDue):
        return None
    day = sent.notice.day
    screen = _call_list(work, t, sent.notice.text, date.fromisoformat(day) if day else None)
    return replace(screen, lines=(*screen.lines, *notices.marks(sent, work.now, t)))
