"""Before an assembly, time is true when it is heard: weekends, nights, the first window of the day (truth 6, 12)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.stories import kitchen as k
from tests.stories.acts import do, listen
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.times.downtime import again, down

NAMED = "Кухня угловая · Мария Иванова"
CALL = "Позвонить клиенту: готов ли он к монтажу"
DUE = "Пора: срок задачи наступил"
MONDAY_WINDOW = "30.11 в 14"


@pytest.fixture
async def shop(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    """The kitchen shop, working from Monday to Friday unless the story says otherwise."""
    week = getattr(request, "param", {"work_week": "1-5", "holidays": "RU"})
    opened, http = await k.open_kitchens(tmp_path, **week)
    yield opened
    await close_shop(opened, http)


EVERY_DAY: dict[str, str] = {}


@pytest.fixture
async def crew(shop: Shop, boss: Phone, anna: Phone, nikolay: Phone) -> tuple[Phone, Phone, Phone]:
    """The supervisor, the manager, and the one installer; clients get their phones told."""
    await k.own_number(nikolay)
    await k.paid(shop)
    return boss, anna, nikolay


async def agreed(shop: Shop, anna: Phone, at: str, when: str) -> None:
    """At that time the assembly is agreed for then."""
    await shop.until(at)
    await k.booked(anna, when)
    await listen(shop)


async def own_hours(boss: Phone, name: str, weekday: str, hours: str) -> None:
    """The supervisor gives somebody hours of his own for one weekday."""
    await boss.start()
    await do(boss, "[👥 Команда]", f"[{name}]", "[🕘 Часы и отпуск]", f"[{weekday}]", "[Другие часы]", hours)


async def test_truth_6_before_a_monday_the_call_and_both_alarms_come_on_friday_each_at_its_time(
    shop: Shop, crew: tuple[Phone, Phone, Phone]
) -> None:
    """truth 6: five-day week, an assembly on Monday: the call is due on Friday at 11:00, the alarms at 16:00 and 17:30
    say «в понедельник», and nothing of it comes on Monday at nine."""
    boss, anna, _ = crew
    await agreed(shop, anna, "2026-11-25T12:00", MONDAY_WINDOW)
    await shop.until("2026-11-27T10:59")
    assert await anna.news() == []
    await shop.until("2026-11-27T11:00")
    assert await anna.news() == [f"🔔 {DUE}"]
    assert CALL in (await anna.last()).text
    await shop.until("2026-11-27T15:59")
    assert await boss.news() == []
    await shop.until("2026-11-27T16:00")
    assert await boss.news() == [f"🔴 В понедельник монтаж, а клиенту не позвонили: {NAMED}"]
    await anna.tap("Клиент готов", DUE)
    await shop.until("2026-11-27T17:29")
    assert await boss.news() == []
    await shop.until("2026-11-27T17:30")
    said = "🔴 Мастер не подтвердил выезд в понедельник, 30 ноября, в 14:00"
    assert await boss.news() == [f"{said}: {NAMED}, Николай Громов"]
    await shop.until("2026-11-30T12:59")
    assert await boss.news() == [], "neither on Sunday nor on Monday at nine"
    await shop.until("2026-11-30T13:00")
    await crew[2].sees_only(f"Через час монтаж: {NAMED}. Позвоните клиенту и подтвердите приезд")


@pytest.mark.parametrize("shop", [EVERY_DAY], indirect=True)
async def test_truth_12_the_call_before_a_nine_oclock_window_is_told_the_evening_before(
    shop: Shop, crew: tuple[Phone, Phone, Phone]
) -> None:
    """truth 12, K-22: not at nine, when the visit begins, but at eight of the evening before, in words that fit."""
    _, anna, nikolay = crew
    await agreed(shop, anna, "2026-11-23T10:00", "завтра в 9")
    await shop.until("2026-11-23T11:00")
    await anna.tap("Клиент готов", DUE)
    await listen(shop)
    await shop.until("2026-11-23T19:59")
    assert await nikolay.news() == []
    await shop.until("2026-11-23T20:00")
    assert len(await nikolay.news()) == 1
    assert f"Завтра в 9:00 монтаж: {NAMED}. Позвоните клиенту и подтвердите приезд" in (await nikolay.last()).text
    await shop.until("2026-11-24T08:59")
    assert await nikolay.news() == []


@pytest.mark.parametrize("shop", [EVERY_DAY], indirect=True)
async def test_truth_12_an_installer_who_works_from_eight_hears_at_eight_as_well(
    shop: Shop, crew: tuple[Phone, Phone, Phone]
) -> None:
    """truth 12, K-22: his own hours reach the hour before, so that he is told then too, and acts then."""
    boss, anna, nikolay = crew
    await own_hours(boss, "Николай Громов", "Вт 9–21", "8–20")
    await agreed(shop, anna, "2026-11-23T10:00", "завтра в 9")
    await shop.until("2026-11-23T11:00")
    await anna.tap("Клиент готов", DUE)
    await shop.until("2026-11-23T20:00")
    await nikolay.sees_only(f"Завтра в 9:00 монтаж: {NAMED}")
    await shop.until("2026-11-24T08:00")
    await nikolay.sees_only(f"Через час монтаж: {NAMED}. Позвоните клиенту и подтвердите приезд")


@pytest.mark.parametrize("shop", [EVERY_DAY], indirect=True)
async def test_truth_12_somebody_who_wants_quiet_from_eight_is_told_before_it(
    shop: Shop, crew: tuple[Phone, Phone, Phone]
) -> None:
    """truth 12: quiet hours from 20:00 to 9:30: the evening's reminder comes at 19:00, in time and in his hours."""
    _, anna, nikolay = crew
    await nikolay.start()
    await do(nikolay, "[⚙️ Настройки]", "[🌙 Тихие часы]", "[Другое время]", "20:00–9:30")
    await agreed(shop, anna, "2026-11-23T10:00", "завтра в 9")
    await shop.until("2026-11-23T11:00")
    await anna.tap("Клиент готов", DUE)
    await listen(shop)
    await shop.until("2026-11-23T18:59")
    assert await nikolay.news() == []
    await shop.until("2026-11-23T19:00")
    await nikolay.sees_only(f"Завтра в 9:00 монтаж: {NAMED}")
    await shop.until("2026-11-24T09:30")
    assert not any("монтаж:" in one for one in (await nikolay.news())[1:]), "not again when the visit has begun"


@pytest.mark.parametrize("shop", [EVERY_DAY], indirect=True)
async def test_agreed_late_in_the_evening_the_step_itself_says_that_it_is_now(
    shop: Shop, crew: tuple[Phone, Phone, Phone]
) -> None:
    """truth 12, door: agreed at 20:20 for nine: the call is due now and says why; those above hear half an hour later,
    before the visit, and only because nobody has called."""
    boss, anna, _ = crew
    await shop.until("2026-11-23T20:20")
    await k.booked(anna, "завтра в 9")
    call = await anna.sees_only(DUE)
    assert CALL in call.text and "Монтаж завтра в 9:00: сделайте это сейчас" in plain(call.text)
    await listen(shop)
    await shop.until("2026-11-23T20:49")
    assert await boss.news() == []
    await shop.until("2026-11-23T20:50")
    assert await boss.news() == [f"🔴 Завтра в 9:00 монтаж, а клиент не предупреждён: {NAMED}"]


@pytest.mark.parametrize("shop", [EVERY_DAY], indirect=True)
async def test_truth_12_a_call_at_night_says_who_will_not_hear_in_time(
    shop: Shop, crew: tuple[Phone, Phone, Phone]
) -> None:
    """truth 12: the client is called at 21:30 for nine: neither the installer nor the SMS can go before the visit, and
    whoever called hears both at once; nothing tells the client at nine of a visit at nine."""
    _, anna, nikolay = crew
    maria = await k.client_phone(shop)
    await agreed(shop, anna, "2026-11-23T10:00", "завтра в 9")
    await shop.until("2026-11-23T21:30")
    await anna.tap("Клиент готов", DUE)
    said = await anna.sees_only("Николай Громов узнает об этом только")
    assert "вт, 24 ноября, 09:00. Позвоните сами" in plain(said.text)
    sms = await anna.sees_only("SMS клиенту не отправлено")
    assert "визит начнётся раньше, чем можно отправить SMS: позвоните клиенту" in sms.text
    await shop.until("2026-11-24T10:00")
    assert await maria.count("Монтаж Вашей кухни") == 0
    await nikolay.sees_no("Через час монтаж")


@pytest.mark.parametrize("shop", [EVERY_DAY], indirect=True)
async def test_what_waited_until_the_visit_had_begun_is_told_as_what_it_is(
    shop: Shop, crew: tuple[Phone, Phone, Phone]
) -> None:
    """Point 5: an alarm that reaches the supervisor only after the assembly has begun says so; what the installer was
    to do before it is not said at all."""
    boss, anna, nikolay = crew
    await agreed(shop, anna, "2026-11-23T10:00", "завтра в 9")
    await shop.until("2026-11-23T19:59")
    await listen(shop)
    await down(shop)  # over the evening and the morning
    await shop.sandbox.clock.advance(timedelta(hours=13, minutes=30))
    await again(shop)
    assert f"🔴 Монтаж начался, а клиент не предупреждён: {NAMED}" in await boss.news()
    await nikolay.sees_no("Позвоните клиенту и подтвердите приезд")


@pytest.mark.parametrize("shop", [EVERY_DAY], indirect=True)
async def test_who_was_called_meanwhile_is_not_said_to_be_uncalled(
    shop: Shop, crew: tuple[Phone, Phone, Phone]
) -> None:
    """Point 5: the alarm waits for the supervisor's hours; by then the client has been called, and nothing is said."""
    boss, anna, _ = crew
    await agreed(shop, anna, "2026-11-23T10:00", "25.11 в 14")
    await boss.start()
    await do(boss, "[⚙️ Настройки]", "[🌙 Тихие часы]", "[Другое время]", "15:00–18:00")
    await shop.until("2026-11-24T16:30")
    await anna.tap("Клиент готов", DUE)
    await shop.until("2026-11-24T20:00")
    await boss.sees_no("не позвонили")


@pytest.mark.parametrize("shop", [EVERY_DAY], indirect=True)
async def test_a_reminder_that_waits_is_not_said_of_a_visit_that_was_moved_meanwhile(
    shop: Shop, crew: tuple[Phone, Phone, Phone]
) -> None:
    """Changed? The alarm of 16:00 waits for the supervisor's hours; the visit is moved: nothing is said of the old day,
    and the alarm of the new one comes in its own time."""
    boss, anna, _ = crew
    await agreed(shop, anna, "2026-11-23T10:00", "25.11 в 14")
    await boss.start()
    await do(boss, "[⚙️ Настройки]", "[🌙 Тихие часы]", "[Другое время]", "15:00–18:00")
    await shop.until("2026-11-24T16:30")
    await anna.open("2026-0001")
    await do(anna, "[Заполнить]", "[Доставка и монтаж]", "[Монтаж]", "27.11 в 14", "[Клиент согласен]")
    await listen(shop)
    await shop.until("2026-11-26T17:59")
    assert await boss.news() == []
    await shop.until("2026-11-26T18:00")
    assert await boss.news() == [f"🔴 Завтра монтаж, а клиенту не позвонили: {NAMED}"]
