"""What a person has to do now, for his home: what is late, and what is due today by the hour (day 11)."""

from __future__ import annotations

from datetime import time, timedelta

from handlers.request import Request
from handlers.tasks import task_lists
from keyboards.home_due import Due, DueLine
from keyboards.tasks.task_lists import JobLine
from models import access
from services.tasks import agenda
from services.tasks.agenda import AgendaTask
from services.unit_of_work import UnitOfWork
from services.visits import booking_rows

LATE, MOST = 3, 6  # lines of what is late, and of both: as many numbers as stand in one row


def find(request: Request) -> Due:
    """What the actor has to do now."""
    return _jobs(request) if request.me.role in access.FIELD_STAFF else _tasks(request)


def _tasks(request: Request) -> Due:
    work, counts = request.work, agenda.counts(request.work)
    late = agenda.page(work, "overdue")[0][:LATE] if counts["overdue"] else []
    today = agenda.page(work, "today")[0][: MOST - len(late)] if counts["today"] else []
    is_free = not late and not today and counts["coming"]
    ahead = agenda.page(work, "coming")[0][:1] if is_free else []
    told, now, next_ = ([_task(one) for one in some] for some in (late, today, ahead))
    return Due(work.now, told, now, counts["overdue"], counts["today"], next(iter(next_), None))


def _task(one: AgendaTask) -> DueLine:
    return DueLine(one.task.id, one.task.title, one.client, one.task.due_at)


def _jobs(request: Request) -> Due:
    """Of who drives out: his jobs, those of the days before that he has not closed first."""
    calendar, found = request.work.company.calendar, task_lists.jobs_now(request)
    today, days = request.work.moment.today, [calendar.local(one.at).date() for one in found]
    late = [_job(one) for one, day in zip(found, days, strict=True) if day < today]
    now = [_job(one) for one, day in zip(found, days, strict=True) if day == today]
    ahead = next((_job(one) for one, day in zip(found, days, strict=True) if day > today), None)
    told = late[:LATE]
    return Due(
        request.work.now, told, now[: MOST - len(told)], len(late), len(now),
        ahead if not (late or now) else None, _visits_today(request.work),
    )  # fmt: skip


def _job(one: JobLine) -> DueLine:
    waits = one.id is not None and one.of > 0 and one.status is None and not one.accepted
    return DueLine(one.id, one.title, one.client, one.at, one.place, waits, one.deal_id)


def _visits_today(work: UnitOfWork) -> int:
    """To how many clients the person goes today, in all businesses: what his schedule shows, and what is not over."""
    calendar, today = work.company.calendar, work.moment.today
    begins, ends = calendar.at(today, time(0)), calendar.at(today + timedelta(days=1), time(0))
    found = booking_rows.of_person(work, work.actor_id or 0, begins, ends)
    spans = [at for one in found if one.is_agreed() and one.slot for at, _ in one.slot.spans]
    return sum(1 for at in spans if begins <= at < ends)
