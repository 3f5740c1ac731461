"""The menu and the lists."""

from __future__ import annotations

from datetime import date, timedelta

from handlers.deals import deferred_months
from handlers.request import Request, number, on_callback
from keyboards import home as screens
from keyboards.screen import Reply
from keyboards.translator import Translator
from models import access
from models.entities import Deal
from models.errors import NotAllowed, NotFound
from models.process.process import Process
from services import claims
from services.deals import deal_lists, practice
from services.register import register_entries
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork


@on_callback("home", access.EVERYONE)
def show(request: Request, toast: str | None = None) -> Reply:
    """The menu of the person's role."""
    work = request.work
    sells = request.me.role in access.SALES
    view = screens.HomeView(
        me=request.me,
        company=work.company.name,
        counts=deal_lists.counts(work) if sells else {},
        tasks_due=len(
            task_queries.mine(work, until=work.company.calendar.at(_tomorrow(work), work.company.calendar.opens))
        ),
        new_buttons=_starters(work) if sells else (),
        businesses=tuple((name, one.title) for name, one in work.company.processes.items()),
        jobs_today=task_queries.jobs_today(work) if request.me.role in access.FIELD_STAFF else 0,
        claims=_open_claims(request),
        practices=sells and bool(practice.grounds(work.company)),
        puts_off=sells and deferred_months.is_kept(work),
        ledgers=_ledgers(work) if sells else (),
    )
    return Reply(screens.home(view, request.t), toast)


@on_callback("starters", access.SALES)
def starters(request: Request, process: str) -> Reply:
    """What can be begun in one business, where a company runs several."""
    known = request.work.company.processes.get(process)
    if known is None:
        raise NotFound("button")
    found = [one for one in _starters(request.work) if one[0] == process]
    return Reply(screens.starters(known.title, found, request.t))


def _tomorrow(work: UnitOfWork) -> date:
    return work.company.calendar.today(work.now) + timedelta(days=1)


def _starters(work: UnitOfWork) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (process.process, name, line.new.button)
        for process in work.company.processes.values()
        for name, line in process.pipelines.items()
        if line.new and line.kind != "practice"  # learners have a page of their own (K-2)
    )


def _ledgers(work: UnitOfWork) -> tuple[tuple[str, str], ...]:
    """Businesses that keep «Учёт клиентов»; where there are several, by their own names."""
    kept = register_entries.kept(work)
    return tuple((one.process, one.title if len(kept) > 1 or not one.ledger else one.ledger.title) for one in kept)


def _open_claims(request: Request) -> int | None:
    """For those above, where clients' claims are kept (K-24)."""
    kept = any(process.has_claims for process in request.work.company.processes.values())
    return claims.count_open(request.work) if kept and request.me.role in access.ALL_SEEING else None


@on_callback("list", access.SALES)
def deals(request: Request, kind: str = "d", whose: str = "m", *place: str) -> Reply:
    """A page: `a ID` after, `b ID` before, `s` with a stage."""
    work, t = request.work, request.t
    scope = _scope(work, kind, whose, place)
    if not deal_lists.allowed(work, scope):
        raise NotAllowed
    edge = number(place[1]) if len(place) > 1 else 0
    page = deal_lists.page(
        work,
        scope,
        after=edge if place and place[0] == "a" else None,
        before=edge if place and place[0] == "b" else None,
    )
    stage = work.process(scope.process).stage(scope.pipeline or "", scope.stage or "") if scope.process else None
    total = deal_lists.total(work, scope)
    view = screens.ListView(
        scope.kind,
        scope.whose,
        [(one, stage_title(work.company.processes.get(one.process), one, t), _mark(one, work)) for one in page.deals],
        total,
        page.after,
        page.before,
        (place[2], place[3], place[4]) if len(place) > 4 else None,
        t(stage.title) if stage else "",
        request.me.role in access.ALL_SEEING,
    )
    return Reply(screens.deals(view, t))


def _scope(work: UnitOfWork, kind: str, whose: str, place: tuple[str, ...]) -> deal_lists.Scope:
    if kind not in screens.KINDS or whose not in screens.WHOSE:
        raise NotFound("button")
    if len(place) <= 4:
        return deal_lists.Scope(screens.KINDS[kind], screens.WHOSE[whose])
    process = work.company.processes.get(place[2])
    if process is None or place[3] not in process.pipelines:
        raise NotFound("button")
    stage = process.at_place(place[3], number(place[4]))
    if stage is None:
        raise NotFound("button")
    return deal_lists.Scope(screens.KINDS[kind], screens.WHOSE[whose], place[2], place[3], stage)


@on_callback("bystage", access.SALES)
def by_stage(request: Request, kind: str = "d", whose: str = "m") -> Reply:
    """Counts by stage."""
    scope = _scope(request.work, kind, whose, ())
    if not deal_lists.allowed(request.work, scope):
        raise NotAllowed
    found = deal_lists.by_stage(request.work, scope.kind, scope.whose)
    return Reply(screens.by_stage(scope.kind, scope.whose, found, request.work.company.processes, request.t))


def stage_title(process: Process | None, deal: Deal, t: Translator) -> str:
    """The title of the stage where the deal stands."""
    found = process.find_stage(deal.pipeline, deal.stage) if process else None
    return t(found.title) if found else deal.stage


def _mark(deal: Deal, work: UnitOfWork) -> str:
    days = (work.now - deal.entered_at).days
    return "🔴 " if days >= 3 else "🟡 " if days >= 1 else ""
