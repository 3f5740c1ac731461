"""Days are working days: after the New Year break, over a weekend, by one's own hours (truth 7, 19, 27)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.stories import measuring as m
from tests.stories.acts import begin, do, listen
from tests.stories.conftest import close_shop, open_shop
from tests.stories.driver import Phone, Shop
from tests.stories.times.downtime import again, down

OFFICE = {"work_week": "1-5", "holidays": "RU"}
FIRST_DAY = date(2027, 1, 11)  # after the New Year break; the last working day before it is the 30th of December


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The furniture maker, working from Monday to Friday, with Russian holidays."""
    opened, http = await open_shop(tmp_path, **OFFICE)
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def measuring(tmp_path: Path) -> AsyncIterator[Shop]:
    """The measurers' business, by the same calendar."""
    opened, http = await m.open_measuring(tmp_path / "measuring", **OFFICE)
    yield opened
    await close_shop(opened, http)


async def test_truth_19_after_the_new_year_break_the_rungs_come_one_by_one(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """truth 19: a lead of the 2nd of January: told on the 11th when the company opens, «рабочий день» on the 12th,
    «три рабочих дня» on the 14th, and nothing of a week of silence."""
    await shop.until("2027-01-02T15:00")
    await listen(shop)
    await shop.lead(name="Мария Иванова", phone="8 912 345-67-89", comment="Кухня", source="Сайт")
    await shop.until("2027-01-11T09:00")
    assert await anna.news() == ["🔔 Новый лид: Мария Иванова. Позвоните, пока клиент ждёт"]
    await shop.until("2027-01-12T08:59")
    assert (await anna.news(), await boss.news()) == ([], [])
    await shop.until("2027-01-12T09:00")
    assert await anna.news() == ["🔔 Лид не обработан уже рабочий день: Мария Иванова"]
    await shop.until("2027-01-14T08:59")
    assert await boss.news() == []
    await shop.until("2027-01-14T09:00")
    assert await boss.news() == ["🔴 Лид долго не обрабатывают: Мария Иванова, уже три рабочих дня"]


async def test_truth_19_over_a_weekend_one_day_is_one_working_day(shop: Shop, anna: Phone, boss: Phone) -> None:
    """truth 19, F-O1: a deal of Friday 15:00: the reminder comes on Monday, and counts working days."""
    await shop.until("2026-11-27T15:00")
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await listen(shop)
    await shop.until("2026-11-30T14:59")
    assert await anna.news() == []
    await shop.until("2026-11-30T15:00")
    assert await anna.news() == ["🔔 Сделка второй рабочий день на договоре: Кухня · Мария Иванова"]
    await shop.until("2026-12-02T15:00")
    assert await boss.news() == ["🔴 Договор не подписан уже три рабочих дня: Кухня · Мария Иванова"]


async def test_truth_27_an_assembly_is_asked_after_only_while_nobody_has_reported_it(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """truth 27: «не завершён» hangs on the day of the assembly: nothing the day before it; the working day after it, if
    the installer has not reported."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "✔ Предоплата", "✔ Изготовление мебели", "75 000", "[Сегодня]", "[Перевод на счёт]", "✔ Доставка")
    await do(anna, "[Этапы…]", "[Монтаж]", "[Да]", "24.11 12:00", "27.11 в 11", "[Николай Громов]")
    await listen(shop)
    await shop.until("2026-11-27T11:01")
    assert await boss.news() == [], "three days on the stage, and the assembly is only now"
    await nikolay.start()
    await nikolay.tap("Сегодня")
    await nikolay.tap("Мария Иванова", nikolay.screen)
    assert "Просрочено" not in nikolay.screen.text, "the job has just begun"
    await shop.until("2026-11-27T14:00")
    await anna.sees_only("Мастер ещё не отчитался о сборке")
    await shop.until("2026-11-30T10:59")
    assert await boss.news() == []
    await shop.until("2026-11-30T11:00")
    assert await boss.news() == ["🔴 Монтаж не завершён: Кухня · Мария Иванова, был назначен на пт, 27 ноября, 11:00"]


async def test_truth_34_the_last_day_of_february_is_that_of_the_year_meant(shop: Shop, anna: Phone) -> None:
    """truth 34: «31.02» in November 2026 means February 2027, whose last day is the 28th."""
    await begin(anna, "Новый дизайн-проект", "Гостиная")
    await do(anna, "[Дата и время замера]", "31.02")
    said = anna.screen.text
    assert "Даты 31.02 не бывает: последний день февраля 2027 — 28-е число." in said
    assert "Например: 28.02.2027" in said


async def test_truth_7_before_the_first_day_after_the_break_the_date_is_confirmed_in_the_old_year(
    measuring: Shop,
) -> None:
    """truth 7, M-6, M-8: a measurement on the 11th of January: «подтвердить дату» on the 30th of December at 10:00, the
    supervisor hears at 15:00 if nobody has, and once it is confirmed the stamp is due at 16:00 of the same day: the
    measurement is not called off in the same second."""
    shop = measuring
    boss = await shop.hire("Ирина Белова", "supervisor")
    anna = await shop.hire("Анна Соколова", "manager")
    olga = await shop.hire("Ольга Титова", "technologist")
    await shop.until("2026-12-15T10:00")
    number = await m.begun(shop, "premeasure", FIRST_DAY)
    await listen(shop)
    await shop.until("2026-12-30T09:59")
    assert (await anna.news(), await boss.news()) == ([], [])
    await shop.until("2026-12-30T10:00")
    assert await anna.news() == ["🔔 Пора: срок задачи наступил"]
    await shop.until("2026-12-30T15:00")
    assert await boss.news() == ["🔴 Замер 11 января 2027, а дата не подтверждена: Шкаф-купе · Мария Иванова"]
    await do(anna, "[Дата подтверждена]")
    assert await m.stage(shop, number) == "sales.measure"
    await anna.sees_no("Замер не состоится")
    await m.stamped(olga)
    await shop.until("2026-12-30T16:30")
    await anna.sees_no("Замер не состоится")


async def test_two_rungs_of_one_ladder_at_once_are_one_message_the_highest(shop: Shop, owner: Phone) -> None:
    """truth 19: the owner is manager and supervisor in one; after four days without the bot he hears once of a deal
    that stands, with the days that have passed, and not «второй день» in the same minute."""
    await shop.until("2026-11-23T10:00")
    await begin(owner, "Новый заказ", "Кухня", "150 000")
    await listen(shop)
    await down(shop)
    await shop.sandbox.clock.advance(timedelta(days=4))
    await again(shop)
    assert await owner.news() == ["🔴 Договор не подписан уже четыре дня: Кухня · Мария Иванова"]
