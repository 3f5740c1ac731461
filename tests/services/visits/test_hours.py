"""Working hours and absences (K-19): whose they are, nights when the clocks change, visits that stand in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.database import Database
from models.errors import NotAllowed, NotFound
from models.tables.outbox import ScheduledRow
from models.values.invalid_value import InvalidValue
from models.values.work_calendar import WorkCalendar
from services.deals import deal_commands
from services.obsolete_notices import is_obsolete
from services.unit_of_work import Company, UnitOfWork
from services.visits import absences, free_windows, hours
from tests.conftest import MOSCOW
from tests.worlds.crew import HOUR, TODAY, Crew, Hire, InWork, at, open_crew, slot
from tests.worlds.outbox import notices


@pytest.fixture
async def crew(in_work: InWork, hire: Hire) -> Crew:
    return await open_crew(in_work, hire)


async def test_an_illness_over_a_visit_names_it_and_its_manager_is_told_K20(crew: Crew, hire: Hire) -> None:
    anna = await hire("Анна", "manager")

    def begin(work: UnitOfWork) -> int:
        told = {"name": "Мария", "phone": "+79123456789", "comment": "Кухня"}
        return deal_commands.begin(work, work.process("furniture"), "order", told, responsible_id=anna.id).id

    key = await crew.run(begin)
    await crew.book(key, slot(crew.igor, 25, "10:00"))
    await crew.book(await crew.deal(), slot(crew.igor, 27, "10:00"))
    sick = lambda work: absences.add(work, crew.igor.id, "sick", date(2026, 11, 24), date(2026, 11, 26))  # noqa: E731
    made, found = await crew.run(sick, crew.owner)
    assert [one.deal.id for one in found] == [key]
    about = ScheduledRow.rule == absences.RULE
    rows = await crew.run(lambda work: notices(work, about))
    assert [(row.employee_id, row.deal_id, row.notice.why) for row in rows] == [(anna.id, key, "sick")]
    assert not await crew.run(lambda work: is_obsolete(work, rows[0]))

    again, same = await crew.run(sick, crew.owner)
    assert again.id == made.id and [one.deal.id for one in same] == [key], "pressed twice it is one"
    assert len(await crew.run(lambda work: notices(work, about))) == 1

    await crew.book(key, slot(crew.pavel, 25, "10:00"))
    assert await crew.run(lambda work: is_obsolete(work, rows[0])), "moved, it is no news"
    await crew.run(lambda work: absences.remove(work, made.id), crew.owner)
    assert await crew.run(lambda work: absences.coming(work, crew.igor.id)) == []
    with pytest.raises(NotFound):
        await crew.run(lambda work: absences.remove(work, made.id), crew.owner)


async def test_shorter_hours_name_the_visits_that_no_longer_fit_K20(crew: Crew) -> None:
    await crew.book(await crew.deal(), slot(crew.igor, 25, "15:00"))
    found = await crew.run(lambda work: absences.set_day(work, crew.igor.id, 2, (time(9), time(18))), crew.owner)
    assert [one.starts_at for one in found] == [at(25, "15:00")]
    assert await crew.run(lambda work: absences.reset(work, crew.igor.id), crew.owner) == []


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (date(2026, 12, 7), date(2026, 12, 1), "absence.order"),
        (date(2026, 11, 1), date(2026, 11, 22), "absence.past"),
        (date(2026, 12, 1), date(2027, 12, 2), "absence.long"),
    ],
)
async def test_impossible_days_of_absence_are_refused(crew: Crew, first: date, last: date, code: str) -> None:
    with pytest.raises(InvalidValue) as wrong:
        await crew.run(lambda work: absences.add(work, crew.igor.id, "leave", first, last), crew.owner)
    assert wrong.value.code == code


async def test_only_those_who_plan_change_hours_and_one_sees_his_own(crew: Crew, hire: Hire) -> None:
    anna, daria = await hire("Анна", "manager"), await hire("Дарья", "dispatcher")
    day = date(2026, 12, 1)
    for who in (anna, crew.igor):
        with pytest.raises(NotAllowed):
            await crew.run(lambda work: absences.add(work, crew.igor.id, "off", day, day), who)
        with pytest.raises(NotAllowed):
            await crew.run(lambda work: hours.set_day(work, crew.igor.id, 0, None), who)
    with pytest.raises(NotAllowed):
        await crew.run(lambda work: absences.coming(work, crew.igor.id), crew.pavel)
    await crew.run(lambda work: absences.add(work, crew.igor.id, "off", day, day), daria)
    assert len(await crew.run(lambda work: absences.coming(work, crew.igor.id), crew.igor)) == 1


# --- hours ----------------------------------------------------------------------------------------------------------


async def test_the_first_change_makes_the_company_s_week_one_s_own(crew: Crew) -> None:
    week = await crew.run(lambda work: hours.set_day(work, crew.igor.id, 6, None), crew.owner)
    assert sorted(week) == [0, 1, 2, 3, 4, 5] and week[0] == (time(9), time(21))
    assert await crew.run(lambda work: hours.week_of(work, crew.igor.id)) == week
    await crew.run(lambda work: hours.reset(work, crew.igor.id), crew.owner)
    assert await crew.run(lambda work: hours.week_of(work, crew.igor.id)) is None
    with pytest.raises(InvalidValue):
        await crew.run(lambda work: hours.set_day(work, crew.igor.id, 0, (time(18), time(9))), crew.owner)


async def test_a_public_holiday_is_off_for_those_with_a_week_of_their_own_too(
    database: Database, crew: Crew, company: Company
) -> None:
    await crew.run(lambda work: hours.set_day(work, crew.igor.id, 5, (time(10), time(16))), crew.owner)
    calendar = WorkCalendar(MOSCOW, weekdays=frozenset(range(5)), overrides={date(2026, 11, 25): False})
    strict = replace(company, calendar=calendar)

    def spans(day: int) -> Callable[[Any], Any]:
        return lambda tx: hours.working_spans(
            UnitOfWork(tx, at(23, "10:00"), strict), crew.igor.id, date(2026, 11, day)
        )

    assert await database.run(spans(25)) == []
    assert await database.run(spans(26)) == [(at(26, "09:00"), at(26, "21:00"))]
    assert await database.run(spans(28)) == [(at(28, "10:00"), at(28, "16:00"))], "his own Saturday"


async def test_hours_are_right_on_the_nights_when_the_clocks_change_K19(
    database: Database, crew: Crew, company: Company
) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    local = replace(company, calendar=WorkCalendar(berlin, time(1), time(9)))

    def starts(day: date) -> Callable[[Any], Any]:
        now = datetime(day.year, day.month, 1, tzinfo=UTC)

        def look(tx: Any) -> list[str]:
            work = UnitOfWork(tx, now, local)
            every = free_windows.free_windows(
                work, "installer", HOUR, timedelta(0), day, 1, 99, per_day=99, person_id=crew.igor.id
            )
            return [f"{one.starts_at.astimezone(berlin):%H:%M%z}" for one in every]

        return look

    spring = await database.run(starts(date(2027, 3, 28)))
    assert spring[:3] == ["01:00+0100", "03:00+0200", "04:00+0200"] and len(spring) == 7
    autumn = await database.run(starts(date(2027, 10, 31)))
    assert autumn[:4] == ["01:00+0200", "02:00+0200", "02:00+0100", "03:00+0100"] and len(autumn) == 9


async def test_a_day_until_midnight_ends_at_midnight(crew: Crew) -> None:
    await crew.run(lambda work: hours.set_day(work, crew.igor.id, 0, (time(20), time(0))), crew.owner)
    spans = await crew.run(lambda work: hours.working_spans(work, crew.igor.id, TODAY))
    assert spans == [(at(23, "20:00"), at(24, "00:00"))]
