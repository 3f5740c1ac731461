"""Promises 4 and 5: what is due is delivered once, in order, whatever Telegram and the network do meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from sqlalchemy import Connection, Row, select, update
from sqlalchemy.exc import OperationalError

from bot.database import Database, open_database
from bot.database_faults import DatabaseAway
from bot.delivery import outages
from bot.delivery.delivery import Delivery
from bot.delivery.outgoing_messages import DeliveryHooks
from bot.delivery.person_lane import MOST_UNKNOWN, SEND
from bot.delivery.rate_limits import RateLimits
from bot.telegram_client import BotApiCall, NotConnected
from handlers.notices.compose import OutgoingMessage
from keyboards.screen import Button, Screen, bold, line
from models.entities import Employee
from models.outbox import Planned, Scheduled
from models.tables.outbox import ScheduledRow
from models.tables.people import EmployeeRow
from models.troubles import TroubleKind
from services.operation import troubles
from services.outbox import queue, schedule
from services.unit_of_work import Company, UnitOfWork
from tests.conftest import MovableClock

DONE, PENDING, FAILED, DOUBT = ("sent", True), ("waiting", False), ("refused", True), ("unsure", True)
CALL = BotApiCall(name="sendMessage")
REFUSED = TelegramBadRequest(CALL, "Bad Request: can't parse entities")


Begin = Callable[[], Awaitable[None]] | None


@dataclass
class Post:
    """Telegram, as far as delivery sees it: `moods` are the next outcomes, an error or None for success."""

    moods: dict[int, list[Exception | None]] = field(default_factory=dict)
    seen: list[tuple[int, str]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    away: Exception | None = None  # what Telegram answers to everything, probes too
    probes: int = 0

    async def call(
        self, method: str, params: Mapping[str, Any], *, files: Any = None, paced: bool = False, begin: Begin = None
    ) -> Any:
        if method == "getMe":
            self.probes += 1
            if self.away is not None:
                raise self.away
            return {}
        if begin is not None:
            await begin()
        chat = params["chat_id"]
        self.calls.append({"method": method, **params})
        mood = self.moods[chat].pop(0) if self.moods.get(chat) else self.away
        # a lost answer: the person has the message all the same
        if mood is None or (isinstance(mood, TelegramNetworkError) and not isinstance(mood, NotConnected)):
            self.seen.append((chat, params["text"]))
        if mood is not None:
            raise mood
        return {"message_id": len(self.seen)}

    def texts(self, chat: int) -> list[str]:
        return [text for to, text in self.seen if to == chat]


@dataclass
class Verbs:
    """The verbs that rows are given to; the plainest that can be."""

    company: Company
    broken: set[str] = field(default_factory=set)
    passed_on: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def outbox(self) -> DeliveryHooks:
        return DeliveryHooks(self.fire, self.compose, self.undeliverable, self.lost, self.away, self.back)

    def lost(self, work: UnitOfWork, rows: Sequence[Scheduled], why: str) -> None:
        self.told += [f"lost {row.dedup_key}" for row in rows]

    def away(self, work: UnitOfWork, since: datetime) -> None:
        self.told.append(f"away since {since:%H:%M}")

    def back(self, work: UnitOfWork, began: datetime, over: datetime) -> None:
        self.told.append(f"away from {began:%H:%M} to {over:%H:%M}")

    def fire(self, work: UnitOfWork, row: Scheduled) -> None:
        if row.dedup_key in self.broken:
            raise ValueError("broken row")
        rows = [Planned("notice", row.rule, row.dedup_key, work.now, work.now, employee_id=row.employee_id)]
        schedule.put(work, rows)
        queue.finish(work, row)

    def compose(self, work: UnitOfWork, rows: Sequence[Scheduled], *, repeat: bool = False) -> list[OutgoingMessage]:
        out = []
        for row in rows:
            if row.dedup_key in self.broken:
                raise ValueError("broken letter")
            person = work.tx.execute(select(EmployeeRow).where(EmployeeRow.id == row.employee_id)).one()
            lines = [line(bold(row.dedup_key))] + ([line("Возможно, повтор")] if repeat else [])
            screen = Screen(tuple(lines), ((Button("Открыть", "v1:open", colour="success"),),))
            out.append(OutgoingMessage(person.telegram_id, screen, (row,), person.id))
        return out

    def undeliverable(self, work: UnitOfWork, rows: Sequence[Scheduled], why: str) -> None:
        self.passed_on += [row.dedup_key for row in rows]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def verbs(company: Company) -> Verbs:
    return Verbs(company)


@pytest.fixture
def delivery(database: Database, post: Post, clock: MovableClock, company: Company, verbs: Verbs) -> Delivery:
    return Delivery(database, post, clock, company, RateLimits.none(), verbs.outbox())


Put = Callable[..., Any]


@pytest.fixture
def put(in_work: Callable[..., Any], clock: MovableClock) -> Put:
    async def run(person: Employee, *anchors: str, kind: str = "notice", **later: float) -> None:
        at = clock() + timedelta(**later) - timedelta(milliseconds=1)

        def write(work: UnitOfWork) -> None:
            rows = [
                Planned(kind, f"rule-{anchor}", anchor, at + timedelta(microseconds=place), at, employee_id=person.id)
                for place, anchor in enumerate(anchors)
            ]
            schedule.put(work, rows)

        await in_work(write)

    return run


async def states(db: Database) -> dict[str, tuple[str, bool]]:
    """How far each message has come, and whether that is its end."""
    rows = await db.run(
        lambda tx: tx.execute(
            select(ScheduledRow.dedup_key, ScheduledRow.delivery_state, ScheduledRow.done_at).where(
                ScheduledRow.kind == "notice"
            )
        ).all()
    )
    return {row.dedup_key: (row.delivery_state, row.done_at is not None) for row in rows}


async def failure(db: Database, anchor: str) -> str:
    query = select(ScheduledRow.failure).where(ScheduledRow.dedup_key == anchor)
    return str(await db.run(lambda tx: tx.execute(query).scalar_one()))


def everything(work: UnitOfWork) -> list[Row[Any]]:
    """Every row of the schedule, with its lease."""
    return list(work.tx.execute(select(ScheduledRow).order_by(ScheduledRow.id)).all())


async def until(what: Callable[[], bool]) -> None:
    """Let others run until it is so."""
    async with asyncio.timeout(10):
        while not what():  # noqa: ASYNC110 — it is not ours to signal
            await asyncio.sleep(0.001)


async def test_what_is_due_arrives_in_due_order_and_what_is_not_waits(
    delivery: Delivery, post: Post, hire: Any, put: Put, clock: MovableClock, database: Database
) -> None:
    anna = await hire("Анна")
    await put(anna, "one", "two")
    await put(anna, "later", hours=1)
    assert await delivery.tick() == 2
    assert post.texts(anna.telegram_id) == ["<b>one</b>", "<b>two</b>"]
    assert await states(database) == {"one": DONE, "two": DONE, "later": PENDING}
    clock.forward(hours=1, seconds=1)
    await delivery.tick()
    assert post.texts(anna.telegram_id)[-1] == "<b>later</b>"


async def test_a_timer_rings_and_its_notice_goes_out_in_the_same_tick(
    delivery: Delivery, post: Post, hire: Any, put: Put
) -> None:
    anna = await hire("Анна")
    await put(anna, "stuck", kind="timer")
    await delivery.tick()
    assert post.texts(anna.telegram_id) == ["<b>stuck</b>"]


async def test_a_broken_timer_stops_nobody_and_fails_with_its_reason_after_five_tries(
    delivery: Delivery, post: Post, hire: Any, put: Put, verbs: Verbs, clock: MovableClock, database: Database
) -> None:
    anna = await hire("Анна")
    verbs.broken.add("bad")
    await put(anna, "bad", "good", kind="timer")
    await delivery.tick()
    assert post.texts(anna.telegram_id) == ["<b>good</b>"]
    for _ in range(6):
        clock.forward(minutes=11)
        await delivery.tick()
    row = await database.run(lambda tx: tx.execute(select(ScheduledRow).where(ScheduledRow.dedup_key == "bad")).one())
    assert (row.delivery_state, row.failures) == ("refused", queue.MOST_FAILURES)
    assert "broken row" in row.failure
    assert verbs.told == ["lost bad"], "and somebody hears of it"


async def test_a_letter_that_cannot_be_written_does_not_silence_the_others(
    delivery: Delivery, post: Post, hire: Any, put: Put, verbs: Verbs
) -> None:
    anna = await hire("Анна")
    verbs.broken.add("bad")
    await put(anna, "one", "bad", "two")
    await delivery.tick()
    assert post.texts(anna.telegram_id) == ["<b>one</b>", "<b>two</b>"]


@pytest.mark.parametrize(
    "spoilt",
    [{"delivery_state": "later"}, {"envelope": [1]}, {"envelope": {"passed": None}}, {"payload": [1]}],
    ids=["a state of another version", "an envelope that is a list", "nobody's list", "a payload that is a list"],
)
async def test_a_row_that_this_version_cannot_read_does_not_silence_the_others(
    delivery: Delivery, database: Database, post: Post, hire: Any, put: Put, spoilt: dict[str, Any]
) -> None:
    anna = await hire("Анна")
    await put(anna, "bad", "good")
    await database.run(lambda tx: tx.execute(update(ScheduledRow).where(ScheduledRow.dedup_key == "bad"), spoilt))
    await delivery.tick()
    assert any("good" in text for text in post.texts(anna.telegram_id))


async def test_a_message_for_nobody_is_refused_and_the_others_go_out(
    delivery: Delivery, database: Database, post: Post, hire: Any, put: Put
) -> None:
    anna = await hire("Анна")
    await put(anna, "bad", "good")
    nobodys = update(ScheduledRow).where(ScheduledRow.dedup_key == "bad").values(employee_id=None)
    await database.run(lambda tx: tx.execute(nobodys))
    await delivery.tick()
    assert post.texts(anna.telegram_id) == ["<b>good</b>"]
    assert (await states(database))["bad"] == FAILED
    assert await failure(database, "bad") == "it is for nobody"


async def test_a_429_parks_that_chat_alone_and_keeps_its_order(
    delivery: Delivery, post: Post, hire: Any, put: Put, clock: MovableClock
) -> None:
    anna, boris = await hire("Анна"), await hire("Борис")
    post.moods[anna.telegram_id] = [TelegramRetryAfter(CALL, "Too Many Requests", 30)]
    await put(anna, "one", "two")
    await put(boris, "hello")
    await delivery.tick()
    assert post.texts(anna.telegram_id) == []
    assert post.texts(boris.telegram_id) == ["<b>hello</b>"]
    clock.forward(seconds=20)
    await delivery.tick()
    assert post.texts(anna.telegram_id) == []
    clock.forward(seconds=11)
    await delivery.tick()
    assert post.texts(anna.telegram_id) == ["<b>one</b>", "<b>two</b>"]


@pytest.mark.parametrize(
    "away",
    [NotConnected(CALL, "refused"), TelegramNetworkError(CALL, "no answer"), TelegramServerError(CALL, "Bad Gateway")],
    ids=["refused", "hanging", "502"],
)
async def test_while_telegram_is_away_only_a_probe_asks_and_everything_goes_in_order_afterwards(
    delivery: Delivery, post: Post, hire: Any, put: Put, clock: MovableClock, database: Database, verbs: Verbs,
    away: Exception,
) -> None:  # fmt: skip
    """An outage is one thing, whatever it looks like: nobody's message is tried again and again in it, none is lost."""
    people = [await hire(name) for name in ("Анна", "Борис", "Вера", "Глеб")]
    post.away = away
    for one in people:
        await put(one, f"a{one.id}", f"b{one.id}")
    await delivery.tick()
    tried = len(post.calls)
    assert tried <= len(people), "those that were under way when it began"
    for _ in range(5):
        before = post.probes
        clock.forward(hours=1)
        await delivery.tick()
        assert (len(post.calls), post.probes) == (tried, before + 1)
    unsure = set() if isinstance(away, NotConnected) else {call["chat_id"] for call in post.calls}
    post.away, post.seen = None, []
    await delivery.tick()
    for one in people:
        mark = "\nВозможно, повтор" if one.telegram_id in unsure else ""
        assert post.texts(one.telegram_id) == [f"<b>a{one.id}</b>{mark}", f"<b>b{one.id}</b>"]
    assert set((await states(database)).values()) == {DONE}
    assert verbs.told[-1] == "away from 07:00 to 12:00"


@pytest.mark.parametrize("doubt", [TelegramNetworkError(CALL, "no answer"), TelegramServerError(CALL, "Bad Gateway")])
async def test_a_lost_answer_leads_to_one_marked_repeat(
    delivery: Delivery, post: Post, hire: Any, put: Put, clock: MovableClock, database: Database, doubt: Exception
) -> None:
    anna = await hire("Анна")
    post.moods[anna.telegram_id] = [doubt]
    await put(anna, "one", "two")
    await delivery.tick()
    assert "two" not in "".join(post.texts(anna.telegram_id))
    clock.forward(seconds=11)
    await delivery.tick()
    assert post.texts(anna.telegram_id)[-2:] == ["<b>one</b>\nВозможно, повтор", "<b>two</b>"]
    assert await states(database) == {"one": DONE, "two": DONE}


async def test_a_message_of_doubt_is_repeated_until_it_is_known(
    delivery: Delivery, post: Post, hire: Any, put: Put, clock: MovableClock, database: Database
) -> None:
    anna = await hire("Анна")
    post.moods[anna.telegram_id] = [TelegramNetworkError(CALL, "no answer")] * 3
    await put(anna, "one")
    for _ in range(5):
        await delivery.tick()
        clock.forward(minutes=5)
    assert post.texts(anna.telegram_id) == ["<b>one</b>", *["<b>one</b>\nВозможно, повтор"] * 3]
    assert await states(database) == {"one": DONE}


async def test_a_chat_that_never_answers_while_others_do_ends_in_doubt_and_somebody_is_told(
    delivery: Delivery, post: Post, hire: Any, put: Put, clock: MovableClock, database: Database, verbs: Verbs
) -> None:
    anna = await hire("Анна")
    post.moods[anna.telegram_id] = [TelegramNetworkError(CALL, "no answer")] * 20
    await put(anna, "one")
    for _ in range(10):
        await delivery.tick()
        clock.forward(minutes=11)
    assert len(post.texts(anna.telegram_id)) == MOST_UNKNOWN
    assert await states(database) == {"one": DOUBT}
    assert verbs.told == ["lost one"]


async def test_one_chat_that_does_not_answer_holds_up_nobody_else(
    database: Database, hire: Any, put: Put, clock: MovableClock, verbs: Verbs
) -> None:
    """Its answer never comes; what others are sent meanwhile, and what comes due for them while they are written to,
    goes out at once: the bell is rung for it."""
    slow, quick = await hire("Медленный"), await hire("Быстрый")
    stuck, held = asyncio.Event(), asyncio.Event()

    class Hanging(Post):
        async def call(self, method: str, params: Mapping[str, Any], **how: Any) -> Any:
            answer = await super().call(method, params, **how) if params.get("chat_id") == quick.telegram_id else None
            await (stuck if answer is None else held).wait()
            return answer or await super().call(method, params, **how)

    post, rung = Hanging(), asyncio.Event()
    delivery = Delivery(database, post, clock, verbs.company, RateLimits.none(), verbs.outbox())
    delivery.on_free = rung.set
    await put(slow, "slow")
    await put(quick, "one")
    await delivery.tick(budget=1.0)
    await put(quick, "two")
    await delivery.tick(budget=1.0)
    await until(lambda: post.texts(quick.telegram_id) == ["<b>one</b>"])
    assert not rung.is_set(), "he is still being written to"
    held.set()
    await until(rung.is_set)
    await delivery.tick(budget=1.0)
    await until(lambda: post.texts(quick.telegram_id) == ["<b>one</b>", "<b>two</b>"])
    assert post.texts(slow.telegram_id) == []
    stuck.set()
    await delivery.tick()
    assert post.texts(slow.telegram_id) == ["<b>slow</b>"]


async def test_what_has_just_begun_does_not_wait_for_a_claim_that_finds_nothing(
    delivery: Delivery, post: Post, hire: Any, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Colleagues hear of a tap within 50 ms: a claim more would go before their messages' own transactions."""
    anna = await hire("Анна")
    claims, claim = [], queue.claim

    def counted(work: UnitOfWork, *given: int, **how: int) -> list[Scheduled]:
        claims.append(work.now)
        return claim(work, *given, **how)

    monkeypatch.setattr(queue, "claim", counted)
    await put(anna, "one")
    await delivery.tick(budget=1.0)
    assert len(claims) == 1
    await until(lambda: post.texts(anna.telegram_id) == ["<b>one</b>"])
    await put(anna, "fires", kind="timer")
    await delivery.tick(budget=1.0)
    assert len(claims) == 3, "a timer may have brought what is due now"
    await delivery.sender.settle()
    assert post.texts(anna.telegram_id) == ["<b>one</b>", "<b>fires</b>"]


async def test_a_retry_changes_neither_the_order_nor_the_time_that_it_was_meant_for(
    delivery: Delivery, post: Post, hire: Any, put: Put, clock: MovableClock, in_work: Any
) -> None:
    anna = await hire("Анна")
    post.moods[anna.telegram_id] = [TelegramRetryAfter(CALL, "Too Many Requests", 30)]
    await put(anna, "one")
    meant = [(row.run_at, row.scheduled_for) for row in await in_work(everything)]
    await delivery.tick()
    clock.forward(seconds=20)
    await put(anna, "two")
    await delivery.tick()
    assert post.texts(anna.telegram_id) == [], "what came later waits behind it"
    clock.forward(seconds=11)
    await delivery.tick()
    assert post.texts(anna.telegram_id) == ["<b>one</b>", "<b>two</b>"]
    assert [(row.run_at, row.scheduled_for) for row in await in_work(everything)][:1] == meant


async def test_a_clock_that_is_set_back_prolongs_no_wait(
    delivery: Delivery, post: Post, hire: Any, put: Put, clock: MovableClock
) -> None:
    anna = await hire("Анна")
    post.moods[anna.telegram_id] = [TelegramNetworkError(CALL, "no answer")]
    await put(anna, "one")
    await delivery.tick()
    clock.forward(hours=-2)
    await delivery.tick()
    assert post.texts(anna.telegram_id) == ["<b>one</b>", "<b>one</b>\nВозможно, повтор"]


async def test_an_outcome_that_the_database_did_not_take_is_written_later_and_nothing_is_repeated(
    database: Database, hire: Any, put: Put, clock: MovableClock, verbs: Verbs
) -> None:
    class Away:
        """The database, which can be gone."""

        def __init__(self) -> None:
            self.name, self.gone = database.name, False

        async def run(self, work: Callable[[Connection], Any]) -> Any:
            if self.gone:
                raise OperationalError("UPDATE", {}, Exception("database is locked"))
            return await database.run(work)

        async def close(self) -> None: ...

    away = Away()

    class Falls(Post):
        async def call(self, method: str, params: Mapping[str, Any], **how: Any) -> Any:
            sent = await super().call(method, params, **how)
            away.gone = True
            return sent

    anna, post = await hire("Анна"), Falls()
    await put(anna, "one")
    delivery = Delivery(away, post, clock, verbs.company, RateLimits.none(), verbs.outbox())
    with pytest.raises(OperationalError):
        await delivery.tick()
    clock.forward(hours=1)
    away.gone = False
    await delivery.tick()
    assert post.texts(anna.telegram_id) == ["<b>one</b>"]
    assert await states(database) == {"one": DONE}


class AwayAtFirst(Verbs):
    """The database is gone when the first messages are written, or the first timer rings."""

    met = 0
    times = 3  # two messages together, and each of them

    def _meet(self) -> None:
        self.met += 1
        if self.met <= self.times:
            raise DatabaseAway

    def fire(self, work: UnitOfWork, row: Scheduled) -> None:
        self._meet()
        super().fire(work, row)

    def compose(self, work: UnitOfWork, rows: Sequence[Scheduled], *, repeat: bool = False) -> list[OutgoingMessage]:
        self._meet()
        return super().compose(work, rows, repeat=repeat)


class NotMarked(Post):
    """The database is gone when the first message is to be marked as being sent."""

    met = 0

    async def call(self, method: str, params: Mapping[str, Any], **how: Any) -> Any:
        self.met += 1
        if self.met == 1:
            raise DatabaseAway
        return await super().call(method, params, **how)


@pytest.mark.parametrize("when", ["written", "marked"])
async def test_a_message_that_the_database_was_away_for_goes_as_soon_as_it_is_back(
    database: Database, company: Company, hire: Any, put: Put, in_work: Any, clock: MovableClock, when: str
) -> None:
    """A restart of PostgreSQL at that moment is no failure of the message's: it cost half a minute, and five of them
    the message."""
    anna = await hire("Анна")
    await put(anna, "one", "two")
    verbs, post = (AwayAtFirst(company), Post()) if when == "written" else (Verbs(company), NotMarked())
    delivery = Delivery(database, post, clock, company, RateLimits.none(), verbs.outbox())
    for _ in range(AwayAtFirst.times + 1):  # the clock stands still
        await delivery.tick()
    assert post.texts(anna.telegram_id) == ["<b>one</b>", "<b>two</b>"]
    assert [row.failures for row in await in_work(everything)] == [0, 0]


async def test_a_timer_that_the_database_was_away_for_rings_a_moment_later(
    database: Database, company: Company, post: Post, hire: Any, put: Put, in_work: Any, clock: MovableClock
) -> None:
    anna = await hire("Анна")
    await put(anna, "bell", kind="timer")
    delivery = Delivery(database, post, clock, company, RateLimits.none(), AwayAtFirst(company).outbox())
    for _ in range(AwayAtFirst.times):
        await delivery.tick()
        assert post.texts(anna.telegram_id) == []
        clock.forward(seconds=1)
    await delivery.tick()
    assert post.texts(anna.telegram_id) == ["<b>bell</b>"]
    assert {row.failures for row in await in_work(everything)} == {0}


async def test_a_429_on_the_repeat_keeps_the_mark(
    delivery: Delivery, post: Post, hire: Any, put: Put, clock: MovableClock
) -> None:
    anna = await hire("Анна")
    post.moods[anna.telegram_id] = [TelegramNetworkError(CALL, "?"), TelegramRetryAfter(CALL, "slow", 5)]
    await put(anna, "one")
    for _ in range(3):
        await delivery.tick()
        clock.forward(seconds=15)
    assert post.texts(anna.telegram_id) == ["<b>one</b>", "<b>one</b>\nВозможно, повтор"]


class Endless(Post):
    """Its answer never comes, though the person has the message."""

    async def call(self, method: str, params: Mapping[str, Any], **how: Any) -> Any:
        await super().call(method, params, **how)
        await asyncio.Event().wait()


async def test_a_sender_killed_while_sending_costs_one_marked_repeat(
    database: Database, delivery: Delivery, post: Post, hire: Any, put: Put, clock: MovableClock, verbs: Verbs
) -> None:
    """Of three messages one was under way: it is repeated, marked; the others come for the first time, in order."""
    anna = await hire("Анна")
    await put(anna, "one", "two", "three")
    dying = Delivery(database, Endless(seen=post.seen), clock, verbs.company, RateLimits.none(), verbs.outbox())
    await dying.tick(budget=1.0)
    await until(lambda: len(post.seen) == 1)
    await delivery.tick()
    assert len(post.seen) == 1  # nobody knows yet that it is dead
    await delivery.take_over()
    await delivery.tick()
    assert post.texts(anna.telegram_id) == [
        "<b>one</b>", "<b>one</b>\nВозможно, повтор", "<b>two</b>", "<b>three</b>",
    ]  # fmt: skip
    assert set((await states(database)).values()) == {DONE}
    await dying.close(patience=0.01)  # what the dead one may still write counts for nothing
    assert set((await states(database)).values()) == {DONE}


async def test_a_sender_stopped_in_the_middle_of_a_call_says_that_it_may_have_arrived(
    database: Database, delivery: Delivery, post: Post, hire: Any, put: Put, clock: MovableClock, verbs: Verbs
) -> None:
    anna = await hire("Анна")
    await put(anna, "one", "two")
    stopping = Delivery(database, Endless(seen=post.seen), clock, verbs.company, RateLimits.none(), verbs.outbox())
    await stopping.tick(budget=1.0)
    await until(lambda: len(post.seen) == 1)
    await stopping.close(patience=0.01)
    await delivery.tick()
    assert post.texts(anna.telegram_id) == ["<b>one</b>", "<b>one</b>\nВозможно, повтор", "<b>two</b>"]


async def test_somebody_who_blocked_the_bot_is_noted_and_his_messages_are_passed_on(
    delivery: Delivery, post: Post, hire: Any, put: Put, verbs: Verbs, database: Database
) -> None:
    anna = await hire("Анна")
    post.moods[anna.telegram_id] = [TelegramForbiddenError(CALL, "Forbidden: bot was blocked by the user")]
    await put(anna, "one", "two")
    await delivery.tick()
    assert len(post.calls) == 1
    assert verbs.passed_on == ["one", "two"]
    assert await states(database) == {"one": FAILED, "two": FAILED}
    assert "blocked" in await failure(database, "one")
    since = select(EmployeeRow.unreachable_at).where(EmployeeRow.id == anna.id)
    assert await database.run(lambda tx: tx.execute(since).scalar_one()) is not None


async def test_a_message_telegram_refuses_goes_out_once_as_plain_text(
    delivery: Delivery, post: Post, hire: Any, put: Put, database: Database
) -> None:
    anna = await hire("Анна")
    post.moods[anna.telegram_id] = [REFUSED]
    await put(anna, "one", "two")
    await delivery.tick()
    assert post.texts(anna.telegram_id) == ["one", "<b>two</b>"]
    plain = post.calls[1]
    assert "parse_mode" not in plain
    assert plain["reply_markup"]["inline_keyboard"] == [[{"text": "Открыть", "callback_data": "v1:open"}]]
    assert await states(database) == {"one": DONE, "two": DONE}


async def test_a_message_refused_even_as_plain_text_fails_with_the_reason_and_the_next_goes_out(
    delivery: Delivery, post: Post, hire: Any, put: Put, database: Database, verbs: Verbs
) -> None:
    anna = await hire("Анна")
    post.moods[anna.telegram_id] = [REFUSED, REFUSED]
    await put(anna, "one", "two")
    await delivery.tick()
    assert post.texts(anna.telegram_id) == ["<b>two</b>"]
    assert await states(database) == {"one": FAILED, "two": DONE}
    assert "parse entities" in await failure(database, "one")
    assert verbs.told == ["lost one"], "and somebody hears of it"


async def test_two_replicas_send_each_row_once(
    database: Database, database_url: str, delivery: Delivery, post: Post, hire: Any, put: Put, clock: MovableClock,
    verbs: Verbs,
) -> None:  # fmt: skip
    people = [await hire(f"Человек {number}") for number in range(10)]
    for one in people:
        await put(one, *(f"{one.id}-{place}" for place in range(8)))
    second_db = await open_database(database_url)
    second = Delivery(second_db, post, clock, verbs.company, RateLimits.none(), verbs.outbox())
    for _ in range(6):
        await asyncio.gather(delivery.tick(), second.tick())
        clock.forward(seconds=2)
    await second_db.close()
    for one in people:
        assert post.texts(one.telegram_id) == [f"<b>{one.id}-{place}</b>" for place in range(8)]


async def test_ticks_at_the_same_time_become_one_more_tick(delivery: Delivery, post: Post, hire: Any, put: Put) -> None:
    anna = await hire("Анна")
    await put(anna, "one")
    counts = await asyncio.gather(*(delivery.tick() for _ in range(20)))
    assert sorted(counts)[-1] == 1
    assert sum(counts) == 1
    assert post.texts(anna.telegram_id) == ["<b>one</b>"]


async def test_after_close_nothing_more_is_begun(delivery: Delivery, post: Post, hire: Any, put: Put) -> None:
    anna = await hire("Анна")
    await put(anna, "one")
    await delivery.close()
    assert await delivery.tick() == 0
    assert post.seen == []


async def test_a_sender_whose_claim_has_lapsed_sends_nothing_that_another_has_taken_over(
    delivery: Delivery, post: Post, hire: Any, put: Put, in_work: Any, clock: MovableClock, database: Database
) -> None:
    """It was held up between its claim and its letters, longer than the claim lasts."""
    anna = await hire("Анна")
    await put(anna, "one", "two")
    late = await in_work(queue.claim)
    await in_work(queue.set_free)
    theirs = await in_work(queue.claim)
    taken_over = await in_work(everything)
    await delivery.sender.deliver(late)
    assert post.calls == []
    assert await in_work(everything) == taken_over
    await delivery.sender.deliver(theirs)
    assert post.texts(anna.telegram_id) == ["<b>one</b>", "<b>two</b>"]
    assert await states(database) == {"one": DONE, "two": DONE}


async def test_a_letter_of_several_rows_is_not_sent_when_one_of_them_was_taken_over(
    database: Database, post: Post, company: Company, hire: Any, put: Put, in_work: Any, clock: MovableClock
) -> None:
    """What is told together by one would else be told in part by two."""

    class Together(Verbs):
        def compose(
            self, work: UnitOfWork, rows: Sequence[Scheduled], *, repeat: bool = False
        ) -> list[OutgoingMessage]:
            every = super().compose(work, rows, repeat=repeat)
            return [replace(every[0], rows=tuple(row for one in every for row in one.rows))]

    await put(await hire("Анна"), "one", "two")
    sender = Delivery(database, post, clock, company, RateLimits.none(), Together(company).outbox())
    late = await in_work(queue.claim)
    await in_work(queue.set_free)
    await in_work(queue.claim)
    await sender.sender.deliver(late)
    assert post.calls == []


async def test_an_outcome_that_comes_after_the_claim_has_lapsed_is_not_written_over_another_s(
    database: Database, company: Company, verbs: Verbs, hire: Any, put: Put, in_work: Any, clock: MovableClock
) -> None:
    """Telegram answered so late that somebody else is repeating the letter already: the row is his."""
    anna = await hire("Анна")
    await put(anna, "one")

    class Slow(Post):
        async def call(self, method: str, params: Mapping[str, Any], **how: Any) -> Any:
            await how["begin"]()
            await in_work(queue.set_free)
            assert len(await in_work(queue.claim)) == 1
            self.taken_over = await in_work(everything)
            raise TelegramRetryAfter(CALL, "Too Many Requests", 30)

    slow = Slow()
    late = Delivery(database, slow, clock, company, RateLimits.none(), verbs.outbox())
    await late.sender.deliver(await in_work(queue.claim))
    assert await in_work(everything) == slow.taken_over


async def test_a_letter_may_take_as_long_as_it_may_and_nobody_else_sends_it_meanwhile(
    database: Database, company: Company, verbs: Verbs, hire: Any, put: Put, in_work: Any, clock: MovableClock
) -> None:
    anna = await hire("Анна")
    await put(anna, "one")

    class Slow(Post):
        async def call(self, method: str, params: Mapping[str, Any], **how: Any) -> Any:
            clock.forward(seconds=SEND)
            assert await in_work(queue.claim) == []
            return await super().call(method, params, **how)

    slow = Slow()
    assert await Delivery(database, slow, clock, company, RateLimits.none(), verbs.outbox()).tick() == 1
    assert slow.texts(anna.telegram_id) == ["<b>one</b>"]
    assert await states(database) == {"one": DONE}


async def test_a_chat_without_an_answer_is_an_outage_if_telegram_itself_does_not_answer_either(
    delivery: Delivery, post: Post, hire: Any, put: Put
) -> None:
    """One chat is enough to find out: nobody else's message is tried in vain."""
    anna, boris = await hire("Анна"), await hire("Борис")
    await put(anna, "one")
    post.away = TelegramNetworkError(CALL, "no answer")
    await delivery.tick()
    assert delivery.breaker.is_open
    await put(boris, "two")
    await delivery.tick()
    assert post.texts(boris.telegram_id) == []


@pytest.mark.parametrize(("lasted", "told"), [(20, ["away from 07:00 to 07:00"]), (7200, ["away from 07:00 to 09:00"])])
async def test_an_outage_after_which_nothing_is_to_be_sent_is_over_when_telegram_answers(
    delivery: Delivery, post: Post, hire: Any, put: Put, clock: MovableClock, database: Database, verbs: Verbs,
    lasted: int, told: list[str],
) -> None:  # fmt: skip
    """What waited is not wanted any more, and the next message is one of tomorrow: the owner would hear of a night
    without Telegram."""
    anna = await hire("Анна")
    post.away = NotConnected(CALL, "refused")
    await put(anna, "one")
    await delivery.tick()
    assert delivery.breaker.is_open
    gone = update(ScheduledRow).values(done_at=clock(), delivery_state="void")
    await database.run(lambda tx: tx.execute(gone))
    clock.forward(seconds=lasted)
    post.away = None
    await delivery.tick()
    clock.forward(hours=9)
    await delivery.tick()
    assert verbs.told == told


async def test_an_outage_that_an_earlier_run_told_of_is_over_though_nothing_is_to_be_sent(
    delivery: Delivery, post: Post, hire: Any, clock: MovableClock, database: Database, company: Company
) -> None:
    """The bot was started anew in it, which is what people try; it would stand on the health page until somebody is
    written to."""
    await hire("Сергей", "owner")
    delivery._hooks = replace(delivery._hooks, back=outages.back)
    await database.run(lambda tx: troubles.begin(UnitOfWork(tx, clock(), company), TroubleKind.TELEGRAM_AWAY))
    await database.run(lambda tx: tx.execute(update(ScheduledRow).values(done_at=clock())))
    post.away = NotConnected(CALL, "refused")
    await delivery.tick()
    assert len(await database.run(troubles.open_now)) == 1
    clock.forward(hours=1)
    post.away = None
    await delivery.tick()
    assert await database.run(troubles.open_now) == []


async def test_after_an_outage_one_message_goes_first(
    delivery: Delivery, post: Post, hire: Any, put: Put, clock: MovableClock
) -> None:
    """The probe is answered, and messages are not: of all who wait, one is tried."""
    people = [await hire(name) for name in ("Анна", "Борис", "Вера", "Глеб")]
    post.away = TelegramNetworkError(CALL, "no answer")
    for one in people:
        await put(one, f"to {one.id}")
    await delivery.tick()
    tried = len(post.calls)
    post.away = None
    post.moods = {one.telegram_id: [TelegramNetworkError(CALL, "no answer")] * 9 for one in people}
    clock.forward(hours=1)
    await delivery.tick()
    assert len(post.calls) == tried + 1
