"""«Отложенный спрос»: the list by month (M-17)."""

from __future__ import annotations

from handlers.request import Request, on_callback
from keyboards.callbacks.list_callbacks import ListDeferredMonths
from keyboards.deals import deferred_months as screens
from keyboards.home import WHOSE
from keyboards.screen import Reply
from models import access
from models.errors import NotAllowed
from models.process import months
from services.deals import deal_lists
from services.unit_of_work import UnitOfWork


@on_callback(ListDeferredMonths, access.SALES)
def by_month(request: Request, press: ListDeferredMonths) -> Reply:
    """The next months of every monthly pipeline, after those that have passed and still hold deals."""
    work, whose = request.work, press.whose or "m"
    if not deal_lists.allowed(work, deal_lists.Scope("deferred", WHOSE[whose])):
        raise NotAllowed
    found = _months(work, WHOSE[whose])
    return Reply(screens.by_month(found, whose, request.t, sees_all=request.me.role in access.ALL_SEEING))


def is_kept(work: UnitOfWork) -> bool:
    """Whether any business here puts deals off."""
    return bool(_lines(work))


def _lines(work: UnitOfWork) -> list[tuple[str, str]]:
    every = work.company.processes.items()
    return [(name, key) for name, process in every for key, line in process.pipelines.items() if line.monthly]


def _months(work: UnitOfWork, whose: str) -> list[screens.Month]:
    """In the order of time: the late ones, then the months ahead, and any further one on which deals stand."""
    ahead = list(months.ahead(work.moment.today))
    counted = {
        (process, pipeline, stage): n
        for process, pipeline, stage, n in deal_lists.by_stage(work, "deferred", whose)
        if months.is_month(stage)
    }
    found = []
    for name, pipeline in _lines(work):
        standing = {stage for process, line, stage in counted if (process, line) == (name, pipeline)}
        for stage in sorted(standing | set(ahead)):
            n, place = counted.get((name, pipeline, stage), 0), months.number_of(stage)
            found.append(screens.Month(name, pipeline, place, months.title_of(stage), n, late=stage < ahead[0]))
    return found
