"""M-2: a one-way stage is asked about beforehand, and is not put back (issue 12, 4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.measurement.test_measure_dates import sale
from tests.stories.measuring import begun, open_measuring

SHUT = "Назад пути не будет: «Просчёт», «Перенос»."


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_measuring(tmp_path)
    yield opened
    await close_shop(opened, http)


async def test_before_a_one_way_stage_it_is_said_that_nothing_leads_back(shop: Shop, anna: Phone) -> None:
    number = await begun(shop, "calc", date(2026, 12, 13))
    await anna.open(number)
    await anna.tap("✔ Предзамер", sure=False)
    asked = plain(anna.screen.text)
    assert "Перевести на «Предзамер»?" in asked and SHUT in asked
    await anna.tap("‹ Назад", anna.screen)
    assert "Просчёт" in plain((await anna.open(number)).text), "nothing has happened"
    await anna.tap("✔ Предзамер", sure=False)
    await anna.tap("Да, перевести", anna.screen)
    seen = await anna.open(number)
    assert "Предзамер · 1-й день" in plain(seen.text) and not seen.button("↩︎ ")


async def test_the_question_for_what_is_missing_says_it_too(shop: Shop, anna: Phone) -> None:
    await sale(anna)
    await do(anna, "[Предполагаемая дата замера]", "10.12", "[✔ Предзамер]")
    assert SHUT in plain(anna.screen.text)


async def test_what_lies_behind_the_door_is_not_asked_again(shop: Shop, anna: Phone) -> None:
    """Back: from «Предзамер» on to «Замер» nothing more is shut; and a field there is put back like any other."""
    number = await begun(shop, "premeasure", date(2026, 11, 26))
    await anna.open(number)
    await do(anna, "[Этапы…]")
    await anna.tap(next(one for one in anna.screen.labels if "Замер" in one), sure=False)
    assert "Назад пути" not in anna.screen.text


async def test_an_outcome_that_leads_through_the_door_asks_too(shop: Shop, anna: Phone) -> None:
    """From deferred demand «Записать на «Предзамер»» carries the deal over: the same question, before any other."""
    number = await begun(
        shop, "month", date(2026, 12, 5), pipeline="deferred", contact_on=date(2026, 11, 24), defer_reason="Ремонт"
    )
    await shop.until("2026-11-24T10:00")
    called = await anna.sees("Пора: срок задачи наступил")
    await anna.tap("Записать на «Предзамер»", called, sure=False)
    asked = plain(anna.screen.text)
    assert "Записать на «Предзамер»?" in asked and SHUT in asked
    await anna.tap("‹ Назад", anna.screen)
    assert "Отложенный спрос" in plain((await anna.open(number)).text), "nothing has happened"
    await anna.tap("Записать на «Предзамер»", await anna.as_it_is(called), sure=False)
    await anna.tap("Да, перевести", anna.screen)
    await anna.text("05.12.2026")
    assert "Предзамер · 1-й день" in plain((await anna.open(number)).text)
