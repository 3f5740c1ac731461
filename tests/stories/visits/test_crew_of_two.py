"""An assembly by two: the second is told as the first (door K1; kind F: a person of a visit hears of it)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.acts import do, listen
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.kitchen import open_kitchens, own_number, paid, ready, task


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def both(shop: Shop, anna: Phone) -> str:
    number = await paid(shop)
    await task(anna, "Согласовать доставку")
    await do(anna, "[Выбрать окно и мастера]", "завтра в 10 Николай и Олег", "[Клиент согласен]")
    await do(anna, "[Уточнить точный адрес]", "[Оставить как есть]")
    await do(anna, "[Узнать про подъём]", "[Грузовой лифт]", "[Пропустить]", "Тихо")
    return number


async def test_k1_the_second_of_two_hears_of_the_visit_of_another_hour_and_that_he_need_not_come(shop: Shop) -> None:
    """Door K1, «Changed?»: a manager who types another hour means the same two, until he names somebody."""
    anna = await shop.hire("Анна Соколова", "manager")
    nikolay = await shop.hire("Николай Громов", "installer")
    oleg = await shop.hire("Олег Зимин", "installer")
    await own_number(nikolay)
    number = await both(shop, anna)
    await listen(shop)
    await ready(shop, anna)
    await shop.later(minutes=20)
    told = plain((await oleg.sees_only("Вам назначен монтаж")).text)
    assert "вт, 24 ноября, 10:00" in told
    await anna.open(number)
    await do(anna, "[Заполнить]", "[Доставка и монтаж]", "[Монтаж]", "завтра в 14")
    assert "Николай Громов, Олег Зимин" in plain((await anna.last()).text), "another hour, the same people"
    await do(anna, "[Клиент согласен]")
    await oleg.sees_only("Монтаж изменился")
    await anna.open(number)
    await do(anna, "[Заполнить]", "[Доставка и монтаж]", "[Монтаж]", "завтра в 14 Николай", "[Клиент согласен]")
    await oleg.sees_only("Выезд отменён: вт, 24 ноября, 14:00")


async def test_whoever_is_at_the_clients_is_not_late_while_the_visit_lasts(shop: Shop) -> None:
    """Kind D: an assembly from ten to two is of today at noon, and overdue when its time has passed."""
    anna = await shop.hire("Анна Соколова", "manager")
    nikolay = await shop.hire("Николай Громов", "installer")
    await shop.hire("Олег Зимин", "installer")
    await own_number(nikolay)
    await both(shop, anna)
    await ready(shop, anna)
    for hour, section in ((12, "Сегодня"), (15, "Просрочено")):
        await shop.until(f"2026-11-24T{hour}:30")
        await nikolay.start()
        assert section in plain((await nikolay.tap("Мои задачи")).text)
