"""The clock moves forward only, an hour at a time, and rings at each step."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox import ShiftedClock

START = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


async def test_a_long_move_rings_every_hour_in_its_own_hour() -> None:
    clock = ShiftedClock(START, frozen=True)
    rung: list[datetime] = []

    async def listen() -> None:
        rung.append(clock.now())

    clock.listeners.append(listen)
    await clock.advance(timedelta(hours=2, minutes=30))
    assert rung == [START + timedelta(hours=1), START + timedelta(hours=2), START + timedelta(hours=2, minutes=30)]


async def test_listeners_ring_in_the_order_they_were_added() -> None:
    clock, rung = ShiftedClock(START, frozen=True), []

    async def first() -> None:
        rung.append("first")

    async def second() -> None:
        rung.append("second")

    clock.listeners += [first, second]
    await clock.advance(timedelta(0))
    assert rung == ["first", "second"]


async def test_a_frozen_clock_stands_exactly_where_it_was_moved() -> None:
    clock = ShiftedClock(START, frozen=True)
    await clock.move_to(START + timedelta(days=3, minutes=7))
    assert clock.now() == START + timedelta(days=3, minutes=7)


async def test_the_past_is_out_of_reach() -> None:
    clock = ShiftedClock(START, frozen=True)
    with pytest.raises(ValueError, match="forward"):
        await clock.move_to(START - timedelta(seconds=1))
    with pytest.raises(ValueError, match="forward"):
        await clock.advance(timedelta(seconds=-1))
    assert clock.now() == START


async def test_naive_moments_are_refused() -> None:
    naive = START.replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        ShiftedClock(naive)
    with pytest.raises(ValueError, match="aware"):
        await ShiftedClock(START).move_to(naive)


async def test_a_running_clock_keeps_its_offset() -> None:
    clock = ShiftedClock(START)
    before = clock.now()
    await clock.advance(timedelta(days=1))
    assert timedelta(days=1) <= clock.now() - before < timedelta(days=1, minutes=5)


async def test_an_error_in_a_listener_is_not_swallowed() -> None:
    clock = ShiftedClock(START, frozen=True)

    async def fail() -> None:
        raise RuntimeError("the scheduler broke")

    clock.listeners.append(fail)
    with pytest.raises(RuntimeError, match="scheduler"):
        await clock.advance(timedelta(hours=5))
