"""What is owed for a kitchen that goes to the client is somebody's task until the money is there (truth 5, 22)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop
from tests.stories.kitchen import (
    begun,
    booked,
    open_kitchens,
    paid,
    produced,
    ready,
    receive,
    signed,
    task,
    tasks,
)

TOMORROW, LATER = date(2026, 11, 25), date(2026, 11, 26)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The kitchen shop, running, with nobody in it yet."""
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def test_a_kitchen_let_go_with_a_debt_is_not_said_to_be_paid_and_its_debt_is_somebodys_task_to_the_end(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Truth 5, 22: 75 000 ₽ are owed, promised for the 28th; the task goes along until the money is there."""
    number = await begun(shop, "production", ready_on=TOMORROW, wanted_on=LATER)
    await produced(anna)
    await anna.tap("Клиент обещал", await task(anna, "Сообщить клиенту о готовности"))
    await anna.text("28.11")
    await boss.open(number)
    await do(boss, "[Заполнить]", "[✏️ Детали по оплате]", "[Почему можно с долгом]", "Доплатит 28.11")
    await anna.open(number)
    await do(anna, "✔ Доплата получена")
    await anna.sees_no("Оплачено полностью")
    await anna.sees_only(
        "Отпущено с долгом 75 000 ₽: Кухня угловая · Мария Иванова. Согласуйте с клиентом дату монтажа"
    )
    assert await tasks(shop, "debt") == [("open", None)]
    await shop.until("2026-11-28T09:00")
    await anna.tap("Долг оплачен", await anna.sees("📋 Получить долг"))
    assert "Долг ещё не оплачен" in (anna.toast or "")
    await receive(anna, number, "[Весь остаток — 75 000 ₽]", how="СБП")
    assert await tasks(shop, "debt") == [("done", "came")]


async def test_money_given_back_before_the_assembly_is_a_debt_at_once_and_only_one(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Changed: it was paid in full when it came here; what is owed now is somebody's task too, whoever allows what."""
    number = await paid(shop)
    await booked(anna)
    await anna.open(number)
    await do(anna, "[Оплата]", "[↩️ Возврат клиенту]", "10 000", "[Сегодня]", "[Наличные]", "Скидка")
    await boss.open(number)
    await do(boss, "[Заполнить]", "[✏️ Детали по оплате]", "[Почему можно с долгом]", "Доплатит 28.11")
    assert await tasks(shop, "debt") == [("open", None)]


async def test_a_payment_that_turns_out_not_to_have_come_after_the_success_is_somebodys_task(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Changed: the deal is over and nothing else watches it; 75 000 ₽ are not forgotten."""
    number = await paid(shop)
    await booked(anna)
    await ready(shop, anna)
    await signed(shop, nikolay)
    await task(anna, "Контрольный звонок")
    await do(anna, "[Позвонить клиенту]", "Хорошо", "[Всё хорошо]")
    await anna.open(number)
    await do(anna, "[Оплата]", "[Отменить платёж]", "[75 000 ₽]", "Не дошло", "[Да, отменить платёж]")
    assert await tasks(shop, "debt") == [("open", None)]
    await shop.until("2026-11-27T12:00")
    await boss.sees_only("Не сделано: Получить долг")
    await receive(anna, number, "[Весь остаток — 75 000 ₽]", how="СБП")
    assert await tasks(shop, "debt") == [("done", "came")]


async def test_a_paid_kitchen_has_no_debt(shop: Shop, anna: Phone) -> None:
    await begun(shop, "production", ready_on=TOMORROW, wanted_on=LATER)
    await produced(anna)
    await receive(anna, "2026-0001", "[Весь остаток — 75 000 ₽]", how="СБП")
    await anna.sees_only("Оплачено полностью")
    assert await tasks(shop, "debt") == []
