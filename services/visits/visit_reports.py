"""«Не могу поехать», «Опаздываю»: whoever comes says it in one tap, and who leads the deal hears it at once (C-5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time, timedelta

from models.engine import moves, visit_changes
from models.entities import Deal, Task
from models.errors import NotFound
from models.history.visit_lines import VisitReportLine
from models.notices.visit_notices import CannotCome, ComesLate, VisitReport
from models.outbox import Planned
from models.process.actions import SetVisit
from models.process.process import Process
from models.visits import Visit
from services.deals import deal_queries, plans
from services.obsolete_notices import obsolete_when
from services.outbox import notices, recipients, schedule
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork
from services.visits import booking_rows

RULE = "visit"
LATE = re.compile(r"\b(опазд|опозд|задерж|late\b|delay)", re.IGNORECASE)
LONGEST = 300


def find_visit(work: UnitOfWork, deal: Deal, task: Task) -> Visit | None:
    """The agreed visit whose job that task is, if the actor is who comes there and it is not over."""
    process = work.company.processes.get(deal.process)
    kinds = process.visit_kinds.values() if process is not None else ()
    for kind in kinds:
        visit = deal.visit(kind.name)
        is_his = visit is not None and visit.is_agreed() and work.actor_id in visit.people
        if process is not None and is_his and visit_changes.is_job(process, kind, task.name):
            return visit
    return None


def cannot_come(work: UnitOfWork, task_id: int, why: str) -> Deal:
    """The actor cannot come: his word that he comes counts no more, the manager and those above are told at once.

    The visit stays agreed until somebody moves it: the client still waits for somebody. NotFound if it is not his.
    """
    deal, process, visit = _of_task(work, task_id)
    state = deal_queries.state_of(work, deal)
    taken_back = SetVisit(visit=visit.name, to="planned")
    plan = moves.plan_visit(process, state, taken_back, work.moment)
    after = plans.apply(work, deal, plan, VisitReportLine("cannot", why))
    schedule.put(work, [*_told(work, after, process, visit, why, CannotCome)])
    return after


def comes_late(work: UnitOfWork, task_id: int, by: str) -> Deal:
    """The actor will be late by so much: the manager and those above are told at once. NotFound if it is not his."""
    deal, process, visit = _of_task(work, task_id)
    plans.note(work, deal, VisitReportLine("late", by))
    schedule.put(work, [*_told(work, deal, process, visit, by, ComesLate)])
    return deal


def _of_task(work: UnitOfWork, task_id: int) -> tuple[Deal, Process, Visit]:
    task = task_queries.get_mine(work, task_id)
    deal = deal_queries.find(work, task.deal_id)
    visit = find_visit(work, deal, task) if deal is not None and task.state == "open" else None
    if deal is None or visit is None:
        raise NotFound("button")
    return deal, work.process(deal.process), visit


def _told(
    work: UnitOfWork, deal: Deal, process: Process, visit: Visit, text: str, kind: type[VisitReport]
) -> Iterator[Planned]:
    """Nobody's quiet hours hold back what is about today: the client waits."""
    assert work.actor is not None and visit.starts_at is not None
    is_today = work.moment.day_of(visit.starts_at) == work.moment.today
    told = {work.actor.id}
    for to in ("responsible", "supervisor"):
        above = to == "supervisor"
        field = process.visit_kinds[visit.name].main
        said = kind(work.actor.name, visit.name, field, visit.starts_at, text, above, work.actor.id, visit.id)
        for reader in recipients.recipients(work, process, deal.fields, deal.responsible_id, to):
            if reader.id not in told:
                told.add(reader.id)
                at = work.now if is_today else None
                cause = f"{visit.id}-{kind.kind}-{work.now.isoformat()}"
                yield notices.to(work, reader, said, rule=RULE, cause=cause, at=at, deal_id=deal.id)


@obsolete_when(CannotCome, ComesLate)
def _is_settled(work: UnitOfWork, said: VisitReport) -> bool:
    """Said at night and heard in the morning: by then it has been moved, given on or called off, or he comes after
    all."""
    found = booking_rows.of_ids(work, [said.booking])
    if not found:
        return said.booking != 0  # else it was said before the visit was kept with it
    visit = found[0]
    same = visit.current and visit.is_agreed() and visit.starts_at == said.starts_at and said.person in visit.people
    return not same or (isinstance(said, CannotCome) and visit.state == "confirmed")


def find_late(work: UnitOfWork, text: str, reply_to: Task | None) -> Task | None:
    """The job about which the actor says by words that he is late: the one that he answers, or his only one today."""
    if work.actor is None or LATE.search(text) is None:
        return None
    if reply_to is not None:
        return reply_to
    calendar, today = work.company.calendar, work.moment.today
    begins, ends = calendar.at(today, time(0)), calendar.at(today + timedelta(days=1), time(0))
    found = [one for one in booking_rows.of_person(work, work.actor.id, begins, ends) if one.is_agreed()]
    if len(found) != 1 or found[0].deal_id is None:
        return None
    deal = deal_queries.find(work, found[0].deal_id)
    tasks = task_queries.of_deal(work, found[0].deal_id) if deal is not None else []
    return next((one for one in tasks if deal is not None and find_visit(work, deal, one) is not None), None)
