"""Promise 9: a crowd, or somebody who floods, costs nobody else's time, and nothing of ours is lost in it.

Counted, not timed: who is served how many turns after he pressed, with a clock that moves by hand.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.database import Database
from bot.database_faults import DatabaseAway
from bot.updates import chat_queues
from bot.updates.chat_queues import ChatQueues
from bot.updates.inbox import InboxItem
from bot.updates.strangers import REFILL, Strangers
from bot.updates.token_bucket import MANY, TokenBucket
from bot.updates.update_intake import UpdateIntake
from models.errors import InvitationInvalid
from models.tables.updates import DONE, PENDING, InboxRow
from services import invitations
from services.unit_of_work import Company, UnitOfWork
from tests.conftest import MovableClock

ANNA, BORIS, STRANGER = 1, 2, 500


class Me:
    id = 42


def said(number: int, chat: int, text: str = "привет") -> dict[str, Any]:
    return {"update_id": number, "message": {"message_id": number, "chat": {"id": chat}, "text": text}}


def pressed(number: int, chat: int, message: int) -> dict[str, Any]:
    holder = {"chat": {"id": chat}, "message_id": message}
    return {"update_id": number, "callback_query": {"id": str(number), "from": {"id": chat}, "message": holder}}


class Front:
    """An intake whose handler notes what it is given, and lets it through one by one if asked to."""

    def __init__(self, db: Database, clock: MovableClock, company: Company, **more: Any) -> None:
        self.db, self.clock, self.company = db, clock, company
        self.seen: list[tuple[int, int]] = []
        self.hushed: list[int] = []
        self.gate: asyncio.Semaphore | None = None
        strangers = Strangers(clock, company)
        self.intake = UpdateIntake(db, Me(), clock, self.handle, strangers=strangers, hush=self.hush, **more)

    async def handle(self, item: InboxItem) -> None:
        if self.gate is not None:
            await self.gate.acquire()
        self.seen.append((item.chat_id, item.update["update_id"]))
        text = str(item.update.get("message", {}).get("text", ""))
        if text.startswith("/start "):
            with suppress(InvitationInvalid):
                await self.db.run(
                    lambda tx: invitations.join(self.work(tx), text.split()[1], item.chat_id, "Новый", "ru")
                )

    async def hush(self, item: InboxItem) -> None:
        self.hushed.append(item.update["update_id"])

    def work(self, tx: Any) -> UnitOfWork:
        return UnitOfWork(tx, self.clock(), self.company)

    async def invite(self) -> str:
        return await self.db.run(lambda tx: invitations.invite(self.work(tx), "manager"))

    async def hire(self, *people: int) -> None:
        for one in people:
            token = await self.invite()
            await self.db.run(
                lambda tx, one=one, token=token: invitations.join(self.work(tx), token, one, "Анна", "ru")
            )

    async def accept(self, *updates: dict[str, Any]) -> None:
        for first in range(0, len(updates), 100):
            await self.intake.accept(updates[first : first + 100])

    def of(self, chat: int) -> list[int]:
        return [number for who, number in self.seen if who == chat]


@pytest.fixture
async def front(database: Database, clock: MovableClock, company: Company) -> AsyncIterator[Front]:
    made = Front(database, clock, company)
    await made.hire(ANNA, BORIS)
    await made.intake.start()
    yield made
    if made.gate is not None:
        made.gate = None
    await made.intake.stop(patience=0.1)


async def rows(db: Database, state: int) -> int:
    count = select(func.count()).select_from(InboxRow).where(InboxRow.state == state)
    return int(await db.run(lambda tx: tx.execute(count).scalar_one()))


async def test_a_stranger_is_heard_once_then_put_by_and_heard_again_later(front: Front, database: Database) -> None:
    await front.accept(*(said(number, STRANGER) for number in range(1, 301)))
    await front.intake.settle()
    assert front.of(STRANGER) == [1]
    assert front.intake.silenced == 299
    assert await rows(database, DONE) == 300, "all of it is in the inbox"
    kept = select(func.count()).select_from(InboxRow).where(InboxRow.body != "", InboxRow.update_id > 1)
    assert await database.run(lambda tx: tx.execute(kept).scalar_one()) == 0, "what nobody reads is not kept"
    front.clock.at += REFILL
    await front.accept(said(301, STRANGER))
    await front.intake.settle()
    assert front.of(STRANGER) == [1, 301]


async def test_a_press_of_a_stranger_is_told_to_wait_no_more(front: Front) -> None:
    await front.accept(said(1, STRANGER), pressed(2, STRANGER, 1))
    await front.intake.settle()
    await asyncio.sleep(0)
    assert front.of(STRANGER) == [1]
    assert front.hushed == [2]


async def test_whoever_is_invited_gets_in_out_of_his_own_flood_and_loses_nothing_after_it(front: Front) -> None:
    """Even with all tries at wrong invitations spent, and with more in the table than in memory."""
    token = await front.invite()
    flood = [said(number, STRANGER, "/start " + "x" * 32) for number in range(1, 401)]
    await front.accept(*flood, said(401, STRANGER, f"/start {token}"), *(said(402 + n, STRANGER) for n in range(150)))
    await front.intake.settle()
    assert front.of(STRANGER) == [1, 2, 3, *range(401, 552)]


async def test_an_invitation_goes_before_the_flood_of_others(front: Front) -> None:
    token = await front.invite()
    front.gate = asyncio.Semaphore(0)
    crowd = [said(number, STRANGER + number) for number in range(1, 1_501)]
    await front.accept(*crowd, said(2_000, 9_000, f"/start {token}"))
    for _ in range(4):
        front.gate.release()
    await wait_until(lambda: len(front.seen) == 4)
    assert 9_000 in [who for who, _ in front.seen], "two strangers held a worker each; the next turn is the newcomer's"
    let_go(front)
    await front.intake.settle()
    assert len(front.seen) == 1_501, "each of the strangers is heard once"


async def test_a_stranger_who_is_heard_while_the_database_fails_is_answered_when_it_is_back(
    front: Front, database: Database
) -> None:
    """Handled again it is the same message: it was put by, and nobody answered him."""
    handle, tries = front.intake._handle, []

    async def fail(item: InboxItem) -> None:
        tries.append(item.id)
        if len(tries) < 3:
            raise DatabaseAway
        await handle(item)

    front.intake._handle = fail
    await front.accept(*(said(number, STRANGER) for number in range(1, 5)))
    async with asyncio.timeout(10):
        await front.intake.settle()
    assert front.of(STRANGER) == [1]
    assert front.intake.silenced == 3


async def test_strangers_hold_two_workers_at_most_and_staff_goes_first(front: Front) -> None:
    front.gate = asyncio.Semaphore(0)
    await front.accept(*(said(number, STRANGER + number) for number in range(1, 41)))
    await asyncio.sleep(0.05)
    await front.accept(said(100, ANNA), said(101, BORIS))
    for _ in range(4):
        front.gate.release()
    await wait_until(lambda: len(front.seen) == 4)
    assert {ANNA, BORIS} <= {who for who, _ in front.seen}
    let_go(front)
    await front.intake.settle()
    assert len(front.seen) == 42


async def test_a_backlog_of_one_does_not_hold_up_another_who_presses_now(front: Front) -> None:
    """Boris has 2,000 waiting, most of them in the table; Anna's press is served before the third of them."""
    front.gate = asyncio.Semaphore(0)
    await front.accept(*(said(number, BORIS) for number in range(1, 2_001)))
    await front.accept(said(5_000, ANNA))
    for _ in range(3):
        front.gate.release()
    await wait_until(lambda: len(front.seen) == 3)
    assert front.of(ANNA) == [5_000]
    let_go(front)
    await front.intake.settle()
    assert front.of(BORIS) == list(range(1, 2_001)), "and his own come all, in order"


async def test_what_is_left_of_an_earlier_run_is_found_again_and_held_up_by_no_flood(
    front: Front, database: Database, clock: MovableClock, company: Company
) -> None:
    front.gate = asyncio.Semaphore(0)
    await front.accept(*(said(number, STRANGER) for number in range(1, 1_001)), said(2_000, ANNA), said(2_001, ANNA))
    await front.intake.stop(patience=0.0)
    assert await rows(database, PENDING) == 1_002
    after = Front(database, clock, company)
    await after.intake.start()
    await after.intake.settle()
    assert after.of(ANNA) == [2_000, 2_001]
    assert after.of(STRANGER) == [1]
    await after.intake.stop(patience=0.1)


async def test_what_a_dead_replica_left_comes_before_what_came_later(front: Front, database: Database) -> None:
    """The later one is in memory first, and cannot be marked while the earlier one is undone."""
    stored = await database.run(lambda tx: _store(tx, front.clock, said(1, ANNA)))
    queues = front.intake._queues
    later = await database.run(lambda tx: _store(tx, front.clock, said(2, ANNA)))
    queues.add(later)
    queues.add(stored)
    await front.intake.settle()
    assert sorted(front.of(ANNA)) == [1, 2]
    assert await rows(database, PENDING) == 0


def _store(tx: Any, clock: MovableClock, update: dict[str, Any]) -> InboxItem:
    from bot.updates import inbox

    return inbox.store(tx, Me.id, [update], clock, tx.dialect.name == "postgresql")[0]


async def test_who_shows_an_answer_holds_no_worker(database: Database, clock: MovableClock, company: Company) -> None:
    """A Telegram that does not answer one person holds up that person only."""
    hangs, served = asyncio.Event(), list[int]()

    async def handle(item: InboxItem) -> None:
        item.committed()
        if item.chat_id != ANNA:
            await hangs.wait()
        served.append(item.chat_id)

    intake = UpdateIntake(database, Me(), clock, handle, workers=2)
    await intake.start()
    await intake.accept([said(number, 100 + number) for number in range(1, 21)])
    await intake.accept([said(30, ANNA)])
    await wait_until(lambda: bool(served))
    assert served == [ANNA]
    hangs.set()
    await intake.settle()
    await intake.stop(patience=0.1)


# --- the queues, alone ------------------------------------------------------------------------------------------


def item(number: int, chat: int, clock: MovableClock, message: int = 0) -> InboxItem:
    return InboxItem(number, pressed(number, chat, message), chat, 0, clock)


async def serve(queues: ChatQueues, turns: int) -> list[int]:
    """Whose turns they are, with one worker."""
    found = []
    for _ in range(turns):
        one = await queues.take()
        found.append(one.chat_id)
        queues.done(one)
    return found


async def test_who_presses_a_great_deal_waits_behind_the_others_and_his_budget_comes_back(clock: MovableClock) -> None:
    queues = ChatQueues(clock)
    for number in range(1, 101):
        queues.add(item(number, ANNA, clock))
    assert await serve(queues, 30) == [ANNA] * 30, "while nobody else waits it costs him nothing"
    for number in range(200, 210):
        queues.add(item(number, BORIS, clock))
    assert await serve(queues, 10) == [BORIS] * 10
    clock.forward(seconds=60)
    await serve(queues, 1)  # he was put behind before
    for number in range(300, 304):
        queues.add(item(number, BORIS, clock))
    assert (await serve(queues, 8)).count(ANNA) == 4, "they take turns"


async def test_nobody_waits_for_ever(clock: MovableClock) -> None:
    queues = ChatQueues(clock)
    queues.add(item(1, STRANGER, clock), stranger=True)
    for number in range(1_000):
        queues.add(item(10 + number, ANNA + number % 400, clock))
    turns = await serve(queues, chat_queues.PATIENCE + 2)
    assert STRANGER in turns


async def test_a_message_that_is_pressed_again_is_known_to_be(clock: MovableClock) -> None:
    queues = ChatQueues(clock)
    for number, message in ((1, 7), (2, 8), (3, 7)):
        queues.add(item(number, ANNA, clock, message))
    first, second, third = queues.of(ANNA)
    assert queues.is_pressed_again(first, 7)
    assert not queues.is_pressed_again(second, 8)
    assert not queues.is_pressed_again(third, 7)


async def test_while_a_full_batch_is_stored_nothing_is_begun_and_then_little(clock: MovableClock) -> None:
    queues = ChatQueues(clock)
    for number in range(1, 4):
        queues.add(item(number, number, clock))
    queues.crowd()
    taking = asyncio.ensure_future(queues.take())
    await asyncio.sleep(0)
    assert not taking.done()
    queues.calm()
    first = await taking
    second = asyncio.ensure_future(queues.take())
    await asyncio.sleep(0)
    assert not second.done(), "one is worked at, until no full batch has come for a moment"
    queues.settled(first)
    await second


def test_a_budget_comes_back_with_time_and_survives_a_clock_that_is_set_back(clock: MovableClock) -> None:
    budget = TokenBucket(2, REFILL, clock)
    assert [budget.take(1) for _ in range(3)] == [True, True, False]
    assert budget.take(2), "each has his own"
    clock.at += REFILL
    assert [budget.take(1) for _ in range(2)] == [True, False]
    clock.forward(days=-1)
    assert budget.take(1)


def test_a_budget_forgets_those_who_have_everything_back(clock: MovableClock) -> None:
    budget = TokenBucket(1, REFILL, clock)
    for who in range(MANY + 10):
        budget.take(who)
    assert len(budget._full_at) <= MANY
    clock.at += REFILL
    for who in range(MANY + 10):
        budget.take(-1 - who)
    assert len(budget._full_at) <= MANY


async def wait_until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 — what is waited for has no event
            await asyncio.sleep(0.005)


def let_go(front: Front) -> None:
    assert front.gate is not None
    for _ in range(5_000):
        front.gate.release()


async def test_who_has_become_one_of_us_meanwhile_loses_nothing(
    database: Database, clock: MovableClock, company: Company
) -> None:
    """What is to be put by is put by in a transaction that looks once more whose it is."""
    front = Front(database, clock, company)
    strangers = front.intake._strangers
    assert strangers is not None
    waiting = [await database.run(lambda tx, n=n: _store(tx, clock, said(n, STRANGER))) for n in (1, 2)]
    assert await database.run(lambda tx: strangers.unknown(tx, [STRANGER])) == {STRANGER}
    await front.hire(STRANGER)
    assert await database.run(lambda tx: strangers.put_by(tx, waiting)) == []
    assert await rows(database, PENDING) == 2
