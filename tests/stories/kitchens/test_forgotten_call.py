"""The call of the day before is forgotten: everybody whom the assembly concerns hears in time (truth 11, forgotten)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Shop, plain
from tests.stories.kitchen import open_kitchens, paid, task

CALL = "Позвонить клиенту: готов ли он к монтажу"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def test_truth_11_the_installer_hears_on_the_evening_before_that_nobody_has_called_the_client(shop: Shop) -> None:
    """The supervisor was told by the robot at four; who drives out must not learn it at the client's door."""
    boss = await shop.hire("Ирина Белова", "supervisor")
    anna = await shop.hire("Анна Соколова", "manager")
    nikolay = await shop.hire("Николай Громов", "installer")
    await paid(shop)
    await task(anna, "Согласовать доставку")
    await do(anna, "[Выбрать окно и мастера]", "26.11 в 14", "[Клиент согласен]")
    await do(anna, "[Уточнить точный адрес]", "[Оставить как есть]")
    await do(anna, "[Узнать про подъём]", "[Грузовой лифт]", "[Пропустить]", "[Пропустить]")
    await nikolay.sees("Вам назначен монтаж")
    await shop.until("2026-11-25T18:59")
    await nikolay.sees_no("не готово")
    await shop.later(minutes=1)
    said = await nikolay.sees(f"не готово: {CALL}")
    assert "Монтаж: чт, 26 ноября" in plain(said.text)
    await boss.sees("а клиенту не позвонили")
    await boss.sees_no(f"не готово: {CALL}")
