"""What the bot has claimed and nobody works at is not held for ever: it goes out with the next tick (proofs 7, 22)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from bot.database import Database
from bot.delivery import delivery as deliveries
from bot.delivery.delivery import Delivery
from bot.delivery.rate_limits import RateLimits
from services.outbox import queue
from services.unit_of_work import UnitOfWork
from tests.bot.test_delivery import DONE, Endless, Post, Put, Verbs, post, put, states, until, verbs
from tests.conftest import MovableClock

assert post and put and verbs  # fixtures


class Unanswered:
    """A database that commits the next claim, and whose answer is lost on the way."""

    def __init__(self, database: Database) -> None:
        self.name, self.state, self._db, self.loses = database.name, database.state, database, True

    async def run(self, work: Callable[[Connection], Any]) -> Any:
        done = await self._db.run(work)
        if self.loses and isinstance(done, list) and done and hasattr(done[0], "dedup_key"):
            self.loses = False
            raise OperationalError("COMMIT", {}, Exception("the connection was lost"))
        return done

    async def close(self) -> None: ...


async def test_a_claim_whose_answer_was_lost_is_made_good_by_the_next_tick(
    database: Database, post: Post, verbs: Verbs, hire: Any, put: Put, clock: MovableClock
) -> None:
    anna = await hire("Анна")
    await put(anna, "one", "two")
    unanswered: Any = Unanswered(database)
    delivery = Delivery(unanswered, post, clock, verbs.company, RateLimits.none(), verbs.outbox())
    with pytest.raises(OperationalError):
        await delivery.tick()
    await delivery.tick()
    assert post.texts(anna.telegram_id) == ["<b>one</b>", "<b>two</b>"]
    assert set((await states(database)).values()) == {DONE}


async def test_a_tick_that_was_cut_off_between_two_timers_loses_none(
    database: Database, post: Post, verbs: Verbs, hire: Any, put: Put, clock: MovableClock
) -> None:
    """The bell cuts off a tick that hangs: what it had claimed and not begun rings with the next one, once."""
    anna = await hire("Анна")
    await put(anna, "one", "two", "three", kind="timer")
    delivery = Delivery(database, post, clock, verbs.company, RateLimits.none(), verbs.outbox())
    fire, hangs = delivery._fire, asyncio.Event()

    async def hang(row: Any) -> None:
        if row.dedup_key == "two" and not hangs.is_set():
            hangs.set()
            await asyncio.Event().wait()
        await fire(row)

    delivery._fire = hang  # type: ignore[method-assign]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await delivery.tick()
    assert hangs.is_set()
    await delivery.tick()
    assert post.texts(anna.telegram_id) == ["<b>one</b>", "<b>two</b>", "<b>three</b>"]


async def test_what_was_forgotten_without_a_word_is_found_within_a_minute(
    database: Database, post: Post, verbs: Verbs, hire: Any, put: Put, clock: MovableClock, in_work: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """However it came about: a row in the hands of this bot of which it knows nothing."""
    anna = await hire("Анна")
    delivery = Delivery(database, post, clock, verbs.company, RateLimits.none(), verbs.outbox())
    await delivery.tick()
    await put(anna, "one")
    await in_work(lambda work: queue.claim(work, delivery.holder))
    await delivery.tick()
    assert post.seen == []
    monkeypatch.setattr(deliveries, "FORGOTTEN", 0.0)
    await delivery.tick()
    assert post.texts(anna.telegram_id) == ["<b>one</b>"]


async def test_what_is_on_its_way_is_not_taken_for_forgotten(
    database: Database, post: Post, verbs: Verbs, hire: Any, put: Put, clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(deliveries, "FORGOTTEN", 0.0)
    anna = await hire("Анна")
    await put(anna, "one", "two")
    slow = Endless()
    delivery = Delivery(database, slow, clock, verbs.company, RateLimits.none(), verbs.outbox())
    await delivery.tick(budget=1.0)
    await until(lambda: len(slow.seen) == 1)
    for _ in range(3):
        await delivery.tick(budget=1.0)
    assert slow.texts(anna.telegram_id) == ["<b>one</b>"]
    await delivery.close(patience=0.01)


async def test_what_another_bot_holds_is_none_of_ours(in_work: Any, hire: Any, put: Put) -> None:
    anna = await hire("Анна")
    await put(anna, "one")

    def both(work: UnitOfWork) -> tuple[int, int]:
        queue.claim(work, 7)
        return queue.release(work, 8, ()), queue.release(work, 7, ())

    assert await in_work(both) == (0, 1)


async def test_a_timer_that_somebody_else_has_taken_over_does_not_ring_a_second_time(
    database: Database, post: Post, verbs: Verbs, hire: Any, put: Put, clock: MovableClock, in_work: Any
) -> None:
    """A replica that stood still between its claim and the ring wakes up: the other one has rung (proof 14)."""
    anna = await hire("Анна")
    await put(anna, "one", kind="timer")
    asleep = Delivery(database, post, clock, verbs.company, RateLimits.none(), verbs.outbox())
    [late] = await in_work(lambda work: queue.claim(work, asleep.holder))
    await in_work(queue.set_free)
    await Delivery(database, post, clock, verbs.company, RateLimits.none(), verbs.outbox()).tick()
    await asleep._fire(late)
    await asleep.tick()
    assert post.texts(anna.telegram_id) == ["<b>one</b>"]
