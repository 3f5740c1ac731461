"""«Заключение» and «Завершить сделку»: won with the contract's data, lost with a pinned comment (M-12, M-15, M-16)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.stories import measuring as m
from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import plain
from tests.stories.measuring import Crew

VISIT = date(2026, 11, 24)
CONTRACT = ("12455Ш", "150 000", "5 000", "Иванова Мария Петровна")
WHY = "Посчитали дорого: у соседей дешевле"
QUESTION = "Чем закончилась сделка?"


@pytest.fixture
async def crew(tmp_path: Path) -> AsyncIterator[Crew]:
    shop, http = await m.open_measuring(tmp_path)
    yield await m.hired(shop, VISIT)
    await close_shop(shop, http)


async def finish(crew: Crew) -> None:
    """The manager moves the deal to «Завершить сделку»."""
    await crew.anna.open(crew.deal)
    await do(crew.anna, "[Этапы…]", "[Завершить сделку]")
    assert await crew.stage() == "sales.finish"


# --- won ---------------------------------------------------------------------------------------------------------


async def test_m_15_the_window_of_the_ending_offers_won_and_lost_side_by_side(crew: Crew) -> None:
    await finish(crew)
    card = crew.anna.screen
    assert card.labels[:2] == ["✔ Сделка успешна", "✖ Сделка проиграна"]
    assert "Выберите, чем закончилась сделка" in card.text
    await m.opened(crew.anna, QUESTION)  # and the task asks the same
    assert crew.anna.screen.labels[:2] == ["Сделка успешна", "Сделка проиграна"]


async def test_m_15_a_deal_is_won_with_number_sum_discount_and_name_which_the_ledger_shows(crew: Crew) -> None:
    await finish(crew)
    await do(crew.anna, "[✔ Сделка успешна]", *CONTRACT[:3])
    assert await crew.stage() == "sales.finish"  # not before everything is there
    await do(crew.anna, CONTRACT[3])
    assert await crew.stage() == "sales.won"
    line = await crew.entry()
    assert (line.status, line.contract_number, line.full_name) == ("Договор заключён", "12455Ш", CONTRACT[3])
    assert (line.contract_sum, line.discount) == (Decimal(150_000), Decimal(5_000))


async def test_m_15_the_contract_s_data_are_due_by_10_45_and_11_of_the_next_day(crew: Crew) -> None:
    await finish(crew)
    await crew.shop.until("2026-11-24T10:44")
    await crew.anna.sees_no("Пора: срок задачи наступил")
    await crew.shop.until("2026-11-24T10:45")
    bell = await crew.anna.sees_only("Пора: срок задачи наступил")
    assert QUESTION in bell.text
    await crew.shop.until("2026-11-24T10:59")
    await crew.boss.sees_no("Сделка не завершена")
    await crew.shop.until("2026-11-24T11:00")
    await crew.boss.sees_only("Сделка не завершена до 11:00 следующего дня: Шкаф-купе · Мария Иванова")
    await crew.anna.tap("Сделка успешна", bell)
    await do(crew.anna, *CONTRACT)
    assert await crew.stage() == "sales.won"


async def test_m_15_a_contract_being_made_is_asked_for_by_10_45_and_11(crew: Crew) -> None:
    number = await m.begun(crew.shop, "contract", VISIT)
    await crew.anna.sees_only("Заключение договора: Шкаф-купе · Мария Иванова. Внесите номер, сумму, скидку и ФИО")
    await crew.shop.until("2026-11-24T10:30")
    await crew.anna.sees_only("До 10:45 получите данные договора")
    await crew.shop.until("2026-11-24T10:59")
    await crew.boss.sees_no("Данные договора не внесены")
    await crew.shop.until("2026-11-24T11:00")
    await crew.boss.sees_only("Данные договора не внесены до 11:00")
    await crew.anna.open(number)
    await do(crew.anna, "[✔ Завершить сделку]", "[✔ Сделка успешна]", *CONTRACT)
    assert await m.stage(crew.shop, number) == "sales.won"


async def test_m_15_a_deal_is_not_won_by_a_forged_press_without_its_contract(crew: Crew) -> None:
    await finish(crew)
    button = crew.anna.screen.button("✔ Сделка успешна")
    assert button is not None
    mine = await crew.measurer.last()
    await crew.measurer.press(mine.id, button["data"], forged=True)
    await crew.anna.press(crew.anna.screen.id, button["data"])
    assert await crew.stage() == "sales.finish" and "№ договора" in crew.anna.screen.text


# --- lost --------------------------------------------------------------------------------------------------------


async def test_m_16_the_detailed_comment_is_pinned_before_the_reason_is_asked(crew: Crew) -> None:
    await finish(crew)
    await do(crew.anna, "[✖ Сделка проиграна]", "дорого")
    assert "Слишком коротко. Напишите подробнее" in (await crew.anna.last()).text
    await do(crew.anna, WHY)
    assert await crew.stage() == "sales.finish"
    pinned = await crew.anna.sees_only(f"Причины отказа: {WHY}")
    assert pinned.pinned
    await crew.anna.sees("Чтобы перейти на стадию «Сделка проиграна», заполните:")


async def test_m_16_whoever_closes_the_deal_sees_comment_and_reason_together_and_says_that_they_agree(
    crew: Crew,
) -> None:
    """M-16, truth 24: an honest comment in any words is taken; nothing is matched, the person is asked."""
    await finish(crew)
    await do(crew.anna, "[✖ Сделка проиграна]", "Купили готовое в Икее", "[Выбрал других]")
    assert await crew.stage() == "sales.finish", "not before the yes"
    shown = plain(crew.anna.screen.text)
    assert "Согласуются ли эти ответы?" in shown
    assert "Причины отказа подробно: Купили готовое в Икее" in shown and "Причина отказа: Выбрал других" in shown
    await do(crew.anna, "[Да, всё верно]")
    assert await crew.stage() == "sales.lost"
    await crew.boss.sees_no("Не совпадает")


async def test_m_16_a_refusal_before_the_visit_is_a_refusal_before_the_measurement(crew: Crew) -> None:
    """By what happened, not by choice: the question after the visit is answered before it."""
    await m.stamped(crew.technologist)
    await m.visit_planned(crew.dispatcher, "завтра в 12:00")
    await crew.shop.until("2026-11-24T11:00")
    await m.opened(crew.anna, "Чем закончился замер?")
    await do(crew.anna, "[Клиент отказался]", WHY, "[✖ Сделка проиграна]", "[Дорого]", "[Да, всё верно]")
    assert (await crew.entry()).status == "Отказ перед замером"
    await crew.measurer.sees("Задача снята: Замер у клиента")


async def test_m_16_a_refusal_after_the_visit_is_a_refusal_after_the_measurement(crew: Crew) -> None:
    await crew.visit()
    await m.opened(crew.anna, "Чем закончился замер?")
    await do(crew.anna, "[Клиент отказался]", WHY)
    assert await crew.stage() == "sales.finish"
    assert (await crew.anna.sees_only(f"Причины отказа: {WHY}")).pinned
    await m.opened(crew.anna, QUESTION)
    await do(crew.anna, "[Сделка проиграна]")
    assert "Причина отказа" in crew.anna.screen.text and "подробно" not in crew.anna.screen.text  # it is there already
    await do(crew.anna, "[Дорого]", "[Да, всё верно]")
    assert await crew.stage() == "sales.lost"
    assert (await crew.entry()).status == "Отказ после замера"


async def test_m_16_nobody_chooses_the_result_of_a_lost_deal(crew: Crew) -> None:
    """Closed past the question, an hour after the visit has begun: still «после замера»."""
    await m.stamped(crew.technologist)
    await m.visit_planned(crew.dispatcher, "завтра в 12:00")
    await crew.shop.until("2026-11-24T13:00")
    await finish(crew)
    await do(crew.anna, "[✖ Сделка проиграна]", WHY)
    assert "Отказ перед замером" not in await crew.anna.dump()
    await do(crew.anna, "[Дорого]", "[Да, всё верно]")
    assert (await crew.entry()).status == "Отказ после замера"


async def test_m_16_the_result_of_a_lost_deal_cannot_be_filled_in_by_hand_either(crew: Crew) -> None:
    await finish(crew)
    await do(crew.anna, "[✖ Сделка проиграна]", WHY, "[Дорого]", "[Да, всё верно]", "[Заполнить]")
    await do(crew.anna, "[Дополнительно]")
    assert crew.anna.screen.button("Причина отказа") and crew.anna.screen.button("Результат") is None
    button = crew.anna.screen.button("Причина отказа")
    assert button is not None
    forged = button["data"].replace("refusal_reason", "lost_result")
    assert forged != button["data"]
    await crew.anna.press(crew.anna.screen.id, forged, forged=True)
    assert crew.anna.toast and "Результат" not in crew.anna.screen.text.splitlines()[-1]
    assert (await crew.entry()).status == "Отказ перед замером"


async def test_m_16_a_visit_that_did_not_take_place_leaves_the_refusal_before_the_measurement(crew: Crew) -> None:
    await m.stamped(crew.technologist)
    await m.visit_planned(crew.dispatcher, "завтра в 12:00")
    await crew.shop.until("2026-11-24T13:00")
    await m.opened(crew.measurer, "Замер у клиента")
    await do(crew.measurer, "[Замер не состоялся]")
    await finish(crew)
    await do(crew.anna, "[✖ Сделка проиграна]", WHY, "[Дорого]", "[Да, всё верно]")
    assert (await crew.entry()).status == "Отказ перед замером"


async def test_m_16_a_client_who_changes_his_mind_leaves_the_pin_true_and_the_deal_lost_in_the_ledger(
    crew: Crew,
) -> None:
    await finish(crew)
    await do(crew.anna, "[✖ Сделка проиграна]", WHY, "[Дорого]", "[Да, всё верно]")
    pin = await crew.anna.sees_only(f"Причины отказа: {WHY}")
    assert "Сделка закрыта: Сделка проиграна" in pin.text and not pin.pinned
    line = await crew.entry()
    assert (line.status, line.contract_number, line.date) == ("Отказ перед замером", "", VISIT)
