"""A lead that has a measurement agreed becomes a deal (Changed? Twice?): the visit is the deal's, and there is one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.tables.deals import DealRow
from models.tables.people import EmployeeRow
from models.tables.visits import HalfHourRow, VisitRow
from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, plain
from tests.stories.measuring import Crew, begun, hired, open_measuring, opened, stamped

TUESDAY = date(2026, 11, 24)
LEAD, DEAL = "2026-0002", "2026-0003"
AT_NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
async def crew(tmp_path: Path) -> AsyncIterator[Crew]:
    """Anna has a lead whose measurement Пётр has agreed to make on Tuesday at noon."""
    shop, http = await open_measuring(tmp_path)
    found = await hired(shop, date(2026, 12, 3))
    who = (await shop.rows(select(EmployeeRow.id).where(EmployeeRow.name == "Пётр Лин")))[0].id
    await begun(shop, "new", TUESDAY, pipeline="leads", visit_at=AT_NOON, visit_by=who)
    yield found
    await close_shop(shop, http)


async def converted(crew: Crew) -> None:
    """The manager ends the work with the lead: there is a deal."""
    await crew.anna.open(LEAD)
    await do(crew.anna, "✔ Завершение работы")


async def visits(crew: Crew, number: str) -> list[VisitRow]:
    of_deal = select(VisitRow).join(DealRow, DealRow.id == VisitRow.deal_id).where(DealRow.number == number)
    return list(await crew.shop.rows(of_deal.order_by(VisitRow.id)))


async def deleted(crew: Crew, number: str) -> None:
    await crew.boss.open(number)
    await do(crew.boss, "[Заполнить]", "[🗑 Удалить сделку]", "[Да, удалить]")


async def schedule(phone: Phone) -> str:
    await phone.start()
    return plain((await phone.tap("🗓 Мой график")).text)


async def test_the_measurement_of_a_lead_is_the_new_deals_once(crew: Crew) -> None:
    """The same visit, with its half hours: the schedule has it once, the deal's card and not the lead's."""
    [before] = await visits(crew, LEAD)
    taken = await crew.shop.rows(select(func.count()).select_from(HalfHourRow))
    await converted(crew)
    assert await visits(crew, LEAD) == []
    [after] = await visits(crew, DEAL)
    assert (after.id, after.state, after.starts_at) == (before.id, "planned", AT_NOON)
    assert await crew.shop.rows(select(func.count()).select_from(HalfHourRow)) == taken
    assert (await schedule(crew.measurer)).count("12:00–13:00") == 1
    assert "24 ноября, 12:00" in plain((await crew.anna.open(DEAL)).text)
    assert "12:00" not in plain((await crew.anna.open(LEAD)).text)


async def test_the_hour_stays_taken_by_the_new_deal(crew: Crew) -> None:
    """Nobody else is promised it, and what stands in the way is named as what it is now."""
    await converted(crew)
    await stamped(crew.technologist)
    await opened(crew.dispatcher, "Назначить замер")
    await do(crew.dispatcher, "[Выбрать замерщика]", "[Пётр Лин]", "24.11 в 12:00")
    said = plain(crew.dispatcher.screen.text)
    assert f"Пётр Лин: уже занято, 12:00–13:00 — выезд по сделке № {DEAL}" in said


async def test_a_lead_that_is_deleted_afterwards_takes_no_visit_with_it(crew: Crew) -> None:
    """The lead goes, the measurement is in force; the deal goes, and the measurer hears of it."""
    await converted(crew)
    await deleted(crew, LEAD)
    assert "12:00–13:00" in await schedule(crew.measurer)
    await deleted(crew, DEAL)
    assert "12:00–13:00" not in await schedule(crew.measurer)
    await crew.measurer.sees("Выезд отменён")


async def test_what_was_held_is_not_agreed_anew(crew: Crew) -> None:
    """The lead is converted the day after: the measurement was, and the deal does not say that it is ahead."""
    await crew.shop.until("2026-11-25T09:00")
    await converted(crew)
    assert [one.starts_at for one in await visits(crew, DEAL)] == [AT_NOON]
    assert await visits(crew, LEAD) == []
