"""«Обучение»: the list of practice deals, apart from the real ones (K-2)."""

from __future__ import annotations

from handlers.home import stage_title
from handlers.request import Request, on_callback
from keyboards.callbacks.list_callbacks import ListPractice
from keyboards.deals import practice as screens
from keyboards.screen import Reply
from models import access
from models.errors import NotFound
from services.deals import practice
from services.people import employees


@on_callback(ListPractice, access.SALES)
def show(request: Request, press: ListPractice) -> Reply:
    """One's own practice deals; those above see every learner's. `a ID` after, `b ID` before."""
    work, t = request.work, request.t
    grounds = practice.grounds(work.company)
    after, before = press.edge if press.way == "a" else None, press.edge if press.way == "b" else None
    page = practice.page(work, after=after, before=before)
    if not grounds and not page.deals:
        raise NotFound("button")
    sees_all = practice.sees_all(work)
    names: dict[int, str] = {one.id: one.name for one in employees.staff(work)} if sees_all else {}
    listed = [
        (deal, stage_title(work.company.processes.get(deal.process), deal, t), names.get(deal.responsible_id or 0, ""))
        for deal in page.deals
    ]
    starts = [(one.process, one.pipeline, one.button) for one in grounds]
    view = screens.PracticeView(listed, starts, page.after, page.before, sees_all)
    return Reply(screens.practice(view, t))
