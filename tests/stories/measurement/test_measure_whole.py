"""The whole run of the measurers' business by phones only: to the contract, to a refusal, and put off by 47 days."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from models.tables.deals import DealRow
from tests.stories import measuring as m
from tests.stories.acts import do, heard, listen
from tests.stories.conftest import close_shop
from tests.stories.driver import plain
from tests.stories.measuring import Crew

DEAL = "2026-0002"  # the lead was 2026-0001
TITLE = "Шкаф-купе · Мария Иванова"
ADDRESS = "Москва, ул. Садовая, д. 7, кв. 12, подъезд 1, этаж 4, домофон 12К"
WHY = "Посчитали дорого: у соседей дешевле"


@pytest.fixture
async def crew(tmp_path: Path) -> AsyncIterator[Crew]:
    """Everybody who takes part; a request of the site has just become a deal on «Просчёт»."""
    shop, http = await m.open_measuring(tmp_path)
    boss = await shop.hire("Ирина Белова", "supervisor")
    anna = await shop.hire("Анна Соколова", "manager")
    technologist = await shop.hire("Олег Титов", "technologist")
    dispatcher = await shop.hire("Дарья Ким", "dispatcher")
    measurer = await shop.hire("Пётр Лин", "measurer")
    status, _ = await shop.lead(name="Мария Иванова", phone="8 912 345-67-89", comment="Шкаф-купе")
    assert status == 201
    await anna.tap("Открыть")
    await do(anna, "[Взять себе]", "✔ Завершение работы с лидом")
    yield Crew(shop, anna, boss, technologist, dispatcher, measurer, DEAL)
    await close_shop(shop, http)


async def silent_until(crew: Crew, when: str) -> None:
    """The clock moves there and no phone rings."""
    await listen(crew.shop)
    await crew.shop.until(when)
    for phone in crew.shop.phones.values():
        heard(phone, await phone.news(), [])


async def ledger(crew: Crew, status: str) -> str:
    """What the manager reads of the client in «Учёт клиентов», under that status."""
    await crew.anna.start()
    await do(crew.anna, "[Учёт клиентов]", f"[{status}]", "[Мария Иванова]")
    return plain(crew.anna.screen.text)


async def agreed(crew: Crew, day: str, stage: str) -> None:
    """The date is written first, then the stage that the bot offers for it, with all that it needs."""
    await crew.anna.open(crew.deal)
    await do(crew.anna, "[Предполагаемая дата замера]", day, f"✔ {stage}", ADDRESS, "[Верно]", "[Да]", "115 973")


async def test_a_measurement_from_a_request_on_the_site_to_the_contract(crew: Crew) -> None:
    """Done when; M-1, M-3, M-4, M-5, M-6, M-7, M-8, M-9, M-10, M-12, M-13, M-14: 20 days ahead, confirmed three days
    before, a stamp missed and a stamp in time, the visit with a question from the spot, no sheets at 10:15, a repeated
    visit, the contract; each step is heard by whom it concerns and by nobody else."""
    anna, boss, shop = crew.anna, crew.boss, crew.shop
    technologist, dispatcher, measurer = crew.technologist, crew.dispatcher, crew.measurer
    assert await crew.stage() == "sales.calc"

    # in 20 days: the bot offers «Предзамер», and three days before it rings
    await agreed(crew, "13.12", "Предзамер")
    assert await crew.stage() == "sales.premeasure"
    shown = await ledger(crew, "Замер назначен")
    assert "13 декабря" in shown and "115 973 ₽" in shown
    await silent_until(crew, "2026-12-10T09:59")
    await shop.until("2026-12-10T10:00")
    heard(anna, await anna.news(), ["Пора: срок задачи наступил"])
    await anna.tap("Дата подтверждена", "Пора: срок задачи наступил")
    assert await crew.stage() == "sales.measure"
    await technologist.sees_only("Печать технолога на просчёт")
    assert "13 декабря" in await ledger(crew, "Замер подтверждён")

    # no stamp by four of the working day before: called off, and three are told
    await silent_until(crew, "2026-12-12T14:59")
    await shop.until("2026-12-12T15:00")
    heard(technologist, await technologist.news(), ["До 16:00 нужна печать на просчёт: " + TITLE])
    await silent_until(crew, "2026-12-12T15:59")
    await shop.until("2026-12-12T16:00")
    off = "Замер не состоится: нет печати технолога. Договоритесь с клиентом о новой дате: " + TITLE
    heard(anna, await anna.news(), [off])
    heard(measurer, await measurer.news(), [f"Замер отменён, печати нет: {TITLE}, вс, 13 декабря"])
    heard(
        technologist,
        await technologist.news(),
        ["Пора: срок задачи наступил", "Печати нет, замер не состоится: " + TITLE],
    )
    heard(boss, await boss.news(), [])
    heard(dispatcher, await dispatcher.news(), [])

    # a new date, and this time the stamp is there; the communications manager sends the measurer
    await anna.open(DEAL)
    await do(anna, "[Заполнить]", "[Замер]", "[Предполагаемая дата замера]", "15.12")
    await measurer.sees_only(f"Замер перенесён: {TITLE}. Было вс, 13 декабря, теперь вт, 15 декабря")
    assert (await crew.entry()).date == date(2026, 12, 15)
    await shop.until("2026-12-14T11:00")
    await listen(shop)
    await m.stamped(technologist)
    heard(anna, await anna.news(), ["Технолог поставил печать: " + TITLE])
    await m.visit_planned(dispatcher, "15.12 в 12:00")
    told = await anna.sees_only(f"Замер назначен: {TITLE}")
    assert "вт, 15 декабря, 12:00, Пётр Лин" in plain(told.text)
    card = plain((await measurer.sees("Замер у клиента")).text)
    assert "ул. Садовая, д. 7, кв. 12" in card and "Шкаф-купе" in card and "вт, 15 декабря, 12:00" in card
    assert "115 973" not in await measurer.dump(), "no money for who drives out"
    await shop.until("2026-12-14T18:00")
    assert await anna.count("Замер не состоится") == 1

    # on the spot: a question, its answer, the end of the visit
    await shop.until("2026-12-15T12:10")
    await m.opened(measurer, "Замер у клиента")
    await measurer.tap("Спросить менеджера", measurer.screen)
    await measurer.text("Проём на 3 см уже, мерить?")
    asked = await anna.sees_only("Пётр Лин спрашивает: Проём на 3 см уже, мерить?")
    await anna.tap("Ответить", asked)
    await anna.text("Мерьте")
    await measurer.sees_only("Анна Соколова отвечает: Мерьте")
    await m.visited(measurer)
    question = await anna.sees_only(f"Замер закончен: {TITLE}. Выберите, чем он закончился")
    assert "Чем закончился замер?" in question.text

    # the day after: asked for at ten, and at a quarter past the deal goes by itself
    await silent_until(crew, "2026-12-16T09:59")
    await shop.until("2026-12-16T10:00")
    heard(anna, await anna.news(), ["Запросите у замерщика листы и итог замера до 10:15: " + TITLE])
    await silent_until(crew, "2026-12-16T10:14")
    assert await crew.stage() == "sales.measure"
    await shop.until("2026-12-16T10:15")
    assert await crew.stage() == "sales.no_sheet"
    await anna.sees_only(f"Нет замерного листа: {TITLE}. Получите его у замерщика")
    assert "Листов нет" in await ledger(crew, "Нет замерного листа")
    await anna.open(DEAL)
    await do(anna, "[➕ Замерные листы]")
    await anna.send_files(("zamer.png", m.PICTURE))
    await do(anna, "[Готово]")
    assert await crew.stage() == "sales.after_measure"
    assert "Листы получены" in await ledger(crew, "Ожидает решения")
    await shop.until("2026-12-16T12:00")
    heard(boss, await boss.news(), [])

    # a repeated visit: its own date, its own call two days before, the measurer again
    await anna.open(DEAL)
    await do(anna, "[Этапы…]", "[Повторный замер]")
    assert "Нужна новая дата" in anna.screen.text, "the old one is over"
    await do(anna, "[Изменить: Предполагаемая дата]", "23.12", "Помещение не готово")
    assert await crew.stage() == "sales.remeasure"
    assert "23 декабря" in await ledger(crew, "Повторный выезд")
    await silent_until(crew, "2026-12-21T09:59")
    await shop.until("2026-12-21T10:00")
    heard(anna, await anna.news(), ["Пора: срок задачи наступил"])
    await anna.tap("Дата подтверждена", "Подтвердить дату повторного замера")
    await m.visit_planned(dispatcher, "23.12 в 15:00")
    await shop.until("2026-12-23T15:30")
    await m.visited(measurer)

    # the contract
    await m.opened(anna, "Чем закончился замер?")
    await do(anna, "[Договор заключён]", "12455Ш", "150 000", "5 000")
    assert await crew.stage() == "sales.remeasure", "not before everything is there"
    await do(anna, "Иванова Мария Петровна")
    assert "Готово. Сделка теперь на стадии «Сделка успешна»" in anna.screen.text
    (row,) = await shop.rows(select(DealRow.stage, DealRow.status).where(DealRow.number == DEAL))
    assert (row.stage, row.status) == ("won", "won")
    line = await crew.entry()
    assert (line.status, line.result, line.date) == ("Договор заключён", "Заключён договор", date(2026, 12, 23))
    assert (line.sum, line.contract_sum, line.contract_number) == (Decimal(115_973), Decimal(150_000), "12455Ш")
    shown = await ledger(crew, "Договор заключён")
    assert "12455Ш" in shown and "150 000 ₽" in shown and "115 973 ₽" in shown
    await silent_until(crew, "2027-01-20T12:00")
    for phone in shop.phones.values():
        await phone.sees_no("Робот не смог")


async def test_a_deal_is_lost_after_its_measurement(crew: Crew) -> None:
    """Done when; M-3, M-8, M-11, M-16: two days ahead is «Замер» at once; after the visit the client refuses: the
    comment is pinned before the reason is asked, and «Отказ после замера» comes of itself."""
    anna, shop = crew.anna, crew.shop
    await agreed(crew, "25.11", "Замер")
    assert await crew.stage() == "sales.measure"
    await m.stamped(crew.technologist)
    await m.visit_planned(crew.dispatcher, "25.11 в 12:00")
    await shop.until("2026-11-25T13:00")
    await m.visited(crew.measurer, sheets=True)
    await m.opened(anna, "Чем закончился замер?")
    await do(anna, "[Клиент отказался]", WHY)
    assert await crew.stage() == "sales.finish"
    assert (await anna.sees_only(f"Причины отказа: {WHY}")).pinned
    await m.opened(anna, "Чем закончилась сделка?")
    await do(anna, "[Сделка проиграна]")
    assert "Причина отказа" in anna.screen.text and await crew.stage() == "sales.finish"
    await do(anna, "[Дорого]", "[Да, всё верно]")
    (row,) = await shop.rows(select(DealRow.stage, DealRow.status, DealRow.fields).where(DealRow.number == DEAL))
    assert (row.stage, row.status, row.fields["lost_result"]) == ("lost", "lost", "after")
    assert (await crew.entry()).status == "Отказ после замера"
    assert "25 ноября" in await ledger(crew, "Отказ после замера")
    await silent_until(crew, "2026-12-20T12:00")


async def test_a_deal_put_off_by_47_days_meets_the_manager_again_and_comes_back(crew: Crew) -> None:
    """Done when; M-3, M-17, M-18: too far for a measurement, it waits on its month and rings on its day, not before;
    then it stands in «Продажи» again, its date asked anew, and the call before the measurement is due."""
    anna, boss, shop = crew.anna, crew.boss, crew.shop
    await anna.open(DEAL)
    await do(anna, "[Предполагаемая дата замера]", "09.01.2027")
    await anna.sees_only("До замера больше 32 дней (сб, 9 января 2027): переведите в «Отложенный спрос»")
    await anna.open(DEAL)
    assert not anna.screen.button("✔ Предзамер") and not anna.screen.button("✔ Замер")
    await do(anna, "[В отложенный спрос]", "09.01.2027", "Сдача дома в феврале")
    assert await crew.stage() == "deferred.m202701"
    pinned = next(one for one in await anna.from_bot() if one.pinned)
    assert "Отложенный спрос: Сдача дома в феврале. Контакт сб, 9 января 2027" in plain(pinned.text)

    await silent_until(crew, "2027-01-09T09:59")
    await shop.until("2027-01-09T10:00")
    heard(anna, await anna.news(), ["Пора: срок задачи наступил"])
    heard(boss, await boss.news(), [])
    bell = await anna.sees_only("Пора: срок задачи наступил")
    assert "Связаться с клиентом" in bell.text and "Сдача дома в феврале" in bell.text
    await anna.tap("Записать на «Предзамер»", bell)
    await do(anna, "20.01.2027", ADDRESS, "[Верно]", "[Да]", "115 973")
    assert await crew.stage() == "sales.premeasure"
    assert (await crew.entry()).date == date(2027, 1, 20)
    await silent_until(crew, "2027-01-17T09:59")
    await shop.until("2027-01-17T10:00")
    heard(anna, await anna.news(), ["Пора: срок задачи наступил"])
    await anna.sees_only("Связаться с клиентом и подтвердить дату замера — ")
    await anna.sees_no("Робот не смог")
