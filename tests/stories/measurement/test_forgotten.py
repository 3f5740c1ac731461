"""Whoever should act does not: those above hear in time, with buttons that act (truth 3, 11, 35; «Forgotten?»)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from tests.stories.acts import do, heard, listen
from tests.stories.conftest import close_shop
from tests.stories.driver import Shop, plain
from tests.stories.measuring import Crew, begun, hired, open_measuring, stamped, visit_planned

PLAN = "Назначить замер"
TUESDAY = date(2026, 11, 24)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_measuring(tmp_path)
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def crew(shop: Shop) -> Crew:
    """The measurement is tomorrow."""
    return await hired(shop, TUESDAY)


async def test_truth_3_a_measurement_to_which_nobody_is_sent_is_told_on_the_evening_before(crew: Crew) -> None:
    """The stamp is there, the dispatcher forgets: the supervisor and the manager hear two hours before closing."""
    await stamped(crew.technologist)
    await crew.shop.until("2026-11-23T18:59")
    await listen(crew.shop)
    await crew.shop.later(minutes=1)
    for phone in (crew.boss, crew.anna):
        heard(phone, await phone.news(), [f"К вт, 24 ноября не готово: {PLAN}"])
    for phone in (crew.dispatcher, crew.technologist, crew.measurer):
        heard(phone, await phone.news(), [])
    said = await crew.boss.sees(f"не готово: {PLAN}")
    assert "Предполагаемая дата замера: вт, 24 ноября" in plain(said.text)
    assert "Исполнитель: Дарья Ким" in said.text
    assert {"Открыть", "Передать", "Спросить: Дарья Ким", "Отложить"} <= set(said.labels)


async def test_truth_3_what_was_done_in_time_is_not_told(crew: Crew) -> None:
    """The same evening, and the visit is planned: nobody hears anything."""
    await stamped(crew.technologist)
    await visit_planned(crew.dispatcher, "завтра в 12:00")
    await crew.shop.until("2026-11-23T20:00")
    await crew.boss.sees_no("не готово")


async def test_truth_3_a_day_that_was_moved_is_told_before_the_new_one(crew: Crew) -> None:
    """Changed? The deal's day moves to Friday: the supervisor hears on Thursday evening, and not of Tuesday."""
    await stamped(crew.technologist)
    await crew.shop.later(hours=3)
    await crew.anna.open(crew.deal)
    await do(crew.anna, "[Заполнить]", "[Замер]", "[Предполагаемая дата замера]", "27.11")
    await crew.shop.until("2026-11-23T21:00")
    await crew.boss.sees_no("К вт, 24 ноября")
    await crew.shop.until("2026-11-26T18:59")
    await crew.boss.sees_no("К пт, 27 ноября")
    await crew.shop.later(minutes=1)
    await crew.boss.sees("К пт, 27 ноября не готово")


async def test_truth_3_the_repeated_measurement_that_nobody_confirmed_is_told(crew: Crew) -> None:
    """«Повторный замер»: the call of two days before is not made; those above hear a day later, and in the evening."""
    await begun(crew.shop, "remeasure", date(2026, 11, 28), repeat_reason="Помещение не готово")
    await crew.shop.until("2026-11-27T09:59")
    await crew.boss.sees_no("Подтвердить дату повторного замера")
    await crew.shop.until("2026-11-27T19:00")
    told = await crew.boss.sees("Не сделано: Подтвердить дату повторного замера")
    assert "Исполнитель: Анна Соколова" in told.text and "Срок: чт, 26 ноября, 10:00" in plain(told.text)
    await crew.boss.sees("К сб, 28 ноября не готово: Подтвердить дату повторного замера")


async def test_f_a_task_of_a_role_that_nobody_has_taken_is_told_when_it_falls_due(shop: Shop) -> None:
    """Two dispatchers, none of them takes it: the supervisor hears at two hours, and again until somebody acts."""
    await shop.hire("Дарья Котова", "dispatcher")
    crew = await hired(shop, date(2026, 12, 10))
    await stamped(crew.technologist)
    await shop.later(hours=1, minutes=59)
    await crew.boss.sees_no("никто не взял")
    await shop.later(minutes=1)
    said = await crew.boss.sees(f"Задачу никто не взял: {PLAN}")
    assert "Исполнитель: менеджер по коммуникациям, никто не взял" in said.text
    await crew.boss.tap("Передать", said)
    await crew.boss.tap("Дарья Котова")
    assert crew.boss.toast == "Передано: Дарья Котова"
    await shop.phones["Дарья Котова"].sees(PLAN)


async def test_c_6_the_four_actions_of_an_undone_task_act(crew: Crew) -> None:
    """Open, ask who has it, hand it over: he hears, and so does who had it."""
    await stamped(crew.technologist)
    other = await crew.shop.hire("Дарья Котова", "dispatcher")
    await crew.shop.until("2026-11-23T19:00")
    said = await crew.boss.sees(f"не готово: {PLAN}")
    await crew.boss.tap("Спросить: Дарья Ким", said)
    asked = await crew.dispatcher.sees(f"Что с задачей «{PLAN}»?")
    await crew.dispatcher.tap("Ответить", asked)
    await crew.dispatcher.text("Пётр заболел, ищу замену")
    await crew.boss.sees("Пётр заболел, ищу замену")
    await crew.boss.tap("Передать", said)
    await crew.boss.tap("Дарья Котова")
    await other.sees(PLAN)
    await crew.dispatcher.sees(f"Задачу передали другому: {PLAN}")
    await crew.boss.tap("Открыть сделку")
    await crew.boss.tap("История")
    assert f"задача «{PLAN}» передана: Дарья Котова" in crew.boss.screen.text


async def far(shop: Shop) -> Crew:
    """The measurement is weeks ahead, its stamp is there: the dispatcher's task was due on Monday at noon."""
    crew = await hired(shop, date(2026, 12, 22))
    await stamped(crew.technologist)
    return crew


async def test_c_6_an_undone_task_that_was_put_off_is_told_on_its_day(shop: Shop) -> None:
    crew = await far(shop)
    await shop.until("2026-11-24T12:00")
    await crew.boss.tap("Отложить", f"Не сделано: {PLAN}")
    await crew.boss.tap("3 дня")
    await listen(shop)
    await shop.until("2026-11-27T11:59")
    assert not [one for one in await crew.boss.news() if PLAN in one]
    await shop.later(minutes=1)
    assert [one for one in await crew.boss.news() if f"Не сделано: {PLAN}" in one]


async def test_f_an_undone_task_is_told_again_to_the_owner_too_and_then_every_week(shop: Shop) -> None:
    """Nobody's neglect is silent, and nobody is flooded: after a day, three days later, then every week."""
    owner = await shop.hire("Сергей Воронов", "owner")
    crew = await far(shop)
    told = []
    await shop.until("2026-11-23T12:00")
    for day in range(1, 19):
        await listen(shop)
        await shop.later(days=1)
        for name, phone in (("supervisor", crew.boss), ("owner", owner)):
            told += [(day, name) for one in await phone.news() if f"Не сделано: {PLAN}" in one]
    assert told == [
        (1, "supervisor"), (4, "supervisor"), (4, "owner"), (11, "supervisor"), (11, "owner"), (18, "supervisor"),
        (18, "owner"),
    ]  # fmt: skip
