"""Nobody says how a visit went before its day has come (Changed? Gone?): what is ahead was neither held nor missed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from tests.stories.acts import do
from tests.stories.conftest import close_shop, open_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.measuring import Crew, hired, open_measuring, opened, stage, stamped, visit, visit_planned
from tests.stories.visits.test_furniture_visits import assembly

TUESDAY = date(2026, 11, 24)
AHEAD = "Выезд ещё впереди: вт, 24 ноября 2026"


@pytest.fixture
async def crew(tmp_path: Path) -> AsyncIterator[Crew]:
    """It is Monday; the measurement is planned for Tuesday at noon."""
    shop, http = await open_measuring(tmp_path)
    found = await hired(shop, TUESDAY)
    await stamped(found.technologist)
    await visit_planned(found.dispatcher, "завтра в 12:00")
    yield found
    await close_shop(shop, http)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The furniture maker."""
    found, http = await open_shop(tmp_path)
    yield found
    await close_shop(found, http)


async def schedule(phone: Phone) -> str:
    await phone.start()
    return plain((await phone.tap("🗓 Мой график")).text)


@pytest.mark.parametrize("outcome", ["Замер закончен", "Замер не состоялся"])
async def test_the_measurer_cannot_report_a_measurement_of_tomorrow(crew: Crew, outcome: str) -> None:
    """Both buttons are drawn shut, behind the dots, and say why; the job stays his, and the visit is as it was."""
    await opened(crew.measurer, "Замер у клиента")
    await crew.measurer.tap("⋯ Ещё", crew.measurer.screen)
    await crew.measurer.tap(outcome, crew.measurer.screen)
    assert AHEAD in plain(str(crew.measurer.toast))
    assert crew.measurer.screen.button(f"🔒 {outcome}")
    assert (await visit(crew.shop, crew.deal)).state == "planned"
    await crew.shop.until("2026-11-24T12:00")
    await opened(crew.measurer, "Замер у клиента")
    await crew.measurer.tap(outcome, crew.measurer.screen)
    assert "Закрыта" in crew.measurer.screen.text


@pytest.mark.parametrize("outcome", ["Листов замера нет", "Листы замера есть"])
async def test_sheets_of_a_measurement_of_tomorrow_are_neither_there_nor_missing(crew: Crew, outcome: str) -> None:
    """The manager hears why; the deal stays, and nobody is to fetch sheets of a visit that has not been."""
    await opened(crew.anna, "Чем закончился замер?")
    await crew.anna.tap(outcome, crew.anna.screen)
    assert "Замер ещё впереди" in str(crew.anna.toast)
    assert await crew.stage() == "sales.measure"
    await crew.anna.sees_no("Получите его у замерщика")


async def test_a_contract_signed_before_the_measurement_calls_it_off(crew: Crew) -> None:
    """The client signs at once: the measurement was not held, nobody drives there, and the schedule says so too."""
    await opened(crew.anna, "Чем закончился замер?")
    await do(crew.anna, "[Договор заключён]", "12455Ш", "150 000", "0", "Иванова Мария Петровна")
    assert await stage(crew.shop, crew.deal) == "sales.won"
    assert (await visit(crew.shop, crew.deal)).state == "wished"
    await crew.measurer.sees("Задача снята: Замер у клиента")
    assert "Выездов пока не назначено" in await schedule(crew.measurer)


async def test_an_assembly_is_not_reported_before_its_day(shop: Shop, anna: Phone, boss: Phone, nikolay: Phone) -> None:
    """A claim pressed by mistake on Monday: the assembly of Wednesday stays his, and nobody hears of a claim."""
    await assembly(anna, "25.11 в 10")
    await nikolay.tap("Есть претензия", "Сборка у клиента")
    assert "Выезд ещё впереди: ср, 25 ноября 2026" in plain(str(nikolay.toast))
    await boss.sees_no("Претензия по сборке")
    await shop.until("2026-11-25T10:00")
    await nikolay.tap("Есть претензия", "Сборка у клиента")
    await nikolay.text("Скол на дверце")
    await boss.sees("Претензия по сборке (Кухня · Мария Иванова): Скол на дверце")
