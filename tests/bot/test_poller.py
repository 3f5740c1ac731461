"""Polling: nothing is confirmed before it is stored; one replica polls; trouble is told once (promise 1)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiogram.exceptions import TelegramConflictError, TelegramNetworkError
from sqlalchemy import select

from bot import replicas
from bot.database import Database
from bot.telegram_client import BotApiCall
from bot.updates import leader as leading
from bot.updates import poller as polling
from bot.updates.inbox import InboxItem
from bot.updates.leader import LEASE, Leader
from bot.updates.poller import Poller
from bot.updates.update_intake import UpdateIntake
from models.tables.updates import InboxRow
from tests.conftest import MovableClock

CALL = BotApiCall(name="getUpdates")


class Source:
    """Telegram's queue: what was not confirmed comes again."""

    id = 42

    def __init__(self) -> None:
        self.queue: list[dict[str, Any]] = []
        self.moods: list[Exception] = []
        self.confirmed = 0
        self.asked = 0
        self.empty = asyncio.Event()
        self.waits: list[int] = []
        self.before_confirm: Callable[[int], Any] | None = None

    async def get_updates(self, offset: int | None, timeout: int = 30) -> list[dict[str, Any]]:  # noqa: ASYNC109
        self.asked += 1
        self.waits.append(timeout)
        if self.moods:
            raise self.moods.pop(0)
        if offset is not None:
            if self.before_confirm is not None:
                await self.before_confirm(offset)
            self.confirmed = offset
            self.queue = [one for one in self.queue if one["update_id"] >= offset]
        if not self.queue and timeout:
            self.empty.set()
            await asyncio.Event().wait()
        return self.queue[:3]


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
async def intake(database: Database, source: Source, clock: MovableClock) -> AsyncIterator[UpdateIntake]:
    async def handle(item: InboxItem) -> None:
        return None

    made = UpdateIntake(database, source, clock, handle)
    await made.start()
    yield made
    await made.stop()


async def poll(poller: Poller, until: asyncio.Event) -> None:
    task = asyncio.ensure_future(poller.run())
    try:
        async with asyncio.timeout(10):
            await until.wait()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_updates_are_in_the_table_before_they_are_confirmed(
    source: Source, intake: UpdateIntake, database: Database
) -> None:
    seen: list[tuple[int, int]] = []

    async def look(offset: int) -> None:
        ids = await database.run(lambda tx: tx.execute(select(InboxRow.update_id)).scalars().all())
        seen.append((offset, max(ids)))

    source.before_confirm = look
    source.queue = [{"update_id": number, "message": {"chat": {"id": 1}}} for number in range(10, 17)]
    await poll(Poller(source, intake), source.empty)
    assert seen == [(13, 12), (16, 15), (17, 16)]
    assert source.confirmed == 17


async def test_a_bot_that_nobody_writes_to_knows_at_once_that_telegram_answers(
    source: Source, intake: UpdateIntake
) -> None:
    """Found by the storm: health was red for half a minute, as long as Telegram held the first question open."""
    poller = Poller(source, intake)
    await poll(poller, source.empty)
    assert poller.age < 10
    assert source.waits == [0, 30]


async def test_trouble_is_survived_and_conflicts_are_counted(
    source: Source, intake: UpdateIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "PAUSES", (0.0,))
    monkeypatch.setattr(polling, "CONFLICT_PAUSE", 0.0)
    source.moods = [TelegramNetworkError(CALL, "reset"), *[TelegramConflictError(CALL, "Conflict")] * 3]
    source.queue = [{"update_id": 1, "message": {"chat": {"id": 1}}}]
    poller = Poller(source, intake)
    assert poller.age == float("inf")
    await poll(poller, source.empty)
    assert source.confirmed == 2
    assert poller.conflicts == 3
    assert poller.age < 10


async def test_one_replica_leads_and_another_takes_over_when_the_lease_ends(
    database: Database, clock: MovableClock
) -> None:
    one, two = Leader(database, clock), Leader(database, clock)
    assert await one.renew()
    assert not await two.renew()
    clock.forward(seconds=5)
    assert await one.renew()
    clock.at += LEASE - timedelta(seconds=1)
    assert not await two.renew()
    clock.forward(seconds=2)
    assert await two.renew()
    assert not await one.renew()


async def test_whoever_stood_still_for_longer_than_his_lease_is_not_sure_of_it(
    database: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGSTOP, and SIGCONT much later: it has not asked yet who leads by now."""
    moment = 100.0
    monkeypatch.setattr(leading, "monotonic", lambda: moment)
    one = Leader(database, clock)
    assert not one.is_sure
    assert await one.renew()
    moment += LEASE.total_seconds() - 0.1
    assert one.is_sure
    moment += 0.2
    assert one.is_held and not one.is_sure
    assert await one.renew()
    assert one.is_sure
    await one.give_up()
    assert not one.is_sure


async def test_who_is_not_sure_to_be_the_only_one_does_not_ask(
    intake: UpdateIntake, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second question at a time ends the first one, and whoever asked it is silent for a quarter of a minute."""
    monkeypatch.setattr(polling, "LOOK", 0.0)
    looked, sure = 0, asyncio.Event()

    def may_ask() -> bool:
        nonlocal looked
        looked += 1
        if looked == 3:
            assert source.asked == 0
            sure.set()
        return sure.is_set()

    await poll(Poller(source, intake, may_ask=may_ask), source.empty)
    assert source.asked > 0, "once it is sure, it does"


def test_a_replica_that_stands_still_is_succeeded_within_ten_seconds() -> None:
    """Its lease ends, and another one asks as often as it renews; the same holds for what it had in hand."""
    assert LEASE.total_seconds() + leading.RENEW <= 10.0
    assert replicas.LEASE.total_seconds() + replicas.RENEW <= 10.0


async def test_a_leader_that_stops_lets_the_next_begin_at_once(database: Database, clock: MovableClock) -> None:
    one, two = Leader(database, clock), Leader(database, clock)
    assert await one.renew()
    await one.give_up()
    assert await two.renew()


async def test_who_is_known_to_be_dead_is_succeeded_before_his_lease_is_over(
    database: Database, clock: MovableClock
) -> None:
    running = {"one", "two"}
    one, two = (Leader(database, clock, me=name, alive=lambda _: running) for name in ("one", "two"))
    assert await one.renew()
    assert not await two.renew()
    running.remove("one")
    assert await two.renew()


async def test_of_many_that_start_at_once_one_leads(database: Database, clock: MovableClock) -> None:
    leaders = [Leader(database, clock) for _ in range(8)]
    assert sum(await asyncio.gather(*(one.renew() for one in leaders))) == 1


@pytest.mark.parametrize("alone", [True, False])
async def test_who_runs_alone_goes_on_while_the_database_is_away_and_nobody_else_does(
    database: Database, clock: MovableClock, alone: bool
) -> None:
    """So that whoever presses is told why nothing happens; of several, nobody knows who may ask Telegram."""
    away, ended = False, asyncio.Event()

    async def show_life() -> None:
        if away:
            raise OSError("the database is away")

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    one = Leader(database, clock, show_life=show_life, is_alone=lambda: alone)
    leading = asyncio.ensure_future(one.lead(work, renew=0.01))
    try:
        async with asyncio.timeout(5):
            while not one.is_sure:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            away = True
            while one.is_held:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            if alone:
                assert one.is_sure and not ended.is_set()
                away = False
                while not one.is_held:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
                assert not ended.is_set()
            else:
                await ended.wait()
                assert not one.is_sure
    finally:
        leading.cancel()
        await asyncio.gather(leading, return_exceptions=True)


async def test_work_ends_when_the_lease_is_lost(database: Database, clock: MovableClock) -> None:
    one, two = Leader(database, clock), Leader(database, clock)
    begun, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    leading = asyncio.ensure_future(one.lead(work, renew=0.01))
    async with asyncio.timeout(10):
        await begun.wait()
        while not await two.renew():  # as after a freeze: the clock is past the lease before the owner wakes
            clock.forward(seconds=20)
        await ended.wait()
    leading.cancel()
    await asyncio.gather(leading, return_exceptions=True)
    assert not one.is_held
