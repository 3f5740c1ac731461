"""Promise 1: stored before it is confirmed, an update takes effect once, in its chat's order, and holds up nobody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy import update as sql_update

from bot.database import Database, open_database
from bot.database_faults import DatabaseAway
from bot.housekeeping import blank
from bot.updates import inbox
from bot.updates.inbox import AlreadyHandled, InboxItem
from bot.updates.update_intake import Handle, UpdateIntake
from models.tables.deals import CounterRow
from models.tables.updates import DONE, FAILED, PENDING, InboxRow
from tests.conftest import MovableClock


class Me:
    id = 42


def update(number: int, chat: int = 7, text: str = "привет") -> dict[str, Any]:
    return {"update_id": number, "message": {"message_id": number, "chat": {"id": chat}, "text": text}}


def bump(tx: Connection, name: str) -> None:
    """An effect that shows how often it happened."""
    more = sql_update(CounterRow).where(CounterRow.name == name).values(value=CounterRow.value + 1)
    if tx.execute(more).rowcount == 0:
        tx.execute(insert(CounterRow).values(name=name, value=1))


Start = Callable[..., Any]


@pytest.fixture
async def start(database: Database, clock: MovableClock) -> AsyncIterator[Start]:
    """Begin an intake over the test's database; all of them are stopped at the end."""
    running: list[UpdateIntake] = []

    async def begin(handle: Handle, db: Database | None = None, **more: Any) -> UpdateIntake:
        intake = UpdateIntake(db or database, Me(), clock, handle, **more)
        await intake.start()
        running.append(intake)
        return intake

    yield begin
    for intake in running:
        await intake.stop(patience=0.1)


async def states(db: Database) -> dict[int, int]:
    rows = await db.run(lambda tx: tx.execute(select(InboxRow.update_id, InboxRow.state).order_by(InboxRow.id)).all())
    return {row.update_id: row.state for row in rows}


async def until(what: Callable[[], Any]) -> None:
    """Let the others work until it is so."""
    async with asyncio.timeout(10):
        while not what():  # noqa: ASYNC110 — whatever is waited for has no event
            await asyncio.sleep(0)


async def value(db: Database, name: str) -> int:
    return await db.run(lambda tx: tx.execute(select(CounterRow.value).where(CounterRow.name == name)).scalar() or 0)


async def test_an_update_is_handled_and_marked_done(database: Database, start: Start) -> None:
    seen: list[Any] = []

    async def handle(item: InboxItem) -> None:
        seen.append(item.update["message"]["text"])

    intake = await start(handle)
    await intake.accept([update(1)])
    await intake.settle()
    assert seen == ["привет"]
    assert await states(database) == {1: DONE}


async def test_an_update_delivered_twice_takes_effect_once(database: Database, start: Start) -> None:
    async def handle(item: InboxItem) -> None:
        def act(tx: Connection) -> None:
            item.mark_done(tx)
            bump(tx, "effects")

        await database.run(act)

    intake = await start(handle)
    assert await intake.accept([update(1), update(1)]) == 1
    await intake.settle()
    assert await intake.accept([update(1)]) == 0
    await intake.settle()
    assert await value(database, "effects") == 1


async def test_order_holds_within_a_chat_while_chats_go_on_at_once(start: Start) -> None:
    order: dict[int, list[int]] = {1: [], 2: []}
    slow = asyncio.Event()
    second_chat_done = asyncio.Event()

    async def handle(item: InboxItem) -> None:
        if item.update["update_id"] == 1:
            await slow.wait()
        order[item.chat_id].append(item.update["update_id"])
        if item.update["update_id"] == 4:
            second_chat_done.set()

    intake = await start(handle)
    await intake.accept([update(1, 1), update(2, 1), update(3, 2), update(4, 2), update(5, 1)])
    await second_chat_done.wait()
    assert order == {1: [], 2: [3, 4]}
    slow.set()
    await intake.settle()
    assert order == {1: [1, 2, 5], 2: [3, 4]}


async def test_what_was_stored_before_a_crash_is_handled_after_it_in_order(database: Database, start: Start) -> None:
    stuck = asyncio.Event()
    begun = asyncio.Event()

    async def hang(item: InboxItem) -> None:
        begun.set()
        await stuck.wait()

    first = await start(hang)
    await first.accept([update(1), update(2)])
    await begun.wait()
    await first.stop(patience=0.0)
    assert await states(database) == {1: PENDING, 2: PENDING}

    seen: list[int] = []

    async def handle(item: InboxItem) -> None:
        seen.append(item.update["update_id"])

    second = await start(handle)
    await second.settle()
    assert seen == [1, 2]
    assert await states(database) == {1: DONE, 2: DONE}


async def test_a_crash_between_effect_and_commit_leaves_nothing_half_done(database: Database, start: Start) -> None:
    tries: list[int] = []

    async def handle(item: InboxItem) -> None:
        def act(tx: Connection) -> None:
            item.mark_done(tx)
            bump(tx, "effects")
            tries.append(item.id)
            if len(tries) == 1:
                raise ConnectionError("the lights went out")

        await database.run(act)

    intake = await start(handle)
    await intake.accept([update(1)])
    await intake.settle()
    assert len(tries) == 2
    assert await value(database, "effects") == 1


async def test_an_update_that_fails_three_times_is_put_aside_and_the_next_is_served(
    database: Database, start: Start
) -> None:
    told: list[tuple[int, str]] = []
    tries: list[int] = []

    async def handle(item: InboxItem) -> None:
        tries.append(item.update["update_id"])
        if item.update["update_id"] == 1:
            raise ValueError("cannot read 'Мария Иванова' +7 912 345-67-89")

    async def alert(item: InboxItem, error: BaseException) -> None:
        told.append((item.update["update_id"], type(error).__name__))

    intake = await start(handle, on_quarantine=alert)
    await intake.accept([update(1), update(2)])
    began = time.monotonic()
    await intake.settle()
    assert time.monotonic() - began < 1.0, "three tries hold up what follows in the chat for less than a second"
    assert tries == [1, 1, 1, 2]
    assert told == [(1, "ValueError")]
    assert await states(database) == {1: FAILED, 2: DONE}
    failure = await database.run(
        lambda tx: tx.execute(select(InboxRow.failure).where(InboxRow.update_id == 1)).scalar()
    )
    assert failure is not None
    assert "ValueError" in failure
    assert "Мария" not in failure and "345-67" not in failure


async def test_what_fails_because_the_database_is_away_is_not_put_aside_for_it(
    database: Database, start: Start
) -> None:
    """Forgotten by nobody: four short failures of the database while a press is carried out, and it is carried out."""
    tries: list[int] = []

    async def handle(item: InboxItem) -> None:
        def act(tx: Connection) -> None:
            item.mark_done(tx)
            bump(tx, "effects")
            tries.append(item.id)
            if len(tries) < 5:
                raise DatabaseAway

        await database.run(act)

    intake = await start(handle)
    await intake.accept([update(1)])
    async with asyncio.timeout(10):
        await intake.settle()
    assert len(tries) == 5
    assert await states(database) == {1: DONE}
    assert await value(database, "effects") == 1


async def test_what_brings_the_database_down_each_time_is_put_aside_in_the_end(
    database: Database, start: Start
) -> None:
    async def handle(item: InboxItem) -> None:
        if item.update["update_id"] == 1:
            raise DatabaseAway

    intake = await start(handle)
    await intake.accept([update(1), update(2)])
    async with asyncio.timeout(20):
        await intake.settle()
    assert await states(database) == {1: FAILED, 2: DONE}


async def test_an_update_that_ends_the_program_three_times_is_put_aside_before_the_fourth(
    database: Database, start: Start
) -> None:
    """Twice: what kills the process writes down no failure, so its attempts are counted before the work begins; what
    waits behind it, or elsewhere, is served then."""
    begun: list[int] = []
    seen: list[int] = []
    told: list[str] = []

    async def ends_the_program(item: InboxItem) -> None:
        if item.update["update_id"] != 1:
            seen.append(item.update["update_id"])
            return
        begun.append(1)
        await asyncio.Event().wait()

    async def alert(item: InboxItem, error: BaseException) -> None:
        told.append(type(error).__name__)

    for run in range(1, 5):
        intake = await start(ends_the_program, on_quarantine=alert)
        if run == 1:
            await intake.accept([update(1), update(2)])
        await until(lambda run=run: len(begun) == run or told)
        if run < 4:
            await intake.stop(patience=0.0)
    async with asyncio.timeout(10):
        await intake.settle()
    assert (len(begun), told, seen) == (3, ["PoisonUpdate"], [2])
    assert await states(database) == {1: FAILED, 2: DONE}


async def test_what_was_only_waiting_when_the_program_ended_has_three_tries_of_its_own(
    database: Database, start: Start
) -> None:
    """Its chat's first one was worked at; the second had not been begun."""
    tries: list[int] = []

    async def hang(item: InboxItem) -> None:
        tries.append(0)
        await asyncio.Event().wait()

    async def handle(item: InboxItem) -> None:
        tries.append(item.update["update_id"])
        if item.update["update_id"] == 2:
            raise ValueError

    first = await start(hang)
    await first.accept([update(1), update(2)])
    await until(lambda: tries)
    await first.stop(patience=0.0)
    second = await start(handle)
    await second.settle()
    assert tries == [0, 1, 2, 2, 2]
    assert await states(database) == {1: DONE, 2: FAILED}


async def test_a_quarantined_update_can_be_replayed(database: Database, start: Start) -> None:
    broken = [True]

    async def handle(item: InboxItem) -> None:
        if broken[0]:
            raise RuntimeError("a bug")

    intake = await start(handle)
    await intake.accept([update(1), update(2)])
    await intake.settle()
    assert await states(database) == {1: FAILED, 2: FAILED}
    broken[0] = False
    assert await intake.replay() == 2
    await intake.settle()
    assert await states(database) == {1: DONE, 2: DONE}
    assert await intake.replay() == 0


async def test_two_replicas_hold_an_update_and_one_takes_effect(
    database: Database, database_url: str, start: Start
) -> None:
    other = await open_database(database_url)
    both = asyncio.Barrier(2)

    def handler(db: Database) -> Handle:
        async def handle(item: InboxItem) -> None:
            await both.wait()

            def act(tx: Connection) -> None:
                item.mark_done(tx)
                bump(tx, "effects")

            await db.run(act)

        return handle

    await database.run(lambda tx: inbox.store(tx, Me.id, [update(1)], MovableClock(), False))
    one = await start(handler(database))
    two = await start(handler(other), db=other)
    await asyncio.gather(one.settle(), two.settle())
    await two.stop()
    await other.close()
    assert await value(database, "effects") == 1
    assert one.handled + two.handled == 1


async def test_marking_twice_raises_so_that_the_transaction_rolls_back(database: Database, clock: MovableClock) -> None:
    items = await database.run(lambda tx: inbox.store(tx, Me.id, [update(1)], clock, False))
    await database.run(items[0].mark_done)
    with pytest.raises(AlreadyHandled):
        await database.run(items[0].mark_done)


async def test_a_replica_does_not_overtake_an_earlier_update_of_the_same_chat(
    database: Database, clock: MovableClock
) -> None:
    first, second = await database.run(lambda tx: inbox.store(tx, Me.id, [update(1), update(2)], clock, True))
    with pytest.raises(inbox.OutOfOrder):
        await database.run(second.mark_done)
    await database.run(first.mark_done)
    await database.run(second.mark_done)
    assert await states(database) == {1: DONE, 2: DONE}


async def test_more_than_fits_in_memory_is_read_from_the_table_in_order(start: Start) -> None:
    seen: list[int] = []

    async def handle(item: InboxItem) -> None:
        seen.append(item.update["update_id"])

    intake = await start(handle, share=3)
    for first in range(1, 21, 4):
        await intake.accept([update(number) for number in range(first, first + 4)])
    await intake.settle()
    assert seen == list(range(1, 21))


async def test_hostile_text_is_stored_and_handed_on_clean(database: Database, start: Start) -> None:
    seen: list[str] = []

    async def handle(item: InboxItem) -> None:
        seen.append(item.update["message"]["text"])

    intake = await start(handle)
    await intake.accept([update(1, text="a\ud800b\0c 😀")])
    await intake.settle()
    assert seen == ["a\N{REPLACEMENT CHARACTER}bc 😀"]
    body = await database.run(lambda tx: tx.execute(select(InboxRow.body)).scalar_one())
    assert body.isascii()


@pytest.mark.parametrize(
    ("raw", "chat"),
    [
        ({"message": {"chat": {"id": 5}}}, 5),
        ({"callback_query": {"from": {"id": 6}, "message": {"chat": {"id": -7}}}}, -7),
        ({"callback_query": {"from": {"id": 6}}}, 6),
        ({"inline_query": {"from": {"id": 8}}}, 8),
        ({"my_chat_member": {"chat": {"id": 9}, "from": {"id": 1}}}, 9),
        ({"message": {"chat": {"id": 2**63}}}, 0),
        ({"something_new": {"x": 1}}, 0),
        ({"message": "?"}, 0),
    ],
)
def test_whose_turn_an_update_takes(raw: dict[str, Any], chat: int) -> None:
    assert inbox.chat_of({"update_id": 1, **raw}) == chat


async def test_bodies_of_done_updates_are_forgotten_after_a_week(database: Database, clock: MovableClock) -> None:
    items = await database.run(lambda tx: inbox.store(tx, Me.id, [update(1), update(2)], clock, False))
    await database.run(items[0].mark_done)
    clock.forward(days=8)
    await blank(database, clock())
    bodies = await database.run(lambda tx: tx.execute(select(InboxRow.body).order_by(InboxRow.id)).scalars().all())
    assert bodies[0] == ""
    assert "update_id" in bodies[1]


async def test_a_redelivered_batch_stores_nothing_new(database: Database, clock: MovableClock) -> None:
    batch = [update(number) for number in range(100)]
    for _ in range(5):
        await database.run(lambda tx: inbox.store(tx, Me.id, batch, clock, False))
    assert await database.run(lambda tx: tx.execute(select(func.count()).select_from(InboxRow)).scalar_one()) == 100


async def test_updates_nobody_works_at_are_found_again(database: Database, clock: MovableClock) -> None:
    await database.run(lambda tx: inbox.store(tx, Me.id, [update(1)], clock, False))
    before = clock.forward(seconds=20) - timedelta(seconds=15)
    await database.run(lambda tx: inbox.store(tx, Me.id, [update(2, chat=8)], clock, False))
    assert await database.run(lambda tx: inbox.waiting_chats(tx, Me.id, before)) == [7]
    assert sorted(await database.run(lambda tx: inbox.waiting_chats(tx, Me.id))) == [7, 8]
    found = await database.run(lambda tx: inbox.waiting_of(tx, Me.id, 7, clock, False, after=0, most=10))
    assert [item.update["update_id"] for item in found] == [1]


async def test_what_a_dead_bot_has_stored_is_taken_up_at_once(
    database: Database, start: Start, clock: MovableClock
) -> None:
    """Another bot's death is known; its updates wait for no sweep."""
    handled: list[int] = []

    async def handle(item: InboxItem) -> None:
        handled.append(item.update["update_id"])

    intake = await start(handle)
    await database.run(lambda tx: inbox.store(tx, Me().id, [update(1), update(2)], clock, True))
    await intake.settle()
    assert handled == []
    intake.take_over()
    async with asyncio.timeout(5):
        while len(handled) < 2:  # noqa: ASYNC110 — a list has no event
            await asyncio.sleep(0)
    assert handled == [1, 2]


async def test_the_same_number_of_another_bot_is_another_update(database: Database, clock: MovableClock) -> None:
    """A shop that moves to another bot keeps its database: the new bot's numbers begin anywhere."""
    for bot in (Me.id, Me.id + 1):
        stored = await database.run(lambda tx, bot=bot: inbox.store(tx, bot, [update(1)], clock, False))
        assert [one.update["update_id"] for one in stored] == [1]
    assert await database.run(lambda tx: tx.execute(select(func.count()).select_from(InboxRow)).scalar_one()) == 2


async def test_what_a_chat_has_waiting_beyond_its_share_stays_in_the_table(database: Database, start: Start) -> None:
    """Memory does not grow with somebody's backlog."""
    goes_on = asyncio.Event()

    async def handle(item: InboxItem) -> None:
        await goes_on.wait()

    intake = await start(handle, share=3)
    await intake.accept([update(number) for number in range(1, 51)])
    assert len(intake._queues) == 3
    goes_on.set()
    await intake.settle()
    assert set((await states(database)).values()) == {DONE}


async def test_a_full_batch_is_stored_before_anything_else_is_begun(database: Database, start: Start) -> None:
    """More waits at Telegram: whoever is next there waits for our storing, not for our work at what is stored."""
    begun: list[int] = []

    async def handle(item: InboxItem) -> None:
        begun.append(item.update["update_id"])

    intake = await start(handle)
    storing, goes_on = asyncio.Event(), asyncio.Event()
    really = database.run

    async def slowly(work: Any) -> Any:
        storing.set()
        await goes_on.wait()
        return await really(work)

    intake._backlog._db = SimpleNamespace(run=slowly)  # type: ignore[assignment]
    accepting = asyncio.ensure_future(intake.accept([update(number) for number in range(1, 101)]))
    await storing.wait()
    [other] = await really(lambda tx: inbox.store(tx, Me.id, [update(500, chat=8)], MovableClock(), False))
    intake._queues.add(other)
    await asyncio.sleep(0.05)
    assert begun == []
    goes_on.set()
    await accepting
    await intake.settle()
    assert len(begun) == 101
