"""Claims of the kitchen shop's clients: taken by the installer or by phone, worked on, settled, then success (K-24)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from models.tables.claims import ClaimRow
from models.tables.deals import DealRow
from tests.stories.acts import do, heard, listen
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.kitchen import (
    PICTURE,
    assembled,
    booked,
    open_kitchens,
    own_number,
    paid,
    ready,
    signed,
    task,
)

DEAL = "Кухня угловая · Мария Иванова"
JOB = "Монтаж кухни у клиента"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Shop]:
    """A company that sells kitchens and mends furniture."""
    opened, http = await open_kitchens(tmp_path, processes=("kitchens", "furniture"))
    yield opened
    await close_shop(opened, http)


async def at_the_client(shop: Shop, anna: Phone, nikolay: Phone) -> str:
    """Tuesday at 14:00: the kitchen is assembled, nothing is signed yet; gives the deal's number."""
    await own_number(nikolay)
    number = await paid(shop)
    await booked(anna)
    await ready(shop, anna)
    await assembled(shop, nikolay)
    return number


async def done(shop: Shop, anna: Phone, nikolay: Phone) -> str:
    """The act is signed: the deal stands on «Монтаж завершен»."""
    await own_number(nikolay)
    number = await paid(shop)
    await booked(anna)
    await ready(shop, anna)
    await signed(shop, nikolay)
    return number


async def claimed(nikolay: Phone) -> None:
    """The installer takes the client's claim, with a photo."""
    await nikolay.tap("Есть претензия", JOB)
    await nikolay.text("Скол на фасаде")
    await nikolay.send_files(("chip.png", PICTURE + b"5"))
    await do(nikolay, "[Готово]")


async def test_k_24_k_22_the_installer_takes_a_claim_and_those_above_hear_it_at_once(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """K-24, K-22, C-5: text and photo are asked; it has a number; the supervisor is told at once, with buttons that
    act; the manager gets the task to settle it; the job is closed though no act is signed."""
    number = await at_the_client(shop, anna, nikolay)
    await listen(shop)
    await claimed(nikolay)
    heard(boss, await boss.news(), [f"Претензия клиента ({DEAL}): Скол на фасаде"])
    assert (await boss.last()).button("Передать")
    news = await anna.news()
    assert [one for one in news if "Зарегистрирована претензия: Скол на фасаде" in one] and len(news) == 3, news
    settle = await anna.sees_only("Уладить претензию")
    assert "Претензия: Скол на фасаде" in settle.text and "Фото к претензии: 1 файл" in settle.text
    card = await anna.open(number)
    assert "Монтаж завершен" in card.text and "❗ Претензия П-2026-0001 открыта 1-й день" in plain(card.text)
    await anna.tap("❗ Претензии 1")
    assert "Скол на фасаде" in anna.screen.text and "Николай Громов" in anna.screen.text
    await nikolay.start()
    await do(nikolay, "[Сегодня]")
    assert "Мария" not in nikolay.screen.text


async def test_k_24_an_open_claim_blocks_success_until_the_client_says_it_is_settled(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """K-24: neither the control call nor the stage menu closes the deal; settling asks the client's own word; the
    supervisor reads it; then the act's photo is asked, and the deal is a success."""
    number = await at_the_client(shop, anna, nikolay)
    await claimed(nikolay)
    await task(anna, "Контрольный звонок")
    await anna.tap("Всё хорошо", anna.screen)
    assert "Сначала уладьте претензию клиента" in (anna.toast or "")
    await anna.open(number)
    await anna.tap("Этапы…")
    if anna.screen.button("Сделка успешна"):
        await anna.tap("Сделка успешна", anna.screen)
    assert "Сначала уладьте претензию" in (anna.toast or "") + anna.screen.text
    [row] = await shop.rows(select(DealRow.status).where(DealRow.number == number))
    assert row.status == "open"

    await task(anna, "Уладить претензию")
    await anna.tap("Улажено, клиент доволен", anna.screen)
    assert "Не отмечено: Позвонить клиенту и выслушать" in (anna.toast or "")
    await do(anna, "[Позвонить клиенту и выслушать]", "[Согласовать решение]", "[Устранить и показать]")
    await do(anna, "[Улажено, клиент доволен]", "Фасад заменили, всё устраивает")
    await boss.sees_only("Претензия улажена: Кухня угловая · Мария Иванова. Клиент: Фасад заменили, всё устраивает")
    [kept] = await shop.rows(select(ClaimRow.number, ClaimRow.state, ClaimRow.client_word))
    assert tuple(kept) == ("П-2026-0001", "settled", "Фасад заменили, всё устраивает")

    await task(anna, "Контрольный звонок")
    await do(anna, "[Позвонить клиенту и записать отзыв]", "Спасибо, всё исправили", "[Всё хорошо]")
    assert "Подписанный акт" in (await anna.last()).text, "the act was not signed on the day: it is asked for now"
    await anna.send_files(("act.png", PICTURE + b"3"))
    await do(anna, "[Готово]")
    assert "✅ Сделка успешна" in plain((await anna.open(number)).text)


async def test_k_24_a_claim_heard_in_the_control_call_needs_no_photo(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """K-24, K-23: who hears it by phone has no picture: the words are enough; the call stays to be made again."""
    number = await done(shop, anna, nikolay)
    await task(anna, "Контрольный звонок")
    await do(anna, "[Есть претензия]", "Скрипит дверца")
    await boss.sees_only(f"Претензия клиента ({DEAL}): Скрипит дверца")
    assert "П-2026-0001" in plain((await anna.open(number)).text)
    await task(anna, "Контрольный звонок")
    assert anna.screen.button("Всё хорошо"), "the call is still to be finished"
    await anna.start()
    await do(anna, "[📋 Мои задачи]")
    assert any("Уладить претензию" in label for label in anna.screen.labels) or anna.screen.button("Дальше · 2")


async def test_k_24_every_claim_has_a_number_and_an_hour_and_is_seen_by_the_supervisor(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """K-24: the supervisor has all open claims in one list, with whose they are; overdue ones are marked."""
    await done(shop, anna, nikolay)
    for said in ("Скрипит дверца", "Нет одной ручки"):
        await task(anna, "Контрольный звонок")
        await do(anna, "[Есть претензия]", said)
    assert [row.number for row in await shop.rows(select(ClaimRow.number).order_by(ClaimRow.id))] == [
        "П-2026-0001", "П-2026-0002",
    ]  # fmt: skip
    await boss.start()
    await boss.tap("Претензии", boss.screen if boss.screen.button("Претензии") else None)
    assert "П-2026-0001" in boss.screen.text and "П-2026-0002" in boss.screen.text
    assert "Анна Соколова" in boss.screen.text
    await shop.later(days=4)
    await boss.start()
    await boss.tap("Претензии")
    assert "⚠️ П-2026-0001" in plain(boss.screen.text), "three days have passed: it is late"


async def test_k_24_a_claim_on_a_closed_deal_is_taken_by_hand(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """K-24: a month later the client calls: the deal stays a success, the claim is worked on all the same."""
    number = await done(shop, anna, nikolay)
    await task(anna, "Контрольный звонок")
    await do(anna, "[Позвонить клиенту и записать отзыв]", "Всё отлично", "[Всё хорошо]")
    await shop.until("2026-12-24T12:00")
    await anna.open(number)
    await do(anna, "[➕ Претензия клиента]", "Отклеилась кромка")
    await boss.sees_only(f"Претензия по закрытой сделке ({DEAL}): Отклеилась кромка")
    if (await anna.last()).button("Пропустить"):
        await do(anna, "[Пропустить]")
    assert "П-2026-0001" in anna.screen.text
    assert "✅ Сделка успешна" in plain((await anna.open(number)).text)
    await task(anna, "Уладить претензию")
    await do(anna, "[Позвонить клиенту и выслушать]", "[Согласовать решение]", "[Устранить и показать]")
    await do(anna, "[Улажено, клиент доволен]", "Переклеили")
    await boss.sees_only("Претензия улажена: Кухня угловая · Мария Иванова. Клиент: Переклеили")


async def test_k_24_without_the_furniture_maker_there_is_no_repair_to_hand_to(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """K-24: a button that could lead nowhere is not shown."""
    await at_the_client(shop, anna, nikolay)
    await claimed(nikolay)
    await task(anna, "Уладить претензию")
    assert anna.screen.button("Улажено, клиент доволен") and not anna.screen.button("Передать в ремонт")


async def test_k_24_with_the_furniture_maker_a_claim_opens_a_deal_in_repair(both: Shop) -> None:
    """K-24: one tap: a deal in «Ремонт» with the client and what is broken; the claim stays open and leads there."""
    anna = await both.hire("Анна Соколова", "manager")
    await both.hire("Ирина Белова", "supervisor")
    nikolay = await both.hire("Николай Громов", "installer")
    await at_the_client(both, anna, nikolay)
    await claimed(nikolay)
    await task(anna, "Уладить претензию")
    await do(anna, "[Передать в ремонт]")
    [repair] = await both.rows(
        select(DealRow.number, DealRow.title, DealRow.fields, DealRow.client_id).where(DealRow.pipeline == "repair")
    )
    assert "Скол на фасаде" in str(repair.fields) and repair.client_id is not None
    [kept] = await both.rows(select(ClaimRow.state, ClaimRow.repair_id))
    assert kept.state == "open" and kept.repair_id is not None
    shown = await anna.open(repair.number)
    assert "Мария Иванова" in shown.text and "Ремонт" in shown.text
