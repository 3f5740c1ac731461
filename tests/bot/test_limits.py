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


async def send(limits: RateLimits, chat: int, log: list[float], takes: float = 0.0, **who: bool) -> None:
    """One call; `urgent` if it follows a press, `stranger` if it is for one."""
    async with limits.slot(chat, **who):
        log.append(asyncio.get_running_loop().time())
        if takes:
            await asyncio.sleep(takes)


def most_within(times: list[float], span: float) -> int:
    times = sorted(times)
    return max(sum(1 for other in times if one <= other < one + span - 1e-9) for one in times)


@pytest.mark.parametrize("takes", [0.0, 0.05])
def test_never_more_than_twenty_eight_in_any_second_and_hardly_less(takes: float) -> None:
    times: list[float] = []

    async def story() -> None:
        limits = RateLimits()
        await asyncio.gather(*(send(limits, chat, times, takes) for chat in range(300)))

    run(story())
    assert most_within(times, 1.0) <= 28
    assert 300 / (max(times) + 1.0) >= 25


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


def test_a_thousand_presses_wait_for_nothing_of_ours_beside_a_backlog_of_notices() -> None:
    """Nobody waits for the pace of what the bot begins; and that does not wait for the presses."""
    redrawn: list[float] = []
    notices: list[float] = []

    async def story() -> None:
        limits = RateLimits()
        backlog = [asyncio.ensure_future(send(limits, chat, notices)) for chat in range(2_000, 2_280)]
        await asyncio.gather(*(send(limits, chat % 200, redrawn, urgent=True) for chat in range(1_000)))
        assert max(redrawn) == 0.0
        await asyncio.gather(*backlog)

    run(story())
    assert most_within(notices, 1.0) <= 28
    assert max(notices) < 280 / 25


def test_one_chat_gets_ten_answers_at_once_and_then_one_a_second() -> None:
    times: list[float] = []

    async def story() -> None:
        limits = RateLimits()
        await asyncio.gather(*(send(limits, 7, times, urgent=True) for _ in range(20)))
        notice: list[float] = []
        await send(limits, 7, notice)
        assert notice[0] > 10.0, "what the bot begins waits for what was shown there"

    run(story())
    assert most_within(times, 1.0) == 10
    assert most_within(times, 10.0) == 10
    assert max(times) == pytest.approx(10.0)


def test_strangers_are_answered_last_and_with_a_few_places_only() -> None:
    notices: list[float] = []
    strangers: list[float] = []

    async def story() -> None:
        limits = RateLimits()
        early = [asyncio.ensure_future(send(limits, chat, strangers, stranger=True)) for chat in range(100)]
        late = [asyncio.ensure_future(send(limits, chat, notices)) for chat in range(1_000, 1_140)]
        await asyncio.gather(*early, *late)

    run(story())
    assert most_within(strangers, 1.0) <= 5
    assert max(notices) <= 140 / 28 + 1, "whoever waits for a place goes before all strangers who wait"
    assert most_within(notices + strangers, 1.0) <= 28


def test_for_a_minute_after_a_429_answers_keep_the_common_pace_and_go_first() -> None:
    times: list[float] = []
    notices: list[float] = []

    async def story() -> None:
        limits = RateLimits()
        limits.refuse(5_000, 1.0)
        await asyncio.sleep(2)
        backlog = [asyncio.ensure_future(send(limits, chat, notices)) for chat in range(1_000, 1_028 + 28)]
        await asyncio.sleep(0.1)
        await asyncio.gather(*(send(limits, chat, times, urgent=True) for chat in range(56)))
        assert len(notices) == 28, "what was there first has gone, the rest waits behind the presses"
        await asyncio.gather(*backlog)
        assert most_within(times + notices, 1.0) <= 28
        await asyncio.sleep(60)
        after: list[float] = []
        now = asyncio.get_running_loop().time()
        await asyncio.gather(*(send(limits, chat, after, urgent=True) for chat in range(200)))
        assert after == [now] * 200, "and then nobody waits any more"

    run(story())


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


def test_several_refusals_at_once_mean_everybody() -> None:
    async def story() -> None:
        limits = RateLimits()
        limits.refuse(1, 4.0)
        await asyncio.sleep(2.0)
        limits.refuse(2, 4.0)
        assert limits.parked(9) == 0.0
        await asyncio.sleep(0.5)
        limits.refuse(3, 2.0)
        assert limits.parked(9) == pytest.approx(2.0)
        assert limits.parked(2) == pytest.approx(3.5)
        await asyncio.sleep(10)
        for chat in range(5):  # one after the other they are the chats' own
            await asyncio.sleep(4)
            limits.refuse(chat, 4.0)
        assert limits.parked(9) == 0.0

    run(story())


@pytest.mark.parametrize(("sent", "seconds", "everybody"), [(1, 30.0, True), (3, 30.0, False), (1, 3.0, False)])
def test_a_long_refusal_of_a_chat_that_was_hardly_written_to_means_everybody(
    sent: int, seconds: float, everybody: bool
) -> None:
    async def story() -> None:
        limits = RateLimits()
        for _ in range(sent - 1):
            await send(limits, 7, [])
        async with limits.slot(7):
            limits.refuse(7, seconds)
        assert limits.parked(7) == pytest.approx(seconds)
        assert limits.parked(8) == pytest.approx(seconds if everybody else 0.0)

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
