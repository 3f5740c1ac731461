"""The schedule's rows: claimed by one at a time, marked by nobody but who holds them (promise 4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError

from bot.database import Database
from models.entities import Employee
from models.outbox import DeliveryState, Planned, Scheduled
from models.tables.outbox import ScheduledRow
from models.values.work_calendar import WorkCalendar
from services.deals import deal_rows
from services.outbox import notices, queue, schedule
from services.unit_of_work import UnitOfWork
from tests.conftest import MOSCOW, MovableClock
from tests.worlds.crew import at, new_deal
from tests.worlds.office import NOON, Office, open_office
from tests.worlds.outbox import notices as said

InWork = Callable[..., Any]
Hire = Callable[..., Any]
AT_ONCE = 5  # as many as one database has connections
MOMENT = timedelta(microseconds=1)


@pytest.fixture
async def office(database: Database) -> Office:
    return await open_office(database)


async def plan(in_work: InWork, *anchors: str, **about: Any) -> None:
    """Rows that are due now, in this order."""

    def write(work: UnitOfWork) -> None:
        schedule.put(work, [Planned("notice", "rule", anchor, work.now, work.now, **about) for anchor in anchors])

    await in_work(write)


async def rows(in_work: InWork) -> list[Row[Any]]:
    """Everything that stands on the schedule, with its leases."""
    query = select(ScheduledRow).order_by(ScheduledRow.id)
    found: list[Row[Any]] = await in_work(lambda work: work.tx.execute(query).all())
    return found


def named(claimed: Sequence[Scheduled]) -> list[str]:
    return [row.dedup_key for row in claimed]


# --- what is no longer wanted ---------------------------------------------------------------------------------------


async def test_what_became_void_while_it_was_being_done_stays_void(in_work: InWork) -> None:
    key = await in_work(new_deal)
    await in_work(lambda work: schedule.void_timers(work, key))

    def write(work: UnitOfWork) -> None:
        schedule.put(work, [schedule.timer(key, "rule", "", work.now)])

    await in_work(write)
    bell = next(row for row in await in_work(queue.claim) if row.kind == "timer")
    await in_work(lambda work: schedule.void_timers(work, key))
    assert not await in_work(lambda work: queue.finish(work, bell))
    assert not await in_work(lambda work: queue.is_held(work, bell))
    assert not await in_work(lambda work: queue.retry(work, bell, work.now, "again"))
    after = next(row for row in await rows(in_work) if row.id == bell.id)
    assert (after.delivery_state, after.failure, after.run_at) == (DeliveryState.VOID, None, bell.run_at)


async def test_timers_of_one_deal_are_void_and_what_is_being_told_is_not(in_work: InWork, hire: Hire) -> None:
    await hire("Анна")
    mine, other = await in_work(new_deal), await in_work(new_deal)
    told = [row for row in await rows(in_work) if row.kind == "notice" and row.deal_id == mine]
    assert told, "a new deal is told to the manager"
    await in_work(lambda work: schedule.void_timers(work, mine))
    after = await rows(in_work)
    assert {row.delivery_state for row in after if row.deal_id == mine and row.kind == "timer"} == {DeliveryState.VOID}
    assert {row.delivery_state for row in after if row.deal_id == other} == {DeliveryState.WAITING}
    assert [row for row in after if row.kind == "notice" and row.deal_id == mine] == told


async def test_a_task_taken_back_rings_no_more_and_what_was_said_of_it_is_still_told(office: Office) -> None:
    _, job = await office.assembly()

    def kinds(work: UnitOfWork) -> list[tuple[str, str]]:
        found = (
            select(ScheduledRow.kind, ScheduledRow.delivery_state)
            .where(ScheduledRow.task_id == job.id)
            .order_by(ScheduledRow.kind)
        )
        return [tuple(row) for row in work.tx.execute(found)]

    assert await office.run(kinds) == [("notice", DeliveryState.WAITING), ("task", DeliveryState.WAITING)]
    await office.run(lambda work: schedule.void_task(work, job.id))
    assert await office.run(kinds) == [("notice", DeliveryState.WAITING), ("task", DeliveryState.VOID)]


# --- what is asked of it --------------------------------------------------------------------------------------------


async def test_a_list_of_a_day_comes_to_a_person_once(office: Office) -> None:
    """However often it is planned, at whatever hour: by a constraint, for those who plan at once do not see each other;
    also after it has rung, as on the night that has an hour twice (proof 25)."""
    anna, boris = office.staff["manager"].id, office.staff["supervisor"].id

    def planned(work: UnitOfWork, day: str, person: int, hour: int) -> None:
        schedule.put_once(work, schedule.call_list("Звонки", day, person, NOON + timedelta(hours=hour)))

    async def all_of() -> list[tuple[str, int]]:
        def look(work: UnitOfWork) -> list[tuple[str, int]]:
            found = work.tx.execute(select(ScheduledRow.dedup_key, ScheduledRow.employee_id).order_by(ScheduledRow.id))
            return [(row.dedup_key, row.employee_id) for row in found]

        return await office.run(look)

    for hour in (0, 0, 1):
        await office.run(lambda work, hour=hour: planned(work, "2026-11-20", anna, hour))
    assert await all_of() == [("2026-11-20", anna)]
    await office.run(lambda work: [queue.finish(work, row) for row in queue.claim(work)])
    await office.run(lambda work: planned(work, "2026-11-20", anna, 0))
    await office.run(lambda work: planned(work, "2026-11-20", boris, 0))
    await office.run(lambda work: planned(work, "2026-11-21", anna, 24))
    assert await all_of() == [("2026-11-20", anna), ("2026-11-20", boris), ("2026-11-21", anna)]


async def test_the_next_ring_is_the_earliest_that_still_waits(in_work: InWork, clock: MovableClock) -> None:
    assert await in_work(schedule.next_due) is None
    hour = timedelta(hours=1)

    def write(work: UnitOfWork) -> list[datetime]:
        times = [work.now + 2 * hour, work.now + hour, work.now + 3 * hour]
        schedule.put(work, [Planned("notice", "rule", f"{one}", one, one) for one in times])
        return sorted(times)

    first, second, _ = await in_work(write)
    assert await in_work(schedule.next_due) == first
    clock.at = first
    [row] = await in_work(queue.claim)
    await in_work(lambda work: queue.finish(work, row))
    assert await in_work(schedule.next_due) == second


async def test_the_card_names_the_next_reminder_and_not_the_net_or_a_message(office: Office) -> None:
    """The net of a week of silence is no plan that anybody would want to see."""
    deal = await office.deal()
    when, rule = await office.run(lambda work: deal_rows.read(work, deal.id).rings())
    assert (when, rule) == (NOON + timedelta(days=1), "order.contract.stuck1440.notify")
    await office.run(lambda work: schedule.void_timers(work, deal.id, ["order.contract.stuck1440.notify"]))
    when, rule = await office.run(lambda work: deal_rows.read(work, deal.id).rings())
    assert (when, rule) == (NOON + timedelta(days=3), "order.contract.stuck4320.escalate")
    await office.run(lambda work: schedule.void_timers(work, deal.id, [rule]))
    assert await office.run(lambda work: deal_rows.read(work, deal.id).rings()) is None


async def test_c_8_a_message_is_found_by_whom_it_was_sent_to_and_by_nobody_else(office: Office) -> None:
    await office.deal()
    [row] = await office.run(lambda work: said(work, ScheduledRow.employee_id.is_not(None)))
    assert row.employee_id == office.staff["manager"].id
    assert await office.run(lambda work: schedule.find_notice(work, row.id), "manager") == row
    for who in ("owner", "supervisor", "installer", None):
        assert await office.run(lambda work: schedule.find_notice(work, row.id), who) is None


# --- a polite hour --------------------------------------------------------------------------------------------------

EVERY_DAY = WorkCalendar(MOSCOW, time(9), time(21))
WEEKDAYS = WorkCalendar(MOSCOW, time(9), time(21), frozenset(range(5)))


@pytest.mark.parametrize(
    ("calendar", "quiet", "asked", "told"),
    [
        (EVERY_DAY, None, "23 10:00", "23 10:00"),
        (EVERY_DAY, None, "23 21:00", "24 09:00"),
        (WEEKDAYS, None, "27 22:00", "30 09:00"),
        (EVERY_DAY, (12, 14), "23 13:00", "23 14:00"),
        (EVERY_DAY, (12, 14), "23 14:00", "23 14:00"),
        (EVERY_DAY, (22, 10), "23 02:00", "23 10:00"),  # past the opening, by his own hours
        (EVERY_DAY, (20, 8), "23 20:30", "24 09:00"),  # his quiet ends while the company sleeps
        (WEEKDAYS, (20, 10), "27 20:30", "30 10:00"),  # and then it is his quiet again
        (EVERY_DAY, (8, 22), "23 13:00", "23 13:00"),  # nothing would be left open: the company's hours alone
        (EVERY_DAY, (8, 22), "23 22:00", "24 09:00"),
    ],
)
def test_c_4_a_message_comes_when_the_company_works_and_the_person_wants_no_quiet(
    calendar: WorkCalendar, quiet: tuple[int, int] | None, asked: str, told: str
) -> None:
    starts, ends = (quiet[0] * 60, quiet[1] * 60) if quiet else (None, None)
    anna = Employee(1, 1001, "Анна", "manager", "ru", starts, ends, True, None)
    day, clock = asked.split()
    said = notices.polite_time(calendar, anna, at(int(day), clock))
    assert f"{said.astimezone(MOSCOW):%d %H:%M}" == told


# --- once -----------------------------------------------------------------------------------------------------------


async def test_a_tasks_cause_speaks_once(office: Office) -> None:
    """A cause that is carried out twice (a crash, a second replica) cannot write its row twice."""
    deal, job = await office.assembly()

    def ring(work: UnitOfWork) -> None:
        schedule.put(work, [schedule.escalation(deal.id, job.id, "undone", work.now)])

    await office.run(ring)
    with pytest.raises(IntegrityError):
        await office.run(ring)


async def test_a_days_list_of_calls_comes_once(in_work: InWork, hire: Hire) -> None:
    anna = await hire("Анна")
    for _ in range(2):
        await in_work(
            lambda work: schedule.put_once(work, schedule.call_list("Звонки", "2026-12-01", anna.id, work.now))
        )
    assert [row.kind for row in await rows(in_work)] == ["list"]


async def test_a_deal_has_one_timer_of_a_rule_that_waits(in_work: InWork) -> None:
    key = await in_work(new_deal)

    def set_timer(work: UnitOfWork) -> None:
        schedule.put(work, [schedule.timer(key, "rule", f"{work.now}", work.now)])

    await in_work(set_timer)
    with pytest.raises(IntegrityError):
        await in_work(set_timer)
    await in_work(lambda work: schedule.void_timers(work, key, ["rule"]))
    await in_work(set_timer)  # what is over stands in nobody's way
