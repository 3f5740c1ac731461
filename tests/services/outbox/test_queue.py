"""The queue of what is due: held by one running bot at a time, marked by nobody but who holds it (promise 4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Row, event, select, update

from bot.database import open_database
from models.outbox import DeliveryState, Planned, Scheduled
from models.tables.outbox import ScheduledRow
from services.outbox import queue, schedule
from services.unit_of_work import Company, UnitOfWork
from tests.conftest import MovableClock
from tests.worlds.turns import in_turn

InWork = Callable[..., Any]
Hire = Callable[..., Any]
AT_ONCE = 5  # as many as one database has connections
MOMENT = timedelta(microseconds=1)
ANNA, BORIS = 1, 2  # two running bots


async def plan(in_work: InWork, *anchors: str, kind: Any = "timer", **about: Any) -> None:
    """Rows that are due now, in this order."""

    def write(work: UnitOfWork) -> None:
        schedule.put(work, [Planned(kind, f"rule {anchor}", anchor, work.now, work.now, **about) for anchor in anchors])

    await in_work(write)


async def rows(in_work: InWork) -> list[Row[Any]]:
    """Everything that stands on the schedule."""
    query = select(ScheduledRow).order_by(ScheduledRow.id)
    found: list[Row[Any]] = await in_work(lambda work: work.tx.execute(query).all())
    return found


def named(claimed: Sequence[Scheduled]) -> list[str]:
    return [row.dedup_key for row in claimed]


# --- claiming -------------------------------------------------------------------------------------------------------


async def test_a_claim_does_not_read_all_that_is_ever_to_come(in_work: InWork) -> None:
    """A second long it goes on for ever; every deal has reminders of months ahead."""
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, given: Any, *___: object) -> None:
        asked.append((statement, given))

    def explain(work: UnitOfWork) -> list[str]:
        if work.tx.dialect.name != "sqlite":
            return []  # PostgreSQL goes by what it has counted, and a small table it reads
        event.listen(work.tx, "before_cursor_execute", note)
        queue.claim(work, ANNA)
        event.remove(work.tx, "before_cursor_execute", note)
        due, given = asked[0]
        return [row[3] for row in work.tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {due}", given)]

    found = await in_work(explain)
    assert not [step for step in found if step.startswith("SCAN")]


async def test_of_several_who_claim_at_the_same_moment_each_row_goes_to_one(
    in_work: InWork,
) -> None:
    await plan(in_work, *(f"row {number}" for number in range(120)))
    taken: list[str] = []
    for _ in range(3):  # fifty at a time: twice fifty, then twenty
        for share in await asyncio.gather(*(in_work(queue.claim) for _ in range(AT_ONCE))):
            taken += named(share)
    assert len(taken) == 120 and len(set(taken)) == 120
    assert {row.attempts for row in await rows(in_work)} == {1}


async def test_of_several_who_claim_at_the_same_moment_one_gets_all_that_is_for_a_person(
    in_work: InWork, hire: Hire
) -> None:
    """On PostgreSQL the second would else see only what the first did not take, and send it before."""
    anna = await hire("Анна")
    for turn in range(5):
        await plan(in_work, *(f"{turn}-{place}" for place in range(9)), kind="notice", employee_id=anna.id)
        shares = [share for share in await asyncio.gather(*(in_work(queue.claim) for _ in range(AT_ONCE))) if share]
        assert [named(share) for share in shares] == [[f"{turn}-{place}" for place in range(9)]]
        for row in shares[0]:
            await in_work(lambda work, row=row: queue.finish(work, row))


async def test_the_oldest_are_claimed_first_and_no_more_than_asked_for(in_work: InWork) -> None:
    def write(work: UnitOfWork) -> None:
        times = {"third": 1, "second": 2, "first": 3}
        moments = {name: work.now - timedelta(hours=ago) for name, ago in times.items()}
        schedule.put(work, [Planned("timer", name, name, at, at) for name, at in moments.items()])

    await in_work(write)
    assert named(await in_work(lambda work: queue.claim(work, most=2))) == ["first", "second"]
    assert named(await in_work(lambda work: queue.claim(work, most=2))) == ["third"]


async def test_a_row_is_due_from_its_moment_on_and_not_before(in_work: InWork, clock: MovableClock) -> None:
    await plan(in_work, "now")
    clock.at -= MOMENT
    assert await in_work(queue.claim) == []
    clock.at += MOMENT
    assert named(await in_work(queue.claim)) == ["now"]


async def test_what_somebody_holds_is_left_alone_however_long_and_free_when_he_is_dead(
    in_work: InWork, clock: MovableClock
) -> None:
    """No clock decides it: a day later it is still held, and a moment after his death it is free. (Jobs: what rings
    waits for a dead bot besides.)"""
    await plan(in_work, "one", "two", kind="job")
    [first, second] = await in_work(lambda work: queue.claim(work, ANNA))
    clock.forward(days=1)
    await in_work(lambda work: queue.set_free(work, {ANNA, BORIS}))
    assert await in_work(lambda work: queue.claim(work, BORIS)) == []
    await in_work(lambda work: queue.set_free(work, {BORIS}))
    again = await in_work(lambda work: queue.claim(work, BORIS))
    assert [(row.id, row.attempts) for row in again] == [(first.id, 2), (second.id, 2)]


async def test_nothing_rings_while_another_bot_has_earlier_ones_in_hand_but_jobs_go_on(in_work: InWork) -> None:
    """A killed bot held one; who comes after it would tell its reader of a later one first."""
    await plan(in_work, "one")
    await in_work(lambda work: queue.claim(work, ANNA))
    await plan(in_work, "two")
    await plan(in_work, "paper", kind="job")
    assert named(await in_work(lambda work: queue.claim(work, BORIS))) == ["paper"]
    await in_work(lambda work: queue.set_free(work, {BORIS}))
    assert named(await in_work(lambda work: queue.claim(work, BORIS))) == ["one", "two"]


async def test_what_one_bot_has_in_hand_keeps_it_from_nothing(in_work: InWork) -> None:
    await plan(in_work, "one")
    await in_work(lambda work: queue.claim(work, ANNA))
    await plan(in_work, "two")
    assert named(await in_work(lambda work: queue.claim(work, ANNA))) == ["two"]


async def test_a_job_that_was_in_hand_when_its_bot_ended_has_failed_once_and_a_message_has_not(in_work: InWork) -> None:
    """Twice: what ends the bot writes nothing down, and would be begun for ever."""
    await plan(in_work, "one", kind="job")
    await plan(in_work, "two", kind="timer")
    for _ in range(3):
        await in_work(lambda work: queue.claim(work, ANNA))
        await in_work(queue.set_free)
    assert [row.failures for row in await rows(in_work)] == [3, 0]


async def test_a_row_put_off_is_free_again_from_then_on(in_work: InWork, clock: MovableClock) -> None:
    await plan(in_work, "one")
    [mine] = await in_work(queue.claim)
    later = clock() + timedelta(seconds=5)
    await in_work(lambda work: queue.retry(work, mine, later, "Telegram asked for a pause"))
    assert await in_work(queue.claim) == []
    clock.at = later
    [again] = await in_work(queue.claim)
    assert (again.attempts, again.failure, again.run_at) == (2, "Telegram asked for a pause", mine.run_at)


@pytest.mark.parametrize("earlier", ["held", "waiting for its next try"])
async def test_no_message_of_a_person_is_claimed_while_an_earlier_one_is(
    in_work: InWork, hire: Hire, clock: MovableClock, earlier: str
) -> None:
    anna, boris = await hire("Анна"), await hire("Борис")
    await plan(in_work, "first", kind="notice", employee_id=anna.id)
    [first] = await in_work(lambda work: queue.claim(work, ANNA))
    if earlier != "held":
        until = clock() + timedelta(seconds=30)
        await in_work(lambda work: queue.retry(work, first, until, "Telegram asked for a pause"))
    clock.forward(seconds=1)
    await plan(in_work, "second", kind="notice", employee_id=anna.id)
    await plan(in_work, "other", kind="notice", employee_id=boris.id)
    assert named(await in_work(lambda work: queue.claim(work, BORIS))) == ["other"]
    await in_work(lambda work: queue.set_free(work, {BORIS}))
    clock.forward(seconds=30)
    assert named(await in_work(lambda work: queue.claim(work, BORIS))) == ["first", "second"]


async def test_a_wait_that_began_after_now_is_none_for_the_clock_was_set_back(
    in_work: InWork, clock: MovableClock
) -> None:
    await plan(in_work, "one")
    [mine] = await in_work(queue.claim)
    await in_work(lambda work: queue.retry(work, mine, work.now + timedelta(minutes=10), "out of reach"))
    clock.forward(hours=-1)
    assert named(await in_work(queue.claim)) == ["one"]


# --- a claim that was taken over ------------------------------------------------------------------------------------


@pytest.fixture
async def lapsed(in_work: InWork) -> Scheduled:
    """A row as the first who claimed it knows it; he was taken for dead, and somebody else has it since."""
    await plan(in_work, "one")
    [mine] = await in_work(lambda work: queue.claim(work, ANNA))
    await in_work(lambda work: queue.set_free(work, {BORIS}))
    [theirs] = await in_work(lambda work: queue.claim(work, BORIS))
    assert theirs.id == mine.id
    one: Scheduled = mine
    return one


@pytest.mark.parametrize(
    "act",
    [
        lambda work, row: queue.finish(work, row, message=7),
        lambda work, row: queue.finish(work, row, DeliveryState.REFUSED, failure="blocked"),
        lambda work, row: queue.retry(work, row, work.now + timedelta(hours=1), "out of reach"),
        queue.put_back,
        queue.begin_sending,
        queue.is_held,
    ],
    ids=["ends", "refuses", "puts off", "gives back", "begins to send", "holds"],
)
async def test_who_lost_his_claim_does_nothing_to_what_somebody_else_has_taken_over(
    in_work: InWork, lapsed: Scheduled, act: Callable[[UnitOfWork, Scheduled], bool]
) -> None:
    [before] = await rows(in_work)
    assert not await in_work(lambda work: act(work, lapsed))
    assert await rows(in_work) == [before]
    assert await in_work(lambda work: queue.finish(work, schedule.read(before), message=8))
    [after] = await rows(in_work)
    assert (after.delivery_state, after.message_id, after.holder) == (DeliveryState.SENT, 8, None)


async def test_what_was_set_free_is_not_sent_by_who_held_it_before_though_nobody_has_it_yet(in_work: InWork) -> None:
    await plan(in_work, "one")
    [mine] = await in_work(lambda work: queue.claim(work, ANNA))
    await in_work(queue.set_free)
    assert not await in_work(lambda work: queue.begin_sending(work, mine))


async def test_a_job_that_was_set_free_is_not_held_by_who_held_it_before(in_work: InWork) -> None:
    await plan(in_work, "one")
    [mine] = await in_work(lambda work: queue.claim(work, ANNA))
    assert await in_work(lambda work: queue.is_held(work, mine))
    await in_work(queue.set_free)
    assert not await in_work(lambda work: queue.is_held(work, mine))


async def test_what_a_bot_that_runs_has_in_hand_is_not_set_free(in_work: InWork) -> None:
    await plan(in_work, "one", "two")
    [_, second] = await in_work(lambda work: queue.claim(work, ANNA))
    assert await in_work(lambda work: queue.set_free(work, {ANNA, BORIS})) == 0
    await in_work(lambda work: queue.finish(work, second))
    assert await in_work(lambda work: queue.set_free(work, {BORIS})) == 1


# --- between the look and the claim ---------------------------------------------------------------------------------


class Rival:
    """A connection on which somebody else moves on after the look, just before what was seen is claimed."""

    def __init__(self, tx: Any) -> None:
        self._tx = tx

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def execute(self, statement: Any, *args: Any) -> Any:
        if statement is queue.CLAIM:
            void = {"delivery_state": DeliveryState.VOID, "done_at": args[0]["now"]}
            self._tx.execute(update(ScheduledRow).where(ScheduledRow.rule == "rule gone").values(void))
        return self._tx.execute(statement, *args)


async def test_what_has_become_void_between_the_look_and_the_claim_is_not_claimed(in_work: InWork) -> None:
    """The deal moved on meanwhile: what reminded of its stage is not said any more."""
    await plan(in_work, "gone", "stays")

    def claim(work: UnitOfWork) -> list[Scheduled]:
        work.tx = Rival(work.tx)  # type: ignore[assignment]
        return queue.claim(work)

    assert named(await in_work(claim)) == ["stays"]


async def test_who_claims_waits_for_who_claims_before_him(
    empty_postgres: str, clock: MovableClock, company: Company
) -> None:
    """On PostgreSQL two would else look at the same moment, and the second not see whose messages the first took."""
    both = [await open_database(empty_postgres) for _ in range(2)]

    def claim(tx: Connection) -> list[Scheduled]:
        return queue.claim(UnitOfWork(tx, clock(), company))

    early = "it has looked before the first one's claim was committed"
    try:
        first, second = await in_turn(both[0], claim, both[1], claim, early)
        assert [first, await second] == [[], []]
    finally:
        for db in both:
            await db.close()
