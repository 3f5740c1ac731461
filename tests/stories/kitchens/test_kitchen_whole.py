"""The whole run of the kitchen shop by phones only: from a request on the site to success, and again with a claim."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.tables.claims import ClaimRow
from models.tables.deals import DealRow
from models.tables.files import FileRow
from models.tables.payments import PaymentRow
from models.tables.visits import VisitRow
from tests.stories.acts import do, heard, listen
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.kitchen import (
    DEAL,
    PICTURE,
    assembled,
    booked,
    client_phone,
    invoice_sent,
    lead_to_deal,
    open_kitchens,
    own_number,
    paid,
    prepaid,
    ready,
    receive,
    sign,
    task,
    technologist,
)

KITCHEN = "Кухня угловая · Мария Иванова"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def maria(shop: Shop) -> Phone:
    """The client's phone: SMS only."""
    return await client_phone(shop)


async def stands(shop: Shop, number: str) -> tuple[str, str]:
    """Stage and status of a deal."""
    (row,) = await shop.rows(select(DealRow.stage, DealRow.status).where(DealRow.number == number))
    return row.stage, row.status


async def visits(shop: Shop) -> list[Any]:
    """When somebody is booked, in local time."""
    calendar = shop.app.company.calendar
    rows = await shop.rows(select(VisitRow.starts_at).where(VisitRow.state.in_(("planned", "confirmed", "held"))))
    return [f"{row.starts_at.astimezone(calendar.zone):%d.%m %H:%M}" for row in rows]


async def pinned(phone: Phone) -> str:
    """What hangs pinned in the chat."""
    return " ".join(plain(one.text) for one in await phone.messages() if one.pinned)


async def papers(phone: Phone) -> list[str]:
    """Names of the PDF files that the bot has sent, each of them really one."""
    found = []
    for one in await phone.from_bot():
        if one.media and one.media["kind"] == "document":
            async with phone.shop.http.get(f"{phone.shop.sandbox.url}{one.media['url']}") as answer:
                assert (await answer.read()).startswith(b"%PDF-"), one.media["name"]
            found.append(one.media["name"])
    return found


async def nothing_until(shop: Shop, when: str) -> None:
    """The clock moves there and no phone rings."""
    await listen(shop)
    await shop.until(when)
    for phone in shop.phones.values():
        heard(phone, await phone.news(), [])


async def test_a_kitchen_from_a_request_on_the_site_to_success(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone, maria: Phone
) -> None:
    """Done when; K-1, K-3, K-4, K-5, K-9, K-11, K-12, K-13, K-14, K-15, K-16, K-17, K-18, K-19, K-21, K-22, K-23: every
    step by buttons, each heard by whom it concerns and by nobody else."""
    await own_number(nikolay)

    # the request, the deal, the contract and its signed copy
    await lead_to_deal(shop, anna)
    assert await stands(shop, DEAL) == ("contract", "open")
    await sign(anna)
    assert await papers(anna) == ["Договор Д-2026-001.pdf"]
    copies = await shop.rows(select(FileRow.id).where(FileRow.field == "contract_copy"))
    assert len(copies) == 1
    assert "Договор 150 000 ₽ · оплачено 0 ₽ · остаток 150 000 ₽" in await pinned(anna)

    # the invoice is made, and marked as sent; the prepayment and the day that the client wants
    await invoice_sent(anna)
    assert await papers(anna) == ["Договор Д-2026-001.pdf", "Счёт 1.pdf"]
    await prepaid(anna)
    assert await stands(shop, DEAL) == ("prepaid", "open")
    assert "оплачено 75 000 ₽ · остаток 75 000 ₽" in await pinned(anna)

    # the technologist names the day; the production begins, and nobody hears anything until there is something to do
    await technologist(anna)
    assert await stands(shop, DEAL) == ("production", "open")
    await nothing_until(shop, "2026-12-15T09:59")
    await shop.later(minutes=1)
    heard(anna, await anna.news(), ["Пора: срок задачи наступил"])
    await anna.sees("Проверить график отгрузки")

    # the day slips by a week: supervisor and client are told, what hangs on the day moves along
    await anna.tap("Срок сдвинулся", "Пора: срок задачи наступил")
    await do(anna, "Задержка фасадов у поставщика", "25.12")
    late = "Не сходится: Готовность позже, чем ждёт клиент"
    heard(boss, await boss.news(), ["Срок готовности сдвинулся: " + KITCHEN, late])
    told = await boss.sees_only("Срок готовности сдвинулся")
    assert "Было пт, 18 декабря, стало пт, 25 декабря. Задержка фасадов у поставщика" in plain(told.text)
    await shop.later(minutes=10)
    assert len(await maria.messages()) == 1
    await maria.sees_only("Новый срок готовности Вашей кухни: пт, 25 декабря")
    await nothing_until(shop, "2026-12-20T09:59")  # over the first day, its eve and its morrow
    await shop.later(minutes=1)
    heard(boss, await boss.news(), ["Клиент ждёт кухню к вс, 20 декабря, а она ещё не готова"])
    heard(anna, await anna.news(), [])
    await nothing_until(shop, "2026-12-22T09:59")
    await shop.later(minutes=1)
    heard(anna, await anna.news(), ["Пора: срок задачи наступил"])

    # everything is ready: the balance is asked for, comes, and the deal moves by itself
    await anna.tap("Готово на 100 %", "Пора: срок задачи наступил")
    await task(anna, "Сообщить клиенту о готовности")
    await anna.tap("Счёт оплачен полностью", "Сообщить клиенту о готовности")
    assert "Остаток ещё не пришёл" in (anna.toast or ""), "not before the money is there"
    await receive(anna, DEAL, "[Весь остаток — 75 000 ₽]")
    assert await stands(shop, DEAL) == ("paid", "open")
    assert "оплачено 150 000 ₽ · остаток 0 ₽" in await pinned(anna)
    assert [row.amount for row in await shop.rows(select(PaymentRow.amount))] == [7_500_000, 7_500_000]

    # the window is agreed
    await task(anna, "Согласовать доставку")
    await do(anna, "[Выбрать окно и мастера]", "26.12 в 10", "[Клиент согласен]")
    await do(anna, "[Уточнить точный адрес]", "Москва, ул. Садовая, д. 7, кв. 12, подъезд 1, этаж 4", "[Верно]")
    await do(anna, "[Узнать про подъём]", "[Грузовой лифт]", "[Пропустить]", "Режим тишины с 13:00 до 15:00")
    assert (await stands(shop, DEAL), await visits(shop)) == (("assembly_set", "open"), ["26.12 10:00"])
    await nikolay.sees_only("Вам назначен монтаж")
    await nikolay.start()
    await do(nikolay, "[Ближайшие дни]")
    assert "задание придёт накануне" in plain(nikolay.screen.text), "where he is to go is seen before the job is given"
    await do(nikolay, "[🗓 Мой график]")
    assert "10:00–14:00 Монтаж" in plain(nikolay.screen.text)

    # the day before, once: the client is not ready. The slot is free, and it is agreed anew
    await nothing_until(shop, "2026-12-25T10:59")
    await shop.later(minutes=1)
    await anna.tap("Клиент не готов", "Пора: срок задачи наступил")
    await do(anna, "Не закончен ремонт пола")
    assert (await stands(shop, DEAL), await visits(shop)) == (("paid", "open"), [])
    heard(nikolay, await nikolay.news(), ["Выезд отменён: сб, 26 декабря, 10:00"])
    await anna.sees_only(f"Клиент не готов, монтаж переносится: {KITCHEN}. Не закончен ремонт пола")
    await anna.sees_only("Оплачено полностью: ")
    await boss.sees_no("Монтаж изменился")
    await task(anna, "Согласовать доставку")
    await do(anna, "[Выбрать окно и мастера]", "29.12 в 10", "[Клиент согласен]")
    assert (await stands(shop, DEAL), await visits(shop)) == (("assembly_set", "open"), ["29.12 10:00"])
    assert len(await maria.messages()) == 1, "nothing is promised to a client who was not asked"

    # then he is: the SMS, and the job on the installer's phone
    await listen(shop)
    await shop.until("2026-12-28T11:00")
    await anna.tap("Клиент готов", "Пора: срок задачи наступил")
    await shop.later(minutes=5)
    await maria.sees_only("Монтаж Вашей кухни: вт, 29 декабря, 10:00. Приедет Николай Громов, тел. +7 916 555-01-01")
    assert len(await maria.messages()) == 2
    heard(nikolay, await nikolay.news(), ["Вам дали задачу"])
    await nikolay.tap("Принимаю выезд", "Монтаж кухни у клиента")
    await anna.sees_only("Николай Громов подтвердил выезд")
    await nikolay.start()
    await do(nikolay, "[Ближайшие дни]")
    assert "Мария Иванова — ул. Садовая, д. 7, кв. 12 ✔ выезд подтверждён" in plain(nikolay.screen.text)

    # the day: an hour before, the checklist, the photos, the act
    await nothing_until(shop, "2026-12-29T08:59")
    await shop.later(minutes=1)
    heard(nikolay, await nikolay.news(), ["Через час монтаж: " + KITCHEN])
    await shop.until("2026-12-29T14:00")
    await task(nikolay, "Монтаж кухни")
    await do(nikolay, "[Позвонить клиенту за час]", "[На месте]", "[Пропустить]")
    await nikolay.tap("Кухня собрана", "Монтаж кухни у клиента")
    await nikolay.send_files(("one.png", PICTURE + b"1"), ("two.png", PICTURE + b"2"))
    await do(nikolay, "[Готово]", "[Сообщить о результате]", "[Без замечаний]", "Собрали всё")
    await listen(shop)
    await do(nikolay, "[Акт подписан]")
    await nikolay.send_files(("act.png", PICTURE + b"3"))
    await do(nikolay, "[Готово]")
    assert await stands(shop, DEAL) == ("assembled", "open")
    assert "₽" not in await nikolay.dump() and "Дата оплаты" not in await nikolay.dump(), "no money for who drives out"

    # the control call, and the end
    done, given = f"Монтаж закончен, акт подписан: {KITCHEN}. Собрали всё", "Вам дали задачу"
    heard(anna, await anna.news(), [given, done])
    await task(anna, "Контрольный звонок")
    await do(anna, "[Позвонить клиенту и записать]", "Всё понравилось", "[Всё хорошо]")
    assert await stands(shop, DEAL) == ("won", "won")
    assert "✅" in anna.screen.text and "Сделка успешна" in anna.screen.text
    assert await pinned(anna) == "", "a closed deal hangs nowhere"
    await nothing_until(shop, "2027-01-20T12:00")


async def test_a_kitchen_with_a_claim_is_settled_before_it_ends_well(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone, maria: Phone
) -> None:
    """Done when; K-21, K-22, K-23, K-24: the same from the window on; the installer takes a claim instead of the act,
    the supervisor hears it at once, the deal cannot end well before the client says that it is settled."""
    await own_number(nikolay)
    number = await paid(shop)
    await booked(anna)
    await ready(shop, anna)
    await assembled(shop, nikolay)
    await listen(shop)
    await do(nikolay, "[Есть претензия]", "Скол на фасаде")
    await nikolay.send_files(("skol.png", PICTURE + b"4"))
    await do(nikolay, "[Готово]")
    assert await stands(shop, number) == ("assembled", "open")

    # the supervisor hears it at once and sees it; the manager gets the control call and the claim to settle
    heard(boss, await boss.news(), [f"Претензия клиента ({KITCHEN}): Скол на фасаде"])
    assert "Зарегистрирована претензия: Скол на фасаде" in " ".join(await anna.news())
    await boss.tap("Открыть", "Претензия клиента")
    assert "❗ Претензия П-2026-0001 открыта" in boss.screen.text
    assert [(row.number, row.state) for row in await shop.rows(select(ClaimRow))] == [("П-2026-0001", "open")]

    # with an open claim there is no success, neither by the task nor by hand
    await task(anna, "Контрольный звонок")
    await do(anna, "[Позвонить клиенту и записать]", "Недоволен фасадом")
    await anna.tap("Всё хорошо", anna.screen)
    assert "Сначала уладьте претензию клиента" in (anna.toast or anna.screen.text)
    await anna.open(number)
    await do(anna, "[Этапы…]", "[Сделка успешна]")
    assert "Сначала уладьте претензию клиента" in anna.screen.text
    assert await stands(shop, number) == ("assembled", "open")

    # settled by the client's own word; the act is signed and put into the folder; success
    await task(anna, "Уладить претензию")
    await do(anna, "[Позвонить клиенту и выслушать]", "[Согласовать решение и срок]", "[Устранить и показать]")
    await listen(shop)
    await do(anna, "[Улажено, клиент доволен]", "Фасад заменили, всё устраивает")
    heard(boss, await boss.news(), [f"Претензия улажена: {KITCHEN}. Клиент: Фасад заменили, всё устраивает"])
    await anna.sees_only("Претензия улажена: " + KITCHEN)
    await task(anna, "Контрольный звонок")
    await do(anna, "[Всё хорошо]")
    assert "Подписанный акт" in anna.screen.text, "it was not signed on the day"
    await anna.send_files(("act.png", PICTURE + b"5"))
    await do(anna, "[Готово]")
    assert await stands(shop, number) == ("won", "won")
    await anna.sees_no("Робот не смог")
    await boss.tap("Открыть", "Претензия улажена")
    assert "Сделка успешна" in boss.screen.text and "❗" not in boss.screen.text
    await nothing_until(shop, "2026-12-20T12:00")
