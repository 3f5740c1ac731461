"""Telegram keeps updates for a day: after a longer gap people hear what of theirs may be lost (promise 4)."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from models.tables.settings import SettingRow
from services.company_settings import HEARD_AT
from tests.stories.driver import Phone, Shop, plain
from tests.stories.times import downtime

GAP = "Бот больше суток не принимал нажатия и сообщения"
GETS = ["getUpdates"]


async def heard(shop: Shop) -> None:
    """The bot has noticed that it hears, and has written it down at this moment of the clock."""
    moment = shop.app.now().isoformat()
    async with asyncio.timeout(15):
        while await shop.rows(select(SettingRow.value).where(SettingRow.name == HEARD_AT)) != [(moment,)]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # it looks every second of real time
    await shop.settle()


async def until_hearing(shop: Shop, hears: bool) -> None:
    """Until the bot gets updates, or gets none."""
    async with asyncio.timeout(15):
        while shop.app.poller.hears is not hears:  # noqa: ASYNC110 — the poller has no event for it
            await asyncio.sleep(0.05)


async def down_until(shop: Shop, moment: str) -> None:
    """The bot is stopped, and starts again then."""
    await downtime.down(shop)
    await shop.post("clock", {"to": moment})
    await downtime.again(shop)


async def test_after_two_days_without_the_bot_everybody_hears_from_when_to_when(
    shop: Shop, anna: Phone, owner: Phone
) -> None:
    """Gone, back; closed: at night nobody is woken for it; twice: told once."""
    worker = await shop.hire("Пётр Ильин", "measurer")
    await heard(shop)
    await down_until(shop, "2026-11-25T23:00")
    await heard(shop)
    assert [await one.count(GAP) for one in (anna, owner, worker)] == [0, 0, 0], "it is eleven in the evening"
    await shop.until("2026-11-26T10:00")
    for one in (anna, owner, worker):
        told = plain((await one.sees_only(GAP)).text)
        assert (await one.sees_only(GAP)).button("Меню") is not None
        assert "нажатия и сообщения с пн, 23 ноября 2026, 10:00 до вт, 24 ноября 2026, 23:00 могли пропасть" in told
    await heard(shop)
    await down_until(shop, "2026-11-26T20:00")
    await heard(shop)
    await shop.until("2026-11-27T10:00")
    assert await anna.count(GAP) == 1


async def test_a_night_without_the_bot_is_told_to_nobody(shop: Shop, anna: Phone) -> None:
    await heard(shop)
    await down_until(shop, "2026-11-24T09:30")
    await heard(shop)
    await shop.later(hours=1)
    assert await anna.count(GAP) == 0


async def test_after_two_days_without_telegram_everybody_hears_it_too(shop: Shop, anna: Phone) -> None:
    """The bot ran all the while; a clock that is moved while it hears tells nobody anything."""
    await shop.until("2026-11-25T09:00")
    await heard(shop)
    shop.sandbox.faults.add("502", GETS, times=100_000)
    await shop.post(f"phones/{anna.key}/text", {"text": "/menu", "wait": False})  # ends the question that is open
    await until_hearing(shop, False)
    await asyncio.sleep(1.5)  # one look, for it is by real seconds
    await shop.post("clock", {"to": "2026-11-27T12:00"})
    assert await anna.count(GAP) == 0
    shop.sandbox.faults.clear()
    await shop.post(f"phones/{anna.key}/text", {"text": "/menu", "wait": False})
    await until_hearing(shop, True)
    await heard(shop)
    told = plain((await anna.sees_only(GAP)).text)
    assert "с ср, 25 ноября 2026, 09:00 до чт, 26 ноября 2026, 12:00" in told


async def test_the_gap_is_told_in_the_readers_language(shop: Shop) -> None:
    john = await shop.hire("John Smith", "manager", language="en")
    await heard(shop)
    await down_until(shop, "2026-11-26T10:00")
    await heard(shop)
    await shop.settle()
    told = plain((await john.sees_only("For more than a day the bot took no presses or messages")).text)
    assert "may" in told
