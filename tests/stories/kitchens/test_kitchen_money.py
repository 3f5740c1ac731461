"""The money of a kitchen: prepayment, pinned message, balance, the move by itself (K-13, K-14, K-17, K-18)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from keyboards.base36 import to36
from models.tables.deals import DealRow
from models.tables.documents import PaperRow
from models.tables.payments import PaymentRow
from models.tables.tasks import TaskRow
from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.kitchen import (
    DEAL,
    begun,
    invoice_sent,
    lead_to_deal,
    open_kitchens,
    prepaid,
    produced,
    receive,
    sign,
    task,
    technologist,
)


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


async def stage_of(shop: Shop, number: str) -> str:
    (row,) = await shop.rows(select(DealRow.stage).where(DealRow.number == number))
    return str(row.stage)


async def pins(phone: Phone) -> list[str]:
    """What hangs pinned in the chat."""
    return [plain(one.text) for one in await phone.messages() if one.pinned]


async def ask_for_money(phone: Phone, number: str) -> None:
    await phone.open(number)
    await do(phone, "[Оплата]", "[➕ Внести платёж]")


# --- K-13 -------------------------------------------------------------------------------------------------------


async def test_k_13_the_stage_is_entered_with_the_sum_and_the_wanted_date_and_not_without(
    shop: Shop, anna: Phone
) -> None:
    """K-13: both are asked by name; given up halfway nothing has happened; one of them alone is not enough."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await invoice_sent(anna)
    await anna.open(DEAL)
    first = await anna.tap("✔ Предоплата получена")
    assert "Чтобы перейти на стадию «Предоплата получена», заполните" in first.text
    assert "Сумма предоплаты · 1 из 2" in plain(first.text)
    await do(anna, "[50 % — 75 000 ₽]", "[Сегодня]", "[Перевод на счёт]")
    assert "Желаемая дата готовности · 2 из 2" in plain(anna.screen.text)
    await anna.tap("Отмена", anna.screen)
    assert (await ledger(shop), await stage_of(shop, DEAL)) == ([], "contract")
    await receive(anna, DEAL, "[50 % — 75 000 ₽]")
    await anna.open(DEAL)
    second = await anna.tap("✔ Предоплата получена")
    assert "Желаемая дата готовности" in second.text and "Сумма предоплаты" not in second.text
    again = await anna.text("20.11.2026")
    assert "Этот день уже прошёл" in again.text
    assert await stage_of(shop, DEAL) == "contract"
    await anna.text("20.12")
    assert await stage_of(shop, DEAL) == "prepaid"
    await anna.sees_only("Предоплата получена: Кухня угловая · Мария Иванова. Свяжитесь с технологом производства")
    card = await anna.open(DEAL)
    assert "Предоплата получена · 1-й день" in plain(card.text)
    assert "⏭ Связаться с технологом производства — вт, 24 ноября, 10:00" in plain(card.text)


async def test_k_13_before_the_contract_is_signed_everything_that_is_missing_is_named(shop: Shop, anna: Phone) -> None:
    """K-13: the manager is told which is missing, and each is one tap away."""
    number = await begun(shop, "contract", prepaid=0)
    await anna.open(number)
    blocked = await do(anna, "[Этапы…]", "[🔒 Предоплата получена]")
    blocked = anna.screen
    for line in ("Не заполнено: Сумма предоплаты", "Не заполнено: Желаемая дата готовности", "Не закрыта задача"):
        assert line in blocked.text
    assert blocked.button("Внести: Сумма предоплаты") and blocked.button("Заполнить: Желаемая дата готовности")


async def test_k_13_sums_that_cannot_be_are_said_plainly_and_nothing_comes_in(shop: Shop, anna: Phone) -> None:
    """K-13: 0, −5, 1e12, words, above the contract; a day that has not come; the question stays."""
    number = await begun(shop, "contract", prepaid=0)
    await ask_for_money(anna, number)
    for raw, said in (
        ("0", "Сумма должна быть больше нуля."),
        ("-5", "Сумма не может быть отрицательной."),
        ("−5", "Сумма не может быть отрицательной."),
        ("1000000000000", "Сумма слишком велика"),
        ("1e12", "Не получилось понять сумму"),
        ("сто тысяч", "напишите сумму цифрами, не словами"),
        ("150 000,01", "Больше остатка: осталось 150 000 ₽."),
    ):
        question = await anna.text(raw)
        assert said in plain(question.text), f"{raw}: {question.text}"
        assert "Сумма предоплаты" in question.text and question.button("Весь остаток")
    await anna.text("75 000")
    assert "Этот день ещё не наступил" in (await anna.text("завтра")).text
    assert "Это больше года назад" in (await anna.text("01.02.2024")).text
    assert await ledger(shop) == []
    await do(anna, "[Вчера]", "[Наличные]")
    assert await ledger(shop) == [("prepayment", 75_000)]


async def test_k_13_a_day_without_a_year_that_means_last_year_is_confirmed(shop: Shop, anna: Phone) -> None:
    """K-13: «24.11» on 23 November is most likely a slip, not last year."""
    number = await begun(shop, "contract", prepaid=0)
    await ask_for_money(anna, number)
    await anna.text("75 000")
    asked = await anna.text("24.11")
    assert "Понял так: пн, 24 ноября 2025" in plain(asked.text) and "Как заплатили?" not in asked.text
    await anna.text("20.11")
    assert "Как заплатили?" in (await anna.last()).text
    await anna.tap("Карта")
    (row,) = await shop.rows(select(PaymentRow.paid_on))
    assert row.paid_on.isoformat() == "2026-11-20"


async def test_k_13_a_payment_entered_twice_is_noticed(shop: Shop, anna: Phone) -> None:
    """K-13: the same sum, day and method again is asked about; a second press of the last button enters nothing."""
    number = await begun(shop, "contract", prepaid=0)
    await ask_for_money(anna, number)
    await do(anna, "50 000", "[Сегодня]")
    question = await anna.last()
    button = question.button("Карта")
    assert button is not None
    await anna.press(question.id, button["data"])
    await anna.press(question.id, button["data"], forged=True)
    assert await ledger(shop) == [("prepayment", 50_000)]
    same = await receive(anna, number, "50 000", how="Карта")
    assert "Такой платёж уже внесён" in same.text and "50 000 ₽, 23 ноября, карта" in plain(same.text)
    await anna.tap("Нет, не вносить")
    assert await ledger(shop) == [("prepayment", 50_000)]
    assert "Платёж не внесён" in (anna.toast or "") and "Детали по оплате" in anna.screen.text
    await receive(anna, number, "50 000", how="Карта")
    await anna.tap("Да, ещё один")
    assert [much for _, much in await ledger(shop)] == [50_000, 50_000]


async def test_k_13_two_at_once_do_not_pay_the_same_rest_twice(shop: Shop, anna: Phone, boss: Phone) -> None:
    """K-13, K-14: both have the question open and press at the same moment: one payment, the other is told."""
    number = await begun(shop, "contract")
    presses = []
    for who in (anna, boss):
        await ask_for_money(who, number)
        await do(who, "[Весь остаток — 75 000 ₽]", "[Сегодня]")
        question = await who.last()
        button = question.button("СБП")
        assert button is not None
        presses.append(who.press(question.id, button["data"]))
    await asyncio.gather(*presses)
    assert await ledger(shop) == [("prepayment", 75_000), ("rest", 75_000)]
    (late,) = [who for who in (anna, boss) if await who.find("Такой платёж уже внесён")]
    (first,) = [who for who in (anna, boss) if await who.find("Остаток: 0 ₽")]
    assert late is not first
    assert f"75 000 ₽, 23 ноября, СБП, внесено: {first.name}" in plain((await late.last()).text)
    await late.tap("Да, ещё один")
    assert "Всё уже оплачено: остатка нет." in late.screen.text
    assert await ledger(shop) == [("prepayment", 75_000), ("rest", 75_000)]


async def test_k_13_two_at_once_do_not_pay_more_than_there_is(shop: Shop, anna: Phone, boss: Phone) -> None:
    """K-13: 50 000 and 60 000 of the same 75 000, pressed together: the second is asked anew, with what is left."""
    number = await begun(shop, "contract")
    presses = []
    for who, much in ((anna, "50 000"), (boss, "60 000")):
        await ask_for_money(who, number)
        await do(who, much, "[Сегодня]")
        question = await who.last()
        button = question.button("СБП")
        assert button is not None
        presses.append(who.press(question.id, button["data"]))
    await asyncio.gather(*presses)
    came = [much for _, much in await ledger(shop)]
    assert came in ([75_000, 50_000], [75_000, 60_000])
    late = boss if came[1] == 50_000 else anna
    said = plain((await late.last()).text)
    assert f"Больше остатка: осталось {75_000 - came[1]:,} ₽.".replace(",", " ") in said and "Доплата" in said


async def test_k_13_the_installer_reaches_no_money_even_by_forged_buttons(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """K-13, K-14, C-8: pages and acts of the money are refused to who drives out; nothing changes."""
    await begun(shop, "contract")
    (row,) = await shop.rows(select(DealRow.id))
    (line,) = await shop.rows(select(PaymentRow.id))
    menu = await nikolay.start()
    key = to36(row.id)
    acts = (f"pay:{key}", f"pay_in:{key}", f"pay_in:{key}:rest", f"pay_back:{key}", f"fill:{key}:rest",
            f"pay_line:{key}:{to36(line.id)}", f"pay_undo:{key}:{to36(line.id)}")  # fmt: skip
    for act in acts:
        await nikolay.press(menu.id, f"v1:{act}", forged=True)
        assert nikolay.alert and nikolay.toast and "нет доступа" in nikolay.toast, f"{act}: {nikolay.toast}"
    assert "₽" not in await nikolay.dump()
    assert await ledger(shop) == [("prepayment", 75_000)]


# --- K-14 -------------------------------------------------------------------------------------------------------


async def test_k_14_the_pinned_message_stays_true(shop: Shop, anna: Phone, boss: Phone) -> None:
    """K-14: contract sum, paid and balance hang in the chat, in one message, after each change of any of them."""
    await lead_to_deal(shop, anna)
    head = "Кухня угловая · Мария Иванова · № 2026-0002 "
    assert await pins(anna) == [], "while no sum is known there is nothing to pin"
    await anna.open(DEAL)
    await do(anna, "[Заполнить]", "[✏️ Товары]", "[Сумма договора]", "150 000")
    assert await pins(anna) == [head + "Договор 150 000 ₽ · оплачено 0 ₽ · остаток 150 000 ₽"]
    await receive(anna, DEAL, "75 000")
    assert await pins(anna) == [head + "Договор 150 000 ₽ · оплачено 75 000 ₽ · остаток 75 000 ₽"]
    await anna.open(DEAL)
    await do(anna, "[Заполнить]", "[✏️ Товары]", "[Сумма договора]", "70 000")
    assert "не может быть меньше, чем уже оплачено — 75 000 ₽" in plain((await anna.last()).text)
    await anna.text("160 000")
    assert await pins(anna) == [head + "Договор 160 000 ₽ · оплачено 75 000 ₽ · остаток 85 000 ₽"]
    await anna.open(DEAL)
    await do(anna, "[Оплата]", "[Отменить платёж]", "[75 000 ₽]", "Ошиблась сделкой", "[Да, отменить платёж]")
    assert await pins(anna) == [head + "Договор 160 000 ₽ · оплачено 0 ₽ · остаток 160 000 ₽"]
    assert await anna.count("Договор 160 000 ₽ · оплачено") == 1, "it is the same message"
    assert await pins(boss) == []


async def test_k_14_the_pinned_message_goes_along_with_the_deal_and_comes_down_at_its_end(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """K-14: handed over it hangs in the new chat and the old one shows no sums; a closed deal hangs nowhere."""
    boris = await shop.hire("Борис Ким", "manager")
    number = await begun(shop, "contract")
    (hung,) = await pins(anna)
    assert "оплачено 75 000 ₽ · остаток 75 000 ₽" in hung
    await boss.open(number)
    await do(boss, "[Передать]", "[Борис Ким]")
    assert await pins(anna) == []
    left = await anna.sees("Сделку ведёт: Борис Ким")
    assert "₽" not in left.text
    (hung,) = await pins(boris)
    assert "оплачено 75 000 ₽ · остаток 75 000 ₽" in hung
    await receive(boris, number, "25 000")
    (hung,) = await pins(boris)
    assert "оплачено 100 000 ₽ · остаток 50 000 ₽" in hung
    await boris.open(number)
    await do(boris, "[Этапы…]", "[✖ Отказ]", "[Дорого]")
    assert await pins(boris) == []
    assert "Сделка закрыта: Отказ" in (await boris.sees("Договор 150 000 ₽")).text


async def test_k_14_the_page_of_the_money_keeps_every_line_and_who_entered_it(shop: Shop, anna: Phone) -> None:
    """K-14: «Детали по оплате»: what came, when, how, by whom; a mistake is taken back by a line of its own."""
    number = await begun(shop, "contract", prepaid=0)
    await receive(anna, number, "50 000", "Вчера", "Наличные")
    await receive(anna, number, "25 000,50", "Сегодня", "Карта")
    page = plain(anna.screen.text)
    for said in (
        "Детали по оплате",
        "Сумма договора: 150 000 ₽",
        "Оплачено: 75 000,50 ₽",
        "Остаток: 74 999,50 ₽",
        "50 000 ₽, 22 ноября, наличные Сумма предоплаты · внесено: Анна Соколова",
        "25 000,50 ₽, 23 ноября, карта Доплата · внесено: Анна Соколова",
    ):
        assert said in page, f"«{said}» not in: {page}"
    await do(anna, "[Отменить платёж]", "[50 000 ₽]", "Деньги другого клиента", "[Да, отменить платёж]")
    page = plain(anna.screen.text)
    assert "Оплачено: 25 000,50 ₽" in page and "Остаток: 124 999,50 ₽" in page
    assert "−50 000 ₽" in page and "отменено: Деньги другого клиента · Анна Соколова" in page
    assert [much for _, much in await ledger(shop)] == [50_000, 25_000, -50_000]
    (row, *_) = await shop.rows(select(PaymentRow.id, PaymentRow.deal_id).order_by(PaymentRow.id))
    page_id = anna.screen.id
    await anna.press(page_id, f"v1:pay_undo:{to36(row.deal_id)}:{to36(row.id)}", forged=True)
    assert anna.toast and "уже" in anna.toast, "a second press of the same button finds nothing to do"
    assert [much for _, much in await ledger(shop)] == [50_000, 25_000, -50_000]
    await anna.open(number)
    history = plain((await anna.tap("История")).text)
    assert "отменён платёж 50 000 ₽: Деньги другого клиента" in history


# --- K-17, K-18 -------------------------------------------------------------------------------------------------


@pytest.fixture
async def ready(shop: Shop, anna: Phone, boss: Phone) -> str:
    """A kitchen that is ready before its day, and half paid: the manager is to ask for the balance."""
    number = await begun(shop, "production", ready_on=date(2026, 12, 18))
    await produced(anna)
    return number


async def outcomes(shop: Shop, name: str) -> list[Any]:
    return [(row.state, row.outcome) for row in await shop.rows(select(TaskRow).where(TaskRow.name == name))]


async def test_k_17_the_client_is_to_be_told_and_asked_for_the_balance(shop: Shop, ready: str, anna: Phone) -> None:
    """K-17: the task comes with the ready kitchen, makes the invoice of the rest, and stays while money is missing."""
    assert anna.screen.button("⏭ Дальше: Сообщить клиенту о готовности и попросить доплату"), "one tap leads on"
    card = await task(anna, "Сообщить клиенту о готовности")
    assert "Остаток: 75 000 ₽" in plain(card.text)
    await do(anna, "[Позвонить клиенту и сказать]", "[Сделать счёт на доплату]")
    await anna.sees_only("Счёт на доплату № 1-Д")
    (made,) = await shop.rows(select(PaperRow.data).where(PaperRow.name == "rest_invoice"))
    assert "Sum=7500000|" in made.data["qr_text"], "the QR code asks for the rest, in kopecks"
    await anna.tap("Счёт оплачен полностью", "Сообщить клиенту о готовности")
    assert anna.toast and "Остаток ещё не пришёл: внесите доплату" in anna.toast
    assert await outcomes(shop, "ask_balance") == [("open", None)]
    await shop.later(hours=1)
    await anna.tap("Клиент обещал", "Сообщить клиенту о готовности")
    assert anna.toast == "Отложено: завтра, 11:00"
    await shop.until("2026-11-24T10:59")
    assert await anna.count("Пора: срок задачи наступил") == 0
    await shop.until("2026-11-24T11:00")
    assert await anna.count("Пора: срок задачи наступил") == 1


async def test_k_18_the_last_rouble_moves_the_deal_by_itself(shop: Shop, ready: str, anna: Phone) -> None:
    """K-18, K-17: a part does not move it; the whole does, at once, and the task that asked is closed as paid."""
    await receive(anna, ready, "74 999,99")
    assert await stage_of(shop, ready) == "production"
    await receive(anna, ready, "[Весь остаток — 0,01 ₽]", how="СБП")
    assert await stage_of(shop, ready) == "paid"
    card = await anna.find("●●●●○○")
    assert card is not None and "150 000 ₽ · оплачено 150 000 ₽ · остаток 0 ₽" in plain(card.text)
    assert "Согласовать доставку и монтаж" in card.text
    await anna.sees_only("Оплачено полностью: Кухня угловая · Мария Иванова. Согласуйте с клиентом дату монтажа")
    assert await outcomes(shop, "ask_balance") == [("done", "paid")]
    await anna.open(ready)
    history = plain((await anna.tap("История")).text)
    assert "«Сообщить клиенту о готовности и попросить доплату» — Счёт оплачен полностью" in history
    assert "«Производство запущено» → «Доплата получена» (робот)" in history


async def test_k_18_by_hand_the_manager_is_asked_for_the_balance(shop: Shop, ready: str, anna: Phone) -> None:
    """K-18: pressing the stage asks for the money at once; a part is kept and leads to the rest; then it moves."""
    await anna.open(ready)
    await do(anna, "[Этапы…]", "[Доплата получена]")
    assert "Доплата" in anna.screen.text and "Остаток: 75 000 ₽" in plain(anna.screen.text)
    await do(anna, "70 000", "[Сегодня]", "[Карта]")
    blocked = anna.screen
    assert "Оплачено не всё: остаток ещё не пришёл" in blocked.text
    assert await ledger(shop) == [("prepayment", 75_000), ("rest", 70_000)]
    await anna.tap("Внести: Доплата", blocked)
    await do(anna, "[Весь остаток — 5 000 ₽]", "[Сегодня]", "[Карта]")
    assert anna.toast == "Готово: «Доплата получена»"
    assert await stage_of(shop, ready) == "paid"
    assert await outcomes(shop, "ask_balance") == [("done", "paid")]


async def test_k_18_paid_before_it_is_ready_the_deal_waits_for_production(shop: Shop, anna: Phone) -> None:
    """K-18, K-16: all the money early moves nothing; when everything is ready nobody is asked for a balance of zero."""
    number = await begun(shop, "production", ready_on=date(2026, 12, 18))
    await receive(anna, number, "[Весь остаток — 75 000 ₽]")
    assert await stage_of(shop, number) == "production"
    await anna.sees_only("Клиент оплатил всё, а производство ещё не закончено: Кухня угловая · Мария Иванова")
    await produced(anna)
    assert await stage_of(shop, number) == "paid"
    assert await outcomes(shop, "ask_balance") == []


async def test_k_18_a_payment_taken_back_after_the_move_is_seen_everywhere(shop: Shop, ready: str, anna: Phone) -> None:
    """K-14, K-18: the stage stays, the sums are true again on the card and on the invoice."""
    await task(anna, "Сообщить клиенту о готовности")
    await anna.tap("Сделать счёт на доплату", anna.screen)
    await receive(anna, ready, "[Весь остаток — 75 000 ₽]")
    await anna.open(ready)
    assert "Оплачено полностью" in (await anna.tap("Документы")).text, "the invoice is marked as paid"
    await anna.open(ready)
    await do(anna, "[Оплата]", "[Отменить платёж]", "[75 000 ₽, 23 ноября]", "Вернули клиенту", "[Да, отменить платёж]")
    card = await anna.open(ready)
    assert "оплачено 75 000 ₽ · остаток 75 000 ₽" in plain(card.text)
    assert await stage_of(shop, ready) == "paid"
    assert "Оплачено полностью" not in (await anna.tap("Документы")).text
    assert "✓ Почему отменяем платёж? Вернули клиенту" in (await anna.sees("✓ Почему отменяем платёж?")).text


async def test_k_13_to_k_18_from_the_contract_to_the_last_rouble(shop: Shop, anna: Phone, boss: Phone) -> None:
    """K-13, K-15, K-16, K-17, K-18: the whole way, by buttons."""
    await lead_to_deal(shop, anna)
    await sign(anna)
    await invoice_sent(anna)
    await prepaid(anna)
    await technologist(anna)
    assert await stage_of(shop, DEAL) == "production"
    await produced(anna)
    await receive(anna, DEAL, "[Весь остаток — 75 000 ₽]", how="СБП")
    assert await stage_of(shop, DEAL) == "paid"
    assert (await pins(anna))[0].endswith("Договор 150 000 ₽ · оплачено 150 000 ₽ · остаток 0 ₽")


async def test_truth_38_a_payment_is_measured_by_what_is_to_be_paid(shop: Shop, anna: Phone) -> None:
    """The second step asks when it came, as after any sum."""
    number = await begun(shop, "contract", prepaid=0)
    await anna.open(number)
    await do(anna, "[Оплата]", "[➕ Внести платёж]", "75")
    assert "75 ₽ или 75 000 ₽?" in plain(anna.screen.text)
    await do(anna, "[75 000 ₽]", "[Сегодня]", "[Перевод на счёт]")
    await anna.open(number)
    await do(anna, "[Оплата]", "[➕ Внести платёж]", "75 000")
    assert "или" not in plain(anna.screen.text).split("Когда")[0], "the exact rest is meant"
