"""Measurements: one day for deal, ledger and schedule, whoever changes it (truth 2, 3, 4, 18)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from keyboards.callbacks.deal_callbacks import FillField
from models.ids import DealId
from models.tables.visits import VisitRow
from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.measuring import Crew, begun, entry, hired, open_measuring, opened, stage, stamped, visit

TUESDAY = date(2026, 11, 24)
NUMBER = "2026-0001"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened_shop, http = await open_measuring(tmp_path)
    yield opened_shop
    await close_shop(opened_shop, http)


async def planned(crew: Crew, when: str) -> Phone:
    """The dispatcher chooses who and when; the phone stands where that leads."""
    await stamped(crew.technologist)
    await opened(crew.dispatcher, "Назначить замер")
    await do(crew.dispatcher, "[Выбрать замерщика]", "[Пётр Лин]", when)
    return crew.dispatcher


async def test_truth_2_another_day_is_asked_with_the_move_and_then_everybody_follows(shop: Shop) -> None:
    """Truth 2: the deal has the 24th, the dispatcher says the 15th of December: it is asked, the stage that the day
    belongs to is named with it; deal, ledger and schedule have the 15th, and the old day carries nothing away."""
    crew = await hired(shop, TUESDAY)
    dispatcher = await planned(crew, "15.12 в 12:00")
    asked = plain(dispatcher.screen.text)
    assert "В сделке вт, 24 ноября, Вы выбрали вт, 15 декабря, 12:00." in asked
    assert "Сделка перейдёт в «Предзамер»." in asked
    assert (await visit(shop, NUMBER)).day == TUESDAY, "nothing has happened yet"
    await dispatcher.tap("Да, перенести", dispatcher.screen)
    assert await crew.stage() == "sales.premeasure"
    found = await visit(shop, NUMBER)
    assert found.state == "planned" and found.starts_at.isoformat().startswith("2026-12-15")
    assert (await crew.entry()).date == date(2026, 12, 15)
    await crew.measurer.sees("Замер перенесён: Шкаф-купе")
    await crew.anna.sees("Замер записан на вт, 15 декабря")
    await shop.until("2026-11-25T12:00")
    assert await crew.stage() == "sales.premeasure", "the robots of the old day do nothing"
    assert (await visit(shop, NUMBER)).state == "planned"


async def test_truth_2_another_hour_of_the_same_day_is_not_asked_about(shop: Shop) -> None:
    """Truth 2, the other side: the day stands, nothing is asked."""
    crew = await hired(shop, TUESDAY)
    dispatcher = await planned(crew, "24.11 в 12:00")
    assert "Да, перенести" not in dispatcher.screen.labels
    assert (await visit(shop, NUMBER)).state == "planned"


async def test_truth_2_no_is_no_and_another_hour_is_chosen(shop: Shop) -> None:
    """Truth 2: «Выбрать другое время» leads back to the calendar, and nothing was moved."""
    crew = await hired(shop, TUESDAY)
    dispatcher = await planned(crew, "15.12 в 12:00")
    await dispatcher.tap("Выбрать другое время", dispatcher.screen)
    await do(dispatcher, "24.11 в 14:00")
    assert await crew.stage() == "sales.measure"
    assert (await visit(shop, NUMBER)).starts_at.isoformat().startswith("2026-11-24")


async def test_truth_3_a_day_that_passes_without_a_planned_visit_is_not_a_measurement_that_was_held(
    shop: Shop,
) -> None:
    """Truth 3, «Forgotten?»: stamped, but nobody was sent: the next morning it is called what it is; the deal stays,
    and a refusal afterwards is one before the measurement."""
    crew = await hired(shop, TUESDAY)
    await stamped(crew.technologist)
    await shop.until("2026-11-25T10:30")
    assert await crew.stage() == "sales.measure"
    await crew.anna.sees("Замера не было, никто не был назначен")
    assert (await visit(shop, NUMBER)).state == "off"
    await crew.anna.open(NUMBER)
    assert "Отменено: Замер, вт, 24 ноября — никто не был назначен" in plain(crew.anna.screen.text)
    await crew.anna.tap("Этапы…")
    await crew.anna.tap("Завершить сделку", crew.anna.screen)
    await opened(crew.anna, "Чем закончилась сделка?")
    await do(crew.anna, "[Сделка проиграна]", "Посчитали дорого: у соседей дешевле", "[Дорого]", "[Да, всё верно]")
    assert (await crew.entry()).status == "Отказ перед замером"


async def test_truth_4_a_measurement_that_was_off_is_good_again_with_a_new_date_on_any_stage(shop: Shop) -> None:
    """Truth 4: off at four, back to «Предзамер», a new date there, confirmed, stamped in time: it takes place."""
    crew = await hired(shop, TUESDAY)
    await shop.until("2026-11-23T16:00")
    assert (await visit(shop, NUMBER)).state == "off"
    await crew.anna.open(NUMBER)
    await do(crew.anna, "[Этапы…]", "[Предзамер]")
    assert await crew.stage() == "sales.premeasure"
    await opened(crew.anna, "Связаться с клиентом и подтвер")
    await do(crew.anna, "[Перенести замер]", "05.12")
    await shop.until("2026-12-02T10:00")
    await opened(crew.anna, "Связаться с клиентом и подтвер")
    await do(crew.anna, "[Дата подтверждена]")
    await stamped(crew.technologist)
    await crew.anna.sees_no("Печать поставлена после срока")
    await crew.dispatcher.sees("Назначить замер")


async def test_truth_18_a_measurement_that_is_off_is_seen_on_the_card_and_in_the_ledger(shop: Shop) -> None:
    """Truth 18: why it is off stands on the card, the ledger's status says it, and can be looked for."""
    crew = await hired(shop, TUESDAY)
    assert (await crew.entry()).status == "Замер подтверждён"
    await shop.until("2026-11-23T16:00")
    assert (await crew.entry()).status == "Замер отменён"
    card = plain((await crew.anna.open(NUMBER)).text)
    assert "Отменено: Замер, вт, 24 ноября — нет печати технолога" in card
    await crew.anna.start()
    await do(crew.anna, "[📒 Учёт клиентов]")
    assert crew.anna.screen.button("Замер отменён · 1")


async def test_truth_10_a_measurer_is_not_sent_to_two_clients_at_once_and_windows_are_offered(shop: Shop) -> None:
    """Truth 10, K-20: the hour of another measurement is refused with the reason; what is free is one tap away."""
    crew = await hired(shop, TUESDAY)
    dispatcher = await planned(crew, "24.11 в 12:00")
    await begun(shop, "measure", TUESDAY, name="Борис Кравцов", phone="+79161234523")
    await stamped(crew.technologist)
    await opened(dispatcher, "Назначить замер")
    await do(dispatcher, "[Выбрать замерщика]", "[Пётр Лин]", "24.11 в 12:30")
    said = plain(dispatcher.screen.text)
    assert "Пётр Лин: уже занято, 12:00–13:00 — выезд по сделке № 2026-0001" in said
    assert "Ближайшее свободное" in said
    free = next(label for label in dispatcher.screen.labels if label.startswith("завтра"))
    await dispatcher.tap(free, dispatcher.screen)
    second = await visit(shop, "2026-0002")
    assert second.state == "planned" and second.starts_at != (await visit(shop, NUMBER)).starts_at
    assert (await entry(shop, "2026-0002")).date == TUESDAY and await stage(shop, "2026-0002") == "sales.measure"


async def test_no_day_is_agreed_with_the_client_of_a_lost_deal(shop: Shop) -> None:
    """Truth 1: nobody goes there, so the card's own question says so and writes nothing; it is reopened first."""
    crew = await hired(shop, TUESDAY)
    card = await crew.anna.open(NUMBER)
    press = FillField(DealId(1), "measure_on").pack()
    await do(
        crew.anna,
        "[Этапы…]",
        "[Завершить сделку]",
        "[✖ Сделка проиграна]",
        "Клиент передумал делать",
        "[Дорого]",
        "[Да, всё верно]",
    )
    assert await crew.stage() == "sales.lost"
    await crew.anna.press(card.id, press, forged=True)
    said = plain((await crew.anna.text("30.11")).text)
    assert "Сделка закрыта, к этому клиенту никто не поедет" in said
    assert not [row for row in await shop.rows(select(VisitRow)) if row.state != "off"]
