"""Days off, leave, illness: entered over booked visits they say which ones stand in them, and tell who leads those."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select

from models.entities import Deal, Employee
from models.errors import NotFound
from models.ids import AbsenceId
from models.notices.visit_notices import VisitImpossible
from models.outbox import Planned
from models.states import AbsenceKind
from models.tables.people import AbsenceRow
from models.values.invalid_value import N_, InvalidValue
from models.visits import ABSENCES, Absence, Hours, Visit
from services.deals import deal_queries
from services.obsolete_notices import obsolete_when
from services.outbox import notices, recipients, schedule
from services.people import employees
from services.unit_of_work import UnitOfWork
from services.visits import booking_rows, hours

RULE = "away"
LONGEST = 366  # days
FAR = timedelta(days=800)

ADD = insert(AbsenceRow).returning(AbsenceRow.id)
BY_ID = select(AbsenceRow).where(AbsenceRow.id == bindparam("id"))
COMING = (
    select(AbsenceRow)
    .where(AbsenceRow.employee_id == bindparam("who"), AbsenceRow.last_on >= bindparam("today"))
    .order_by(AbsenceRow.first_on, AbsenceRow.id)
)
REMOVE = delete(AbsenceRow).where(AbsenceRow.id == bindparam("key"))


@dataclass(frozen=True, slots=True)
class AffectedVisit:
    """An agreed visit to which the person can no longer come on one of its days, from when to when."""

    visit: Visit
    deal: Deal
    starts_at: datetime
    ends_at: datetime


def coming(work: UnitOfWork, person_id: int) -> list[Absence]:
    """The person's absences that are not over, by time. NotAllowed unless one plans, or asks of himself."""
    hours.check_reader(work, person_id)
    return of_person(work, person_id)


def of_person(work: UnitOfWork, person_id: int) -> list[Absence]:
    """The person's absences that are not over, by time, whoever asks."""
    return [hours.read(row) for row in work.tx.execute(COMING, {"who": person_id, "today": work.moment.today})]


def add(
    work: UnitOfWork, person_id: int, kind: AbsenceKind, first_on: date, last_on: date
) -> tuple[Absence, list[AffectedVisit]]:
    """Enter an absence (both days included); gives it, and the booked visits that stand in it and must be moved.

    The same one entered twice is one. Raises Wrong for days in the wrong order, in the past or more than a year long,
    NotAllowed.
    """
    _check_days(work, first_on, last_on)
    if kind not in ABSENCES:
        raise NotFound("button")
    person = hours.check_planner(work, person_id)
    work.tx.execute(booking_rows.LOCK_PEOPLE, {"who": [person.id]})  # nobody books the days while they are taken away
    before = {one.visit.id for one in stranded(work, person_id)}
    same = (kind, first_on, last_on)
    known = next((one for one in coming(work, person_id) if (one.kind, one.first_on, one.last_on) == same), None)
    if known is not None:
        return known, [one for one in stranded(work, person_id) if known.covers(hours.day_of(work, one.starts_at))]
    values = {"kind": kind, "first_on": first_on, "last_on": last_on, "author_id": work.actor_id, "at": work.now}
    key = work.add(ADD, employee_id=person_id, **values)
    made = Absence(AbsenceId(key), person.id, kind, first_on, last_on)
    return made, _tell(work, person, before, made)


def remove(work: UnitOfWork, absence_id: int) -> Absence:
    """Take an absence back. NotFound if it is gone, NotAllowed."""
    row = work.tx.execute(BY_ID, {"id": absence_id}).one_or_none()
    if row is None:
        raise NotFound("absence")
    hours.check_planner(work, row.employee_id)
    work.tx.execute(REMOVE, {"key": absence_id})
    return hours.read(row)


def set_day(work: UnitOfWork, person_id: int, weekday: int, day: Hours | None) -> list[AffectedVisit]:
    """Give a weekday other hours (None: a day off); gives the visits that no longer fit (their owners are told)."""
    return _change(work, person_id, lambda: hours.set_day(work, person_id, weekday, day))


def reset(work: UnitOfWork, person_id: int) -> list[AffectedVisit]:
    """The person works as the company does; gives the booked visits that no longer fit, as `set_day`."""
    return _change(work, person_id, lambda: hours.reset(work, person_id))


def left(work: UnitOfWork, person_id: int) -> list[AffectedVisit]:
    """The person works here no more: who leads his booked visits is told to move them."""
    return _tell(work, employees.get(work, person_id), set())


def _change(work: UnitOfWork, person_id: int, change: Callable[[], object]) -> list[AffectedVisit]:
    person = hours.check_planner(work, person_id)
    work.tx.execute(booking_rows.LOCK_PEOPLE, {"who": [person_id]})
    before = {one.visit.id for one in stranded(work, person_id)}
    change()
    return _tell(work, person, before)


def stranded(work: UnitOfWork, person_id: int) -> list[AffectedVisit]:
    """The person's coming visits that stand in an absence, on a day off, outside his hours, or after he has left."""
    every = [
        (one, begins, ends)
        for one in booking_rows.of_person(work, person_id, work.now, work.now + FAR)
        for begins, ends in (one.slot.spans if one.slot and one.is_agreed() else ())
        if begins > work.now
    ]
    if not every:
        return []
    days = [hours.day_of(work, begins) for _, begins, _ in every]
    rota = hours.rota(work, [person_id], min(days), max(days))
    works = employees.get(work, person_id).active
    bad = [
        one
        for one, day in zip(every, days, strict=True)
        if not (works and _fits(rota.spans(person_id, day), one[1], one[2]))
    ]
    known = [(one, deal_queries.find(work, one[0].deal_id)) for one in bad if one[0].deal_id is not None]
    found = {
        one[0].id: AffectedVisit(one[0], deal, one[1], one[2]) for one, deal in reversed(known) if deal is not None
    }
    return list(reversed(found.values()))


@obsolete_when(VisitImpossible)
def _is_mended(work: UnitOfWork, said: VisitImpossible) -> bool:
    """The stranded visit has been moved or freed meanwhile."""
    return not any(
        one.visit.id == said.booking and one.starts_at == said.starts_at for one in stranded(work, said.person)
    )


def _check_days(work: UnitOfWork, first_on: date, last_on: date) -> None:
    if last_on < first_on:
        raise InvalidValue("absence.order", N_("Последний день раньше первого."), N_("1.12–7.12"))
    if last_on < work.moment.today:
        raise InvalidValue("absence.past", N_("Эти дни уже прошли."), N_("завтра"))
    if (last_on - first_on).days >= LONGEST:
        raise InvalidValue("absence.long", N_("Больше года подряд — проверьте даты."), N_("1.12–7.12"))


def _tell(work: UnitOfWork, person: Employee, before: set[int], away: Absence | None = None) -> list[AffectedVisit]:
    """Who leads a visit that has just become impossible hears of it; the one who did it sees it on his screen."""
    found = [one for one in stranded(work, person.id) if one.visit.id not in before]
    rows = [row for one in found for row in _notices(work, person, one, away)]
    schedule.put(work, rows)
    return found


def _notices(work: UnitOfWork, person: Employee, one: AffectedVisit, away: Absence | None) -> Iterator[Planned]:
    process = work.company.processes.get(one.deal.process)
    if process is None:
        return
    said = _said(person, one, away)
    cause = f"{one.visit.id}-{one.starts_at.isoformat()}-{work.now.isoformat()}"
    for reader in recipients.recipients(work, process, one.deal.fields, one.deal.responsible_id, "responsible"):
        if reader.id != work.actor_id:
            yield notices.to(work, reader, said, rule=RULE, cause=cause, deal_id=one.deal.id)


def _said(person: Employee, one: AffectedVisit, away: Absence | None) -> VisitImpossible:
    return VisitImpossible(
        name=person.name,
        person=person.id,
        booking=one.visit.id,
        field=one.visit.name,
        starts_at=one.starts_at,
        why=away.kind if away else None if person.active else "gone",
        first_on=away.first_on if away else None,
        last_on=away.last_on if away else None,
    )


def _fits(spans: Sequence[tuple[datetime, datetime]], begins: datetime, ends: datetime) -> bool:
    return any(opens <= begins and ends <= closes for opens, closes in spans)
