"""An automatic move leaves the tool in the hand: what comes late lands where it belongs (truth 8, kind G)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Shop, plain
from tests.stories.measuring import PICTURE, Crew, hired, open_measuring, opened, stamped, visit_planned

ASKS_AGAIN = "Запросите у замерщика листы"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened_shop, http = await open_measuring(tmp_path)
    yield opened_shop
    await close_shop(opened_shop, http)


@pytest.fixture
async def crew(shop: Shop) -> Crew:
    """The measurement was held on Tuesday, its sheets were not sent; on Wednesday at 10:15 the deal has gone on."""
    found = await hired(shop, date(2026, 11, 24))
    await stamped(found.technologist)
    await visit_planned(found.dispatcher, "завтра в 12:00")
    await shop.until("2026-11-25T10:15")
    assert await found.stage() == "sales.no_sheet"
    return found


async def test_truth_8_after_the_automatic_move_the_measurer_hands_in_his_sheets_on_his_task(crew: Crew) -> None:
    """His task is still there, its line takes the photo, and the deal goes on by itself."""
    await crew.measurer.sees_no("Задача снята: Замер у клиента")
    await opened(crew.measurer, "Замер у клиента")
    await do(crew.measurer, "[Замер сделан, листы]")
    await crew.measurer.send_files(("zamer.png", PICTURE))
    await do(crew.measurer, "[Готово]")
    assert await crew.stage() == "sales.after_measure"
    await crew.anna.sees("Замер проведён, договора нет")


async def test_truth_8_a_photo_sent_by_itself_goes_to_its_field_and_carries_the_deal_on(crew: Crew) -> None:
    """No question was asked: it counts as the sheet, and nobody is asked for it any more."""
    await crew.measurer.send_files(("zamer.png", PICTURE))
    assert await crew.stage() == "sales.after_measure"
    await crew.anna.sees("Замер проведён, договора нет")
    asked = await crew.anna.count(ASKS_AGAIN)
    await crew.shop.later(days=3)
    assert await crew.anna.count(ASKS_AGAIN) == asked
    await crew.boss.sees_no("Замерного листа нет")


async def test_truth_8_in_time_the_photo_waits_for_the_line_to_be_ticked(shop: Shop) -> None:
    """Twice? Before the automatic move a photo lies in the folder: the measurer may have more to send."""
    found = await hired(shop, date(2026, 11, 24))
    await stamped(found.technologist)
    await visit_planned(found.dispatcher, "завтра в 12:00")
    await shop.until("2026-11-24T13:00")
    await found.measurer.send_files(("one.png", PICTURE))
    assert await found.stage() == "sales.measure"


async def test_truth_8_when_the_manager_has_the_sheets_the_task_is_off_and_says_where_the_deal_went(crew: Crew) -> None:
    """Gone? The old message of the task answers by what became of it, not that there is none."""
    card = await crew.measurer.sees("Замер у клиента")
    await crew.anna.open(crew.deal)
    await do(crew.anna, "[➕ Замерные листы]") if (await crew.anna.last()).button("➕ Замерные листы") else None
    await crew.anna.send_files(("zamer.png", PICTURE))
    await do(crew.anna, "[Готово]")
    assert await crew.stage() == "sales.after_measure"
    await crew.measurer.sees("Задача снята: Замер у клиента")
    await crew.measurer.tap("Позвонить клиенту", card)
    assert crew.measurer.toast is not None
    assert "Задача «Замер у клиента» снята: сделка теперь на стадии «Создано после замера»" in plain(
        crew.measurer.toast
    )


async def test_truth_8_forgotten_the_late_task_is_told_to_those_above(crew: Crew) -> None:
    """It went along, and so did its end: the sheet is heard of until it is there."""
    await crew.shop.until("2026-11-25T12:00")
    said = await crew.boss.sees("Не сделано: Замер у клиента")
    assert "Исполнитель: Пётр Лин" in said.text


async def test_truth_8_a_lost_deal_takes_the_task_back(crew: Crew) -> None:
    await crew.anna.open(crew.deal)
    await do(crew.anna, "[Этапы…]", "[Завершить сделку]")
    await do(crew.anna, "[Сделка проиграна]", "Клиент передумал, купили готовое", "[Неактуально]", "[Да, всё верно]")
    assert await crew.stage() == "sales.lost"
    await crew.measurer.sees("Задача снята: Замер у клиента")
