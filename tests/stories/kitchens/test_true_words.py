"""What robots say of a kitchen is so when they say it: what was done already is not said to be missing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop
from tests.stories.kitchen import (
    DEAL,
    PICTURE,
    begun,
    booked,
    client_phone,
    invoice_sent,
    lead_to_deal,
    open_kitchens,
    paid,
    produced,
    ready,
    receive,
    sign,
    task,
    tasks,
)

TOMORROW, LATER = date(2026, 11, 25), date(2026, 11, 26)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The kitchen shop, running, with nobody in it yet."""
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def back_from_the_job(nikolay: Phone) -> None:
    """The installer's checklist, the photos, the act signed."""
    await task(nikolay, "Монтаж кухни")
    await do(nikolay, "[Позвонить клиенту за час]", "[На месте]", "[Пропустить]")
    await nikolay.tap("Кухня собрана", "Монтаж кухни у клиента")
    await nikolay.send_files(("one.png", PICTURE + b"1"))
    await do(nikolay, "[Готово]", "[Сообщить о результате]", "[Без замечаний]", "Собрали всё", "[Акт подписан]")
    await nikolay.send_files(("act.png", PICTURE + b"3"))
    await do(nikolay, "[Готово]")


# --- on the contract --------------------------------------------------------------------------------------------


async def test_an_invoice_that_was_sent_is_not_asked_for_and_money_that_came_is_not_expected(
    shop: Shop, anna: Phone
) -> None:
    """Changed: on the second day the invoice is out; on the day of the promise the money is there."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await invoice_sent(anna, pay_on="26.11")
    await shop.until("2026-11-24T10:00")
    await anna.sees_only("Сделка второй день на договоре: Кухня угловая · Мария Иванова. Счёт отправлен, предоплаты")
    await anna.sees_no("Отправьте счёт")
    await receive(anna, DEAL, "75 000")
    await shop.until("2026-11-26T12:00")
    await anna.sees_no("клиент обещал оплатить счёт")
    assert await tasks(shop, "await_prepayment") == []


async def test_a_prepayment_that_bounces_is_a_promise_again(shop: Shop, anna: Phone) -> None:
    """Back, truth 22: the task was closed with money that did not come after all; it is open again until it does."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await invoice_sent(anna, pay_on="24.11")
    await shop.until("2026-11-24T11:00")
    await task(anna, "Дождаться предоплаты")
    await do(anna, "[Деньги пришли]", "[50 % — 75 000 ₽]", "[Сегодня]", "[Карта]")
    await anna.open(DEAL)
    await do(anna, "[Оплата]", "[Отменить платёж]", "[75 000 ₽]", "Не дошло", "[Да, отменить платёж]")
    await anna.sees_only("Предоплаты снова нет: Кухня угловая · Мария Иванова. Узнайте у клиента, когда он заплатит")
    assert await tasks(shop, "await_prepayment") == [("done", "came"), ("open", None)]


# --- in production ----------------------------------------------------------------------------------------------


async def test_a_technologist_who_has_confirmed_is_not_said_to_be_silent(shop: Shop, anna: Phone) -> None:
    await begun(shop, "prepaid", wanted_on=date(2026, 12, 20))
    await task(anna, "Связаться с технологом")
    await do(anna, "[Узнать предварительную дату]", "18.12", "[Получить уверения]", "[Убедиться, что кухня]")
    await anna.tap("Технолог всё подтвердил", anna.screen)
    await shop.until("2026-11-24T10:00")
    await anna.sees_no("Технолог ещё не подтвердил")
    await anna.sees_only("Технолог подтвердил срок, а производство не запущено: Кухня угловая · Мария Иванова")


async def test_production_does_not_begin_with_a_day_that_has_passed(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Forgotten, truth 17: the technologist said the 25th, on the 27th the manager moves the deal on; in the same
    second the supervisor would hear that the kitchen was to be ready."""
    number = await begun(shop, "prepaid", wanted_on=date(2026, 12, 20))
    await task(anna, "Связаться с технологом")
    await do(anna, "[Узнать предварительную дату]", "25.11", "[Получить уверения]", "[Убедиться, что кухня]")
    await anna.tap("Технолог всё подтвердил", anna.screen)
    await shop.until("2026-11-27T10:00")
    await anna.open(number)
    await do(anna, "[Этапы…]", "[Производство запущено]")
    assert "Срок готовности уже прошёл: узнайте у технолога новый" in anna.screen.text
    await boss.sees_no("Кухня должна была быть готова")
    await anna.open(number)
    await do(anna, "[Заполнить]", "[✏️ Сроки]", "[Дата готовности]", "18.12")
    await anna.open(number)
    await do(anna, "✔ Производство запущено")
    await anna.sees_only("Производство запущено: Кухня угловая · Мария Иванова. Готовность пт, 18 декабря")


async def test_a_kitchen_that_is_ready_is_not_asked_after(shop: Shop, anna: Phone) -> None:
    """Truth 27: everything is ready; «узнайте, всё ли идёт по графику» the day before is a false alarm."""
    await begun(shop, "production", ready_on=TOMORROW, wanted_on=LATER)
    await produced(anna)
    await shop.until("2026-11-24T20:00")
    await anna.sees_no("Узнайте, всё ли идёт по графику")


async def test_a_window_that_is_booked_is_not_said_to_be_unknown(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """The window is agreed, the address is not: «дата монтажа не согласована» is not so."""
    await paid(shop, address=None)
    await task(anna, "Согласовать доставку")
    await do(anna, "[Выбрать окно и мастера]", "28.11 в 10", "[Клиент согласен]")
    await shop.until("2026-11-24T10:00")
    await anna.sees_no("Дата монтажа ещё не согласована")
    await anna.sees_only("Доставка и монтаж ещё не согласованы")


# --- the assembly -----------------------------------------------------------------------------------------------


async def test_an_assembly_that_was_closed_while_the_deal_does_not_add_up_is_not_asked_after(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """Truth 27: the act is signed, the deal may not go on for its money; the installer has closed his job."""
    number = await paid(shop)
    await booked(anna)
    await ready(shop, anna)
    await anna.open(number)
    await do(anna, "[Оплата]", "[↩️ Возврат клиенту]", "10 000", "[Сегодня]", "[Наличные]", "Скидка")
    await shop.until("2026-11-24T14:00")
    await back_from_the_job(nikolay)
    await shop.until("2026-11-24T20:00")
    await anna.sees_no("Мастер ещё не закрыл монтаж")


async def test_the_call_was_forgotten_and_the_job_is_done_the_deal_goes_on(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Forgotten: once the act is signed nobody has to say «Клиент готов» of a kitchen that stands; no SMS tells the
    client who will come, the installer is not sent there again, and nobody hears that he has not done it."""
    maria = await client_phone(shop)
    await paid(shop)
    await booked(anna)
    await shop.until("2026-11-24T14:00")
    await back_from_the_job(nikolay)
    assert await tasks(shop, "call_before") == [("void", None)]
    assert await tasks(shop, "job") == [("done", "signed")]
    await anna.sees_no("Робот не смог сменить стадию")
    await shop.until("2026-11-25T21:00")
    assert await maria.messages() == []
    await boss.sees_no("Не сделано: Монтаж кухни")


async def test_a_call_after_the_beginning_sends_no_sms_about_who_will_come(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """Forgotten: the manager calls an hour after the beginning; the client has the installer before him."""
    maria = await client_phone(shop)
    await paid(shop)
    await booked(anna)
    await shop.until("2026-11-24T11:00")
    await anna.tap("Клиент готов", await task(anna, "Позвонить клиенту: готов"))
    assert await maria.messages() == []
    assert await tasks(shop, "job") == [("open", None)]
