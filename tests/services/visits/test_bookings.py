"""Booked visits (K-19, K-20, K-21): free windows, holds, moving and freeing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from models.entities import Employee
from models.errors import NotFound, SlotTaken
from models.tables.deals import DealRow
from models.tables.outbox import ScheduledRow
from models.values.invalid_value import InvalidValue
from models.values.visit_slot import VisitSlot
from models.visits import PLANNED, RESERVED, VisitWindow
from services.deals import deal_commands, deal_queries
from services.people import employees
from services.unit_of_work import UnitOfWork
from services.visits import absences, booking_rows, bookings, free_windows, hours
from tests.conftest import MovableClock
from tests.worlds.crew import FIELD, HOUR, ROAD, TAKES, TODAY, Crew, Hire, InWork, at, open_crew, said, slot


@pytest.fixture
async def crew(in_work: InWork, hire: Hire) -> Crew:
    return await open_crew(in_work, hire)


async def leave(crew: Crew, who: Employee, day: int) -> None:
    """A leave of one day is entered."""
    on = date(2026, 11, day)
    await crew.run(lambda work: absences.add(work, who.id, "leave", on, on), crew.owner)


# --- free windows ---------------------------------------------------------------------------------------------------


async def test_windows_begin_on_half_hours_within_hours_and_never_in_the_past_K19(
    crew: Crew, clock: MovableClock
) -> None:
    clock.at = at(23, "10:10")
    shown = await crew.free_windows(days=2, per_day=9)
    assert shown == [
        "23 10:30 Игорь", "23 15:30 Игорь", "23 10:30 Павел", "23 15:30 Павел",
        "24 09:00 Игорь", "24 14:00 Игорь", "24 09:00 Павел", "24 14:00 Павел",
    ]  # fmt: skip
    clock.at = at(23, "17:30")
    assert (await crew.free_windows(days=1)) == [], "four hours do not fit before nine"


async def test_a_short_list_reaches_over_several_days_and_spares_who_is_busy_K19(crew: Crew) -> None:
    await crew.book(await crew.deal(), slot(crew.igor, 25, "14:00"))
    assert await crew.free_windows(most=5, per_day=2, days=3) == [
        "23 10:00 Павел", "23 15:00 Павел", "24 09:00 Павел", "24 14:00 Павел", "25 09:00 Павел",
    ]  # fmt: skip


async def test_the_way_to_the_next_client_is_left_free_after_a_visit_and_before_it_K19(crew: Crew) -> None:
    await crew.book(await crew.deal(), slot(crew.igor, 24, "13:00"))
    shown = await crew.free_windows(days=2, per_day=9, person_id=crew.igor.id)
    assert [one for one in shown if one.startswith("24")] == []
    await crew.book(await crew.deal(), slot(crew.pavel, 24, "14:00"))
    shown = await crew.free_windows(days=2, per_day=9, person_id=crew.pavel.id)
    assert [one for one in shown if one.startswith("24")] == ["24 09:00 Павел"]
    why = await crew.run(
        lambda work: free_windows.why_not(work, crew.pavel.id, at(24, "18:00"), at(24, "20:00"), travel=ROAD)
    )
    assert (why.code, why.road) == ("busy", True)


async def test_each_day_says_how_many_visits_it_has_room_for_K19(crew: Crew) -> None:
    await crew.book(await crew.deal(), slot(crew.igor, 24, "14:00"))
    found = await crew.run(lambda work: free_windows.free_days(work, "installer", TAKES, ROAD, TODAY, 2))
    assert found == [(TODAY, 4), (date(2026, 11, 24), 3)]


async def test_a_leave_and_a_day_off_leave_no_windows_K19(crew: Crew) -> None:
    def plan(work: UnitOfWork) -> None:
        absences.add(work, crew.igor.id, "leave", date(2026, 11, 23), date(2026, 11, 24))
        hours.set_day(work, crew.igor.id, 2, None)
        hours.set_day(work, crew.igor.id, 3, (time(8), time(13)))

    await crew.run(plan, crew.owner)
    shown = await crew.free_windows(days=5, per_day=9, person_id=crew.igor.id)
    assert shown == ["26 08:00 Игорь", "27 09:00 Игорь", "27 14:00 Игорь"]


async def test_the_nearest_windows_lie_around_the_wish_K20(crew: Crew) -> None:
    await crew.book(await crew.deal(), slot(crew.igor, 25, "10:00"))

    def near(work: UnitOfWork, who: int | None) -> list[VisitWindow]:
        return free_windows.nearest(work, "installer", TAKES, ROAD, at(25, "10:00"), person_id=who)

    assert said(await crew.run(lambda work: near(work, crew.igor.id))) == [
        "25 10:00 Павел", "25 15:00 Игорь", "25 15:00 Павел", "24 17:00 Игорь",
    ]  # fmt: skip


async def test_a_window_of_the_deal_s_own_counts_as_free_when_it_is_moved_K20(crew: Crew) -> None:
    key = await crew.deal()
    await crew.book(key, slot(crew.igor, 24, "13:00"))
    shown = await crew.free_windows(days=2, per_day=9, person_id=crew.igor.id, deal_id=key, field=FIELD)
    assert [one for one in shown if one.startswith("24")] == ["24 09:00 Игорь", "24 14:00 Игорь"]


# --- why not --------------------------------------------------------------------------------------------------------


async def test_each_reason_against_a_window_is_named_K20(crew: Crew, clock: MovableClock) -> None:
    key = await crew.deal()
    await crew.book(key, slot(crew.igor, 24, "10:00"))

    def plan(work: UnitOfWork) -> str:
        absences.add(work, crew.igor.id, "sick", date(2026, 11, 26), date(2026, 11, 28))
        hours.set_day(work, crew.igor.id, 4, None)
        hours.set_day(work, crew.igor.id, 2, (time(9), time(13)))
        return deal_queries.get(work, key).number

    number = await crew.run(plan, crew.owner)

    async def why(day: int, clock_: str) -> Any:
        wanted = slot(crew.igor, day, clock_)
        return await crew.run(
            lambda work: free_windows.why_not(work, wanted.person_id, wanted.starts_at, wanted.ends_at)
        )

    assert (await why(23, "09:30")).code == "past"
    busy = await why(24, "12:00")
    assert (busy.code, busy.number, busy.starts_at, busy.road) == ("busy", number, at(24, "10:00"), False)
    away = await why(27, "10:00")
    assert (away.code, away.kind, away.until) == ("absent", "sick", date(2026, 11, 28)), (
        "the illness goes before the week"
    )
    late = await why(25, "10:00")
    assert (late.code, late.opens, late.closes) == ("hours", time(9), time(13))
    assert await why(25, "09:00") is None
    clock.forward(days=7)
    assert (
        await crew.run(
            lambda w: free_windows.why_not(w, crew.igor.id, at(4, "10:00", month=12), at(4, "11:00", month=12))
        )
    ).code == "day_off"


async def test_a_refused_window_comes_with_the_nearest_free_ones_K20(crew: Crew) -> None:
    await crew.book(await crew.deal(), slot(crew.igor, 24, "10:00"))
    other = await crew.deal()
    with pytest.raises(SlotTaken) as refused:
        await crew.book(other, slot(crew.igor, 24, "10:00"))
    assert refused.value.why.code == "busy"
    assert said(refused.value.nearest)[:2] == ["24 10:00 Павел", "24 15:00 Игорь"]


async def test_a_window_off_the_half_hour_or_of_nobody_is_refused_K20(crew: Crew) -> None:
    key = await crew.deal()
    with pytest.raises(InvalidValue) as wrong:
        await crew.book(key, slot(crew.igor, 24, "10:15"))
    assert wrong.value.code == "slot.half_hour"
    with pytest.raises(NotFound):
        await crew.book(key, replace(slot(crew.igor, 24, "10:00"), person_id=2**40))
    with pytest.raises(NotFound):
        await crew.book(2**40, slot(crew.igor, 24, "10:00"))
    await crew.run(lambda work: employees.dismiss(work, crew.igor.id), crew.owner)
    with pytest.raises(NotFound):
        await crew.book(key, slot(crew.igor, 24, "10:00"))
    assert await crew.cells() == 0


# --- holds ----------------------------------------------------------------------------------------------------------


async def test_a_hold_keeps_others_away_for_ten_minutes_and_then_no_longer_K19(crew: Crew, clock: MovableClock) -> None:
    mine, theirs = await crew.deal(), await crew.deal()
    held = await crew.hold(mine, slot(crew.igor, 24, "10:00"), crew.owner)
    assert (held.state, held.held_until) == (RESERVED, clock.at + timedelta(minutes=10))
    clock.forward(minutes=9)
    with pytest.raises(SlotTaken) as refused:
        await crew.book(theirs, slot(crew.igor, 24, "12:00"))
    why = refused.value.why
    assert (why.code, why.holder, why.until_at) == ("held", "Ольга", held.held_until)
    clock.forward(minutes=1)
    assert "24 09:00 Игорь" in await crew.free_windows(per_day=9)
    await crew.book(theirs, slot(crew.igor, 24, "12:00"))
    with pytest.raises(SlotTaken) as late:
        await crew.book(mine, slot(crew.igor, 24, "10:00"))
    assert late.value.why.code == "busy"


async def test_one_s_own_hold_becomes_the_booking_and_another_choice_replaces_it_K19(crew: Crew) -> None:
    key = await crew.deal()
    await crew.hold(key, slot(crew.igor, 24, "10:00"))
    await crew.hold(key, slot(crew.pavel, 25, "10:00"))
    assert await crew.cells() == 10, "the first hold is given up"
    await crew.book(key, slot(crew.pavel, 25, "10:00"))
    assert await crew.cells() == 10
    assert await crew.run(lambda work: booking_rows.find_hold(work, key, FIELD)) is None
    found = await crew.run(lambda work: booking_rows.of_deal(work, key))
    assert [(one.state, one.slot) for one in found] == [(PLANNED, slot(crew.pavel, 25, "10:00"))]


async def test_nobody_is_held_at_a_time_when_he_cannot_come_K19(crew: Crew) -> None:
    key = await crew.deal()
    await leave(crew, crew.igor, 24)
    for wanted, why in ((24, "10:00"), "absent"), ((23, "09:00"), "past"), ((25, "18:00"), "hours"):
        with pytest.raises(SlotTaken) as refused:
            await crew.hold(key, slot(crew.igor, *wanted))
        assert refused.value.why.code == why
    assert await crew.cells() == 0


async def test_a_hold_for_a_shifted_visit_keeps_the_visit_until_it_is_booked_K20(crew: Crew) -> None:
    key = await crew.deal()
    await crew.book(key, slot(crew.igor, 24, "10:00"))
    await crew.hold(key, slot(crew.igor, 24, "11:00"))
    assert (await crew.run(lambda work: booking_rows.find(work, key, FIELD))).starts_at == at(24, "10:00")
    assert await crew.cells() == 12
    await crew.run(lambda work: bookings.release(work, key, FIELD))
    assert await crew.cells() == 10, "the visit has all its half hours still"
    await crew.hold(key, slot(crew.pavel, 24, "11:00"))
    assert await crew.cells() == 20, "another person's half hours are others"


async def test_a_hold_without_a_deal_is_its_author_s_until_the_deal_takes_it_K19(crew: Crew, hire: Hire) -> None:
    anna, boris = await hire("Анна", "manager"), await hire("Борис", "manager")
    await crew.hold(None, slot(crew.igor, 24, "10:00"), anna)
    key = await crew.deal()
    with pytest.raises(SlotTaken):
        await crew.hold(None, slot(crew.igor, 24, "10:00"), boris)
    book = lambda work: bookings.book(work, key, FIELD, slot(crew.igor, 24, "10:00"), travel=ROAD)  # noqa: E731
    assert (await crew.run(book, anna)).state == PLANNED
    assert await crew.cells() == 10


# --- booking, moving, freeing ---------------------------------------------------------------------------------------


async def test_moving_frees_the_old_window_and_keeps_the_booking_K20(crew: Crew) -> None:
    key = await crew.deal()
    first = await crew.book(key, slot(crew.igor, 24, "10:00"))
    moved = await crew.book(key, slot(crew.igor, 24, "12:00"))
    assert moved.id == first.id and moved.starts_at == at(24, "12:00")
    assert await crew.cells() == 10
    await crew.book(key, slot(crew.pavel, 25, "10:00"))
    await crew.book(await crew.deal(), slot(crew.igor, 24, "10:00"))
    assert (await crew.book(key, slot(crew.pavel, 25, "10:00"))).id == first.id, "once more changes nothing"


async def test_a_held_window_is_looked_at_anew_when_it_is_booked_K20(crew: Crew) -> None:
    """He fell ill, or got other hours, while the manager talked with the client."""
    key = await crew.deal()
    await crew.hold(key, slot(crew.igor, 24, "10:00"))
    await leave(crew, crew.igor, 24)
    with pytest.raises(SlotTaken) as refused:
        await crew.book(key, slot(crew.igor, 24, "10:00"))
    assert refused.value.why.code == "absent"
    assert said(refused.value.nearest)[0] == "24 10:00 Павел"
    await crew.hold(key, slot(crew.pavel, 25, "17:00"))
    await crew.run(lambda work: hours.set_day(work, crew.pavel.id, 2, (time(9), time(18))), crew.owner)
    with pytest.raises(SlotTaken) as late:
        await crew.book(key, slot(crew.pavel, 25, "17:00"))
    assert late.value.why.code == "hours"
    assert await crew.run(lambda work: booking_rows.of_deal(work, key)) == []


async def test_a_window_whose_time_has_come_while_it_was_held_is_not_booked_K20(
    crew: Crew, clock: MovableClock
) -> None:
    key = await crew.deal()
    await crew.hold(key, slot(crew.igor, 23, "10:30"))
    clock.at = at(23, "10:30")
    assert (await crew.book(key, slot(crew.igor, 23, "10:30"))).state == PLANNED, "at the last moment"
    other = await crew.deal()
    await crew.hold(other, slot(crew.pavel, 23, "11:00"))
    clock.at = at(23, "11:00") + timedelta(minutes=1)
    with pytest.raises(SlotTaken) as refused:
        await crew.book(other, slot(crew.pavel, 23, "11:00"))
    assert refused.value.why.code == "past"


async def test_a_window_that_the_deal_has_already_is_kept_whatever_came_since_K20(
    crew: Crew, clock: MovableClock
) -> None:
    """It is not looked at anew: who answers the question with what stands there is not refused."""
    key = await crew.deal()
    visit = await crew.book(key, slot(crew.igor, 24, "10:00"))
    await leave(crew, crew.igor, 24)
    await crew.hold(key, slot(crew.pavel, 25, "10:00"))
    clock.at = at(24, "11:00")
    assert await crew.book(key, slot(crew.igor, 24, "10:00")) == visit
    assert await crew.cells() == 10, "what was held instead is given up"


async def test_a_visit_that_is_under_way_can_be_made_longer_and_moved_K20(crew: Crew, clock: MovableClock) -> None:
    key = await crew.deal()
    first = await crew.book(key, slot(crew.igor, 24, "10:00"))
    longer = await crew.book(key, slot(crew.igor, 24, "10:00", 5 * HOUR))
    assert (longer.id, longer.ends_at) == (first.id, at(24, "15:00"))
    assert await crew.cells() == 12
    clock.at = at(24, "11:00")
    moved = await crew.book(key, slot(crew.igor, 25, "10:00"))
    assert (moved.id, moved.starts_at) == (first.id, at(25, "10:00")), "it is the same visit"
    assert await crew.cells() == 10


async def test_a_move_to_a_taken_window_leaves_the_visit_where_it_was_K20(crew: Crew) -> None:
    mine, theirs = await crew.deal(), await crew.deal()
    await crew.book(mine, slot(crew.igor, 24, "10:00"))
    await crew.book(theirs, slot(crew.pavel, 24, "10:00"))

    def move(work: UnitOfWork) -> VisitSlot:
        with pytest.raises(SlotTaken):
            bookings.book(work, mine, FIELD, slot(crew.pavel, 24, "12:00"), travel=ROAD)
        found = booking_rows.find(work, mine, FIELD)
        assert found is not None
        return found.slot

    assert await crew.run(move) == slot(crew.igor, 24, "10:00")
    assert await crew.cells() == 20


async def test_freeing_gives_the_window_back_and_tells_what_stood_there_K21(crew: Crew) -> None:
    key = await crew.deal()
    await crew.book(key, slot(crew.igor, 24, "10:00"))
    freed = await crew.run(lambda work: bookings.free(work, key, FIELD))
    assert [one.slot for one in freed] == [slot(crew.igor, 24, "10:00")]
    assert await crew.cells() == 0 and await crew.run(lambda work: booking_rows.of_deal(work, key)) == []
    assert await crew.run(lambda work: bookings.free(work, key, FIELD)) == [], "once"
    await crew.book(key, slot(crew.igor, 24, "10:00"))


async def test_what_is_over_stays_when_the_rest_is_freed_and_a_second_visit_is_another_K21(
    crew: Crew, clock: MovableClock
) -> None:
    key = await crew.deal()
    first = await crew.book(key, slot(crew.igor, 23, "11:00"))
    clock.forward(days=1)
    second = await crew.book(key, slot(crew.igor, 25, "11:00"))
    assert second.id != first.id
    await crew.hold(key, slot(crew.igor, 26, "11:00"))
    assert [one.id for one in await crew.run(lambda work: bookings.free_all(work, key))] == [second.id]
    assert [one.id for one in await crew.run(lambda work: booking_rows.of_deal(work, key))] == [first.id]
    assert await crew.run(lambda work: booking_rows.find_hold(work, key, FIELD)) is None


async def test_a_deleted_deal_gives_its_windows_back_K21(crew: Crew) -> None:
    key = await crew.deal()
    await crew.book(key, slot(crew.igor, 24, "10:00"))
    await crew.run(lambda work: deal_commands.delete(work, key), crew.owner)
    assert await crew.cells() == 0


async def test_what_is_told_of_a_deleted_deals_visit_names_the_deal(crew: Crew) -> None:
    """By that its words go when the deal is erased."""
    key = await crew.deal()
    await crew.book(key, slot(crew.igor, 24, "10:00"))
    await crew.run(lambda work: deal_commands.delete(work, key), crew.owner)
    told = select(ScheduledRow.payload).where(ScheduledRow.dedup_key.like("deleted-%"))
    payloads = await crew.run(lambda work: work.tx.execute(told).scalars().all())
    assert payloads and {one["deal"] for one in payloads} == {key}


async def test_practice_takes_nobody_s_time_K2(crew: Crew) -> None:
    key = await crew.deal()
    await crew.run(lambda work: work.tx.execute(update(DealRow).where(DealRow.id == key).values(kind="practice")))
    await crew.book(key, slot(crew.igor, 24, "10:00"))
    assert await crew.cells() == 0
    assert (await crew.run(lambda work: booking_rows.find(work, key, FIELD))).state == PLANNED
    far = at(30, "10:00")
    assert await crew.run(lambda work: booking_rows.of_person(work, crew.igor.id, work.now, far)) == []
    await crew.book(await crew.deal(), slot(crew.igor, 24, "10:00"))
    assert len(await crew.run(lambda work: booking_rows.of_person(work, crew.igor.id, work.now, far))) == 1
