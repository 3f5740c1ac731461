"""Open tasks whose time has come: whose they are, who stands above, and what those above have heard of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta

from sqlalchemy import bindparam, select

from models.engine import task_escalations as rules
from models.engine.task_escalations import AgreedDay, AlreadyTold
from models.entities import Deal, Employee, Task
from models.fields.groups import PersonNaming
from models.ids import EmployeeId
from models.notices.deal_notices import DealSilentLong, Escalation, RuleSaid
from models.notices.task_notices import DayIncomplete, TaskUndone
from models.outbox import Scheduled
from models.process.conditions import Done, walk
from models.process.process import Process
from models.process.stages import DueAfter, TaskDefinition
from models.roles import Role
from models.tables.outbox import ScheduledRow
from services.outbox import schedule
from services.people import employees, presence
from services.tasks import task_queries
from services.unit_of_work import UnitOfWork

# of a task that its file describes no more
UNKNOWN = TaskDefinition(title="?", due=DueAfter(after=timedelta(days=1)))
SAID = (
    select(ScheduledRow)
    .where(
        ScheduledRow.task_id == bindparam("task"), ScheduledRow.kind == "notice",
        ScheduledRow.rule.in_(schedule.ESCALATIONS),
    )
    .order_by(ScheduledRow.id)
)  # fmt: skip
HEARD = select(ScheduledRow).where(
    ScheduledRow.deal_id == bindparam("deal"), ScheduledRow.kind == "notice",
    ScheduledRow.scheduled_for >= bindparam("since"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class UndoneTask:
    """An open task whose time has come, with all that is asked of it. `person` is who has it, if he works here."""

    task: Task
    deal: Deal
    process: Process
    described: TaskDefinition
    person: Employee | None

    @property
    def role(self) -> Role:
        """Whose task it is by role."""
        return self.person.role if self.person else self.task.role or "manager"


def of_task(work: UnitOfWork, found: Task, deal: Deal | None, person: Employee | None) -> UndoneTask | None:
    """None for a task of which nobody else hears: a learner's, one of a process that is switched off."""
    process = work.company.processes.get(deal.process) if deal is not None else None
    if deal is None or process is None or deal.kind == "practice":
        return None
    return UndoneTask(found, deal, process, task_queries.description_of(process, found) or UNKNOWN, person)


def above(work: UnitOfWork, undone: UndoneTask, times: int) -> list[Employee]:
    """Who stands above whoever should do it; from the second time on those above them as well."""
    first = undone.described.escalates.to
    roles = presence.roles_above(undone.role) if first is None else (first, *presence.roles_above(first))
    found = presence.nearest(work, roles)
    if times:
        found = [*found, *presence.nearest(work, presence.roles_above(found[0].role if found else None))]
    others = {one.id: one for one in found if one.id != undone.task.assignee_id}
    return list(others.values()) or found[:1]


def concerned(work: UnitOfWork, undone: UndoneTask, day: AgreedDay) -> list[Employee]:
    """Who leads the deal, and whom the agreed visit names."""
    named, field = undone.deal.fields.get(day.field), undone.process.fields.get(day.field)
    keys = [undone.deal.responsible_id]
    if isinstance(field, PersonNaming) and named is not None:
        keys.append(EmployeeId(field.person_of(named)))
    return [person for key in keys if (person := employees.find_working(work, key)) is not None]


# --- what was said ----------------------------------------------------------------------------------------------


def said(work: UnitOfWork, task_id: int) -> list[Scheduled]:
    """What was said to those above, and of a day to whom it concerns, in its order."""
    return [schedule.read(row) for row in work.tx.execute(SAID, {"task": task_id})]


def told(work: UnitOfWork, undone: UndoneTask) -> AlreadyTold:
    """How often that it is late, and of which days."""
    rows = said(work, undone.task.id)
    late = {row.scheduled_for for row in rows if row.rule == rules.UNDONE}
    days = (one.notice.day for one in rows if isinstance(one.notice, TaskUndone | DayIncomplete))
    return AlreadyTold(len(late), frozenset(day for day in days if day is not None))


def escalated_today(work: UnitOfWork, undone: UndoneTask) -> set[int | None]:
    """Who has been called to this deal by a robot today, and so looks at it anyway."""
    return {
        one.employee_id for one in _heard_today(work, undone) if isinstance(one.notice, Escalation | DealSilentLong)
    }


def told_by_robot(work: UnitOfWork, undone: UndoneTask) -> set[int | None]:
    """Whom a robot has told today because this very task is not done."""
    return {one.employee_id for one in _heard_today(work, undone) if _is_about(one, undone)}


def _heard_today(work: UnitOfWork, undone: UndoneTask) -> list[Scheduled]:
    since = work.company.calendar.at(work.moment.today, time(0))
    return [schedule.read(row) for row in work.tx.execute(HEARD, {"deal": undone.deal.id, "since": since})]


def _is_about(row: Scheduled, undone: UndoneTask) -> bool:
    robot = undone.process.rules.get(row.rule)
    conditions = robot.if_ if robot is not None and isinstance(row.notice, RuleSaid) else ()
    parts = (part for condition in conditions for part in walk(condition))
    return any(isinstance(part, Done) and part.done == undone.task.name for part in parts)
