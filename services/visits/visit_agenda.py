"""A person's agreed visits for which he has no task yet: he goes there all the same (C-5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from models.entities import Deal
from models.visits import Visit
from services.clients import client_cards
from services.deals import deal_queries
from services.tasks.agenda import AgendaTask
from services.unit_of_work import UnitOfWork
from services.visits import booking_rows

AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class AgendaVisit:
    """A visit, on one of its days, with what it is about."""

    visit: Visit
    deal: Deal
    client: str
    at: datetime


def without_job(work: UnitOfWork, jobs: Iterable[AgendaTask]) -> list[AgendaVisit]:
    """The actor's agreed visits from today on whose deals gave him none of these jobs."""
    given = {one.deal.id for one in jobs}
    today = work.company.calendar.at(work.moment.today, time(0))
    found = booking_rows.of_person(work, work.actor_id or 0, today, work.now + AHEAD)
    return [line for one in found if one.deal_id not in given and one.is_agreed() for line in _days(work, one, today)]


def _days(work: UnitOfWork, visit: Visit, today: datetime) -> list[AgendaVisit]:
    deal = deal_queries.find(work, visit.deal_id) if visit.deal_id is not None else None
    process = work.company.processes.get(deal.process) if deal else None
    if deal is None or process is None or visit.slot is None:
        return []
    client = client_cards.contact_of(work, deal, process.client).name or deal.title
    return [AgendaVisit(visit, deal, client, begins) for begins, _ in visit.slot.spans if begins >= today]
