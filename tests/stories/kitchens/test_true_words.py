"""What robots say of a kitchen is so when they say it: what was done already is not said to be missing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from models.tables.tasks import TaskRow
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
)

TOMORROW, LATER = date(2026, 11, 25), date(2026, 11, 26)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The kitchen shop, running, with nobody in it yet."""
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def tasks(shop: Shop, name: str) -> list[tuple[str, str | None]]:
    """State and outcome of every task of that name."""
    rows = await shop.rows(select(TaskRow.state, TaskRow.outcome).where(TaskRow.name == name).order_by(TaskRow.id))
    return [(row.state, row.outcome) for row in rows]


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


async def test_a_kitchen_that_is_ready_is_not_asked_after(shop: Shop, anna: Phone) -> None:
    """Truth 27: everything is ready; «узнайте, всё ли идёт по графику» the day before is a false alarm."""
    await begun(shop, "production", ready_on=TOMORROW, wanted_on=LATER)
    await produced(anna)
    await shop.until("2026-11-24T20:00")
    await anna.sees_no("Узнайте, всё ли идёт по графику")


# --- let go with a debt -----------------------------------------------------------------------------------------


async def test_a_kitchen_let_go_with_a_debt_is_not_said_to_be_paid_and_its_debt_is_somebodys_task_to_the_end(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Truth 5, 22: 75 000 ₽ are owed, promised for the 28th; the task goes along until the money is there."""
    number = await begun(shop, "production", ready_on=TOMORROW, wanted_on=LATER)
    await produced(anna)
    await anna.tap("Клиент обещал", await task(anna, "Сообщить клиенту о готовности"))
    await anna.text("28.11")
    await boss.open(number)
    await do(boss, "[Заполнить]", "[✏️ Детали по оплате]", "[Почему можно с долгом]", "Доплатит 28.11")
    await anna.open(number)
    await do(anna, "✔ Доплата получена")
    await anna.sees_no("Оплачено полностью")
    await anna.sees_only(
        "Отпущено с долгом 75 000 ₽: Кухня угловая · Мария Иванова. Согласуйте с клиентом дату монтажа"
    )
    assert await tasks(shop, "debt") == [("open", None)]
    await shop.until("2026-11-28T09:00")
    await anna.tap("Долг оплачен", await anna.sees("📋 Получить долг"))
    assert "Долг ещё не оплачен" in (anna.toast or "")
    await receive(anna, number, "[Весь остаток — 75 000 ₽]", how="СБП")
    assert await tasks(shop, "debt") == [("done", "came")]


async def test_money_that_bounces_before_the_assembly_is_a_debt_once_the_supervisor_lets_the_kitchen_go(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Changed: it was paid in full when it came here; what is owed now is somebody's task too, and only one."""
    number = await paid(shop)
    await booked(anna)
    await anna.open(number)
    await do(anna, "[Оплата]", "[↩️ Возврат клиенту]", "10 000", "[Сегодня]", "[Наличные]", "Скидка")
    assert await tasks(shop, "debt") == []
    await boss.open(number)
    await do(boss, "[Заполнить]", "[✏️ Детали по оплате]", "[Почему можно с долгом]", "Доплатит 28.11")
    assert await tasks(shop, "debt") == [("open", None)]


async def test_a_paid_kitchen_has_no_debt(shop: Shop, anna: Phone) -> None:
    await begun(shop, "production", ready_on=TOMORROW, wanted_on=LATER)
    await produced(anna)
    await receive(anna, "2026-0001", "[Весь остаток — 75 000 ₽]", how="СБП")
    await anna.sees_only("Оплачено полностью")
    assert await tasks(shop, "debt") == []


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
