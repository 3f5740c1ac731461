"""Free windows beside the question for an hour: of whoever is to come, or of anybody who could (K-20)."""

from __future__ import annotations

from handlers.forms.form_state import Form
from handlers.request import Request
from models.process.visit_kinds import VisitKind
from models.visits import VisitWindow
from services.visits import free_windows

SHOWN, DAYS = 4, 14


def kind_of(form: Form) -> VisitKind | None:
    """The visit whose hour is asked, if somebody is named for it."""
    kind = form.process.faces.get(form.name) if form.process is not None else None
    return kind if kind is not None and kind.at == form.name and kind.by is not None else None


def offered(request: Request, form: Form) -> list[VisitWindow]:
    """The nearest free windows on the visit's day, or from today on; none where nobody is named."""
    kind, work = kind_of(form), request.work
    if kind is None or kind.role is None or kind.by is None:
        return []
    known = {**form.known(), **form.values}
    day, who = known.get(kind.day or ""), known.get(kind.by)
    today = work.moment.today
    start = day if day is not None and day > today else today
    return free_windows.free_windows(
        work, kind.role, kind.takes, kind.travel, start, DAYS, SHOWN,
        person_id=who, deal_id=form.deal.id if form.deal else None, field=kind.name,
    )  # fmt: skip
