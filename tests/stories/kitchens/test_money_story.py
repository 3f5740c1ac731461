"""Money and the pinned message through the whole bot, over HTTP (K-13, K-14, K-17, K-18)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.conftest import close_shop, open_shop
from tests.stories.driver import Phone, Seen, Shop, plain
from tests.worlds.payment_shop import TEXT


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Shop]:
    """The little shop that takes payments."""
    (tmp_path / "processes").mkdir()
    (tmp_path / "processes" / "bench.yaml").write_text(TEXT, "utf-8")
    opened, http = await open_shop(tmp_path, where=tmp_path / "processes")
    yield opened
    await close_shop(opened, http)


async def pinned(phone: Phone) -> list[Seen]:
    return [one for one in await phone.from_bot() if one.pinned]


async def a_deal(phone: Phone) -> Seen:
    await phone.press((await phone.last()).id, "v1:new:bench:order", forged=True)
    return await phone.fill("Мария Иванова", "+7 912 345-67-89", "Верстак")


async def test_from_the_first_rouble_to_the_last(till: Shop) -> None:
    anna = await till.hire("Анна Соколова", "manager")
    await a_deal(anna)
    (pin,) = await pinned(anna)
    assert "Договор — · оплачено 0 ₽ · остаток —" in plain(pin.text)
    card = await anna.tap("Открыть", pin)
    assert "Верстак · Мария Иванова" in plain((await anna.last()).text)

    await anna.tap("✔ Предоплата получена")
    await anna.text("150 000")
    await anna.tap("50 %")
    await anna.tap("Сегодня")
    card = await anna.tap("Карта")
    assert "150 000 ₽ · оплачено 75 000 ₽ · остаток 75 000 ₽" in plain(card.text)
    assert "Предоплата получена" in plain(card.text)
    (pin,) = await pinned(anna)
    assert "Договор 150 000 ₽ · оплачено 75 000 ₽ · остаток 75 000 ₽" in plain(pin.text)

    await anna.tap("Оплата", card)
    await anna.tap("➕ Внести платёж")
    await anna.text("80 000")
    await anna.sees("Больше остатка: осталось 75 000 ₽.")
    await anna.tap("Весь остаток")
    await anna.tap("Сегодня")
    card = await anna.tap("Наличные")
    assert "Доплата получена" in plain(card.text)
    (pin,) = await pinned(anna)
    assert "остаток 0 ₽" in plain(pin.text)


async def test_a_wrong_payment_is_taken_back_and_the_pin_says_so(till: Shop) -> None:
    anna = await till.hire("Анна Соколова", "manager")
    await a_deal(anna)
    await anna.tap("✔ Предоплата получена")
    await anna.text("100 000")
    await anna.tap("Весь остаток")
    await anna.tap("Вчера")
    card = await anna.tap("Карта")
    await anna.tap("Оплата", card)
    await anna.tap("Отменить платёж")
    await anna.tap("100")
    await anna.text("платёж другого клиента")
    page = await anna.tap("Да, отменить платёж")
    assert "отменено: платёж другого клиента" in plain(page.text)
    (pin,) = await pinned(anna)
    assert "остаток 100 000 ₽" in plain(pin.text)


async def test_the_pin_leaves_with_the_deal(till: Shop) -> None:
    anna = await till.hire("Анна Соколова", "manager")
    boris = await till.hire("Борис Ильин", "manager")
    boss = await till.hire("Ирина Белова", "supervisor")
    await a_deal(anna)
    await boss.open("2026-0001")
    await boss.tap("Передать")
    await boss.tap("Борис")
    assert await pinned(anna) == []
    await anna.sees("Сделку ведёт: Борис")
    (pin,) = await pinned(boris)
    assert "Верстак · Мария Иванова" in plain(pin.text)
