"""What only the supervisor may change is asked of him (truth 5d); promised money stays asked for (truth 22); a late day
is told (truth 23)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.tables.deals import DealRow
from models.tables.tasks import TaskRow
from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Seen, Shop, plain
from tests.stories.kitchen import (
    begun,
    invoice_sent,
    lead_to_deal,
    open_kitchens,
    paid,
    produced,
    receive,
    sign,
    task,
)

ASK = "Разрешить изменение?"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The kitchen shop, running, with nobody in it yet."""
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def total(shop: Shop) -> int:
    """The contract's sum of the one deal, in roubles."""
    (row,) = await shop.rows(select(DealRow.fields))
    return int(row.fields["contract_total"]) // 100


async def requests(shop: Shop) -> list[tuple[str, Any]]:
    rows = await shop.rows(select(TaskRow.state, TaskRow.outcome).where(TaskRow.name == "allow_change"))
    return [(row.state, row.outcome) for row in rows]


async def lower(phone: Phone, number: str, to: str, why: str = "Отказались от столешницы") -> Seen:
    """The contract's sum is to be lowered; whoever may not is asked why."""
    await phone.open(number)
    await do(phone, "[Заполнить]", "[✏️ Товары]", "[Сумма договора]", to)
    last = await phone.last()
    return await phone.text(why) if "Это решает руководитель" in last.text else last


@pytest.fixture
async def signed(shop: Shop, anna: Phone, boss: Phone) -> str:
    """A kitchen of 150 000 whose contract lies signed in the folder."""
    return await begun(shop, "prepaid", contract_copy=(1,), wanted_on=date(2026, 12, 20))


async def test_truth_5d_a_manager_does_not_lower_a_signed_sum_but_asks(
    shop: Shop, signed: str, anna: Phone, boss: Phone
) -> None:
    """Truth 5d: the supervisor sees what is to become what, and why; his yes makes it; both hear."""
    await lower(anna, signed, "120 000")
    assert await total(shop) == 150_000
    assert "Заявка отправлена руководителю" in (await anna.last()).text
    card = await boss.sees(ASK)
    said = plain(card.text)
    assert "Сумма договора: 150 000 ₽ → 120 000 ₽" in said and "Отказались от столешницы" in said
    assert "Просит: Анна Соколова" in said
    await boss.tap("Разрешить", card)
    assert await total(shop) == 120_000
    assert boss.toast == "Разрешено"
    await anna.sees_only("Руководитель разрешил: Сумма договора")
    assert await requests(shop) == [("done", "allowed")]
    await anna.open(signed)
    history = plain((await anna.tap("История")).text)
    assert "просит разрешить: Сумма договора: 150 000 ₽ → 120 000 ₽ (Отказались от столешницы)" in history
    assert "Ирина Белова: Сумма договора: 150 000 ₽ → 120 000 ₽" in history


async def test_truth_5d_declined_it_stays_as_it_is(shop: Shop, signed: str, anna: Phone, boss: Phone) -> None:
    await lower(anna, signed, "120 000")
    await boss.tap("Отказать", ASK)
    await anna.sees_only("Руководитель отказал: Сумма договора")
    assert (await total(shop), await requests(shop)) == (150_000, [("done", "declined")])


async def test_truth_5d_the_supervisor_asks_nobody_and_it_stands_in_the_history(
    shop: Shop, signed: str, anna: Phone, boss: Phone
) -> None:
    await lower(boss, signed, "120 000")
    assert await total(shop) == 120_000
    assert await requests(shop) == []


async def test_truth_5d_a_raise_and_an_unsigned_contract_need_no_word(shop: Shop, anna: Phone, boss: Phone) -> None:
    unsigned = await begun(shop, "contract")
    await lower(anna, unsigned, "140 000")
    await lower(anna, unsigned, "160 000")
    assert (await total(shop), await requests(shop)) == (160_000, [])


async def test_truth_5d_a_request_about_another_sum_lapses_and_both_hear(
    shop: Shop, signed: str, anna: Phone, boss: Phone
) -> None:
    """Changed: what was to be allowed is no longer what stands on the card."""
    await lower(anna, signed, "120 000")
    old = await boss.sees(ASK)
    await lower(anna, signed, "160 000")
    assert await requests(shop) == [("void", None)]
    await boss.tap("Разрешить", old)
    assert await total(shop) == 160_000


async def test_truth_5d_a_second_request_takes_the_place_of_the_first(
    shop: Shop, signed: str, anna: Phone, boss: Phone
) -> None:
    """Twice."""
    await lower(anna, signed, "120 000")
    await lower(anna, signed, "130 000")
    assert await requests(shop) == [("void", None), ("open", None)]
    await boss.tap("Разрешить", await task(boss, ASK))
    assert await total(shop) == 130_000


async def test_truth_5d_it_goes_along_when_the_deal_moves(shop: Shop, signed: str, anna: Phone, boss: Phone) -> None:
    """Back: the request is about the sum, not about the stage."""
    await lower(anna, signed, "120 000")
    await anna.open(signed)
    await do(anna, "[Этапы…]", "[↩︎ Подписать договор]")
    assert await requests(shop) == [("open", None)]


async def test_truth_5d_a_manager_does_not_say_yes_to_himself(
    shop: Shop, signed: str, anna: Phone, boss: Phone
) -> None:
    """C-8: a forged press of the supervisor's button."""
    await lower(anna, signed, "120 000")
    (row,) = await shop.rows(select(TaskRow.id).where(TaskRow.name == "allow_change"))
    menu = await anna.start()
    await anna.press(menu.id, f"v1:outcome:{row.id}:allowed", forged=True)
    assert (await total(shop), await requests(shop)) == (150_000, [("open", None)])


async def test_truth_5_a_manager_asks_to_let_a_kitchen_go_with_a_debt(shop: Shop, anna: Phone, boss: Phone) -> None:
    """K-24 with a debt: the reason is the manager's, the word the supervisor's; other money, and it lapses."""
    number = await paid(shop)
    await anna.open(number)
    await do(anna, "[Оплата]", "[Отменить платёж]", "[75 000 ₽]", "Банк вернул", "[Да, отменить платёж]")
    await anna.open(number)
    await do(anna, "[Этапы…]", "[🔒 Дата монтажа назначена]", "[Попросить руководителя: Почему можно с долгом]")
    await anna.text("Доплатит на месте")
    card = await boss.sees(ASK)
    assert "Почему можно с долгом: Доплатит на месте" in plain(card.text)
    await boss.tap("Разрешить", card)
    assert "Не сходится" not in (await anna.open(number)).text
    await receive(anna, number, "10 000", how="СБП")
    assert "⚠️ Не сходится: Оплачено не всё" in (await anna.open(number)).text, "the word was about another debt"


# --- promised money ---------------------------------------------------------------------------------------------


async def test_truth_22_a_promised_balance_stays_open_and_comes_again_on_its_day(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Truth 22, K-17: «Клиент обещал» asks the day; the task rings then, and stays until the money is there."""
    number = await begun(shop, "production", ready_on=date(2026, 12, 18))
    await produced(anna)
    await anna.tap("Клиент обещал", await task(anna, "Сообщить клиенту о готовности"))
    await anna.text("26.11")
    (row,) = await shop.rows(select(TaskRow).where(TaskRow.name == "ask_balance"))
    assert row.state == "open"
    await shop.until("2026-11-26T08:59")
    assert await anna.count("Пора: срок задачи наступил") == 0
    await shop.until("2026-11-26T09:01")
    assert await anna.count("Пора: срок задачи наступил") == 1
    await anna.tap("Клиент обещал", await task(anna, "Сообщить клиенту о готовности"))
    assert "Дата оплаты" in anna.screen.text, "each promise has a day of its own"
    await anna.text("27.11")
    await receive(anna, number, "[Весь остаток — 75 000 ₽]", how="СБП")
    rows = await shop.rows(select(TaskRow.state, TaskRow.outcome).where(TaskRow.name == "ask_balance"))
    assert [tuple(one) for one in rows] == [("done", "paid")]


async def test_truth_22_a_promised_prepayment_is_a_task_until_it_has_come(shop: Shop, anna: Phone) -> None:
    """Truth 22: after the day that the client named nobody forgets it."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await invoice_sent(anna, pay_on="24.11")
    await shop.until("2026-11-24T11:00")
    await anna.sees_only("клиент обещал оплатить счёт")
    card = await task(anna, "Дождаться предоплаты")
    await anna.tap("Деньги пришли", card)
    assert "Сумма предоплаты" in anna.screen.text, "without the money there is nothing to close: it is asked for"
    await do(anna, "[50 % — 75 000 ₽]", "[Сегодня]", "[Карта]")
    rows = await shop.rows(select(TaskRow.state, TaskRow.outcome).where(TaskRow.name == "await_prepayment"))
    assert [tuple(one) for one in rows] == [("done", "came")]


# --- a late day -------------------------------------------------------------------------------------------------


async def test_truth_23_a_ready_day_after_the_clients_is_not_taken_without_a_word(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Truth 23: manager and supervisor hear, the card says so until the client has agreed; the ways stay open."""
    number = await begun(shop, "prepaid", contract_copy=(1,), wanted_on=date(2026, 12, 20))
    await anna.open(number)
    await do(anna, "[Заполнить]", "[✏️ Сроки]", "[Дата готовности]", "25.12")
    for phone in (anna, boss):
        await phone.sees("⚠️ Не сходится: Готовность позже, чем ждёт клиент: согласуйте с ним срок")
    card = await anna.open(number)
    assert card.text.splitlines()[2].startswith("⚠️ Не сходится: Готовность позже")
    await do(anna, "[Заполнить]", "[✏️ Сроки]", "[Желаемая дата готовности]", "26.12")
    await boss.sees("Снова сходится. Было: Готовность позже")
    assert "Не сходится" not in (await anna.open(number)).text


async def test_truth_23_a_day_in_time_needs_no_word(shop: Shop, anna: Phone, boss: Phone) -> None:
    number = await begun(shop, "prepaid", contract_copy=(1,), wanted_on=date(2026, 12, 20))
    await anna.open(number)
    await do(anna, "[Заполнить]", "[✏️ Сроки]", "[Дата готовности]", "20.12")
    assert await boss.find("Не сходится") is None
