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
from models.visits import ABSENCES, Absence, Booking, Hours
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
    """A booked visit to which the person can no longer come."""

    booking: Booking
    deal: Deal


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
    before = {one.booking.id for one in stranded(work, person_id)}
    same = (kind, first_on, last_on)
    known = next((one for one in coming(work, person_id) if (one.kind, one.first_on, one.last_on) == same), None)
    if known is not None:
        return known, [one for one in stranded(work, person_id) if known.covers(_day(work, one.booking))]
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
    before = {one.booking.id for one in stranded(work, person_id)}
    change()
    return _tell(work, person, before)


def stranded(work: UnitOfWork, person_id: int) -> list[AffectedVisit]:
    """The person's coming visits that stand in an absence, on a day off, outside his hours, or after he has left."""
    found = [
        one for one in booking_rows.of_person(work, person_id, work.now, work.now + FAR) if one.starts_at > work.now
    ]
    if not found:
        return []
    days = [_day(work, one) for one in found]
    rota = hours.rota(work, [person_id], min(days), max(days))
    works = employees.get(work, person_id).active
    fits = [works and _fits(rota.spans(person_id, day), one) for one, day in zip(found, days, strict=True)]
    bad = [one for one, fit in zip(found, fits, strict=True) if not fit]
    known = [(one, deal_queries.find(work, one.deal_id)) for one in bad if one.deal_id is not None]
    return [AffectedVisit(one, deal) for one, deal in known if deal is not None]


@obsolete_when(VisitImpossible)
def _is_mended(work: UnitOfWork, said: VisitImpossible) -> bool:
    """The stranded visit has been moved or freed meanwhile."""
    return not any(
        one.booking.id == said.booking and one.booking.starts_at == said.starts_at
        for one in stranded(work, said.person)
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
    found = [one for one in stranded(work, person.id) if one.booking.id not in before]
    rows = [row for one in found for row in _notices(work, person, one, away)]
    schedule.put(work, rows)
    return found


def _notices(work: UnitOfWork, person: Employee, one: AffectedVisit, away: Absence | None) -> Iterator[Planned]:
    process = work.company.processes.get(one.deal.process)
    if process is None:
        return
    said = _said(person, one, away)
    cause = f"{one.booking.id}-{one.booking.starts_at.isoformat()}-{work.now.isoformat()}"
    for reader in recipients.recipients(work, process, one.deal.fields, one.deal.responsible_id, "responsible"):
        if reader.id != work.actor_id:
            yield notices.to(work, reader, said, rule=RULE, cause=cause, deal_id=one.deal.id)


def _said(person: Employee, one: AffectedVisit, away: Absence | None) -> VisitImpossible:
    booking = one.booking
    return VisitImpossible(
        name=person.name,
        person=booking.person_id,
        booking=booking.id,
        field=booking.field,
        starts_at=booking.starts_at,
        why=away.kind if away else None if person.active else "gone",
        first_on=away.first_on if away else None,
        last_on=away.last_on if away else None,
    )


def _fits(spans: Sequence[tuple[datetime, datetime]], one: Booking) -> bool:
    return any(opens <= one.starts_at and one.ends_at <= closes for opens, closes in spans)


def _day(work: UnitOfWork, one: Booking) -> date:
    return hours.day_of(work, one.starts_at)
