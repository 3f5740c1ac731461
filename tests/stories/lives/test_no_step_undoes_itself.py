"""A step that is drawn as open is one: what would be called off in the same second is shut, with the way that works."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from models.tables.tasks import TaskRow
from tests.stories import measuring
from tests.stories.acts import do, listen
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.measuring import Crew, begun

SHUT = "Печать технолога уже не успеть: она нужна до 16:00 рабочего дня перед замером"
OFF = "Замер не состоится: нет печати технолога"
STAMP = "Печать технолога на просчёт"
MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)


@pytest.fixture
async def crew(tmp_path: Path) -> AsyncIterator[Crew]:
    """Everybody who takes part in measurements; it is Monday, ten o'clock."""
    shop, http = await measuring.open_measuring(tmp_path)
    yield await measuring.hired(shop, date(2026, 12, 20))
    await close_shop(shop, http)


async def on_calculation(crew: Crew, day: date) -> str:
    """Another deal, on «Просчёт», with everything known that a measurement needs; gives its number."""
    number = await begun(crew.shop, "calc", day)
    await listen(crew.shop)
    return number


async def test_truth_17_a_measurement_that_no_stamp_can_reach_is_shut_and_the_first_day_is_one_tap_away(
    crew: Crew,
) -> None:
    """truth 17: at five on Monday «Замер» for Tuesday is shut and says why; «Замер: ср, 25 ноября» is open, and is."""
    await crew.shop.until("2026-11-23T17:00")
    number = await on_calculation(crew, TUESDAY)
    anna = crew.anna
    card = await anna.open(number)
    assert not card.button("✔ Замер")
    await do(anna, "[Этапы…]", "[🔒 Замер]")
    assert SHUT in anna.screen.text and "Первая возможная дата: ср, 25 ноября" in plain(anna.screen.text)
    await do(anna, "[✔ Замер: ср, 25 ноября]")
    assert await measuring.stage(crew.shop, number) == "sales.measure"
    assert "Предполагаемая дата замера: ср, 25 ноября" in plain(anna.screen.text)
    await crew.shop.later(hours=1)
    await anna.sees_no(OFF)
    await crew.technologist.sees(STAMP)


async def test_truth_17_today_is_too_late_without_a_stamp_and_open_with_one(crew: Crew) -> None:
    """truth 17: the stamp may be asked for before the stage; once it is there the measurement of today takes place."""
    number = await on_calculation(crew, MONDAY)
    anna = crew.anna
    card = await anna.open(number)
    assert not card.button("✔ Замер") and card.button("Запросить печать")
    await do(anna, "[Запросить печать]", "120 000")
    asked = await crew.technologist.sees("Сумма предварительного просчёта: 120 000 ₽")
    assert STAMP in asked.text
    await do(crew.technologist, "[Поставить печать]")
    await anna.open(number)
    await do(anna, "✔ Замер")
    assert await measuring.stage(crew.shop, number) == "sales.measure"
    await crew.dispatcher.sees_only("Назначить замер")
    await crew.shop.later(hours=8)
    await anna.sees_no(OFF)
    rows = await crew.shop.rows(select(TaskRow.state).where(TaskRow.name == "stamp").order_by(TaskRow.id))
    assert [row.state for row in rows] == ["open", "done"], "the other deal's, and this one's, once"


async def test_truth_17_in_time_it_is_open_as_ever(crew: Crew) -> None:
    """M-8: before four of the day before the stamp can still come: the stage is open, and is not called off."""
    number = await on_calculation(crew, TUESDAY)
    await crew.anna.open(number)
    await do(crew.anna, "✔ Замер")
    assert await measuring.stage(crew.shop, number) == "sales.measure"
    await crew.technologist.sees(STAMP)
    await crew.anna.sees_no(OFF)


async def test_a_stamp_given_on_the_way_counts_and_goes_along(crew: Crew) -> None:
    """truth 17, 4: the technologist is asked on «Предзамер» already; stamped there, «Замер» wants nothing more of him,
    and the visit is to be planned."""
    number = await begun(crew.shop, "premeasure", date(2026, 11, 28))
    tech, anna = crew.technologist, crew.anna
    asked = [one for one in await tech.from_bot() if "чт" in plain(one.text) or "28 ноября" in plain(one.text)]
    await tech.tap("Поставить печать", asked[-1])
    await crew.shop.until("2026-11-25T10:00")
    await anna.tap("Дата подтверждена", "Пора: срок задачи наступил")
    assert await measuring.stage(crew.shop, number) == "sales.measure"
    await crew.dispatcher.sees_only("Назначить замер")


async def test_truth_7_a_confirmation_that_comes_too_late_is_shut_and_says_why(crew: Crew) -> None:
    """truth 7: the client confirms Tuesday's measurement at five on Monday: «Дата подтверждена» would call it
    off in the same second, so it is shut; another day is one tap away."""
    number = await begun(crew.shop, "premeasure", TUESDAY)
    anna = crew.anna
    await crew.shop.until("2026-11-23T17:00")
    await listen(crew.shop)
    await anna.open(number)
    await do(anna, "[Задачи 2]", "[Связаться с клиентом]")
    assert anna.screen.button("🔒 Дата подтверждена") and anna.screen.button("Перенести замер")
    await do(anna, "[🔒 Дата подтверждена]")
    assert SHUT in (anna.toast or "")
    assert await measuring.stage(crew.shop, number) == "sales.premeasure"
    await anna.sees_no(OFF)


async def test_a_day_that_would_be_called_off_at_once_is_not_taken(crew: Crew) -> None:
    """truth 17 (Changed?): on «Замер» in the evening tomorrow is no day any more: another one is asked for at once."""
    number = await begun(crew.shop, "measure", date(2026, 11, 27))
    anna = crew.anna
    await crew.shop.until("2026-11-23T17:00")
    await anna.open(number)
    await do(anna, "[Заполнить]", "[Замер]", "[Предполагаемая дата замера]", "24.11")
    assert SHUT in (await anna.last()).text
    await do(anna, "25.11")
    await anna.sees_no(OFF)
    assert "ср, 25 ноября" in plain((await anna.open(number)).text)


async def test_work_resumed_for_tomorrow_evening_asks_for_another_day(crew: Crew) -> None:
    """truth 17, M-18: «Записать на «Замер»» for tomorrow at five in the evening is answered before anything is kept."""
    number = await begun(
        crew.shop, "m202611", date(2026, 11, 30), pipeline="deferred", contact_on=MONDAY, defer_reason="Ремонт"
    )
    await crew.shop.until("2026-11-23T17:00")
    await _meeting(crew.anna, crew.shop, number)


async def _meeting(anna: Phone, shop: Shop, number: str) -> None:
    await anna.open(number)
    await do(anna, "[Задачи 1]", "[Связаться с клиентом]", "[Записать на «Замер»]", "24.11")
    assert SHUT in (await anna.last()).text
    await do(anna, "25.11")
    assert await measuring.stage(shop, number) == "sales.measure"
