"""The menu and the lists."""

from __future__ import annotations

from datetime import date, timedelta

from handlers import home_due
from handlers.deals import deferred_months
from handlers.forms import form_state
from handlers.request import Request, on_callback
from keyboards import home as screens
from keyboards.callbacks.list_callbacks import CountByStage, ListDeals, OpenHome, OpenStarters
from keyboards.screen import Reply
from keyboards.translator import Translator
from models import access
from models.entities import Deal
from models.errors import AlreadyDone, NotAllowed, NotFound
from models.process.process import Process
from models.values.product_text import ProductText
from services import claims
from services.deals import deal_lists, practice
from services.register import register_entries
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork


@on_callback(OpenHome, access.EVERYONE)
def open_(request: Request, press: OpenHome) -> Reply:
    return show(request)


def show(request: Request, toast: str | None = None) -> Reply:
    """The menu of the person's role."""
    work = request.work
    sells = request.me.role in access.SALES
    view = screens.HomeView(
        me=request.me,
        company=work.company.name,
        counts=deal_lists.counts(work) if sells else {},
        tasks_due=len(task_queries.mine(work, until=work.company.calendar.opening(_tomorrow(work)))),
        new_buttons=_starters(work) if sells else (),
        businesses=tuple((name, one.title) for name, one in work.company.processes.items()),
        claims=_open_claims(request),
        practices=sells and bool(practice.grounds(work.company)),
        puts_off=sells and deferred_months.is_kept(work),
        ledgers=_ledgers(work) if sells else (),
        question=_question(request),
        due=home_due.find(request),
    )
    return Reply(screens.home(view, request.t), toast)


def _question(request: Request) -> screens.LeftQuestion | None:
    """A question that was left is offered again."""
    if request.me.question is None:
        return None
    try:
        form = form_state.load(request)
    except (NotFound, NotAllowed, AlreadyDone):  # whoever answers it is told so
        return None
    if form is None:
        return None
    return screens.LeftQuestion(form.draft.step, form.title(request.t), form.deal.title if form.deal else "")


@on_callback(OpenStarters, access.SALES)
def starters(request: Request, press: OpenStarters) -> Reply:
    """What can be begun in one business, where a company runs several."""
    known = request.work.company.processes.get(press.process)
    if known is None:
        raise NotFound("button")
    found = [one for one in _starters(request.work) if one[0] == press.process]
    return Reply(screens.starters(known.title, found, request.t))


def _tomorrow(work: UnitOfWork) -> date:
    return work.company.calendar.today(work.now) + timedelta(days=1)


def _starters(work: UnitOfWork) -> tuple[tuple[str, str, ProductText], ...]:
    return tuple(
        (process.process, name, line.new.button)
        for process in work.company.processes.values()
        for name, line in process.pipelines.items()
        if line.new and line.kind != "practice"  # learners have a page of their own (K-2)
    )


def _ledgers(work: UnitOfWork) -> tuple[tuple[str, ProductText], ...]:
    """Businesses that keep «Учёт клиентов»; where there are several, by their own names."""
    kept = register_entries.kept(work)
    return tuple((one.process, one.title if len(kept) > 1 or not one.ledger else one.ledger.title) for one in kept)


def _open_claims(request: Request) -> int | None:
    """For those above, where clients' claims are kept (K-24)."""
    kept = any(process.has_claims for process in request.work.company.processes.values())
    return claims.count_open(request.work) if kept and request.me.role in access.ALL_SEEING else None


@on_callback(ListDeals, access.SALES)
def deals(request: Request, press: ListDeals) -> Reply:
    """A page of one kind, or of one stage."""
    work, t = request.work, request.t
    scope = _scope(work, press)
    if not deal_lists.allowed(work, scope):
        raise NotAllowed
    after, before = press.edge if press.way == "a" else None, press.edge if press.way == "b" else None
    page = deal_lists.page(work, scope, after=after, before=before)
    stage = work.process(scope.process).stage(scope.pipeline or "", scope.stage or "") if scope.process else None
    total = deal_lists.total(work, scope)
    view = screens.ListView(
        scope.kind,
        scope.whose,
        [(one, stage_title(work.company.processes.get(one.process), one, t), _mark(one, work)) for one in page.deals],
        total,
        page.after,
        page.before,
        _standing(press),
        t(stage.title) if stage else "",
        request.me.role in access.ALL_SEEING,
    )
    return Reply(screens.deals(view, t))


def _standing(press: ListDeals) -> tuple[str, str, int] | None:
    """On which stage the deals of the list stand: process, pipeline, place; None for those of any."""
    if press.process is None or press.pipeline is None or press.place is None:
        return None
    return press.process, press.pipeline, press.place


def _scope(work: UnitOfWork, press: ListDeals) -> deal_lists.Scope:
    kind, whose, standing = screens.KINDS[press.kind or "d"], screens.WHOSE[press.whose or "m"], _standing(press)
    if standing is None:
        return deal_lists.Scope(kind, whose)
    name, pipeline, place = standing
    process = work.company.processes.get(name)
    stage = process.at_place(pipeline, place) if process and pipeline in process.pipelines else None
    if stage is None:
        raise NotFound("button")
    return deal_lists.Scope(kind, whose, name, pipeline, stage)


@on_callback(CountByStage, access.SALES)
def by_stage(request: Request, press: CountByStage) -> Reply:
    """Counts by stage."""
    scope = _scope(request.work, ListDeals(press.kind, press.whose))
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
