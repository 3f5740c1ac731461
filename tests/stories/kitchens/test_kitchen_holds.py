"""Guards that hold (truth 5): a kitchen is not made, mounted or closed without its money, whatever changes later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from models.tables.deals import DealRow
from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.kitchen import begun, open_kitchens, paid, receive

UNPAID = "Не сходится: Оплачено не всё: остаток ещё не пришёл"
NO_PREPAYMENT = "Не сходится: Предоплаты нет — производство запускать рано"
AGAIN = "Снова сходится. Было: Оплачено не всё: остаток ещё не пришёл"
WHO = "Кухня угловая · Мария Иванова"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The kitchen shop, running, with nobody in it yet."""
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def stage_of(shop: Shop, number: str) -> str:
    (row,) = await shop.rows(select(DealRow.stage).where(DealRow.number == number))
    return str(row.stage)


async def hears(phone: Phone, first: str, times: int = 1) -> None:
    """So many messages began with this line; the card that shows it below its headline is none of them."""
    lines = [plain(one.text.splitlines()[0]) for one in await phone.from_bot() if one.text]
    assert lines.count(first) == times, f"{phone.name} was to hear «{first}» {times} times:\n{await phone.dump()}"


async def take_back(phone: Phone, number: str, amount: str = "75 000 ₽", why: str = "Банк вернул платёж") -> None:
    """A payment is taken back on the page «Оплата»."""
    await phone.open(number)
    await do(phone, "[Оплата]", "[Отменить платёж]", f"[{amount}]", why, "[Да, отменить платёж]")


async def test_truth_5a_a_payment_taken_back_behind_paid_marks_the_deal_and_both_hear_once(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Truth 5a: the deal does not add up: manager and supervisor hear what and why; the way on is shut till it does."""
    number = await paid(shop)
    await take_back(anna, number)
    for phone in (anna, boss):
        await hears(phone, f"⚠️ {UNPAID}")
    assert WHO in (await boss.sees(UNPAID)).text
    card = await anna.open(number)
    assert card.text.splitlines()[2] == f"⚠️ {UNPAID}", "it stands in the first lines of the card"
    assert card.button("✔ Дата монтажа назначена") is None
    await do(anna, "[Этапы…]", "[🔒 Дата монтажа назначена]")
    assert "Оплачено не всё: остаток ещё не пришёл" in anna.screen.text
    await anna.tap("Внести: Доплата", anna.screen)
    await do(anna, "[Весь остаток — 75 000 ₽]", "[Сегодня]", "[СБП]", "[Отмена]")
    for phone in (anna, boss):
        await hears(phone, f"✅ {AGAIN}")
    assert UNPAID not in (await anna.open(number)).text
    history = plain((await anna.tap("История")).text)
    assert "не сходится: Оплачено не всё" in history and "снова сходится" in history


async def test_truth_5a_taken_back_once_more_it_is_told_once_more(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Twice: the second break is news again; a second thing that changes in a broken deal is not."""
    number = await paid(shop)
    await take_back(anna, number)
    await receive(anna, number, "[Весь остаток — 75 000 ₽]", how="СБП")
    await take_back(anna, number, "75 000 ₽, 23 ноября, СБП")
    assert await boss.count(UNPAID) == 2
    await receive(anna, number, "10 000", how="СБП")
    assert await boss.count(UNPAID) == 2


async def test_truth_5a_a_robot_does_not_carry_on_a_deal_that_does_not_add_up(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Truth 5a: everything is agreed with the client, and the task stays until the money is there; then it goes on."""
    await shop.hire("Николай Громов", "installer")
    number = await paid(shop)
    await take_back(anna, number)
    await anna.start()
    await anna.tap("Мои задачи")
    await anna.tap("Согласовать доставку", anna.screen)
    await do(anna, "[Выбрать окно и мастера]", "завтра в 10", "[Клиент согласен]")
    await do(anna, "[Уточнить точный адрес]", "[Оставить как есть]")
    await do(anna, "[Узнать про подъём]", "[Грузовой лифт]", "[Пропустить]", "[Пропустить]")
    assert await stage_of(shop, number) == "paid"
    await anna.tap("Всё согласовано", "Согласовать доставку")
    assert anna.toast and "остаток ещё не пришёл" in anna.toast, "said before the task is gone"
    await receive(anna, number, "[Весь остаток — 75 000 ₽]", how="СБП")
    assert await stage_of(shop, number) == "assembly_set", "the task had waited for nothing but the money"


async def test_truth_5b_a_raised_sum_is_owed_and_shuts_the_way(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Truth 5b: 150 000 becomes 200 000 on «Доплата получена»: nothing says «paid» that is not."""
    number = await paid(shop)
    await anna.open(number)
    await do(anna, "[Заполнить]", "[✏️ Товары]", "[Сумма договора]", "200 000")
    for phone in (anna, boss):
        await hears(phone, f"⚠️ {UNPAID}")
    card = await anna.open(number)
    assert "200 000 ₽ · оплачено 150 000 ₽ · остаток 50 000 ₽" in plain(card.text)
    await do(anna, "[Этапы…]", "[🔒 Дата монтажа назначена]")
    assert await stage_of(shop, number) == "paid"


async def test_truth_5c_without_the_prepayment_nothing_is_produced(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Truth 5c: the prepayment is taken back on «Предоплата получена»: production is shut at 0 ₽."""
    number = await begun(shop, "prepaid", ready_on=date(2026, 12, 18), wanted_on=date(2026, 12, 20))
    await anna.start()
    await anna.tap("Мои задачи")
    await anna.tap("Связаться с технологом", anna.screen)
    await do(anna, "[Узнать предварительную дату]", "[Оставить как есть]")
    await do(anna, "[Получить уверения]", "[Убедиться, что кухня]")
    await anna.tap("Технолог всё подтвердил", anna.screen)
    await take_back(anna, number)
    await boss.sees_only(f"⚠️ {NO_PREPAYMENT}")
    await anna.open(number)
    await do(anna, "[Этапы…]", "[🔒 Производство запущено]")
    assert "Предоплаты нет" in anna.screen.text and anna.screen.button("Внести: Сумма предоплаты")
    assert await stage_of(shop, number) == "prepaid"
    await anna.tap("Внести: Сумма предоплаты", anna.screen)
    await do(anna, "75 000", "[Сегодня]", "[Карта]")
    assert await stage_of(shop, number) == "production", "the money is there, and the move completes itself"


async def test_truth_5_back_before_the_stage_or_lost_it_is_free_and_reopened_it_is_told(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Back: a deal that was moved back before the stage owes it nothing; brought back it is marked at once."""
    number = await paid(shop)
    await take_back(anna, number)
    await anna.open(number)
    await do(anna, "[Этапы…]", "[↩︎ Предоплата получена]")
    card = await anna.open(number)
    assert "Не сходится" not in card.text
    await do(anna, "[Этапы…]", "[✖ Отказ]", "[Дорого]")
    assert await boss.count("Снова сходится") == 0, "it did not come right, it is only not asked for any more"


async def test_truth_5_a_closed_kitchen_whose_payment_bounces_is_marked_too(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Closed: money taken back after «Сделка успешна» is told, and the card says so, though no way leads on."""
    number = await begun(shop, "won", prepaid=150_000)
    await take_back(anna, number, "150 000 ₽")
    await boss.sees_only(f"⚠️ {NO_PREPAYMENT[:12]}")
    assert "Не сходится" in (await anna.open(number)).text


async def test_truth_5_the_installer_sees_no_money_in_it(shop: Shop, anna: Phone, boss: Phone, nikolay: Phone) -> None:
    """C-8: who drives out hears of none of it."""
    number = await paid(shop)
    await take_back(anna, number)
    await nikolay.sees_no("Не сходится")
