"""Reason and comment of a refusal are shown together, and who wrote them says that they agree (truth 24, M-16)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from models.tables.deals import DealRow
from tests.stories import measuring as m
from tests.stories.acts import begin, do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.measuring import Crew

ASKED = "Согласуются ли эти ответы?"
YES = "[Да, всё верно]"
LEAVE = "[Не совпадает, оставить так]"
IKEA = "Купили готовое в Икее"


@pytest.fixture
async def crew(tmp_path: Path) -> AsyncIterator[Crew]:
    shop, http = await m.open_measuring(tmp_path)
    crew = await m.hired(shop, date(2026, 11, 24))
    await crew.anna.open(crew.deal)
    await do(crew.anna, "[Этапы…]", "[Завершить сделку]")
    yield crew
    await close_shop(shop, http)


async def kept(shop: Shop) -> dict[str, object]:
    (row,) = await shop.rows(select(DealRow.fields))
    return dict(row.fields)


async def test_truth_24_who_says_that_they_do_not_agree_may_insist_and_the_supervisor_reads_both(crew: Crew) -> None:
    await do(crew.anna, "[✖ Сделка проиграна]", "Сказали, что не дорого", "[Дорого]", LEAVE)
    assert await crew.stage() == "sales.lost", "he insists: the deal is closed"
    told = plain((await crew.boss.sees_only("Не совпадает")).text)
    assert "Так оставлено: Анна Соколова" in told
    assert "Причины отказа подробно: Сказали, что не дорого" in told and "Причина отказа: Дорого" in told
    await crew.anna.open(crew.deal)
    await do(crew.anna, "[История]")
    assert "не согласуются, и так оставлено" in plain(crew.anna.screen.text)


async def test_truth_24_either_answer_is_corrected_from_that_screen_and_both_are_shown_again(crew: Crew) -> None:
    """Changed?"""
    await do(crew.anna, "[✖ Сделка проиграна]", IKEA, "[Дорого]", "[Изменить: Причина отказа]", "[Выбрал других]")
    assert ASKED in crew.anna.screen.text and "Причина отказа: Выбрал других" in plain(crew.anna.screen.text)
    await do(crew.anna, "[Изменить: Причины отказа подробно]", "Взяли готовую кухню, ждать не хотели")
    assert "Взяли готовую кухню" in crew.anna.screen.text and ASKED in crew.anna.screen.text
    await do(crew.anna, YES)
    assert await crew.stage() == "sales.lost"
    assert (await kept(crew.shop))["lost_comment"] == "Взяли готовую кухню, ждать не хотели"
    assert (await crew.anna.sees_only("Причины отказа: Взяли готовую")).text, "the pin says what was confirmed"


async def test_truth_24_words_are_no_answer_there_and_nothing_is_lost(crew: Crew) -> None:
    await do(crew.anna, "[✖ Сделка проиграна]", IKEA, "[Выбрал других]", "ну да")
    assert "Ответьте кнопкой" in crew.anna.screen.text and ASKED in crew.anna.screen.text
    assert await crew.stage() == "sales.finish"
    await do(crew.anna, YES)
    assert await crew.stage() == "sales.lost"


async def test_truth_24_forgotten_half_way_nothing_is_half_done_and_it_is_asked_again(crew: Crew) -> None:
    """Forgotten? The deal is not closed, nobody above is told of a mismatch; the task comes, and asks for the yes."""
    await do(crew.anna, "[✖ Сделка проиграна]", IKEA, "[Выбрал других]")
    await crew.shop.until("2026-11-24T10:45")
    assert await crew.stage() == "sales.finish" and "refusal_reason" not in await kept(crew.shop)
    await crew.anna.tap("Сделка проиграна", await crew.anna.sees_only("Пора: срок задачи наступил"))
    await do(crew.anna, "[Выбрал других]")
    assert IKEA in crew.anna.screen.text and ASKED in crew.anna.screen.text
    await do(crew.anna, YES)
    assert await crew.stage() == "sales.lost"


async def test_truth_24_back_and_cancel_leave_the_deal_open(crew: Crew) -> None:
    """Back?"""
    await do(crew.anna, "[✖ Сделка проиграна]", IKEA, "[Дорого]", "[‹ Назад]")
    assert "Причина отказа" in crew.anna.screen.text and ASKED not in crew.anna.screen.text
    await do(crew.anna, "[Выбрал других]", "[Отмена]")
    assert await crew.stage() == "sales.finish"


async def test_truth_24_a_yes_to_answers_that_a_colleague_has_changed_meanwhile_shows_the_new_ones(
    crew: Crew,
) -> None:
    """Twice? Two at once: nobody confirms what he has not seen."""
    await do(crew.anna, "[✖ Сделка проиграна]", IKEA, "[Выбрал других]")
    asked = crew.anna.screen
    await crew.boss.open(crew.deal)
    await do(crew.boss, "[Заполнить]", "[Дополнительно]", "[Причины отказа подробно]", "Они уехали в другой город")
    await crew.anna.tap("Да, всё верно", asked)
    assert await crew.stage() == "sales.finish"
    assert "Они уехали в другой город" in crew.anna.screen.text
    await do(crew.anna, YES)
    assert await crew.stage() == "sales.lost"


async def test_truth_24_answers_that_stand_on_the_card_already_are_shown_before_the_deal_is_closed(crew: Crew) -> None:
    """By the stage menu and by the task alike: with nothing left to ask, the yes is still asked for."""
    await crew.anna.open(crew.deal)
    await do(crew.anna, "[Заполнить]", "[Дополнительно]", "[Причины отказа подробно]", IKEA)
    await crew.anna.open(crew.deal)
    await do(crew.anna, "[Заполнить]", "[Дополнительно]", "[Причина отказа]", "[Выбрал других]", YES)
    assert await crew.stage() == "sales.finish"
    await m.opened(crew.anna, "Чем закончилась сделка?")
    await do(crew.anna, "[Сделка проиграна]")
    assert ASKED in crew.anna.screen.text and await crew.stage() == "sales.finish"
    await do(crew.anna, YES)
    assert await crew.stage() == "sales.lost"


async def test_truth_24_a_forged_or_repeated_yes_changes_nothing(crew: Crew) -> None:
    await do(crew.anna, "[✖ Сделка проиграна]", IKEA, "[Выбрал других]")
    asked = crew.anna.screen
    yes = asked.button("Да, всё верно")
    assert yes is not None
    mine = await crew.boss.last()
    await crew.boss.press(mine.id, yes["data"], forged=True)
    assert await crew.stage() == "sales.finish"
    await do(crew.anna, "[Изменить: Причина отказа]")
    await crew.anna.press(asked.id, yes["data"], forged=True)
    assert await crew.stage() == "sales.finish" and "уже закрыт" in (crew.anna.toast or "")


# --- the other processes ----------------------------------------------------------------------------------------


async def test_truth_24_in_furniture_the_robot_s_question_ends_with_the_yes(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """F-E4: the reason is chosen at the refusal; whoever says it in his own words sees both."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "[Этапы…]", "[✖ Отказ]", "[Дорого]")
    await anna.tap("Ответить", await anna.sees_only("Напишите причину отказа своими словами"))
    await do(anna, "Переезжают, кухня не нужна")
    assert ASKED in anna.screen.text and "refusal_note" not in await kept(shop)
    await do(anna, "[Изменить: Почему отказ]", "[Неактуально]", YES)
    got = await kept(shop)
    assert (got["refusal_reason"], got["refusal_note"]) == ("irrelevant", "Переезжают, кухня не нужна")
    await boss.sees_no("Не совпадает")
