"""Somebody has left, or is away: what hangs on him comes as one list before those above, the same day.

What is not handed on is asked again on the next working day, until he is back or they leave it as it is.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select, update

from models import access
from models.entities import Employee
from models.errors import NotAllowed
from models.notices.notice import Notice
from models.notices.people_notices import WorkLeft
from models.outbox import DeliveryState, Planned, Scheduled
from models.tables.outbox import ScheduledRow
from models.values.invalid_value import N_
from models.visits import Absence
from services.escalations import left_work
from services.escalations.left_work import LeftWork
from services.obsolete_notices import obsolete_when
from services.outbox import notices, schedule
from services.people import employees, presence
from services.unit_of_work import UnitOfWork
from services.visits import absences

HAND_ON = access.PERSON.right(N_("передавать дела того, кого нет"), (access.MANAGEMENT, ("any",)), robots=False)

RULE = "handover"

PLANNED = select(ScheduledRow.id).where(
    ScheduledRow.employee_id == bindparam("who"), ScheduledRow.kind == "person", ScheduledRow.rule == RULE,
    ScheduledRow.dedup_key == bindparam("day"),
)  # fmt: skip
FORGET = (
    update(ScheduledRow)
    .where(
        ScheduledRow.employee_id == bindparam("who"), ScheduledRow.kind == "person", ScheduledRow.rule == RULE,
        schedule.PENDING,
    )
    .values(delivery_state=DeliveryState.VOID, done_at=bindparam("at"))
)  # fmt: skip


# --- asking ---------------------------------------------------------------------------------------------------------


def dismissed(work: UnitOfWork, person: Employee) -> LeftWork:
    """The person works here no more: what hangs on him comes before those above now, and every working day after."""
    return _ask(work, WorkLeft(person.id, person.name, "gone"), person)


def demoted(work: UnitOfWork, person: Employee) -> LeftWork:
    """The person leads no deals any more: his come before those above, as when he had left."""
    if person.role in access.SALES:
        return LeftWork()
    return _ask(work, WorkLeft(person.id, person.name, "role"), person)


def away(work: UnitOfWork, absence: Absence) -> LeftWork:
    """The person is away: what falls into these days, and his deals; asked now, and again when the days have begun."""
    person = employees.get(work, absence.person_id)
    said = WorkLeft(person.id, person.name, absence.kind, absence.first_on, absence.last_on)
    return _ask(work, said, person)


def _ask(work: UnitOfWork, said: WorkLeft, person: Employee) -> LeftWork:
    found = of_notice(work, said)
    if found.is_empty:
        return found
    cause = f"{person.id}-{work.now.isoformat()}"
    schedule.put(work, [_to(work, one, said, cause) for one in _readers(work, person)])
    _plan(work, person, said.first_on)
    return found


def _to(work: UnitOfWork, reader: Employee, said: Notice, cause: str) -> Planned:
    return notices.to(work, reader, said, rule=RULE, cause=cause)


def _readers(work: UnitOfWork, person: Employee) -> list[Employee]:
    """Who stands above; whoever has just pressed is one of them."""
    above = presence.nearest(work, presence.roles_above(person.role))
    me = work.actor
    found = [*above, *([me] if me and me.role in access.MANAGEMENT and me not in above else [])]
    return [one for one in found if one.id != person.id]


def _plan(work: UnitOfWork, person: Employee, first_on: date | None) -> None:
    """The next time: on the next working day, or when the absence begins."""
    calendar = work.company.calendar
    day = calendar.add_working_days(work.moment.today, 1)
    if first_on is not None:
        day = max(day, calendar.next_working(first_on))
    asked = {"who": person.id, "day": day.isoformat()}
    if work.tx.execute(PLANNED, asked).first() is None:
        at = calendar.at(day, calendar.opens)
        schedule.put(work, [Planned("person", RULE, day.isoformat(), at, at, employee_id=person.id)])


def fire(work: UnitOfWork, row: Scheduled) -> bool:
    """The next working day: what still hangs on him is asked again. False if he is back, or nothing does."""
    person = employees.get(work, row.reader_id)
    said = _why_today(work, person)
    if said is None or of_notice(work, said).is_empty:
        return False
    schedule.put(work, [_to(work, one, said, f"{person.id}-{row.dedup_key}") for one in _readers(work, person)])
    _plan(work, person, None)
    return True


def _why_today(work: UnitOfWork, person: Employee) -> WorkLeft | None:
    missing = presence.why_not(work, person.id)
    if missing is None or missing.why == "unreachable":
        return WorkLeft(person.id, person.name, "role") if person.role not in access.SALES else None
    return WorkLeft(person.id, person.name, missing.why, work.moment.today, missing.until)


def leave(work: UnitOfWork, person_id: int) -> None:
    """Leave it as it is until he is back: those above are asked no more. NotAllowed but for them; never of a leaver,
    or of who leads no deals any more."""
    check_reader(work)
    person = employees.find_working(work, person_id)
    if person is None or _leads_no_more(work, person):
        raise NotAllowed
    work.tx.execute(FORGET, {"who": person_id, "at": work.now})


# --- the list -------------------------------------------------------------------------------------------------------


def why_now(work: UnitOfWork, person_id: int) -> WorkLeft | None:
    """Why the person's work is to be handed on: he has left, leads no deals any more, is away, or will be; None if he
    is there."""
    person = employees.get(work, person_id)
    if not person.active:
        return WorkLeft(person.id, person.name, "gone")
    if _leads_no_more(work, person):
        return WorkLeft(person.id, person.name, "role")
    coming = absences.of_person(work, person_id)
    if not coming:
        return None
    first = coming[0]
    return WorkLeft(person.id, person.name, first.kind, first.first_on, first.last_on)


def _leads_no_more(work: UnitOfWork, person: Employee) -> bool:
    """Whether deals hang on him though his role leads none."""
    return person.role not in access.SALES and left_work.leads_any(work, person.id)


def of_notice(work: UnitOfWork, said: WorkLeft) -> LeftWork:
    """What still hangs on the person: all of it, or what falls into the days of the absence; with another role, the
    deals that he led."""
    if said.why == "role":
        return left_work.deals_of(work, said.person)
    return left_work.of_person(work, said.person, said.first_on, said.until)


def of_person(work: UnitOfWork, person_id: int) -> LeftWork:
    """What hangs on a person, for those above. NotAllowed for anybody else."""
    check_reader(work)
    said = why_now(work, person_id)
    return left_work.of_person(work, person_id) if said is None else of_notice(work, said)


@obsolete_when(WorkLeft)
def _is_settled(work: UnitOfWork, said: WorkLeft) -> bool:
    """He is back, or everything has been handed on."""
    return why_now(work, said.person) is None or of_notice(work, said).is_empty


def check_reader(work: UnitOfWork) -> None:
    """NotAllowed but for those above."""
    HAND_ON.check(work.actor)
