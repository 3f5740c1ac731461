"""While Telegram is away it is asked once in five seconds whether it is back, whatever the bell does (proof 8)."""

from __future__ import annotations

from typing import Any

from aiogram.exceptions import TelegramServerError

from bot.database import Database
from bot.delivery import breaker
from bot.delivery.delivery import Delivery
from bot.delivery.rate_limits import RateLimits
from tests.bot.test_delivery import CALL, Post, Put, Verbs, post, put, until, verbs
from tests.conftest import MovableClock

assert post and put and verbs  # fixtures


async def test_a_bell_that_rings_on_asks_no_more_than_once_in_five_seconds(
    database: Database, post: Post, verbs: Verbs, hire: Any, put: Put, clock: MovableClock
) -> None:
    anna = await hire("Анна")
    post.away = TelegramServerError(CALL, "Bad Gateway")
    await put(anna, "one")
    delivery = Delivery(database, post, clock, verbs.company, RateLimits.none(), verbs.outbox())
    await delivery.tick(budget=1.0)
    await until(lambda: delivery.breaker.is_open)
    asked = post.probes
    for _ in range(20):
        clock.forward(minutes=5)  # what the wall clock says is no reason to ask
        await delivery.tick(budget=1.0)
    assert post.probes <= asked + 1, "the ticks take less than five seconds in all"
    assert breaker.EVERY >= 5.0
    assert len(post.calls) == 1, "no message is tried meanwhile"
