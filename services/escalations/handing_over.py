"""Handing on what hangs on somebody who has left or is away, all of it to one colleague."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models import access
from models.entities import Deal, Employee
from models.errors import CrmError, NotFound
from models.fields.booking_field import BookingField
from models.fields.groups import PersonNaming
from models.fields.person_field import PersonField
from models.notices.people_notices import WorkGiven
from models.values.visit_slot import VisitSlot
from services.deals import deal_commands, deal_queries, handover
from services.escalations import handovers
from services.escalations.left_work import LeftTask, LeftVisit
from services.outbox import notices, schedule
from services.people import employees, presence
from services.tasks import task_handover, task_queries
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class HandoverResult:
    """What was handed on, and how much could not be: a window that the other one has not free, a role he has not."""

    deals: int = 0
    tasks: int = 0
    visits: int = 0
    left: int = 0


def takers(work: UnitOfWork, person_id: int) -> list[Employee]:
    """To whom it can go: colleagues of the role who are there, then those above. NotAllowed but for those above."""
    handovers.check_reader(work)
    person, absent = employees.get(work, person_id), presence.away(work)
    said = handovers.why_now(work, person_id)
    role = "manager" if said is not None and said.why == "role" else person.role
    colleagues = [one for one in employees.of_role(work, role) if one.id not in absent]
    above = [one for one in employees.of_role(work, *access.MANAGEMENT) if one not in colleagues]
    return [one for one in (*colleagues, *above) if one.id != person_id]


def hand_over(work: UnitOfWork, person_id: int, to: int, *, deals: bool) -> HandoverResult:
    """Hand on what is in the list, to one colleague, who hears of it once; the deals too, or what they wait for only.

    What he cannot take stays: a booked visit at a time when he is busy, a task of a role that he has not.
    NotFound for who cannot take it, or if the person is there; NotAllowed but for those above.
    """
    person = next((one for one in takers(work, person_id) if one.id == to), None)
    if person is None or handovers.why_now(work, person_id) is None:
        raise NotFound("employee")
    found = handovers.of_person(work, person_id)
    given = _Handover(work, person)
    if deals:
        for deal in found.deals:
            given.deal(deal)
    for task in found.tasks:
        given.job(task)
    for visit in found.visits:
        given.job(visit)
    result = given.result()
    if person.id != work.actor_id:
        name = employees.get(work, person_id).name
        said = WorkGiven(name, result.deals, result.tasks, result.visits)
        cause = f"{person_id}-{work.now.isoformat()}"
        schedule.put(work, [notices.to(work, person, said, rule=handovers.RULE, cause=cause)])
    return result


class _Handover:
    """Everything that goes to one colleague, and what could not."""

    def __init__(self, work: UnitOfWork, to: Employee) -> None:
        self._work, self._to = work, to
        self._deals = self._tasks = self._visits = self._left = 0

    def result(self) -> HandoverResult:
        return HandoverResult(self._deals, self._tasks, self._visits, self._left)

    def deal(self, found: Deal) -> None:
        """The deal with the open tasks of whoever led it."""
        if self._to.role not in access.SALES:
            self._left += 1
            return
        handover.hand_over(self._work, found, self._to, told=False)
        self._deals += 1

    def job(self, one: LeftTask | LeftVisit) -> None:
        """A task, or a booked visit: by the field that names who comes, where there is one."""
        task = task_queries.find(self._work, one.task.id) if isinstance(one, LeftTask) else None
        if isinstance(one, LeftTask) and (task is None or task.assignee_id == self._to.id or task.state != "open"):
            self._tasks += 1  # it went along with its deal
            return
        try:
            with self._work.tx.begin_nested():
                self._give(one)
        except CrmError:
            self._left += 1
            return
        self._tasks += isinstance(one, LeftTask)
        self._visits += isinstance(one, LeftVisit)

    def _give(self, one: LeftTask | LeftVisit) -> None:
        work, deal = self._work, deal_queries.get(self._work, one.deal.id)
        if isinstance(one, LeftTask):
            name = task_handover.field_of(work, one.task)
        else:
            name = work.process(deal.process).visit_kinds[one.visit.name].who
        field = work.process(deal.process).fields.get(name or "")
        if name is not None and isinstance(field, PersonNaming) and field.role == self._to.role:
            named = deal.fields.get(name)
            match field:
                case BookingField() if isinstance(named, VisitSlot):
                    moved = replace(named, person_id=self._to.id)
                    deal_commands.fill(work, deal.id, {name: moved})
                case PersonField():
                    deal_commands.fill(work, deal.id, {name: self._to.id})
        elif isinstance(one, LeftTask) and name is None:
            task_handover.hand_on(work, deal, one.task, self._to)
        else:
            raise NotFound("employee")  # he is not of the role that the field wants
