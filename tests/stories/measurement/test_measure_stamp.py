"""The technologist's stamp (M-8): due by 16:00 of the working day before; without it nobody drives out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select

from bot import app as root
from bot.delivery.rate_limits import RateLimits
from models.tables.tasks import TaskRow
from sandbox.server import Sandbox
from sandbox.world.shifted_clock import ShiftedClock
from tests.stories.acts import do, listen
from tests.stories.conftest import MONDAY, close_shop, settings_for
from tests.stories.driver import Phone, Shop, plain
from tests.stories.measuring import PICTURE, begun, open_measuring, opened, stage, stamped, visit, visit_planned

NUMBER = "2026-0001"
STAMP = "Печать технолога на просчёт"
OFF = "Замер не состоится: нет печати технолога"
MONDAY_30 = date(2026, 11, 30)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """A company that works from Monday to Friday and keeps Russian holidays."""
    opened_shop, http = await open_measuring(tmp_path, work_week="1-5", holidays="RU")
    yield opened_shop
    await close_shop(opened_shop, http)


@pytest.fixture
async def egor(shop: Shop) -> Phone:
    """The technologist."""
    return await shop.hire("Егор Лапин", "technologist")


@pytest.fixture
async def pyotr(shop: Shop) -> Phone:
    """The measurer."""
    return await shop.hire("Пётр Лин", "measurer")


@pytest.fixture
async def darya(shop: Shop) -> Phone:
    """The communications manager."""
    return await shop.hire("Дарья Котова", "dispatcher")


async def due(shop: Shop, name: str = "stamp") -> str:
    """When the newest task of that name is due, by the company's clocks."""
    rows = await shop.rows(select(TaskRow.due_at).where(TaskRow.name == name).order_by(TaskRow.id))
    return f"{shop.app.company.calendar.local(rows[-1].due_at):%d.%m %H:%M}"


async def is_off(shop: Shop) -> bool:
    """Whether the measurement of the deal is called off, as it stands now."""
    return (await visit(shop, NUMBER)).state == "off"


async def silent_until(shop: Shop, when: str) -> None:
    """The clock moves there and no phone rings."""
    await listen(shop)
    await shop.until(when)
    assert {phone.name: await phone.news() for phone in shop.phones.values()} == {name: [] for name in shop.phones}


# --- by when --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2026, 11, 25), "24.11 16:00"),  # Wednesday: Tuesday
        (date(2026, 11, 30), "27.11 16:00"),  # Monday: Friday
        (date(2026, 11, 29), "27.11 16:00"),  # Sunday: Friday
        (date(2026, 12, 25), "24.12 16:00"),
    ],
)
async def test_m_8_the_stamp_is_due_at_four_of_the_working_day_before(
    shop: Shop, anna: Phone, egor: Phone, day: date, wanted: str
) -> None:
    """M-8: the weekend before a Monday is no working day; the technologist is told once, as soon as it is needed."""
    await begun(shop, "measure", day)
    assert await due(shop) == wanted
    await egor.sees_only(STAMP)
    assert plain("Сумма предварительного просчёта: 115 973 ₽") in plain((await egor.last()).text)


async def test_m_8_a_public_holiday_before_the_measurement_is_no_working_day(
    shop: Shop, anna: Phone, egor: Phone
) -> None:
    """M-8: a measurement on the 11th of January is stamped before the New Year's holidays."""
    await shop.until("2026-12-21T10:00")
    await begun(shop, "measure", date(2027, 1, 11))
    calendar = shop.app.company.calendar
    assert not calendar.is_working(date(2027, 1, 8)) and not calendar.is_working(date(2027, 1, 4))
    before = calendar.previous_working(date(2027, 1, 10))
    assert before.year == 2026 and await due(shop) == f"{before:%d.%m} 16:00"


# --- in time --------------------------------------------------------------------------------------------------------


async def test_m_8_the_technologist_sees_the_calculation_and_stamps_by_a_button(
    shop: Shop, anna: Phone, egor: Phone, darya: Phone, pyotr: Phone
) -> None:
    """M-8, M-9: the sheet is one tap away; stamped in time nothing is called off, and the visit is to be planned."""
    await begun(shop, "measure", MONDAY_30)
    await anna.open(NUMBER)
    await do(anna, "[➕ Лист просчёта]")
    await anna.send_files(("prosch.png", PICTURE))
    await do(anna, "[Готово]")
    card = await opened(egor, STAMP)
    assert "Лист просчёта: 1 файл" in plain(card.text)
    shown = await egor.tap("Лист просчёта", card)
    assert any(one.media for one in await egor.from_bot()) or shown.media
    await stamped(egor)
    await anna.sees_only("Технолог поставил печать: Шкаф-купе · Мария Иванова")
    await darya.sees_only("Назначить замер")
    assert not await is_off(shop)
    await visit_planned(darya, "30.11 в 12:00")
    await pyotr.sees("Замер у клиента")
    await shop.until("2026-11-27T18:00")
    for phone in (anna, egor, pyotr):
        await phone.sees_no("не состоится")
        await phone.sees_no("Замер отменён")
    await egor.sees_no("До 16:00 нужна печать")


async def test_m_8_sent_back_with_a_remark_the_manager_puts_it_right_and_it_is_stamped(
    shop: Shop, anna: Phone, egor: Phone, darya: Phone
) -> None:
    """M-8: the remark reaches the manager, the corrected calculation the technologist; the same task is stamped."""
    await begun(shop, "measure", MONDAY_30)
    await opened(egor, STAMP)
    await do(egor, "[Вернуть с замечанием]", "Не та толщина столешницы")
    await anna.sees_only("Технолог вернул просчёт: Не та толщина столешницы")
    await darya.sees_no("Назначить замер")
    await anna.open(NUMBER)
    await do(anna, "[Заполнить]", "[Замер]", "[Сумма предварительного просчёта]", "120 000")
    await egor.sees_only("Просчёт исправлен, проверьте ещё раз")
    assert await due(shop) == "27.11 16:00", "the time limit stays"
    await stamped(egor)
    await darya.sees_only("Назначить замер")


# --- missed ---------------------------------------------------------------------------------------------------------


async def test_m_8_without_the_stamp_the_visit_is_called_off_at_four_and_all_three_are_told(
    shop: Shop, anna: Phone, egor: Phone, pyotr: Phone, darya: Phone
) -> None:
    """M-8: reminded at three, called off at four, not a minute before; nobody asks for sheets of what was not held."""
    await begun(shop, "measure", MONDAY_30)
    await silent_until(shop, "2026-11-27T14:59")
    await shop.until("2026-11-27T15:00")
    await egor.sees_only("До 16:00 нужна печать на просчёт: Шкаф-купе · Мария Иванова")
    await silent_until(shop, "2026-11-27T15:59")
    await shop.until("2026-11-27T16:00")
    await egor.sees_only("Печати нет, замер не состоится: Шкаф-купе · Мария Иванова")
    await anna.sees_only(f"{OFF}. Договоритесь с клиентом о новой дате")
    off = await pyotr.sees_only("Замер отменён, печати нет: Шкаф-купе · Мария Иванова, пн, 30 ноября")
    assert not off.button("Открыть"), "nobody was chosen yet: the deal is not his to open"
    assert await is_off(shop)
    await darya.sees_no("Назначить замер")
    await shop.until("2026-12-01T10:30")
    assert await stage(shop, NUMBER) == "sales.measure", "no sheets are missing of a visit that was not"
    await anna.sees_no("Запросите у замерщика")


async def test_m_8_a_new_date_brings_the_visit_back_with_a_new_time_for_the_stamp(
    shop: Shop, anna: Phone, egor: Phone, pyotr: Phone, darya: Phone
) -> None:
    """M-8: the same task, due before the new day; stamped in time the visit is planned and takes place."""
    await begun(shop, "measure", MONDAY_30)
    await shop.until("2026-11-27T16:00")
    await anna.open(NUMBER)
    await do(anna, "[Заполнить]", "[Замер]", "[Предполагаемая дата замера]", "03.12")
    assert not await is_off(shop)
    assert await due(shop) == "02.12 16:00"
    await pyotr.sees_only("Замер перенесён: Шкаф-купе · Мария Иванова. Было пн, 30 ноября, теперь чт, 3 декабря")
    await stamped(egor)
    await visit_planned(darya, "03.12 в 12:00")
    await pyotr.sees("Замер у клиента")
    await shop.until("2026-12-02T18:00")
    assert await anna.count(OFF) == 1 and await pyotr.count("Замер отменён") == 1, "and not once more"


async def test_m_8_missed_again_on_the_new_date_it_is_called_off_again(
    shop: Shop, anna: Phone, egor: Phone, pyotr: Phone
) -> None:
    """M-8: the cut-off belongs to the date, not to the deal."""
    await begun(shop, "measure", MONDAY_30)
    await shop.until("2026-11-27T16:00")
    await anna.open(NUMBER)
    await do(anna, "[Заполнить]", "[Замер]", "[Предполагаемая дата замера]", "03.12")
    await shop.until("2026-12-02T15:59")
    assert await anna.count(OFF) == 1
    await shop.until("2026-12-02T16:00")
    assert await anna.count(OFF) == 2 and await is_off(shop)


async def test_m_8_a_stamp_after_the_time_limit_does_not_bring_the_visit_back_a_new_date_does(
    shop: Shop, anna: Phone, egor: Phone, darya: Phone
) -> None:
    """M-8: stamped at half past four Monday stays off; with a new date it is planned, and needs no new stamp."""
    await begun(shop, "measure", MONDAY_30)
    await shop.until("2026-11-27T16:30")
    await stamped(egor)
    await anna.sees_only("Печать поставлена после срока, замер пн, 30 ноября отменён. Внесите новую дату")
    assert await is_off(shop)
    await darya.sees_no("Назначить замер")
    await anna.open(NUMBER)
    await do(anna, "[Заполнить]", "[Замер]", "[Предполагаемая дата замера]", "03.12")
    assert not await is_off(shop)
    await darya.sees_only("Назначить замер")
    await shop.until("2026-12-02T16:00")
    assert await anna.count(OFF) == 1


async def test_m_8_a_measurement_of_tomorrow_agreed_after_four_is_said_to_be_off_at_once(
    shop: Shop, anna: Phone, egor: Phone, pyotr: Phone
) -> None:
    """M-8: the hour has passed when the date is set: nobody waits for a stamp that can no longer be in time."""
    await shop.until("2026-11-24T17:00")
    await begun(shop, "measure", date(2026, 11, 25))
    await anna.sees_only(OFF)
    assert await is_off(shop)


async def test_m_3_m_7_on_the_measurement_too_a_date_beyond_32_days_is_deferred_demand(
    shop: Shop, anna: Phone, egor: Phone
) -> None:
    """M-3, M-7: the deal goes to the month of the new date; the stamp is not wanted any more."""
    await begun(shop, "measure", MONDAY_30)
    await anna.open(NUMBER)
    await do(anna, "[Заполнить]", "[Замер]", "[Предполагаемая дата замера]", "20.01.2027")
    assert await stage(shop, NUMBER) == "deferred.m202701"
    states = await shop.rows(select(TaskRow.state).where(TaskRow.name == "stamp"))
    assert [row.state for row in states] == ["void"]
    await shop.until("2026-11-27T16:00")
    await anna.sees_no(OFF)


# --- zones ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day", "last_minute", "cut_off"),
    [
        ("Asia/Vladivostok", date(2026, 11, 27), "2026-11-26T15:59", "2026-11-26T16:00"),  # not the server's zone
        ("Europe/Berlin", date(2027, 3, 29), "2027-03-26T15:59", "2027-03-26T16:00"),  # the clocks change in between
        ("America/New_York", date(2027, 3, 15), "2027-03-12T15:59", "2027-03-12T16:00"),
    ],
)
async def test_m_8_four_and_ten_are_those_of_the_companys_clocks_over_a_clock_change(
    tmp_path: Path, zone: str, day: date, last_minute: str, cut_off: str
) -> None:
    """M-8, M-6: the same hours by the wall wherever the company is; summer time between now and then shifts nothing."""
    sandbox = Sandbox(clock=ShiftedClock(MONDAY, frozen=True), zone=zone, web=False)
    await sandbox.start()
    settings = settings_for(tmp_path, sandbox.url, timezone=zone, processes=("measurement",), work_week="1-5")
    app = await root.build(settings, clock=sandbox.clock.now, limits=RateLimits.none())
    await app.start()
    sandbox.clock.listeners.append(app.tick_and_settle)
    async with aiohttp.ClientSession() as http:
        shop = Shop(app, sandbox, http)
        anna = await shop.hire("Анна Соколова", "manager")
        await shop.hire("Егор Лапин", "technologist")
        await begun(shop, "measure", day)
        await begun(shop, "premeasure", day)
        assert await due(shop) == f"{cut_off[8:10]}.{cut_off[5:7]} 16:00"
        assert (await due(shop, "confirm")).endswith(" 10:00")
        await shop.until(last_minute)
        await anna.sees_no(OFF)
        await shop.until(cut_off)
        await anna.sees_only(OFF)
    await app.stop()
    await sandbox.close()
