"""Where a file belongs that no question asked for: the message that it answers, or the job of its own hour (C-5, K-22).

A cellar's photos arrive hours late, so the message's own date decides, and a task that is closed by then still takes
what belongs to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, or_, select

from models import access
from models.entities import Deal, Task
from models.errors import NotAllowed, NotFound
from models.fields.groups import FileLike
from models.process.process import Process
from models.tables.outbox import ScheduledRow
from models.tables.tasks import TaskRow
from services.deals import deal_queries
from services.files import incoming_files
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork

BEFORE, AHEAD = timedelta(days=3), timedelta(hours=36)  # an overdue job, and one looked at the day before
AFTER_CLOSING = timedelta(hours=24)
MOST = 8

AROUND = (
    select(TaskRow.id, TaskRow.deal_id, TaskRow.due_at)
    .where(
        TaskRow.assignee_id == bindparam("who"),
        or_(
            and_(TaskRow.state == "open", TaskRow.due_at >= bindparam("since"), TaskRow.due_at < bindparam("until")),
            and_(TaskRow.state == "done", TaskRow.closed_at >= bindparam("closed_since")),
        ),
    )
    .order_by(TaskRow.due_at, TaskRow.id)
)
OF_DEAL = select(TaskRow.id).where(
    TaskRow.deal_id == bindparam("deal"), TaskRow.assignee_id == bindparam("who"), TaskRow.state != "void"
)
SAID = select(ScheduledRow.deal_id).where(
    ScheduledRow.employee_id == bindparam("who"), ScheduledRow.message_id == bindparam("message")
)


@dataclass(frozen=True)
class VisitCandidate:
    """A job of the actor's: the deal, and when it is."""

    deal: Deal
    due_at: datetime


def replied_to(work: UnitOfWork, message_id: int | None) -> Deal | None:
    """The deal of a message that the bot sent to the actor by itself; None if it was about no deal, or several."""
    if message_id is None:
        return None
    said = work.tx.execute(SAID, {"who": work.actor_id, "message": message_id}).scalars()
    keys = {key for key in said if key is not None}
    return _visible(work, keys.pop()) if len(keys) == 1 else None


def around(work: UnitOfWork, at: datetime) -> list[VisitCandidate]:
    """The jobs of somebody who drives out, around a moment: those of that day first, then the nearest. One per deal."""
    if work.actor is None or work.actor.role not in access.FIELD_STAFF:
        return []
    given = {"who": work.actor.id, "since": at - BEFORE, "until": at + AHEAD, "closed_since": at - AFTER_CLOSING}
    rows = sorted(
        work.tx.execute(AROUND, given), key=lambda row: (not _same_day(work, row.due_at, at), abs(row.due_at - at))
    )
    found: dict[int, VisitCandidate] = {}
    for row in rows:
        home = _visible(work, row.deal_id) if row.deal_id not in found else None
        if home is not None:
            found[home.id] = VisitCandidate(home, row.due_at)
    return list(found.values())[:MOST]


def the_one(work: UnitOfWork, jobs: Sequence[VisitCandidate], at: datetime) -> Deal | None:
    """The job that is surely meant: the only one of that day; with none that day, the only one around."""
    today = [one for one in jobs if _same_day(work, one.due_at, at)]
    sure = today or jobs
    return sure[0].deal if len(sure) == 1 else None


def field_for(work: UnitOfWork, home: Deal, sent: incoming_files.AnyFile) -> str | None:
    """The folder that the actor's task on the deal wants such a file in: of its checklist, then of its outcomes."""
    process = work.company.processes.get(home.process)
    if process is None or work.actor is None or work.actor.role not in access.FIELD_STAFF:
        return None
    keys = work.tx.execute(OF_DEAL, {"deal": home.id, "who": work.actor.id}).scalars().all()
    tasks = [found for key in reversed(keys) if (found := task_queries.find(work, key)) is not None]
    fields = [(name, process.fields.get(name)) for found in tasks for name in _asked(process, found)]
    wanted = [
        (name, field)
        for name, field in fields
        if isinstance(field, FileLike) and access.may_fill(work.actor, process, name)
    ]
    picture = incoming_files.is_picture(sent)
    meant = (name for name, field in wanted if field.is_meant_for(picture=picture))
    # a sheet is photographed as well: where no field is for pictures, one that takes them
    return next(meant, None) or next((name for name, field in wanted if field.takes(picture=picture)), None)


def _asked(process: Process, found: Task) -> list[str]:
    described = task_queries.description_of(process, found)
    lines = [name for item in found.items for name in item.asked]
    return [*lines, *(name for one in (described.outcomes.values() if described else ()) for name in one.ask)]


def _visible(work: UnitOfWork, deal_id: int) -> Deal | None:
    try:
        return deal_queries.get(work, deal_id)
    except (NotFound, NotAllowed):
        return None


def _same_day(work: UnitOfWork, one: datetime, other: datetime) -> bool:
    calendar = work.company.calendar
    return calendar.local(one).date() == calendar.local(other).date()
