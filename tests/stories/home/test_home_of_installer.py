"""Home of who drives out: where he goes today, by the hour, and a number to open each (day 11)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.home.test_home_now import due
from tests.stories.kitchen import booked, open_kitchens, paid, ready


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def test_day_11_an_installer_sees_where_he_goes_today_and_opens_it_by_its_number(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    await paid(shop)
    await booked(anna)
    home = await nikolay.start()
    head, ahead, line = due(home)
    assert (head, ahead) == ("📅 Сегодня 0 выездов", "⏭ Дальше")
    assert line.startswith("1. завтра, 10:00 · Мария Иванова — ")
    assert not line.endswith("⏳"), "the job comes the day before: nothing can be confirmed yet"
    await nikolay.tap("1", home)
    assert "Мария Иванова" in plain(nikolay.screen.text)
    await ready(shop, anna)
    await shop.until("2026-11-24T08:30")
    home = await nikolay.start()
    assert due(home)[0] == "📅 Сегодня 1 выезд"
    assert due(home)[1].startswith("1. 10:00 · Мария Иванова — ")
    assert "Садовая" in due(home)[1]
    assert due(home)[1].endswith("⏳")
    assert home.button("1. 10:00 · Мария Иванова"), "with gloves on a row for each"
    await nikolay.tap("1", home)
    await nikolay.tap("Принимаю выезд", nikolay.screen)
    assert not due(await nikolay.start())[1].endswith("⏳")


async def test_forgotten_a_job_of_yesterday_that_was_not_closed_is_late(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    await paid(shop)
    await booked(anna)
    await ready(shop, anna)
    await shop.until("2026-11-25T09:00")
    home = await nikolay.start()
    assert due(home)[0] == "⏰ Опоздало 1"
    assert due(home)[1].startswith("1. вчера, 10:00 · Мария Иванова — ")
    assert due(home)[2] == "📅 Сегодня 0 выездов"
