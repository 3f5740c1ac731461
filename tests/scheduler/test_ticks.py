"""The bell rings, survives a failing tick, and notices when the wall clock was turned back (C-4)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery import delivery
from bot.http import health
from scheduler import ticks as ticking
from scheduler.ticks import Ticks


async def test_it_rings_again_and_again_and_says_when() -> None:
    rings: list[int] = []
    third = asyncio.Event()

    async def body() -> None:
        rings.append(1)
        if len(rings) == 3:
            third.set()

    ticks = Ticks(body, every=0.01)
    assert ticks.age == float("inf")
    ticks.start()
    async with asyncio.timeout(5):
        await third.wait()
    await ticks.stop()
    assert ticks.last_at is not None
    assert ticks.age < 5


async def test_a_failing_tick_does_not_stop_the_bell_and_does_not_count_as_well() -> None:
    rings: list[int] = []
    third = asyncio.Event()

    async def body() -> None:
        rings.append(1)
        if len(rings) == 3:
            third.set()
        raise RuntimeError("the database is away")

    ticks = Ticks(body, every=0.01)
    ticks.start()
    async with asyncio.timeout(5):
        await third.wait()
    await ticks.stop()
    assert ticks.last_at is None


async def test_only_one_tick_runs_at_a_time() -> None:
    running = most = 0
    enough = asyncio.Event()
    rings: list[int] = []

    async def body() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        over = asyncio.Event()
        asyncio.get_running_loop().call_later(0.03, over.set)  # longer than until the next ring
        await over.wait()
        running -= 1
        rings.append(1)
        if len(rings) == 3:
            enough.set()

    ticks = Ticks(body, every=0.01)
    ticks.start()
    async with asyncio.timeout(5):
        await enough.wait()
    await ticks.stop()
    assert most == 1


async def test_the_second_bell_steps_in_when_the_clock_was_turned_back() -> None:
    """APScheduler goes by the wall clock: its next ring may lie an hour ahead."""
    rang = asyncio.Event()

    async def body() -> None:
        rang.set()

    ticks = Ticks(body, every=3600, silence=0.05)
    ticks.start()
    async with asyncio.timeout(5):
        await rang.wait()
        rang.clear()
        assert ticks._job is not None
        ticks._job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))
        await rang.wait()
    await ticks.stop()
    assert ticks.revived >= 1


async def test_the_daily_question_is_asked_at_the_first_ring() -> None:
    asked = asyncio.Event()

    async def body() -> None:
        return None

    async def daily() -> None:
        asked.set()

    ticks = Ticks(body, daily, every=0.01)
    ticks.start()
    async with asyncio.timeout(5):
        await asked.wait()
    await ticks.stop()


async def test_a_tick_that_hangs_is_cut_off_and_the_bell_rings_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing hangs in silence: within the minute after which health is red the next tick begins (proof 22)."""
    assert ticking.DEADLINE <= health.STALE_TICK <= 60
    assert delivery.BUDGET < ticking.DEADLINE, "what takes its time is no hang"
    monkeypatch.setattr(ticking, "DEADLINE", 0.05)
    rings: list[int] = []
    third = asyncio.Event()

    async def body() -> None:
        rings.append(1)
        if len(rings) == 3:
            third.set()
        else:
            await asyncio.Event().wait()

    ticks = Ticks(body, every=0.01)
    ticks.start()
    async with asyncio.timeout(5):
        await third.wait()
        while ticks.last_at is None:  # noqa: ASYNC110 — the end of a ring has no event
            await asyncio.sleep(0.001)
    await ticks.stop()


async def test_ticks_that_follow_one_another_without_a_pause_are_no_silence() -> None:
    """While every commit wakes the next tick, one ring goes on and on: each tick in it counts."""
    ages: list[float] = []
    enough = asyncio.Event()

    async def body() -> None:
        ages.append(ticks.age)
        ticks.wake()
        await asyncio.sleep(0)
        if len(ages) == 50:
            enough.set()

    ticks = Ticks(body, every=0.01)
    ticks.start()
    async with asyncio.timeout(5):
        await enough.wait()
    await ticks.stop()
    assert ages[0] == float("inf")
    assert max(ages[1:]) < 1.0


async def test_what_is_committed_after_the_bell_has_stopped_wakes_nobody_and_fails_nothing() -> None:
    """Closed: updates under work end after the bell; what is due then waits for the next start."""
    rings: list[int] = []
    rung = asyncio.Event()

    async def body() -> None:
        rings.append(1)
        rung.set()

    ticks = Ticks(body, every=60)
    ticks.start()
    async with asyncio.timeout(5):
        await rung.wait()
    await ticks.stop()
    ticks.wake()
    await asyncio.sleep(0)
    assert rings == [1]


async def test_a_ring_that_is_cut_off_at_the_stop_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    begun = asyncio.Event()

    async def body() -> None:
        begun.set()
        await asyncio.Event().wait()

    ticks = Ticks(body, every=60)
    ticks.start()
    async with asyncio.timeout(5):
        await begun.wait()
    await ticks.stop()
    await asyncio.sleep(0.01)
    assert not [one for one in caplog.records if one.levelname == "ERROR"]
