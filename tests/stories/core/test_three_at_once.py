"""All three businesses in one installation, and each of them alone (issue 4, Done when)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo import demo_shop
from sandbox import Person
from tests.stories.acts import do
from tests.stories.conftest import close_shop, open_shop
from tests.stories.driver import Phone, Shop, plain

LEAD = {"name": "Ольга Мельникова", "phone": "8 916 123-45-01", "comment": "Нужна мебель", "source": "Сайт"}


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """Everything that stands in processes/, as it is without PROCESSES."""
    opened, http = await open_shop(tmp_path, processes=None)
    yield opened
    await close_shop(opened, http)


async def menu(phone: Phone) -> list[str]:
    return [plain(label) for label in (await phone.start()).labels]


async def begun(phone: Phone, business: str | None, button: str, *answers: str) -> str:
    """A deal begun out of the menu; gives the card that stands then."""
    await phone.start()
    if business is not None:
        await phone.tap(business)
    await do(phone, f"[➕ {button}]", *answers)
    if (await phone.last()).button("Пропустить"):
        await phone.tap("Пропустить")
    seen = await phone.sees("1-й день")
    return plain(seen.text)


async def test_all_three_run_at_once_with_one_menu_and_a_page_for_each(shop: Shop, boss: Phone) -> None:
    assert set(shop.app.company.processes) == {"furniture", "kitchens", "measurement"}
    titles = [process.title for process in shop.app.company.processes.values()]
    labels = await menu(boss)
    assert [label for label in labels if label.startswith("➕")] == [f"➕ {title}" for title in titles]
    assert len(labels) <= 24, "the menu is a wall"
    for title in titles:
        await boss.start()
        seen = await boss.tap(f"➕ {title}")
        assert title in seen.text
        assert "🏠 Меню" in seen.labels


async def test_a_request_of_the_site_comes_to_the_first_business_that_takes_any(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    status, _ = await shop.lead(**LEAD)
    assert status == 201
    first = shop.app.company.intake_process()
    assert first is next(one for one in shop.app.company.processes.values() if one.intake)
    await anna.tap("Открыть")
    await do(anna, "[Взять себе]")
    await boss.start()
    await boss.tap("Все лиды · 1")
    seen = await boss.tap("По стадиям")
    assert any(first.title in label for label in seen.labels), seen.labels  # three «Лиды»: said whose


async def test_a_deal_begun_in_each_is_found_listed_and_counted_by_stage(shop: Shop, anna: Phone, boss: Phone) -> None:
    client = ("Мария Иванова", "8 912 345-67-89", "Мебель в дом")
    known = ("Мария Иванова", "8 912 345-67-89", "[Создать для этого клиента]", "Мебель в дом")
    by_name = {name: process.title for name, process in shop.app.company.processes.items()}
    for place, (name, process) in enumerate(shop.app.company.processes.items()):
        line = next(one for one in process.pipelines.values() if one.new and one.kind == "deal")
        assert line.new is not None
        said = await begun(anna, by_name[name], line.new.button, *(known if place else client))
        assert process.stage(next(k for k, v in process.pipelines.items() if v is line), line.first).title in said

    seen = await anna.text("Иванова")
    assert "👤 Мария Иванова · +7 912 345-67-89" in seen.labels  # one client of all three
    seen = await anna.tap("👤 Мария Иванова")
    assert sum("Мебель в дом" in label for label in seen.labels) == 3, seen.labels
    await boss.start()
    await boss.tap("Все сделки · 3")
    seen = await boss.tap("По стадиям")
    rows = [label for label in seen.labels if label.endswith("· 1")]
    assert len(rows) == 3, seen.labels


@pytest.mark.parametrize("name", ["furniture", "kitchens", "measurement"])
async def test_each_runs_alone_with_its_own_menu_and_a_first_deal(tmp_path: Path, name: str) -> None:
    shop, http = await open_shop(tmp_path, processes=(name,))
    try:
        assert list(shop.app.company.processes) == [name]
        anna = await shop.hire("Анна Соколова", "manager")
        process = shop.app.company.processes[name]
        started = [f"➕ {one.new.button}" for one in process.pipelines.values() if one.new and one.kind != "practice"]
        labels = await menu(anna)
        assert [label for label in labels if label.startswith("➕")] == started
        assert any("Отложенный спрос" in label for label in labels) == (name == "measurement")
        assert any("Учёт клиентов" in label for label in labels) == (name == "measurement")
        line = next(one for one in process.pipelines.values() if one.new and one.kind == "deal")
        assert line.new is not None
        await begun(anna, None, line.new.button, "Мария Иванова", "8 912 345-67-89", "Мебель в дом")
        assert any("· 1" in label for label in await menu(anna))
    finally:
        await close_shop(shop, http)


class Table:
    """The sandbox's phones, as the demonstration uses them."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    async def phone(self, key: int, name: str, title: str, *, number: str | None = None, sms: bool = False) -> None:
        first, _, last = name.partition(" ")
        self.shop.sandbox.world.add_person(Person(key, first, last or None, title=title, number=number, sms=sms))

    async def start(self, key: int, payload: str) -> None:
        await self.shop.post(f"phones/{key}/start", {"payload": payload} if payload else {})


@pytest.mark.parametrize(("processes", "people"), [(("furniture",), 5), (("measurement",), 8), (None, 8)])
async def test_the_demonstration_has_the_people_of_the_businesses_that_are_on(
    tmp_path: Path, processes: Any, people: int
) -> None:
    shop, http = await open_shop(tmp_path, processes=processes)
    try:
        await demo_shop.open_shop(shop.app, Table(shop))
        await shop.settle()
        assert len(demo_shop.cast(shop.app.company)) == people
        for one in demo_shop.cast(shop.app.company):
            phone = Phone(shop, one.key, one.name)
            assert "🧰" in (await phone.last()).text
        await shop.later(days=1)  # a day goes by without an error
        boss = Phone(shop, 1004, "Ирина Белова")
        if people == 8:
            technologist, keys = Phone(shop, 1006, "Вера Климова"), await boss.start()
            assert (await technologist.start()).button("📋 Мои задачи · 1")
            assert keys.button("🗓 Отложенный спрос · 2")
    finally:
        await close_shop(shop, http)
