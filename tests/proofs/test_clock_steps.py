"""The clock is set, or the machine has slept: no reminder is lost, none comes twice, none waits on (proof 24).

Time is the bot's own here; of the machine's clock and the bell: tests/scheduler/test_ticks.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from aiogram.exceptions import TelegramNetworkError

from bot.database import Database
from bot.delivery.delivery import Delivery
from bot.delivery.rate_limits import RateLimits
from tests.bot.test_delivery import CALL, DONE, Post, Put, Verbs, post, put, states, verbs
from tests.conftest import MovableClock

assert post and put and verbs  # fixtures

STEPS = {"an hour on": 1.0, "a day on": 24.0, "an hour back": -1.0, "a day back": -24.0}
HOURS = (0.1, 0.5, 2.0, 5.0, 20.0, 30.0)  # after which something is due


@pytest.mark.parametrize("hours", STEPS.values(), ids=STEPS.keys())
async def test_a_step_of_the_clock_and_back_loses_no_reminder_and_doubles_none(
    database: Database, post: Post, verbs: Verbs, hire: Any, put: Put, clock: MovableClock, hours: float
) -> None:
    """After the step and after its correction, whatever is due by the clock comes with the very next tick."""
    anna, began = await hire("Анна"), clock()
    delivery = Delivery(database, post, clock, verbs.company, RateLimits.none(), verbs.outbox())
    for due in HOURS:
        await put(anna, f"after {due}", kind="timer", hours=due)
    latest = began

    async def heard_by_now() -> None:
        nonlocal latest
        await delivery.tick()
        latest = max(latest, clock())
        due = [f"<b>after {one}</b>" for one in HOURS if one * 3600 <= (latest - began).total_seconds()]
        assert post.texts(anna.telegram_id) == due

    clock.forward(minutes=10)
    await heard_by_now()
    clock.forward(hours=hours)
    await heard_by_now()
    clock.forward(hours=-hours, minutes=1)
    await heard_by_now()
    for _ in range(32):
        clock.forward(hours=1)
        await heard_by_now()
    assert len(post.seen) == len(HOURS)
    assert set((await states(database)).values()) == {DONE}


@pytest.mark.parametrize("hours", STEPS.values(), ids=STEPS.keys())
async def test_a_wait_for_the_next_try_is_not_prolonged_by_a_step(
    database: Database, post: Post, verbs: Verbs, hire: Any, put: Put, clock: MovableClock, hours: float
) -> None:
    anna = await hire("Анна")
    delivery = Delivery(database, post, clock, verbs.company, RateLimits.none(), verbs.outbox())
    post.moods[anna.telegram_id] = [TelegramNetworkError(CALL, "no answer")]
    await put(anna, "one")
    await delivery.tick()
    clock.forward(hours=hours)
    await delivery.tick()
    clock.forward(minutes=1)
    await delivery.tick()
    assert post.texts(anna.telegram_id) == ["<b>one</b>", "<b>one</b>\nВозможно, повтор"]


async def test_what_came_due_while_the_machine_slept_comes_with_the_first_tick_in_order(
    database: Database, post: Post, verbs: Verbs, hire: Any, put: Put, clock: MovableClock
) -> None:
    people = [await hire(name) for name in ("Анна", "Борис")]
    delivery = Delivery(database, post, clock, verbs.company, RateLimits.none(), verbs.outbox())
    for one in people:
        for hour in range(1, 9):
            await put(one, f"{one.name} {hour}", kind="timer", hours=hour)
    clock.forward(hours=12)
    await delivery.tick()
    for one in people:
        assert post.texts(one.telegram_id) == [f"<b>{one.name} {hour}</b>" for hour in range(1, 9)]
