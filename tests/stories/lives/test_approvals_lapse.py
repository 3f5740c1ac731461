"""An approval is of something: when that changes it is over, everybody concerned hears, and what it opened is shut."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from models.tables.tasks import TaskRow
from models.tables.visits import VisitRow
from tests.stories import measuring
from tests.stories.acts import begin, do, fields, listen
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.measuring import PICTURE, Crew

STAMP = "Печать технолога на просчёт"
LAPSED = f"Больше не действует: «{STAMP}»"
OFF = "Замер не состоится: нет печати технолога"
NUMBER = "2026-0001"
DISCOUNT = "Согласовать скидку"


@pytest.fixture
async def crew(tmp_path: Path) -> AsyncIterator[Crew]:
    """A measurement on Thursday; it is Monday, ten o'clock."""
    shop, http = await measuring.open_measuring(tmp_path)
    yield await measuring.hired(shop, date(2026, 11, 26))
    await close_shop(shop, http)


async def states(shop: Shop, name: str) -> list[str]:
    rows = await shop.rows(select(TaskRow.state).where(TaskRow.name == name).order_by(TaskRow.id))
    return [str(row.state) for row in rows]


async def recalculated(anna: Phone, total: str, deal: str) -> None:
    await anna.open(deal)
    await do(anna, "[Заполнить]", "[Замер]", "[Сумма предварительного просчёта]", total)


# --- the stamp --------------------------------------------------------------------------------------------------


async def test_truth_13_the_stamp_is_off_when_the_calculation_that_it_was_put_on_changes(crew: Crew) -> None:
    """truth 13: 115 973 was stamped and becomes 300 000: technologist and manager hear from what to what, the stamp is
    asked for again, and the measurement is not planned on the strength of the old one."""
    await measuring.stamped(crew.technologist)
    await crew.dispatcher.sees_only("Назначить замер")
    await listen(crew.shop)
    await recalculated(crew.anna, "300 000", crew.deal)
    for phone in (crew.technologist, crew.anna):
        told = plain((await phone.sees_only(LAPSED)).text)
        assert "Сумма предварительного просчёта: было 115 973 ₽, стало 300 000 ₽" in told
    assert await states(crew.shop, "stamp") == ["lapsed", "open"]
    assert await states(crew.shop, "plan_visit") == ["void"]
    await crew.dispatcher.sees_only("Задача снята: Назначить замер")
    assert f"Больше не считается: «{STAMP}» — Поставить печать" in await _history(crew)

    await measuring.stamped(crew.technologist)
    assert await states(crew.shop, "plan_visit") == ["void", "open"], "stamped anew, it is to be planned"


async def test_truth_13_another_sheet_of_the_calculation_takes_the_stamp_off_as_well(crew: Crew) -> None:
    """truth 13 (Changed?): not only sums are approved."""
    await measuring.stamped(crew.technologist)
    await crew.anna.open(crew.deal)
    await do(crew.anna, "[➕ Лист просчёта]")
    await crew.anna.send_files(("prosch.png", PICTURE))
    await do(crew.anna, "[Готово]")
    assert await states(crew.shop, "stamp") == ["lapsed", "open"]


async def test_truth_13_the_measurer_hears_that_the_stamp_is_off_and_again_when_it_stands(crew: Crew) -> None:
    """truth 13: his visit was planned; the job is taken back, and given again with the same hour after a new stamp."""
    await measuring.stamped(crew.technologist)
    await measuring.visit_planned(crew.dispatcher, "26.11 в 12:00")
    await listen(crew.shop)
    await recalculated(crew.anna, "300 000", crew.deal)
    off = await crew.measurer.sees_only("Печать на просчёт снята, без новой не выезжайте")
    assert "26 ноября, 12:00" in plain(off.text) and "₽" not in off.text
    assert await states(crew.shop, "visit") == ["void"]

    await measuring.stamped(crew.technologist)
    await crew.anna.sees_only("Печать снова стоит, замер чт, 26 ноября, 12:00 в силе")
    assert await states(crew.shop, "visit") == ["void", "open"]
    await crew.measurer.sees("Замер у клиента")
    assert await states(crew.shop, "plan_visit") == ["lapsed"], "nobody plans it a second time"


async def test_truth_13_a_stamp_taken_off_after_its_hour_calls_the_measurement_off_at_once(crew: Crew) -> None:
    """truth 13, M-8: at five of the day before nobody can stamp in time any more: it is off now, and all three know."""
    await measuring.stamped(crew.technologist)
    await measuring.visit_planned(crew.dispatcher, "26.11 в 12:00")
    await crew.shop.until("2026-11-25T17:00")
    await crew.anna.sees_no(OFF)
    await recalculated(crew.anna, "300 000", crew.deal)
    await crew.anna.sees_only(OFF)
    await crew.measurer.sees_only("Замер отменён, печати нет")
    assert [row.state for row in await crew.shop.rows(select(VisitRow.state))] == ["off"]


async def test_truth_13_changed_back_the_stamp_is_off_all_the_same(crew: Crew) -> None:
    """truth 13 (Twice?): 300 000 and back to 115 973: somebody has touched what was stamped; the technologist looks."""
    await measuring.stamped(crew.technologist)
    await recalculated(crew.anna, "300 000", crew.deal)
    await recalculated(crew.anna, "115 973", crew.deal)
    assert await states(crew.shop, "stamp") == ["lapsed", "open"]
    assert await crew.technologist.count(LAPSED) == 1, "he was told once, and nothing of his has lapsed since"
    card = await measuring.opened(crew.technologist, STAMP)
    assert "115 973 ₽" in plain(card.text)


async def test_truth_13_after_the_measurement_was_held_its_calculation_is_free_to_change(crew: Crew) -> None:
    """The stamp has done its work: what the client orders in the end is another sum."""
    await measuring.stamped(crew.technologist)
    await measuring.visit_planned(crew.dispatcher, "26.11 в 12:00")
    await crew.shop.until("2026-11-26T13:00")
    await measuring.visited(crew.measurer, sheets=True)
    await recalculated(crew.anna, "300 000", crew.deal)
    await crew.anna.sees_no("Больше не действует")
    assert await states(crew.shop, "stamp") == ["done"]


async def test_truth_13_the_one_who_stamped_has_left_and_those_above_are_asked(crew: Crew) -> None:
    """truth 13 (Gone?): the technologist was dismissed: the stamp is off all the same, and the supervisor gets it."""
    await measuring.stamped(crew.technologist)
    await crew.boss.start()
    await do(crew.boss, "[👥 Команда]", "[Олег Титов]", "[Уволить…]", "[Да, уволить]")
    await recalculated(crew.anna, "300 000", crew.deal)
    await crew.anna.sees_only(LAPSED)
    asked = await crew.boss.sees_only("Вам дали задачу")
    assert STAMP in asked.text and asked.button("Поставить печать")


# --- the discount -----------------------------------------------------------------------------------------------


async def _agreed(anna: Phone, boss: Phone) -> None:
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "[Этапы…]", "[✖ Отказ]", "[Дорого]", "[Запросить скидку]", "Скидка 5 %")
    await boss.tap("Разрешить", await boss.sees_only(DISCOUNT))


async def test_truth_13_a_discount_that_was_agreed_is_agreed_no_more_when_it_is_another_one(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """truth 13: 5 % was agreed and becomes 50 %: the card says nothing of an approval, the supervisor is asked anew."""
    await _agreed(anna, boss)
    await anna.open(NUMBER)
    card = plain((await anna.tap("Заполнить")).text)
    assert "Скидка согласована: Да (Скидка 5 %, 150 000 ₽, Ирина Белова, пн, 23 ноября)" in card
    await do(anna, "[Дополнительно]", "[Скидка или бонус]", "Скидка 50 %")
    await anna.open(NUMBER)
    assert "Скидка согласована: —" in plain((await do(anna, "[Заполнить]")).text)
    assert "discount_approved" not in await fields(shop)
    told = plain((await boss.sees_only(f"Больше не действует: «{DISCOUNT}»")).text)
    assert "Скидка или бонус: было Скидка 5 %, стало Скидка 50 %" in told
    again = await boss.sees("Вам дали задачу")
    assert DISCOUNT in again.text and "Скидка 50 %" in again.text
    await anna.open(NUMBER)
    await do(anna, "[Задачи 2]", "[Связаться с клиентом снова]", "[Предложил скидку]")
    assert anna.toast == "Скидку можно предлагать только с согласия руководителя"
    await boss.tap("Отказать", again)
    assert (await fields(shop))["discount_approved"] is False


async def test_truth_13_a_discount_is_agreed_of_a_sum(shop: Shop, anna: Phone, boss: Phone) -> None:
    """truth 13: five per cent of 150 000 are not five per cent of a million."""
    await _agreed(anna, boss)
    await anna.open(NUMBER)
    await do(anna, "[Заполнить]", "[О сделке]", "[Бюджет]", "1 000 000")
    told = plain((await boss.sees_only(f"Больше не действует: «{DISCOUNT}»")).text)
    assert "Бюджет: было 150 000 ₽, стало 1 000 000 ₽" in told
    assert "discount_approved" not in await fields(shop)


async def test_truth_13_asked_for_a_second_time_a_discount_is_one_task(shop: Shop, anna: Phone, boss: Phone) -> None:
    """truth 13 (Twice?): a request with another discount takes the old answer off and is asked once."""
    await _agreed(anna, boss)
    await anna.open(NUMBER)
    await do(anna, "[Запросить скидку]", "Скидка 50 %")
    assert await states(shop, "approve_discount") == ["lapsed", "open"]


# --- nobody in the role -----------------------------------------------------------------------------------------


async def test_truth_35_without_a_technologist_the_stamp_is_asked_of_those_above_at_once(tmp_path: Path) -> None:
    """truth 35: the firm has no technologist: the supervisor hears of the stamp at once, not the day before."""
    shop, http = await measuring.open_measuring(tmp_path)
    boss = await shop.hire("Ирина Белова", "supervisor")
    await shop.hire("Анна Соколова", "manager")
    await measuring.begun(shop, "measure", date(2026, 11, 26))
    asked = await boss.sees_only("Вам дали задачу")
    assert STAMP in asked.text
    await boss.tap("Поставить печать", asked)
    assert await states(shop, "stamp") == ["done"]
    await close_shop(shop, http)


async def _history(crew: Crew) -> str:
    await crew.anna.open(crew.deal)
    return plain((await crew.anna.tap("История")).text)
