"""The money of furniture: an order, a design and a paid repair are closed with their money, or by the supervisor's word
(truth 5e)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.tables.deals import DealRow
from models.tables.tasks import TaskRow
from tests.stories.acts import begin, do
from tests.stories.driver import Phone, Shop, plain
from tests.stories.furniture.test_design import stand_on_approval

TODAY = ("[Сегодня]", "[Перевод на счёт]")


async def on_payment(anna: Phone) -> None:
    """An order of 150 000, 75 000 of it prepaid, on «Оплата»."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "✔ Предоплата", "✔ Изготовление мебели", "75 000", *TODAY, "✔ Доставка")
    await do(anna, "✔ Оплата", "[Нет]", "26.11.2026 12:00")


async def stage_of(shop: Shop) -> str:
    (row,) = await shop.rows(select(DealRow.stage))
    return str(row.stage)


async def money(phone: Phone) -> str:
    """The page «Оплата» of the one deal there is."""
    await phone.open("2026-0001")
    await phone.tap("Оплата")
    return plain(phone.screen.text)


async def test_truth_5e_one_rouble_of_150_000_closes_nothing(shop: Shop, anna: Phone) -> None:
    """Truth 5e: the last sum is asked for, and what is still owed is said with the way to enter it."""
    await on_payment(anna)
    await do(anna, "✔ Заказ успешен", "1 ₽", *TODAY)
    assert await stage_of(shop) == "payment"
    blocked = anna.screen
    assert "Оплачено не всё: остаток ещё не пришёл" in blocked.text and blocked.button("Внести: Окончательный расчёт")
    await anna.tap("Внести: Окончательный расчёт", blocked)
    await do(anna, "[Весь остаток — 74 999 ₽]", "[Сегодня]", "[СБП]")
    assert await stage_of(shop) == "won"


async def test_truth_5e_the_balance_is_shown_as_in_the_kitchen_shop(shop: Shop, anna: Phone) -> None:
    await on_payment(anna)
    page = await money(anna)
    assert "Бюджет: 150 000 ₽ Оплачено: 75 000 ₽ Остаток: 75 000 ₽" in page
    assert "75 000 ₽, 23 ноября, перевод на счёт Сумма предоплаты · внесено: Анна Соколова" in page


async def test_truth_5e_success_with_a_debt_only_by_the_supervisors_word(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Success with a debt: he says why; with other money than he saw it is asked anew."""
    await on_payment(anna)
    await do(anna, "✔ Заказ успешен", "1 ₽", *TODAY)
    await boss.open("2026-0001")
    await do(boss, "[Этапы…]", "[🔒 Заказ успешен]", "[Заполнить: Почему можно с долгом]", "Доплатит после отпуска")
    assert await stage_of(shop) == "won"
    await anna.open("2026-0001")
    assert "Почему можно с долгом: Доплатит после отпуска" in plain((await anna.tap("История")).text)
    await anna.open("2026-0001")
    await do(anna, "[Оплата]", "[➕ Внести платёж]", "100 ₽", *TODAY)
    for phone in (anna, boss):
        await phone.sees("⚠️ Не сходится: Оплачено не всё")


async def test_truth_5_a_prepayment_that_went_back_stops_the_order(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Truth 5c in furniture: the same guard, the same words."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "✔ Предоплата", "✔ Изготовление мебели", "75 000", *TODAY)
    await anna.open("2026-0001")
    await do(anna, "[Оплата]", "[Отменить платёж]", "[75 000 ₽]", "Банк вернул", "[Да, отменить платёж]")
    await boss.sees("⚠️ Не сходится: Предоплаты нет — работа идёт без денег")
    assert (await anna.open("2026-0001")).button("✔ Доставка") is None


async def test_truth_5_a_repair_that_is_no_warranty_case_is_not_closed_for_nothing(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Kind C beside the list: «Гарантийный ремонт», and then it turns out to be a paid one."""
    await begin(anna, "Новый ремонт", "Просел фасад")
    await do(anna, "✔ Проверка условий гарантии", "✔ Гарантийный ремонт", "[Гарантийный]", "01.11.2027")
    await anna.open("2026-0001")
    await do(anna, "[Заполнить]", "[✏️ Проект]", "[Гарантийный случай]", "[Платный]")
    await boss.sees("⚠️ Не сходится: Случай уже не гарантийный")
    await anna.open("2026-0001")
    await do(anna, "[Этапы…]", "[🔒 Заказ успешен]")
    assert await stage_of(shop) == "warranty_repair"
    await anna.open("2026-0001")
    await do(anna, "[Этапы…]", "[↩︎ Проверка условий гарантии]")
    assert "Не сходится" not in (await anna.open("2026-0001")).text


@pytest.mark.parametrize(("rest", "left"), [(False, "20 000 ₽"), (True, "")], ids=("unsettled", "settled"))
async def test_money_for_a_design_in_an_order_that_is_lost_is_returned_unless_the_design_is_paid_in_full(
    shop: Shop, anna: Phone, boss: Phone, rest: bool, left: str
) -> None:
    """Found by the walk: a lost deal's money is whatever of the client's stands on it, not only what its direction
    asks for. A design that was paid to the last rouble is settled."""
    await stand_on_approval(anna)
    await do(anna, "✔ На монтаж")
    if rest:
        await anna.open("2026-0001")
        await do(anna, "[Оплата]", "[➕ Внести платёж]", "[Доплата за дизайн]", "20 000 ₽", "[Сегодня]", "[СБП]")
    await anna.open("2026-0001")
    await do(anna, "[Этапы…]", "[✖ Отказ]", "[Дорого]")
    rows = await shop.rows(select(TaskRow.name, TaskRow.state).where(TaskRow.name == "return_money"))
    assert [tuple(row) for row in rows] == ([("return_money", "open")] if left else [])
    told = await boss.find("Сделка закончена")
    assert plain(told.text if told else "").count(f"у нас {left} клиента") == bool(left)
