"""Telegram is away, answers with errors, or is slow: nothing that was to be seen is lost (promises 7, 8, 17)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from models.tables.updates import OwedScreenRow
from tests.stories.acts import listen
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


async def test_a_toast_that_hangs_does_not_hold_up_the_screen(shop: Shop, anna: Phone) -> None:
    await order(anna)
    card = await anna.sees("Заключение договора · 1-й день")
    shop.sandbox.faults.add("slow", ["answerCallbackQuery"], times=1, seconds=5)
    await anna.post_tap("✔ Предоплата", card)
    assert "Предоплата · 1-й день" in (await anna.as_it_is(card)).text


# --- reminders ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["502", "drop", "drop_after", "garbage"])
async def test_an_outage_of_six_hours_loses_nothing_keeps_the_order_and_is_told(
    shop: Shop, anna: Phone, owner: Phone, fault: str
) -> None:
    """What was due in it comes once, as a digest where it is more than three, and says that it is late."""
    clients = [(f"Шкаф {n}", f"Клиент {n}", f"+7 916 123-45-{n:02}") for n in range(6)]
    for what, name, phone in clients:
        await order(anna, what, name, phone)
    await listen(shop)
    await shop.until("2026-11-24T09:59")
    await anna.news()
    shop.sandbox.faults.add(fault, times=EVERYTHING)
    seen = len(await anna.from_bot())
    await shop.later(hours=6)
    tried = (await anna.from_bot())[seen:]
    assert len(tried) <= 1, "what was under way when it began"
    shop.sandbox.faults.clear()
    await shop.settle()
    fresh = (await anna.from_bot())[seen + len(tried) :]
    said = plain("\n".join(one.text for one in fresh))
    for what, name, _ in clients:
        assert said.count(f"{what} · {name}") == 1, said
    told = await owner.sees_only("Связь с Telegram восстановлена")
    assert "Было с" in told.text
