"""Money that goes back, and money that is too much (truth 25, door H1): lines of the ledger, told, not forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.tables.deals import DealRow
from models.tables.payments import PaymentRow
from models.tables.tasks import TaskRow
from tests.stories import acts
from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.kitchen import begun, open_kitchens, paid, receive, task

TASK = "Вернуть клиенту деньги"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The kitchen shop, running, with nobody in it yet."""
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def ledger(shop: Shop) -> list[tuple[str, int]]:
    """Field and roubles of every line."""
    rows = await shop.rows(select(PaymentRow.field, PaymentRow.amount).order_by(PaymentRow.id))
    return [(row.field, row.amount // 100) for row in rows]


async def tasks(shop: Shop) -> list[tuple[str, Any]]:
    """State and outcome of every task to give money back."""
    rows = await shop.rows(select(TaskRow.state, TaskRow.outcome).where(TaskRow.name == "return_money"))
    return [(row.state, row.outcome) for row in rows]


async def fail(phone: Phone, number: str) -> None:
    """The client says no."""
    await phone.open(number)
    await do(phone, "[Этапы…]", "[✖ Отказ]")
    if phone.screen.button("Дорого"):
        await phone.tap("Дорого", phone.screen)


async def give_back(
    phone: Phone, number: str, amount: str, why: str = "Клиент передумал", how: str = "Наличные"
) -> None:
    """Money is given back on the page «Оплата»."""
    await phone.open(number)
    await do(phone, "[Оплата]", "[↩️ Возврат клиенту]", amount, "[Сегодня]", f"[{how}]", why)


# --- a refund ---------------------------------------------------------------------------------------------------


async def test_truth_25_money_given_back_is_a_line_of_its_own_and_what_came_stays_as_it_came(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Truth 25: sum, day, method, reason; the balance is true on the page and the card; the supervisor hears."""
    number = await begun(shop, "contract")
    await receive(anna, number, "25 000", how="Карта")
    await give_back(anna, number, "30 000", "Отказался от столешницы")
    assert anna.screen is not None
    page = plain((await anna.last()).text)
    assert "Оплачено: 70 000 ₽" in page and "Остаток: 80 000 ₽" in page
    assert "возврат клиенту: Отказался от столешницы · Анна Соколова" in page and "отменено" not in page
    assert await ledger(shop) == [("prepayment", 75_000), ("rest", 25_000), ("rest", -25_000), ("prepayment", -5_000)]
    assert "оплачено 70 000 ₽ · остаток 80 000 ₽" in plain((await anna.open(number)).text)
    await boss.sees("Клиенту вернули 30 000 ₽: Отказался от столешницы")
    await anna.open(number)
    assert "возвращено клиенту 25 000 ₽, 23 ноября: Отказался" in plain((await anna.tap("История")).text)


async def test_truth_25_no_more_is_given_back_than_came(shop: Shop, anna: Phone) -> None:
    number = await begun(shop, "contract")
    await anna.open(number)
    await do(anna, "[Оплата]", "[↩️ Возврат клиенту]")
    assert "Сколько вернули клиенту?" in anna.screen.text and anna.screen.button("Всё — 75 000 ₽")
    for raw, said in (("75 000,01", "получено 75 000 ₽"), ("0", "больше нуля"), ("-5", "не может быть отрицательной")):
        assert said in plain((await anna.text(raw)).text)
    await do(anna, "[Всё — 75 000 ₽]", "[Сегодня]", "[Наличные]", "Передумал")
    await anna.open(number)
    await do(anna, "[Оплата]")
    assert anna.screen.button("Возврат клиенту") is None
    assert await ledger(shop) == [("prepayment", 75_000), ("prepayment", -75_000)]


async def test_truth_25_a_refund_entered_by_mistake_is_taken_back_and_not_its_payment_before_it(
    shop: Shop, anna: Phone
) -> None:
    """Twice: a payment that was given back cannot be taken back as well; the refund can."""
    number = await begun(shop, "contract")
    await give_back(anna, number, "[Всё — 75 000 ₽]")
    await anna.open(number)
    await do(anna, "[Оплата]", "[Отменить платёж]", "[75 000 ₽, 20 ноября]")
    assert "сначала отмените возврат" in (anna.toast or "")
    await anna.open(number)
    await do(anna, "[Оплата]", "[Отменить платёж]", "[−75 000 ₽, 23 ноября]", "Не отдали", "[Да, отменить платёж]")
    assert "оплачено 75 000 ₽" in plain((await anna.open(number)).text)
    assert [much for _, much in await ledger(shop)] == [75_000, -75_000, 75_000]


async def test_truth_25_two_give_the_same_money_back_and_one_is_told(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Two at once: nobody gives back more than there is."""
    number = await begun(shop, "contract")
    for who in (anna, boss):
        await who.open(number)
        await do(who, "[Оплата]", "[↩️ Возврат клиенту]", "[Всё — 75 000 ₽]", "[Сегодня]", "[Наличные]")
    await asyncio.gather(anna.text("Передумал"), boss.text("Передумал"))
    assert [much for _, much in await ledger(shop)] == [75_000, -75_000]


async def test_truth_25_behind_paid_a_refund_marks_the_deal(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Truth 5, 25: what is given back is not paid."""
    number = await paid(shop)
    await give_back(anna, number, "10 000")
    await boss.sees("⚠️ Не сходится: Оплачено не всё")


# --- too much ---------------------------------------------------------------------------------------------------


async def test_truth_25_an_overpayment_is_asked_about_shown_and_given_back(shop: Shop, anna: Phone) -> None:
    """Truth 25: 80 000 of 75 000: written down after a question, «переплата» everywhere until it is given back."""
    number = await begun(shop, "contract")
    await anna.open(number)
    await do(anna, "[Оплата]", "[➕ Внести платёж]", "80 000")
    asked = plain((await anna.last()).text)
    assert "Больше остатка: осталось 75 000 ₽." in asked and "80 000 ₽ — на 5 000 ₽ больше, чем по договору" in asked
    await do(anna, "[Записать переплату]", "[Сегодня]", "[Карта]")
    assert "Переплата: 5 000 ₽" in plain(anna.screen.text)
    card = plain((await anna.open(number)).text)
    assert "150 000 ₽ · оплачено 155 000 ₽ · переплата 5 000 ₽" in card
    await do(anna, "[Оплата]", "[↩️ Возврат клиенту]", "[Переплату — 5 000 ₽]", "[Сегодня]", "[Карта]", "Переплата")
    assert "150 000 ₽ · оплачено 150 000 ₽ · остаток 0 ₽" in plain((await anna.open(number)).text)


async def test_truth_25_an_overpayment_is_covered_by_a_raised_sum(shop: Shop, anna: Phone) -> None:
    number = await begun(shop, "contract")
    await anna.open(number)
    await do(anna, "[Оплата]", "[➕ Внести платёж]", "80 000", "[Записать переплату]", "[Сегодня]", "[Карта]")
    await anna.open(number)
    await do(anna, "[Заполнить]", "[✏️ Товары]", "[Сумма договора]", "155 000")
    assert "155 000 ₽ · оплачено 155 000 ₽ · остаток 0 ₽" in plain((await anna.open(number)).text)


async def test_truth_25_a_slip_is_corrected_in_the_question(shop: Shop, anna: Phone) -> None:
    number = await begun(shop, "contract")
    await anna.open(number)
    await do(anna, "[Оплата]", "[➕ Внести платёж]", "750 000", "[Весь остаток — 75 000 ₽]", "[Сегодня]", "[Карта]")
    assert await ledger(shop) == [("prepayment", 75_000), ("rest", 75_000)]


async def test_truth_25_what_others_paid_meanwhile_is_not_taken_for_agreed(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Two at once: 5 000 too much was agreed to; with the rest paid by somebody else it would be 80 000."""
    number = await begun(shop, "contract")
    await anna.open(number)
    await do(anna, "[Оплата]", "[➕ Внести платёж]", "80 000", "[Записать переплату]", "[Сегодня]")
    await receive(boss, number, "[Весь остаток — 75 000 ₽]", how="СБП")
    await anna.tap("Карта")
    assert "Всё уже оплачено: остатка нет." in (await anna.last()).text
    assert [much for _, much in await ledger(shop)] == [75_000, 75_000]


async def test_what_was_given_back_is_told_as_one_sum_whatever_parts_it_came_in(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Found by the walk: 150 000 ₽ out of two equal parts was told of as 75 000 ₽."""
    number = await begun(shop, "contract")
    await receive(anna, number, "[Весь остаток — 75 000 ₽]")
    await acts.listen(shop)
    await give_back(anna, number, "150 000")
    told = [one for one in await boss.news() if "Клиенту вернули" in one]
    assert len(told) == 1 and "Клиенту вернули 150 000 ₽: Клиент передумал" in plain(told[0])


# --- a deal that is over ----------------------------------------------------------------------------------------


async def test_door_h1_a_lost_deal_with_money_gives_a_task_and_the_supervisor_hears_at_once(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Door H1, truth 25: «Отказ» with 75 000 ₽ paid; the refund closes the task, and the history tells it all."""
    number = await begun(shop, "prepaid")
    await fail(anna, number)
    await boss.sees_only("Сделка закончена, а у нас 75 000 ₽ клиента: вернуть или договориться")
    assert await tasks(shop) == [("open", None)]
    card = await task(anna, TASK)
    assert "Деньги клиента у нас: 75 000 ₽" in plain(card.text)
    await anna.tap("Внести возврат", card)
    await do(anna, "50 000", "[Сегодня]", "[Перевод на счёт]", "Отказ клиента")
    assert await tasks(shop) == [("open", None)], "a part is not the whole"
    card = await task(anna, TASK)
    assert "Деньги клиента у нас: 25 000 ₽" in plain(card.text)
    await anna.tap("Внести возврат", card)
    await do(anna, "[Всё — 25 000 ₽]", "[Сегодня]", "[Перевод на счёт]", "Отказ клиента")
    assert await tasks(shop) == [("done", "returned")]


@pytest.mark.parametrize(("given", "left"), [("50 000", "25 000 ₽"), ("[Всё — 75 000 ₽]", None)])
async def test_door_h1_what_was_given_back_at_night_is_not_wanted_in_the_morning(
    shop: Shop, anna: Phone, boss: Phone, given: str, left: str | None
) -> None:
    """The message waits for the morning: it tells what is left then, and nothing of what has gone back by then."""
    number = await begun(shop, "prepaid")
    await shop.until("2026-11-23T23:00")
    await fail(anna, number)
    await anna.tap("Внести возврат", await task(anna, TASK))
    await do(anna, given, "[Сегодня]", "[Перевод на счёт]", "Отказ клиента")
    await shop.until("2026-11-24T09:01")
    if left is None:
        await boss.sees_no("Сделка закончена, а у нас")
    else:
        await boss.sees_only(f"Сделка закончена, а у нас {left} клиента: вернуть или договориться")
        await boss.sees_no("Сделка закончена, а у нас 75 000 ₽")


async def test_door_h1_only_the_supervisor_lets_money_stay_and_says_why(shop: Shop, anna: Phone, boss: Phone) -> None:
    number = await begun(shop, "prepaid")
    await fail(anna, number)
    await anna.tap("Деньги остаются у нас", await task(anna, TASK))
    assert anna.toast == "Оставить деньги клиента решает руководитель"
    await boss.open(number)
    await do(boss, "[Задачи 1]", f"[{TASK}]", "[Деньги остаются у нас]", "Удержано за материалы по договору")
    assert await tasks(shop) == [("done", "kept")]
    await boss.open(number)
    assert "деньги клиента остаются: Удержано за материалы" in (await boss.tap("История")).text


async def test_door_h1_a_payment_taken_back_leaves_nothing_to_return(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Changed: it never came, so there is nothing to give back."""
    number = await begun(shop, "prepaid")
    await fail(anna, number)
    await anna.open(number)
    await do(anna, "[Оплата]", "[Отменить платёж]", "[75 000 ₽]", "Не пришёл", "[Да, отменить платёж]")
    assert await tasks(shop) == [("done", "returned")]


async def test_door_h1_reopened_the_task_goes_and_lost_again_it_comes_again(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Back, Twice."""
    number = await begun(shop, "prepaid", wanted_on=date(2026, 12, 20))
    await fail(anna, number)
    await anna.open(number)
    await do(anna, "[Этапы…]", "[↩︎ Предоплата получена]")
    assert await tasks(shop) == [("void", None)]
    await fail(anna, number)
    assert await tasks(shop) == [("void", None), ("open", None)]
    assert await boss.count("Сделка закончена, а у нас 75 000 ₽ клиента") == 2


async def test_door_h1_without_money_nothing_is_said(shop: Shop, anna: Phone, boss: Phone) -> None:
    number = await begun(shop, "contract", prepaid=0)
    await fail(anna, number)
    assert await tasks(shop) == [] and await boss.find("Сделка закончена") is None


async def test_truth_25_a_deal_with_money_is_not_deleted(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Gone: money of a client's is never out of sight."""
    number = await begun(shop, "contract")
    (row,) = await shop.rows(select(DealRow.id))
    card = await boss.open(number)
    await boss.press(card.id, f"v1:delete:{row.id}:y", forged=True)
    assert boss.alert and "По сделке получено 75 000 ₽" in plain(boss.toast or "")
    assert (await boss.open(number)).button("Этапы…")


async def test_truth_25_who_drives_out_sees_none_of_it(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """C-8: forged presses of the refund are refused."""
    await begun(shop, "contract")
    (row,) = await shop.rows(select(DealRow.id))
    menu = await nikolay.start()
    await nikolay.press(menu.id, f"v1:pay_out:{row.id}", forged=True)
    assert nikolay.alert and "нет доступа" in (nikolay.toast or "")
    assert len(await ledger(shop)) == 1
