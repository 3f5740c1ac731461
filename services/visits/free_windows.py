"""Free windows for a visit: when whom of a role can come, what is nearest to a wish, and why a time cannot be had.

A window begins on a half hour, lies within the person's working hours, and leaves room for the way to the next client.
What is offered here is what `services.visits.bookings` takes: both look at the same half hours, the cells (K-19, K-20).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.entities import Employee
from models.roles import Role
from models.values.work_calendar import DAY, MIDNIGHT
from models.visits import NO_TRAVEL, RESERVED, Unavailable, VisitWindow
from services.people import employees
from services.unit_of_work import UnitOfWork
from services.visits import half_hours, hours
from services.visits.hours import WorkSchedule

MOST, PER_DAY, NEAREST = 12, 3, 4
SAME_START = 2  # of people free at one moment so many are named among the nearest
AROUND = (timedelta(days=7), timedelta(days=21))  # how far before and after a wish the nearest are looked for


@dataclass(frozen=True)
class _Search:
    """The people of a role over some days: their hours and what is taken of them."""

    work: UnitOfWork
    staff: Mapping[int, Employee]
    rota: WorkSchedule
    taken: Mapping[int, frozenset[int]]
    takes: timedelta
    travel: timedelta

    def starts(self, person_id: int, day: date) -> Iterator[datetime]:
        """Every half hour of the day at which the person could begin."""
        taken = self.taken.get(person_id, frozenset())
        for opens_at, closes_at in self.rota.spans(person_id, day):
            at = half_hours.rounded_up(max(opens_at, self.work.now))
            while at + self.takes <= closes_at:
                if taken.isdisjoint(half_hours.touched(at, at + self.takes + self.travel)):
                    yield at
                at += half_hours.CELL

    def packed(self, person_id: int, day: date) -> Iterator[datetime]:
        """Beginnings that a day has room for one after another: the first possible one, then the next after it."""
        free_from = None
        for at in self.starts(person_id, day):
            if free_from is None or at >= free_from:
                yield at
                free_from = at + self.takes + self.travel

    def load(self, person_id: int) -> int:
        """How much of the person is taken in these days: who has less to do is offered first."""
        return len(self.taken.get(person_id, ()))

    def window(self, person_id: int, at: datetime) -> VisitWindow:
        return VisitWindow(person_id, self.staff[person_id].name, at, at + self.takes)


def _search(
    work: UnitOfWork,
    role: Role,
    takes: timedelta,
    travel: timedelta,
    first: date,
    last: date,
    own: list[int],
    person_id: int | None = None,
) -> _Search:
    staff: dict[int, Employee] = {one.id: one for one in employees.of_role(work, role) if person_id in (None, one.id)}
    calendar = work.company.calendar
    # the way home from the last visit may reach into the day after
    span = half_hours.touched(calendar.at(first, MIDNIGHT), calendar.at(last + 2 * DAY, MIDNIGHT))
    taken = {key: frozenset(found) for key, found in half_hours.taken(work, staff, span, own).items()}
    return _Search(work, staff, hours.rota(work, staff, first, last), taken, takes, travel)


def free_windows(
    work: UnitOfWork,
    role: Role,
    takes: timedelta,
    travel: timedelta,
    from_: date,
    days: int = 14,
    most: int = MOST,
    *,
    per_day: int = PER_DAY,
    person_id: int | None = None,
    deal_id: int | None = None,
    field: str = "",
) -> list[VisitWindow]:
    """Windows to choose from, the nearest first, at most `per_day` of a day so that the list reaches over several.

    On a day the beginnings differ as long as they can; among those who are free at one time, who has less to do comes
    first. `deal_id` and `field` say for what it is: what is booked or held for that already counts as free.
    """
    from_ = max(from_, work.moment.today)
    last = from_ + (days - 1) * DAY
    search = _search(work, role, takes, travel, from_, last, half_hours.own_ids(work, deal_id, field), person_id)
    found: list[VisitWindow] = []
    for place in range(days):
        found += _of_day(search, from_ + place * DAY)[:per_day]
        if len(found) >= most:
            break
    return found[:most]


def _of_day(search: _Search, day: date) -> list[VisitWindow]:
    """The day's windows, in the order in which they should be offered when not all can be."""
    every = sorted(
        (at, search.load(person_id), person_id) for person_id in search.staff for at in search.packed(person_id, day)
    )
    best = {at: (at, load, person_id) for at, load, person_id in reversed(every)}  # who has least to do at each time
    first = [one for one in every if best[one[0]] == one]
    others = [one for one in every if best[one[0]] != one]
    return [search.window(person_id, at) for at, _, person_id in (*first, *others)]


def free_days(
    work: UnitOfWork,
    role: Role,
    takes: timedelta,
    travel: timedelta,
    from_: date,
    days: int = 14,
    *,
    deal_id: int | None = None,
    field: str = "",
) -> list[tuple[date, int]]:
    """How many visits each day has still room for, over all people of the role; days with none are left out."""
    from_ = max(from_, work.moment.today)
    last = from_ + (days - 1) * DAY
    search = _search(work, role, takes, travel, from_, last, half_hours.own_ids(work, deal_id, field))
    every = [from_ + place * DAY for place in range(days)]
    counted = [(day, sum(1 for key in search.staff for _ in search.packed(key, day))) for day in every]
    return [(day, n) for day, n in counted if n]


def nearest(
    work: UnitOfWork,
    role: Role,
    takes: timedelta,
    travel: timedelta,
    wanted_at: datetime,
    most: int = NEAREST,
    *,
    person_id: int | None = None,
    deal_id: int | None = None,
    field: str = "",
) -> list[VisitWindow]:
    """The free windows nearest to a wish, before and after it, in the order of nearness.

    `person_id` is who was wished: of two equally near he comes first. One person's windows do not overlap, so that the
    choices are real ones.
    """
    calendar, before, after = work.company.calendar, *AROUND
    first = max(calendar.today(wanted_at - before), work.moment.today)
    last = max(calendar.today(wanted_at + after), work.moment.today + after)
    search = _search(work, role, takes, travel, first, last, half_hours.own_ids(work, deal_id, field))
    every = [
        (abs(at - wanted_at), key != person_id, search.load(key), at, key)
        for key in search.staff
        for place in range((last - first).days + 1)
        for at in search.starts(key, first + place * DAY)
    ]
    chosen: list[VisitWindow] = []
    for _, _, _, at, key in sorted(every):
        same = sum(1 for one in chosen if one.starts_at == at)
        crosses = any(one.person_id == key and abs(one.starts_at - at) < takes + travel for one in chosen)
        if same < SAME_START and not crosses:
            chosen.append(search.window(key, at))
        if len(chosen) == most:
            break
    return chosen


def why_not(
    work: UnitOfWork,
    person_id: int,
    starts_at: datetime,
    ends_at: datetime,
    travel: timedelta = NO_TRAVEL,
    *,
    deal_id: int | None = None,
    field: str = "",
) -> Unavailable | None:
    """Why the person cannot come then; None if he can. NotFound if there is no such employee."""
    person = employees.get(work, person_id)
    if starts_at < work.now:
        return Unavailable("past", person.name)
    day = hours.day_of(work, starts_at)
    rota = hours.rota(work, [person_id], day, day)
    away, span = rota.absence(person_id, day), rota.hours(person_id, day)
    if away is not None:
        return Unavailable("absent", person.name, kind=away.kind, until=away.last_on)
    if span is None:
        return Unavailable("day_off", person.name)
    if not any(opens <= starts_at and ends_at <= closes for opens, closes in rota.spans(person_id, day)):
        return Unavailable("hours", person.name, opens=span[0], closes=span[1])
    return _in_the_way(work, person, starts_at, ends_at, travel, half_hours.own_ids(work, deal_id, field))


def _in_the_way(
    work: UnitOfWork, person: Employee, starts_at: datetime, ends_at: datetime, travel: timedelta, own: list[int]
) -> Unavailable | None:
    row = half_hours.in_the_way(work, person.id, half_hours.touched(starts_at, ends_at + travel), own)
    if row is None:
        return None
    return Unavailable(
        "held" if row.state == RESERVED else "busy",
        person.name,
        number=row.number,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        until_at=row.held_until,
        holder=row.holder,
        road=row.ends_at <= starts_at or row.starts_at >= ends_at,
    )
