"""Telegram is away, answers with errors, or is slow: nothing that was to be seen is lost (promises 7, 8, 17)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.tables.updates import OwedScreenRow
from services.deals import deal_commands
from services.people import employees
from services.unit_of_work import UnitOfWork
from tests.stories.conftest import close_shop, open_shop
from tests.stories.driver import Phone, Shop, plain

SHOWS = ["editMessageText", "sendMessage"]
EVERYTHING = 100_000


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The furniture maker."""
    found, http = await open_shop(tmp_path)
    yield found
    await close_shop(found, http)


@pytest.fixture
async def owner(shop: Shop) -> Phone:
    """Whoever hears of the bot's own troubles."""
    return await shop.hire("Сергей Воронов", "owner")


async def order(anna: Phone, what: str = "Кухня", name: str = "Мария Иванова", phone: str = "+7 916 123-45-67") -> None:
    """A new order, signed by nobody yet."""
    await anna.text("/menu")
    await anna.tap("Новый заказ")
    await anna.fill(name, phone, what, "150 000")


# --- a screen -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["502", "drop", "garbage"])
async def test_a_screen_that_could_not_be_shown_is_shown_when_it_can_be(shop: Shop, anna: Phone, fault: str) -> None:
    """The press has taken effect; the person sees so as soon as Telegram takes it."""
    await order(anna)
    card = await anna.sees("Заключение договора · 1-й день")
    shop.sandbox.faults.add(fault, SHOWS, chat=anna.key, times=EVERYTHING)
    await anna.post_tap("✔ Предоплата", card)
    assert "Предоплата · 1-й день" not in (await anna.as_it_is(card)).text
    shop.sandbox.faults.clear()
    await shop.settle()
    assert "Предоплата · 1-й день" in (await anna.as_it_is(card)).text
    assert await shop.rows(select(OwedScreenRow.chat_id)) == []


async def test_a_screen_for_which_telegram_asked_a_pause_is_shown_after_it(shop: Shop, anna: Phone) -> None:
    """A 429 on the edit: the chat is left alone for as long as it was asked, and then sees what it pressed for."""
    await order(anna)
    card = await anna.sees("Заключение договора · 1-й день")
    shop.sandbox.faults.add("429", SHOWS, chat=anna.key, times=1, retry_after=1)
    await anna.post_tap("✔ Предоплата", card)
    async with asyncio.timeout(15):
        while "Предоплата · 1-й день" not in (await anna.as_it_is(card)).text:
            await asyncio.sleep(0.1)  # the pause is one of real seconds
            await shop.settle()
    assert await shop.rows(select(OwedScreenRow.chat_id)) == []


async def test_of_several_screens_that_could_not_be_shown_the_newest_is(shop: Shop, anna: Phone) -> None:
    await order(anna)
    shop.sandbox.faults.add("502", SHOWS, chat=anna.key, times=EVERYTHING)
    for said in ("/menu", "/tasks", "/help"):
        await anna.text(said)
    before = len(await anna.from_bot())
    shop.sandbox.faults.clear()
    await shop.settle()
    fresh = (await anna.from_bot())[before:]
    assert len(fresh) == 1
    assert "Как здесь работать" in fresh[0].text


async def test_an_answer_of_which_nobody_knows_whether_it_came_is_repeated_with_a_mark(shop: Shop, anna: Phone) -> None:
    """It arrived and its receipt was lost; one that surely did not arrive comes without a mark."""
    for fault, marks in (("drop_after", [False, True]), ("429", [False])):
        before = len(await anna.from_bot())
        shop.sandbox.faults.add(fault, ["sendMessage"], chat=anna.key, times=1, retry_after=1)
        await anna.text("/help")
        async with asyncio.timeout(10):
            while await shop.rows(select(OwedScreenRow.chat_id)):
                await asyncio.sleep(0.2)
                await shop.settle()
        fresh = (await anna.from_bot())[before:]
        assert [("Возможно, повтор" in one.text) for one in fresh] == marks, fault


async def test_a_toast_that_hangs_does_not_hold_up_the_screen(shop: Shop, anna: Phone) -> None:
    await order(anna)
    card = await anna.sees("Заключение договора · 1-й день")
    shop.sandbox.faults.add("slow", ["answerCallbackQuery"], times=1, seconds=5)
    await anna.post_tap("✔ Предоплата", card)
    assert "Предоплата · 1-й день" in (await anna.as_it_is(card)).text


# --- reminders ------------------------------------------------------------------------------------------------------


MANAGERS, EACH = 5, 40


async def two_hundred_reminders(shop: Shop) -> list[Phone]:
    """Five managers with forty deals each, of which everybody is to be reminded a day later."""
    phones = [await shop.hire(f"Менеджер {number}", "manager") for number in range(MANAGERS)]

    def begin(tx: Any) -> None:
        work = UnitOfWork(tx, shop.app.now(), shop.app.company)
        by_name = {one.name: one for one in employees.staff(work)}
        for number in range(MANAGERS * EACH):
            person = by_name[phones[number % MANAGERS].name]
            acting = UnitOfWork(tx, work.now, work.company, person)
            values = {"name": f"Мария {number:03}.", "phone": f"+7916123{number:04}", "comment": "Кухня"}
            process = work.process("furniture")
            deal_commands.begin(acting, process, "order", values, source="Сайт", responsible_id=person.id)

    await shop.app.db.run(begin)
    await shop.settle()
    return phones


@pytest.mark.parametrize("fault", ["502", "drop", "drop_after", "garbage"])
async def test_an_outage_of_six_hours_loses_nothing_keeps_the_order_and_is_told(
    shop: Shop, owner: Phone, fault: str
) -> None:
    """200 reminders fall due in it: each comes once, in due order, in digests, and says that it is late."""
    phones = await two_hundred_reminders(shop)
    await shop.until("2026-11-24T09:59")
    seen = {phone.key: len(await phone.from_bot()) for phone in phones}
    shop.sandbox.faults.add(fault, times=EVERYTHING)
    await shop.later(hours=6)
    tried = {phone.key: len(await phone.from_bot()) - seen[phone.key] for phone in phones}
    assert sum(tried.values()) <= MANAGERS, "what was under way when it began"
    shop.sandbox.faults.clear()
    await shop.settle()
    for place, phone in enumerate(phones):
        fresh = (await phone.from_bot())[seen[phone.key] + tried[phone.key] :]
        said = plain("\n".join(one.text for one in fresh))
        expected = [f"Мария {number:03}." for number in range(place, MANAGERS * EACH, MANAGERS)]
        assert re.findall(r"Мария \d{3}\.", said) == expected
        assert len(fresh) <= 3, "digests, as many as timers that rang at once"
        assert all(plain(one.text).startswith("🗂 Для вас ") for one in fresh)
        assert said.count("Опоздало. Должно было прийти") == EACH
    told = await owner.sees_only("Связь с Telegram восстановлена")
    assert "Было с" in told.text
