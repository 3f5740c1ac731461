"""The pinned message of a deal stays true: sent, redrawn, moved, taken down, never doubled without need (K-14)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramNetworkError, TelegramRetryAfter
from sqlalchemy import select
from sqlalchemy.util import await_only

from bot.database import Database
from bot.jobs.job_runner import JobContext, JobRunner
from bot.settings import Settings
from bot.telegram_client import BotApiCall, NotConnected
from bot.unit_of_work_factory import UnitOfWorkFactory
from models.entities import Deal, Employee
from models.tables.outbox import ScheduledRow
from models.values.received_payment import ReceivedPayment
from models.values.work_calendar import WorkCalendar
from services import payments
from services.deals import deal_commands, deal_queries, handover
from services.outbox import pinned_messages, queue
from services.people import employees
from services.unit_of_work import Company, UnitOfWork
from tests.conftest import MOSCOW, MovableClock
from tests.worlds.payment_shop import bench

TODAY = date(2026, 11, 23)


@dataclass
class Chats:
    """Telegram as far as pins go: messages by (chat, id), what is pinned, and failures to come.

    A failure is (method, error, whether the call is carried out all the same).
    """

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    buttons: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    pinned: set[tuple[int, int]] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    failures: list[tuple[str, Exception, bool]] = field(default_factory=list)

    async def call(self, method: str, params: Mapping[str, Any], *, paced: bool = False) -> Any:
        self.calls.append(method)
        failing = next((one for one in self.failures if one[0] == method), None)
        if failing is not None:
            self.failures.remove(failing)
            if failing[2]:
                self._do(method, params)
            raise failing[1]
        return self._do(method, params)

    def _do(self, method: str, params: Mapping[str, Any]) -> Any:
        chat = params["chat_id"]
        if method == "sendMessage":
            assert params["disable_notification"]
            key = (chat, 100 + len(self.texts))
            self._draw(key, params)
            return {"message_id": key[1]}
        key = (chat, params["message_id"])
        if key not in self.texts:
            what = {"editMessageText": "edit", "pinChatMessage": "pin"}.get(method, "unpin")
            raise bad(f"message to {what} not found")
        if method == "editMessageText":
            self._draw(key, params)
        elif method == "pinChatMessage":
            assert params["disable_notification"]
            self.pinned.add(key)
        elif key in self.pinned:
            self.pinned.discard(key)
        else:
            raise bad("message to unpin not found")
        return True

    def _draw(self, key: tuple[int, int], params: Mapping[str, Any]) -> None:
        self.texts[key] = params["text"].replace("\u00a0", " ")
        rows = (params.get("reply_markup") or {}).get("inline_keyboard", [])
        self.buttons[key] = [one["text"] for row in rows for one in row]

    def of(self, person: Employee) -> dict[int, str]:
        """The messages in somebody's chat."""
        return {key: text for (chat, key), text in self.texts.items() if chat == person.telegram_id}

    def hangs(self, person: Employee) -> list[int]:
        return sorted(key for chat, key in self.pinned if chat == person.telegram_id)


def bad(text: str) -> TelegramBadRequest:
    return TelegramBadRequest(BotApiCall(name="x"), f"Bad Request: {text}")


@dataclass
class Shop:
    """A deal whose stage pins a message, and the errands that keep it."""

    units: UnitOfWorkFactory
    clock: MovableClock
    chats: Chats
    errands: JobRunner
    anna: Employee
    boris: Employee
    boss: Employee
    deal: Deal

    async def run(self, do: Any, actor: Employee | None = None) -> Any:
        company = self.units.company
        return await self.units.db.run(lambda tx: do(UnitOfWork(tx, self.clock(), company, actor)))

    async def pay(self, much: int, name: str = "prepayment") -> None:
        came = ReceivedPayment(Decimal(much), TODAY, "card")
        await self.run(lambda work: deal_commands.fill(work, self.deal.id, {name: came}), self.boss)

    async def errand(self) -> None:
        """Carry out what is due now, until nothing is."""
        while rows := [row for row in await self.units.run(queue.claim) if row.kind == "job"]:
            for row in rows:
                self.errands.start(row)
            await self.errands.settle()

    async def later(self, **span: float) -> None:
        self.clock.forward(**span)
        await self.errand()

    async def pin(self) -> Any:
        return await self.run(lambda work: pinned_messages.find(work, self.deal.id))


@pytest.fixture
async def shop(database: Database, clock: MovableClock, hire: Any, tmp_path: Path) -> AsyncIterator[Shop]:
    company = Company({"bench": bench()}, WorkCalendar(MOSCOW))
    units, chats = UnitOfWorkFactory(database, clock, company), Chats()
    settings = Settings(_env_file=None, bot_token="1:pin-test", data_dir=tmp_path)
    errands = JobRunner(JobContext(units, chats, tmp_path, settings))  # type: ignore[arg-type]
    anna, boris, boss = await hire("Анна"), await hire("Борис"), await hire("Ирина", "supervisor")
    told = {"name": "Мария", "comment": "Верстак", "price": Decimal(150_000)}
    made = await database.run(
        lambda tx: deal_commands.begin(
            UnitOfWork(tx, clock(), company, anna), bench(), "order", told, responsible_id=anna.id
        )
    )
    yield Shop(units, clock, chats, errands, anna, boris, boss, made)
    await errands.close()


async def test_it_is_sent_pinned_and_opens_the_card(shop: Shop) -> None:
    await shop.errand()
    ((key, text),) = shop.chats.of(shop.anna).items()
    assert "<b>Верстак · Мария</b> · № 2026-0001" in text
    assert "Договор 150 000 ₽ · оплачено 0 ₽ · остаток 150 000 ₽" in text
    assert shop.chats.hangs(shop.anna) == [key]
    assert shop.chats.buttons[(shop.anna.telegram_id or 0, key)] == ["Открыть"]
    assert shop.chats.of(shop.boss) == {}


async def test_what_changes_on_the_card_changes_in_the_pin(shop: Shop) -> None:
    await shop.errand()
    await shop.pay(75_000)
    await shop.errand()
    (text,) = shop.chats.of(shop.anna).values()
    assert "оплачено 75 000 ₽ · остаток 75 000 ₽" in text
    await shop.run(lambda work: payments.reverse(work, shop.deal.id, 1, "ошибка"), shop.boss)
    await shop.errand()
    (text,) = shop.chats.of(shop.anna).values()
    assert "оплачено 0 ₽ · остаток 150 000 ₽" in text
    assert shop.chats.calls.count("sendMessage") == shop.chats.calls.count("pinChatMessage") == 1


async def test_a_change_that_says_nothing_new_calls_nobody(shop: Shop) -> None:
    await shop.errand()
    before = list(shop.chats.calls)
    await shop.run(lambda work: deal_commands.comment(work, shop.deal.id, "звонил"), shop.anna)
    await shop.errand()
    assert shop.chats.calls == before


async def test_it_moves_with_the_responsible(shop: Shop) -> None:
    await shop.errand()
    await shop.run(lambda work: handover.assign(work, shop.deal.id, shop.boris.id), shop.boss)
    await shop.errand()
    (old,) = shop.chats.of(shop.anna).values()
    assert "Сделку ведёт: Борис" in old
    assert "₽" not in old
    assert shop.chats.hangs(shop.anna) == []
    ((key, new),) = shop.chats.of(shop.boris).items()
    assert "остаток 150 000 ₽" in new
    assert shop.chats.hangs(shop.boris) == [key]


async def test_a_closed_deal_is_unpinned_and_its_message_stays(shop: Shop) -> None:
    await shop.errand()
    await shop.run(lambda work: deal_commands.move(work, shop.deal.id, None, "off"), shop.anna)
    await shop.errand()
    (text,) = shop.chats.of(shop.anna).values()
    assert "Сделка закрыта: Отказ" in text
    assert "остаток 150 000 ₽" in text
    assert shop.chats.hangs(shop.anna) == []
    assert shop.chats.calls.count("sendMessage") == 1


async def test_a_deal_taken_up_again_is_pinned_again_by_the_same_message(shop: Shop) -> None:
    await shop.errand()
    await shop.run(lambda work: deal_commands.move(work, shop.deal.id, None, "off"), shop.anna)
    await shop.errand()
    await shop.run(lambda work: deal_commands.move(work, shop.deal.id, None, "contract"), shop.anna)
    await shop.errand()
    ((key, text),) = shop.chats.of(shop.anna).items()
    assert "закрыта" not in text
    assert shop.chats.hangs(shop.anna) == [key]


async def test_a_message_that_was_deleted_is_sent_anew(shop: Shop) -> None:
    await shop.errand()
    shop.chats.texts.clear()
    shop.chats.pinned.clear()
    await shop.pay(75_000)
    await shop.errand()
    ((key, text),) = shop.chats.of(shop.anna).items()
    assert "остаток 75 000 ₽" in text
    assert shop.chats.hangs(shop.anna) == [key]


async def test_a_deleted_deal_leaves_no_sums_behind(shop: Shop) -> None:
    await shop.errand()
    await shop.run(lambda work: deal_commands.delete(work, shop.deal.id), shop.boss)
    await shop.errand()
    (text,) = shop.chats.of(shop.anna).values()
    assert text == "Этой сделки больше нет."
    assert shop.chats.hangs(shop.anna) == []


async def test_nobodys_deal_waits_for_somebody(shop: Shop) -> None:
    told = {"name": "Пётр", "comment": "Тумба", "price": Decimal(1000)}
    await shop.errand()
    other = await shop.run(lambda work: deal_commands.begin(work, bench(), "order", told))
    await shop.errand()
    assert len(shop.chats.texts) == 1
    await shop.run(lambda work: handover.take(work, other.id), shop.boris)
    await shop.errand()
    (text,) = shop.chats.of(shop.boris).values()
    assert "Тумба" in text


async def test_who_has_left_keeps_nothing(shop: Shop) -> None:
    await shop.errand()
    owner = Employee(99, None, "Ольга", "owner", "ru", None, None, True, None)
    await shop.run(lambda work: employees.dismiss(work, shop.anna.id), owner)
    await shop.pay(1000)
    await shop.errand()
    assert shop.chats.hangs(shop.anna) == []


# --- when Telegram fails ----------------------------------------------------------------------------------------


async def test_a_sending_whose_answer_was_lost_is_repeated_once(shop: Shop) -> None:
    lost = TelegramNetworkError(BotApiCall(name="x"), "no answer")
    shop.chats.failures = [("sendMessage", lost, True)]
    await shop.errand()
    assert len(shop.chats.of(shop.anna)) == 1
    await shop.later(seconds=11)
    assert len(shop.chats.of(shop.anna)) == 2
    assert len(shop.chats.hangs(shop.anna)) == 1
    await shop.pay(75_000)
    await shop.errand()
    assert len(shop.chats.of(shop.anna)) == 2


async def test_after_two_lost_answers_nothing_more_is_sent_until_the_deal_changes(shop: Shop) -> None:
    lost = TelegramNetworkError(BotApiCall(name="x"), "no answer")
    shop.chats.failures = [("sendMessage", lost, True), ("sendMessage", lost, True)]
    await shop.errand()
    for _ in range(3):
        await shop.later(minutes=5)
    assert len(shop.chats.of(shop.anna)) == 2
    await shop.pay(75_000)
    await shop.errand()
    assert len(shop.chats.of(shop.anna)) == 3
    assert len(shop.chats.hangs(shop.anna)) == 1


async def test_a_sender_that_died_is_followed_by_one_more_sending(shop: Shop) -> None:
    taken = await shop.units.run(lambda work: pinned_messages.take(work, shop.deal.id))  # and then the lights went out
    assert taken is not None
    await shop.errand()
    assert shop.chats.texts == {}
    await shop.later(seconds=60)
    assert len(shop.chats.of(shop.anna)) == 1
    assert (await shop.pin()).sending_at is None


async def test_two_senders_that_died_are_enough(shop: Shop) -> None:
    for _ in range(2):
        assert await shop.units.run(lambda work: pinned_messages.take(work, shop.deal.id)) is not None
        shop.clock.at += timedelta(minutes=2)
    await shop.errand()
    assert shop.chats.texts == {}
    await shop.pay(75_000)
    await shop.errand()
    assert len(shop.chats.of(shop.anna)) == 1


async def test_two_errands_at_once_do_not_cross(shop: Shop) -> None:
    first = await shop.units.run(lambda work: pinned_messages.take(work, shop.deal.id))
    assert hasattr(first, "deal_id")
    second = await shop.units.run(lambda work: pinned_messages.take(work, shop.deal.id))
    assert second == shop.clock() + pinned_messages.LEASE


async def test_a_change_that_is_just_being_written_is_not_missed(shop: Shop) -> None:
    """The change asks for no errand of its own, because one is due: that one has to see it."""
    if shop.units.db.name == "sqlite":
        pytest.skip("one writer at a time: an errand cannot look while a change is being written")
    written, go = asyncio.Event(), asyncio.Event()
    came = ReceivedPayment(Decimal(75_000), TODAY, "card")

    def change(work: UnitOfWork) -> None:
        deal_commands.fill(work, shop.deal.id, {"prepayment": came})
        written.set()
        await_only(go.wait())

    def look(work: UnitOfWork) -> Any:
        pinned_messages.take(work, shop.deal.id)
        found = deal_queries.find(work, shop.deal.id)
        return found and found.fields.get("prepayment")

    async with asyncio.timeout(20), asyncio.TaskGroup() as both:
        both.create_task(shop.run(change, shop.boss))
        await written.wait()
        looking = both.create_task(shop.units.run(look))
        await asyncio.wait([looking], timeout=0.3)  # time enough to look past the change, if nothing held it back
        go.set()
    assert looking.result() == Decimal(75_000)


async def test_a_pin_that_failed_is_hung_later_and_not_sent_again(shop: Shop) -> None:
    shop.chats.failures = [("pinChatMessage", TelegramNetworkError(BotApiCall(name="x"), "no answer"), False)]
    await shop.errand()
    assert shop.chats.hangs(shop.anna) == []
    await shop.later(seconds=11)
    assert len(shop.chats.hangs(shop.anna)) == 1
    assert shop.chats.calls.count("sendMessage") == 1


async def test_telegram_out_of_reach_is_waited_for(shop: Shop) -> None:
    shop.chats.failures = [("sendMessage", NotConnected(BotApiCall(name="x"), "not reached"), False)]
    await shop.errand()
    assert shop.chats.texts == {}
    await shop.later(seconds=31)
    assert len(shop.chats.of(shop.anna)) == 1


async def test_a_pause_that_telegram_asks_for_is_kept(shop: Shop) -> None:
    shop.chats.failures = [("sendMessage", TelegramRetryAfter(BotApiCall(name="x"), "Too Many Requests", 40), False)]
    await shop.errand()
    await shop.later(seconds=30)
    assert shop.chats.texts == {}
    await shop.later(seconds=11)
    assert len(shop.chats.of(shop.anna)) == 1


async def test_who_has_blocked_the_bot_gets_it_with_the_next_change(shop: Shop) -> None:
    blocked = TelegramForbiddenError(BotApiCall(name="x"), "Forbidden: bot was blocked by the user")
    shop.chats.failures = [("sendMessage", blocked, False)]
    await shop.errand()
    await shop.later(hours=1)
    assert shop.chats.texts == {}
    await shop.pay(75_000)
    await shop.errand()
    assert len(shop.chats.of(shop.anna)) == 1


async def test_what_telegram_refuses_for_good_is_seen_on_the_row_and_holds_nothing_up(shop: Shop) -> None:
    shop.chats.failures = [("sendMessage", bad("can't parse entities"), False)] * 5
    for _ in range(6):
        await shop.later(hours=1)
    state = await shop.run(lambda work: work.tx.execute(select(ScheduledRow).where(ScheduledRow.rule == "pin")).one())
    assert (state.delivery_state, "parse entities" in state.failure) == ("refused", True)
    await shop.pay(75_000)
    await shop.errand()
    assert len(shop.chats.of(shop.anna)) == 1
