"""A day that somebody named and on which nobody works, or that is over before it may be told (truth 17, 19, 22)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from tests.stories.acts import do, listen
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.kitchen import (
    begun,
    booked,
    client_phone,
    invoice_sent,
    lead_to_deal,
    open_kitchens,
    paid,
    produced,
    sign,
    task,
)

ASK = "Сообщить клиенту о готовности"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The kitchen shop, working from Monday to Friday, with Russian holidays."""
    opened, http = await open_kitchens(tmp_path, work_week="1-5", holidays="RU")
    yield opened
    await close_shop(opened, http)


async def test_a_payment_promised_for_a_saturday_is_a_task_of_monday_and_not_late_when_it_is_heard_of(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Closed: one task and one word on Monday morning; nobody above hears of it before its day is over."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await invoice_sent(anna, pay_on="28.11")
    await shop.until("2026-11-27T20:59")
    await listen(shop)
    await shop.until("2026-11-30T09:00")
    heard = sorted(await anna.news())
    assert heard == [
        "🔔 28 ноября клиент обещал оплатить счёт: Кухня угловая · Мария Иванова",
        "🔔 Вам дали задачу",
    ]
    assert "Срок: сегодня, 18:00" in (await anna.sees("📋 Дождаться предоплаты")).text
    await shop.until("2026-12-01T17:59")
    assert await boss.news() == []
    await shop.until("2026-12-01T18:00")
    assert await boss.news() == ["🔴 Не сделано: Дождаться предоплаты"]


async def test_on_a_working_day_nobody_above_hears_of_a_promise_before_its_day_is_over(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Truth 27: the task is given on the day of the payment, it prepares none: «к вт не готово» is a false alarm."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await invoice_sent(anna, pay_on="24.11")
    await listen(shop)
    await shop.until("2026-11-25T17:59")
    assert await boss.news() == []


async def test_a_balance_promised_for_a_sunday_rings_on_monday_and_is_not_called_late(shop: Shop, anna: Phone) -> None:
    await begun(shop, "production", ready_on=date(2026, 11, 25), wanted_on=date(2026, 11, 30))
    await produced(anna)
    await anna.tap("Клиент обещал", await task(anna, ASK))
    await anna.text("29.11")
    await anna.sees("Отложено: пн, 30 ноября, 09:00")
    await shop.until("2026-11-30T09:00")
    assert "Просрочено" not in (await anna.sees("Пора: срок задачи наступил")).text


async def test_a_balance_promised_for_today_rings_in_the_evening_and_not_at_once(shop: Shop, anna: Phone) -> None:
    """Truth 17: what was put off does not come back in the same second."""
    await begun(shop, "production", ready_on=date(2026, 12, 18), wanted_on=date(2026, 12, 20))
    await produced(anna)
    await shop.until("2026-11-23T15:00")
    await anna.tap("Клиент обещал", await task(anna, ASK))
    await do(anna, "сегодня", "[Верно]")
    assert "Срок: сегодня, 20:00" in anna.screen.text
    await shop.until("2026-11-23T19:59")
    assert await anna.count("Пора: срок задачи наступил") == 0
    await shop.until("2026-11-23T20:00")
    assert await anna.count("Пора: срок задачи наступил") == 1


async def test_who_is_not_reached_in_the_last_hour_is_called_when_the_company_opens(shop: Shop, anna: Phone) -> None:
    """Closed, truth 12: an hour after 20:30 is night; «отложено: 21:30» would not come before the morning."""
    await paid(shop)
    await shop.hire("Николай Громов", "installer")
    await booked(anna, "25.11 в 10")
    await shop.until("2026-11-24T20:30")
    await anna.tap("Не дозвонился", await task(anna, "Позвонить клиенту: готов"))
    assert anna.toast == "Отложено: завтра, 9:00"
    assert "Срок: завтра, 9:00" in anna.screen.text


async def test_a_new_day_that_is_over_before_the_sms_may_go_is_not_told_by_sms(shop: Shop, anna: Phone) -> None:
    """Closed, truth 30: in the last minute before the New Year break the kitchen slips to the 5th of January; an SMS of
    the 11th would promise a day that has passed. The manager hears at once, and calls."""
    maria = await client_phone(shop)
    number = await begun(shop, "production", ready_on=date(2026, 12, 31), wanted_on=date(2027, 1, 20))
    await shop.until("2026-12-30T21:30")
    await anna.open(number)
    await do(anna, "[Заполнить]", "[✏️ Сроки]", "[Дата готовности]", "05.01.2027")
    assert "пройдёт раньше, чем можно отправить SMS" in (await anna.sees_only("SMS клиенту не отправлено")).text
    await shop.until("2027-01-11T12:00")
    assert await maria.messages() == []


async def test_a_new_day_behind_the_break_is_told_when_the_company_opens(shop: Shop, anna: Phone) -> None:
    maria = await client_phone(shop)
    number = await begun(shop, "production", ready_on=date(2026, 12, 31), wanted_on=date(2027, 1, 20))
    await shop.until("2026-12-30T21:30")
    await anna.open(number)
    await do(anna, "[Заполнить]", "[✏️ Сроки]", "[Дата готовности]", "11.01.2027")
    await shop.until("2027-01-11T12:00")
    await maria.sees_only("Новый срок готовности Вашей кухни: пн, 11 января")


@pytest.mark.parametrize("above", [True, False], ids=["heard", "nobody above"])
async def test_two_days_that_an_undone_check_leaves_unprepared_at_the_same_moment_are_told_in_one_ring(
    shop: Shop, anna: Phone, above: bool
) -> None:
    """Closed, gone: the check is given on a Saturday night, late for that day and for Monday. Both are told, and the
    ring comes to its end also where there is nobody to tell."""
    boss = await shop.hire("Ирина Белова", "supervisor") if above else None
    await shop.until("2026-12-19T23:35")
    await begun(shop, "production", ready_on=date(2026, 12, 21), wanted_on=date(2026, 12, 19))
    await shop.until("2026-12-21T12:00")
    assert await anna.count("Пора: срок задачи наступил") == 1
    if boss is not None:
        said = plain("\n".join(one.text for one in await boss.from_bot()))
        assert "19 декабря" in said and "21 декабря" in said
