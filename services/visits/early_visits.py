"""A visit is near, and its deal does not stand where whoever comes gets his task: he would hear of nothing, and nobody
would ask how it went. Who leads the deal hears it on the day before, those above on the day itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta

from sqlalchemy import bindparam, select

from models.engine import visit_changes
from models.entities import Deal
from models.notices.visit_notices import VisitWithoutTask
from models.outbox import Planned
from models.process.process import Process
from models.tables.deals import DealRow
from models.tables.visits import VisitRow
from models.visits import AGREED, Visit
from services.deals import deal_queries
from services.obsolete_notices import obsolete_when
from services.outbox import notices, recipients, schedule
from services.people import employees
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork
from services.visits import booking_rows

RULE = "visit"
NEAR = (
    select(VisitRow.id)
    .join(DealRow, DealRow.id == VisitRow.deal_id)
    .where(
        VisitRow.state.in_(AGREED), VisitRow.current, VisitRow.employee_id.is_not(None),
        VisitRow.starts_at > bindparam("now"), VisitRow.starts_at < bindparam("until"),
        DealRow.status == "open", DealRow.kind != "practice", DealRow.deleted_at.is_(None),
        DealRow.process.in_(bindparam("running", expanding=True)),
    )
    .order_by(VisitRow.id)
)  # fmt: skip


def tell(work: UnitOfWork) -> int:
    """Tell of every such visit of today and tomorrow, once a day; gives how many messages there are."""
    calendar, today = work.company.calendar, work.moment.today
    until = calendar.at(today + timedelta(days=2), time(0))
    given = {"now": work.now, "until": until, "running": list(work.company.processes)}
    near = booking_rows.of_ids(work, work.tx.execute(NEAR, given).scalars().all())
    rows = [row for one in near for row in _notices(work, one)]
    schedule.put(work, rows)
    return len(rows)


def _notices(work: UnitOfWork, visit: Visit) -> Iterator[Planned]:
    deal = deal_queries.find(work, visit.deal_id) if visit.deal_id is not None else None
    if deal is None or visit.starts_at is None or visit.person_id is None:
        return
    process = work.process(deal.process)
    if not _is_early(work, process, deal, visit):
        return
    name, title = employees.get(work, visit.person_id).name, process.visit_kinds[visit.name].title
    said = VisitWithoutTask(name, visit.person_id, visit.id, visit.name, visit.starts_at, title)
    is_today = work.moment.day_of(visit.starts_at) == work.moment.today
    to = "supervisor" if is_today else "responsible"
    for reader in recipients.recipients(work, process, deal.fields, deal.responsible_id, to):
        cause = f"early-{visit.id}-{visit.starts_at.isoformat()}-{to}-{reader.id}"
        yield notices.to(work, reader, said, rule=RULE, cause=cause, deal_id=deal.id)


def _is_early(work: UnitOfWork, process: Process, deal: Deal, visit: Visit) -> bool:
    """Whether the deal stands elsewhere than where the visit has its place, and nobody has the task for it."""
    kind = process.visit_kinds.get(visit.name)
    if kind is None or kind.who is None or not kind.places or (deal.pipeline, deal.stage) in kind.places:
        return False
    return not any(visit_changes.is_job(process, kind, task.name) for task in task_queries.of_deal(work, deal.id))


@obsolete_when(VisitWithoutTask)
def _is_mended(work: UnitOfWork, said: VisitWithoutTask) -> bool:
    """The deal has come to the visit's place meanwhile, or the visit is otherwise."""
    found = booking_rows.of_ids(work, [said.booking])
    deal = deal_queries.find(work, found[0].deal_id) if found and found[0].deal_id is not None else None
    if deal is None or not found[0].is_ahead(work.now) or found[0].starts_at != said.starts_at:
        return True
    return found[0].person_id != said.person or not _is_early(work, work.process(deal.process), deal, found[0])
