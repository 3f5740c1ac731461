"""Tasks that ring: told to who does them; undone, or with nobody there to do them, told to those above.

What is planned for a task hangs on its row in the schedule: closing or moving the task makes it void.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import bindparam, select

from models.engine import task_escalations as rules
from models.engine.effects import FieldsSet
from models.engine.task_escalations import AgreedDay, AlreadyTold
from models.entities import Employee, Task
from models.fields.groups import DateLike
from models.history.deal_lines import EscalationSnoozed
from models.notices.notice import Notice
from models.notices.task_notices import DayIncomplete, TaskDue, TaskUndone, UndoneReason
from models.outbox import Envelope, Planned, Scheduled
from models.process import own_tasks
from models.tables.tasks import TaskRow
from models.values import spans
from models.values.spans import Days
from services.deals import deal_queries, hooks, plans
from services.deals.changes import DealChanges
from services.escalations import undone_tasks
from services.escalations.undone_tasks import UndoneTask
from services.obsolete_notices import obsolete_when
from services.outbox import notices, schedule
from services.people import employees, presence
from services.tasks import task_queries, urgent_tasks
from services.unit_of_work import UnitOfWork

GIVEN = select(TaskRow.given_at).where(TaskRow.id == bindparam("id"))


# --- ringing ----------------------------------------------------------------------------------------------------


def fire(work: UnitOfWork, row: Scheduled) -> bool:
    """A task rings: it is due, or undone; False if it is wanted no more."""
    found = task_queries.find(work, row.task_id) if row.task_id is not None else None
    if found is None or found.state != "open":
        return False
    deal = deal_queries.find(work, found.deal_id)
    person = employees.find_working(work, found.assignee_id)
    undone = undone_tasks.of_task(work, found, deal, person)
    if row.rule in schedule.ESCALATIONS:
        return undone is not None and _escalate(work, row, undone)
    if person is None and deal is not None and deal.kind == "practice":
        return False  # the learner has left: it is nobody's business (K-2)
    told = _tell_due(work, row, found, person)
    if undone is not None:
        _begin(work, row, undone, told)
    return True


def _tell_due(work: UnitOfWork, row: Scheduled, undone: Task, person: Employee | None) -> list[Employee]:
    """Who does it hears that it is due, or those of the role; nobody there: those above. Gives whom it told."""
    told = [person] if person else presence.first_of(work, undone.role or "manager")
    said = TaskDue(undone.id, due=True)
    for one in told:  # who gave it to himself, due at once, has heard of it already
        cause = urgent_tasks.due_cause(one.id, row.dedup_key)
        schedule.put_once(work, _message(work, row, one, said, "task", cause))
    return told


def _begin(work: UnitOfWork, row: Scheduled, undone: UndoneTask, told: Sequence[Employee]) -> None:
    """It is due: those above hear at once where nobody is there to do it, else later, if it is still open then."""
    alone = _why_at_once(work, undone)
    if alone is not None:
        above = [one for one in undone_tasks.above(work, undone, 0) if one not in told]
        _say(work, row, rules.UNDONE, alone, above)
    _plan(work, undone, replace(undone_tasks.told(work, undone), late=0))


def _why_at_once(work: UnitOfWork, undone: UndoneTask) -> TaskUndone | None:
    if undone.task.assignee_id is None:
        return _undone_because(work, undone, "untaken")
    missing = presence.why_not(work, undone.task.assignee_id)
    if missing is not None:
        return replace(_undone_because(work, undone, missing.why), until=missing.until)
    if own_tasks.is_step(undone.task.name):  # when it was due at first its person has said; the third time is told
        return None
    given_at = work.tx.execute(GIVEN, {"id": undone.task.id}).scalar_one()
    state = deal_queries.state_of(work, undone.deal)
    if not rules.is_put_off_long(undone.described, state, given_at, work.moment):
        return None
    said = (row for row in undone_tasks.said(work, undone.task.id) if row.rule == rules.UNDONE)
    lately = any(row.scheduled_for > work.now - rules.WEEK for row in said)
    return None if lately else _undone_because(work, undone, "put_off")


def _escalate(work: UnitOfWork, row: Scheduled, undone: UndoneTask) -> bool:
    """Those above hear, unless a robot has just told them; then it is planned anew."""
    told = undone_tasks.told(work, undone)
    if row.rule == rules.UNDONE:
        _tell_late(work, row, undone, told)
        return True
    days = _tell_of_days(work, row, undone, told)
    _plan(work, undone, replace(told, days=told.days | days))
    return bool(days)  # else the day was moved meanwhile


def _tell_late(work: UnitOfWork, row: Scheduled, undone: UndoneTask, told: AlreadyTold) -> None:
    readers = undone_tasks.above(work, undone, told.late)
    heard = undone_tasks.escalated_today(work, undone)
    # they look at this deal today already, or nobody is above: whoever comes hears of it the day after
    if all(one.id in heard for one in readers):
        tomorrow = work.company.calendar.later(work.now, Days(days=1))
        task = undone.task
        schedule.put_anew(work, schedule.escalation(task.deal_id, task.id, rules.UNDONE, tomorrow))
        return
    missing = presence.why_not(work, undone.task.assignee_id) if undone.task.assignee_id is not None else None
    why = missing.why if missing else "late" if undone.task.assignee_id is not None else "untaken"
    said = replace(_undone_because(work, undone, why), until=missing.until if missing else None)
    _say(work, row, rules.UNDONE, said, readers)
    _plan(work, undone, replace(told, late=told.late + 1))


def _tell_of_days(work: UnitOfWork, row: Scheduled, undone: UndoneTask, told: AlreadyTold) -> frozenset[date]:
    """Every day that it is time to tell of, all in one ring: two of them would else ring at the same moment."""
    state, days = deal_queries.state_of(work, undone.deal), frozenset[date]()
    while True:
        known = replace(told, days=told.days | days)
        day = rules.next_agreed_day(
            undone.process, undone.described, state, undone.task.due_at, known, work.moment
        )  # fmt: skip
        if day is None or day.told_at > work.now:
            return days
        _tell_of_day(work, row, undone, day)
        days |= {day.day}


def _tell_of_day(work: UnitOfWork, row: Scheduled, undone: UndoneTask, day: AgreedDay) -> None:
    """Those above, who leads the deal, and who is to come that day: each unless a robot has told him today."""
    heard = undone_tasks.told_by_robot(work, undone)
    title = undone.process.fields[day.field].title
    said = replace(_undone_because(work, undone, "day"), day=day.day, field=title)
    above = [one for one in undone_tasks.above(work, undone, 0) if one.id not in heard]
    _say(work, row, rules.UNREADY, said, above, day.day.isoformat())
    task = undone.task
    unready = DayIncomplete(task.id, task.due_at, day.day, title, said.name, said.role)
    others = {one.id: one for one in undone_tasks.concerned(work, undone, day)}
    known = {*heard, *(one.id for one in above), task.assignee_id}
    rest = [one for key, one in others.items() if key not in known]
    _say(work, row, rules.UNREADY, unready, rest, day.day.isoformat())


# --- saying -----------------------------------------------------------------------------------------------------


def _undone_because(work: UnitOfWork, undone: UndoneTask, why: UndoneReason) -> TaskUndone:
    task = undone.task
    if task.assignee_id is None:
        return TaskUndone(task.id, task.due_at, why, role=undone.role)
    name = employees.get(work, task.assignee_id).name
    return TaskUndone(task.id, task.due_at, why, name, person=task.assignee_id)


def _say(
    work: UnitOfWork, row: Scheduled, rule: str, said: Notice, readers: Sequence[Employee], day: str = ""
) -> None:  # fmt: skip
    cause = f"{said.kind}-{row.dedup_key}{day and '-'}{day}"
    schedule.put(work, [_message(work, row, one, said, rule, f"{cause}-{one.id}") for one in readers])


def _message(work: UnitOfWork, row: Scheduled, person: Employee, said: Notice, rule: str, cause: str) -> Planned:
    """A message that follows from a row of the schedule, as late as that is."""
    return notices.to(
        work, person, said, rule=rule, cause=cause, at=notices.polite(work, person), deal_id=row.deal_id,
        task_id=row.task_id, envelope=Envelope(late=work.is_late), scheduled_for=row.scheduled_for,
    )  # fmt: skip


# --- planning ---------------------------------------------------------------------------------------------------


def _plan(work: UnitOfWork, undone: UndoneTask, told: AlreadyTold) -> None:
    task, state = undone.task, deal_queries.state_of(work, undone.deal)
    coming = rules.next_escalation(undone.process, undone.described, state, task.due_at, told, work.moment)
    schedule.put_anew(work, schedule.escalation(task.deal_id, task.id, coming.rule, coming.at))


@hooks.fields_set.register
def _follow_day(changes: DealChanges, effect: FieldsSet) -> None:
    """An agreed day was moved: what was planned for the tasks that it waits for is planned anew."""
    if not any(isinstance(changes.process.fields.get(name), DateLike) for name in effect.values):
        return
    work, key = changes.work, changes.before.id
    for found in task_queries.of_deal(work, key):
        if found.due_at <= work.now and schedule.void_escalation(work, found.id):
            schedule.put_anew(work, schedule.escalation(key, found.id, rules.UNREADY, work.now))


def put_off(work: UnitOfWork, task_id: int, days: int) -> datetime:
    """Those above are told again in so many working days, or weeks, if it is still undone (C-6); gives when."""
    found = task_queries.get_mine(work, task_id)
    schedule.void_escalation(work, task_id)
    at = work.company.calendar.later(work.now, spans.put_off(days))
    schedule.put_anew(work, schedule.escalation(found.deal_id, task_id, rules.UNDONE, at))
    plans.note(work, deal_queries.get(work, found.deal_id), EscalationSnoozed(rules.UNDONE, days))
    return at


@obsolete_when(TaskUndone)
def _is_done(work: UnitOfWork, said: TaskUndone) -> bool:
    return _has_changed(work, said.task, said.due_at)


@obsolete_when(DayIncomplete)
def _is_ready(work: UnitOfWork, said: DayIncomplete) -> bool:
    return _has_changed(work, said.task, said.due_at)


def _has_changed(work: UnitOfWork, task_id: int, due_at: datetime) -> bool:
    """Whether the task is closed, or due at another time than was said."""
    found = task_queries.find(work, task_id)
    return found is None or found.state != "open" or found.due_at != due_at
