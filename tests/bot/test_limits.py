"""Promise 5: Telegram's limits are kept exactly. The time in these tests is made by a loop that jumps over waiting."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any

import pytest

from bot.delivery.rate_limits import RateLimits


class JumpingSelector(selectors.SelectSelector):
    """Waits for nothing: the time jumps to when the next timer is due."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready and timeout:
            self.skipped += timeout
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.jumper = JumpingSelector()
        super().__init__(self.jumper)

    def time(self) -> float:
        return self.jumper.skipped


def run(coro: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(coro)


async def send(limits: RateLimits, chat: int, log: list[float], takes: float = 0.0, *, urgent: bool = False) -> None:
    async with limits.slot(chat, urgent=urgent):
        log.append(asyncio.get_running_loop().time())
        if takes:
            await asyncio.sleep(takes)


def most_within(times: list[float], span: float) -> int:
    times = sorted(times)
    return max(sum(1 for other in times if one <= other < one + span - 1e-9) for one in times)


@pytest.mark.parametrize("takes", [0.0, 0.05])
def test_never_more_than_thirty_in_any_second_and_hardly_less(takes: float) -> None:
    times: list[float] = []

    async def story() -> None:
        limits = RateLimits()
        await asyncio.gather(*(send(limits, chat, times, takes) for chat in range(300)))

    run(story())
    assert most_within(times, 1.0) <= 30
    assert 300 / (max(times) + 1.0) >= 27


def test_one_chat_may_burst_three_and_then_gets_one_a_second() -> None:
    times: list[float] = []

    async def story() -> None:
        limits = RateLimits()
        await asyncio.gather(*(send(limits, 7, times) for _ in range(12)))

    run(story())
    assert most_within(times, 0.5) == 3
    assert most_within(times, 3.0) <= 3
    assert max(times) == pytest.approx(9.0)


def test_a_group_gets_twenty_a_minute() -> None:
    times: list[float] = []

    async def story() -> None:
        limits = RateLimits()
        await asyncio.gather(*(send(limits, -100, times) for _ in range(45)))

    run(story())
    assert most_within(times, 60.0) == 20
    assert max(times) == pytest.approx(120.0)


def test_an_answer_to_a_tap_does_not_wait_for_notices() -> None:
    notices: list[float] = []
    taps: list[float] = []

    async def story() -> None:
        limits = RateLimits()
        backlog = [asyncio.ensure_future(send(limits, 7, notices)) for _ in range(50)]
        backlog += [asyncio.ensure_future(send(limits, chat, notices)) for chat in range(100, 300)]
        await asyncio.sleep(0.5)
        asked = asyncio.get_running_loop().time()
        await send(limits, 7, taps, urgent=True)
        assert taps[0] == asked
        await asyncio.gather(*backlog)

    run(story())
    assert len(notices) == 250


def test_thirty_presses_a_second_are_answered_though_each_takes_two_calls() -> None:
    """The redrawn message counts, «the button is heard» does not: it sends nothing and belongs to no chat."""
    redrawn: list[float] = []

    async def press(limits: RateLimits, chat: int) -> None:
        async with limits.slot(None, urgent=True):  # answerCallbackQuery
            pass
        await send(limits, chat, redrawn, urgent=True)

    async def story() -> None:
        limits = RateLimits()
        await asyncio.gather(*(press(limits, chat) for chat in range(300)))

    run(story())
    assert most_within(redrawn, 1.0) <= 30
    assert 300 / (max(redrawn) + 1.0) >= 27


def test_waiting_in_one_chat_does_not_hold_up_another() -> None:
    other: list[float] = []

    async def story() -> None:
        limits = RateLimits()
        busy = [asyncio.ensure_future(send(limits, 7, [])) for _ in range(20)]
        await asyncio.sleep(0)
        await send(limits, 8, other)
        await asyncio.gather(*busy)

    run(story())
    assert other == [0.0]


def test_a_cancelled_wait_gives_its_place_back() -> None:
    times: list[float] = []

    async def story() -> None:
        limits = RateLimits(per_chat=1.0, burst=1)
        tasks = [asyncio.ensure_future(send(limits, 7, times)) for _ in range(3)]
        await asyncio.sleep(0.5)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    run(story())
    assert times == [0.0, 1.0]


def test_a_parked_chat_is_parked_alone_and_for_its_time() -> None:
    async def story() -> None:
        limits = RateLimits()
        limits.park(7, 5.0)
        assert limits.parked(7) == pytest.approx(5.0)
        assert limits.parked(8) == 0.0
        await asyncio.sleep(5.0)
        assert limits.parked(7) == 0.0

    run(story())


def test_chats_that_are_silent_are_forgotten() -> None:
    async def story() -> None:
        limits = RateLimits(overall=100_000)
        for chat in range(2_100):
            await send(limits, chat, [])
        await asyncio.sleep(10)
        await send(limits, 5_000, [])
        assert len(limits._chats) < 2_100
        for chat in range(6_000, 8_000):
            await send(limits, chat, [])
        await asyncio.sleep(10)
        await send(limits, 9_000, [])
        assert len(limits._chats) <= 2_000

    run(story())
