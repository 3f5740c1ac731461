"""A promised payment stays open until the money is there (truth 22, forgotten and changed)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.kitchen import DEAL, invoice_sent, lead_to_deal, open_kitchens, receive, sign, task

DUE = "Получить обещанную предоплату"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def promised(shop: Shop) -> tuple[Phone, Phone]:
    """The manager and the supervisor; the client has promised to pay on Wednesday."""
    boss = await shop.hire("Ирина Белова", "supervisor")
    anna = await shop.hire("Анна Соколова", "manager")
    await lead_to_deal(shop, anna)
    await sign(anna)
    await invoice_sent(anna, pay_on="25.11")
    return anna, boss


async def test_truth_22_the_payment_that_does_not_come_is_a_task_and_then_told_above(
    shop: Shop, promised: tuple[Phone, Phone]
) -> None:
    anna, boss = promised
    await shop.until("2026-11-25T11:00")
    await anna.sees_only("Сегодня клиент обещал оплатить счёт")
    await shop.until("2026-11-26T11:00")
    await anna.sees(f"📋 {DUE}")
    await boss.sees_no(DUE)
    await shop.until("2026-11-28T11:00")
    assert "Исполнитель: Анна Соколова" in (await boss.sees(f"Не сделано: {DUE}")).text


async def test_truth_22_the_money_closes_it(shop: Shop, promised: tuple[Phone, Phone]) -> None:
    """Wherever it is entered."""
    anna, boss = promised
    await receive(anna, DEAL, "75 000")
    await shop.until("2026-11-30T12:00")
    assert await anna.count(f"📋 {DUE}") == 0
    await boss.sees_no(DUE)


async def test_truth_22_changed_a_new_day_moves_it(shop: Shop, promised: tuple[Phone, Phone]) -> None:
    anna, boss = promised
    await shop.until("2026-11-26T11:00")
    await task(anna, DUE)
    await do(anna, "[Новый день оплаты]", "30.11")
    await shop.until("2026-11-30T11:00")
    await boss.sees_no(DUE)
    assert "Сегодня клиент обещал оплатить счёт" in plain((await anna.sees("клиент обещал оплатить")).text)
    await shop.until("2026-12-01T11:00")
    await anna.sees(f"📋 {DUE}")
