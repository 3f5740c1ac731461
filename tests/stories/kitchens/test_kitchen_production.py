"""The kitchen is being made: the technologist's day, the check of the schedule, a date that slips (K-15, K-16)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from models.tables.deals import DealRow
from models.tables.tasks import TaskRow
from tests.stories.acts import do
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain
from tests.stories.kitchen import begun, open_kitchens, task, technologist

NAMED = "Кухня угловая · Мария Иванова"
READY = date(2026, 12, 18)  # a Friday; its task is due on Tuesday the 15th
SOON, OVERDUE = "Кухня должна быть готова пт, ", "Кухня должна была быть готова"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The kitchen shop, running, with nobody in it yet."""
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def number(shop: Shop, anna: Phone, boss: Phone) -> str:
    """A kitchen in production, to be ready on Friday 18 December; the client wants it by the 20th."""
    return await begun(shop, "production", ready_on=READY, wanted_on=date(2026, 12, 20))


async def stage_of(shop: Shop, number: str) -> str:
    (row,) = await shop.rows(select(DealRow.stage).where(DealRow.number == number))
    return str(row.stage)


async def client_reads(shop: Shop) -> list[tuple[str, str]]:
    """What came to the client's phone: to whom, what."""
    return [(one["to"], plain(one["text"])) for one in (await shop.get("sms"))["sms"]]


async def slip(anna: Phone, reason: str = "Задержка фасадов", day: str = "25.12") -> None:
    """The manager has heard that it will be later."""
    await task(anna, "Проверить график")
    await do(anna, "[Срок сдвинулся]", reason, day)


# --- K-15 -------------------------------------------------------------------------------------------------------


async def test_k_15_the_technologist_is_asked_within_a_day_and_the_manager_is_held_to_it(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """K-15: the task is due tomorrow at this hour; the manager is reminded, on the third day the supervisor is told."""
    await begun(shop, "prepaid", wanted_on=date(2026, 12, 20))
    card = await task(anna, "Связаться с технологом")
    assert "Срок: завтра, 10:00" in plain(card.text)
    assert "Желаемая дата готовности: вс, 20 декабря" in plain(card.text)
    assert [label for label in card.labels if label.startswith("☐")] == [
        "☐ Узнать предварительную дату готовности ✏️",
        "☐ Получить уверения, что препятствий нет",
        "☐ Убедиться, что кухня будет сделана в срок и качественно",
    ]
    await shop.until("2026-11-24T09:59")
    await anna.sees_no("Технолог ещё не подтвердил срок")
    await shop.until("2026-11-24T10:00")
    await anna.sees_only(f"Технолог ещё не подтвердил срок: {NAMED}")
    await boss.sees_no("Производство не запущено")
    await shop.until("2026-11-26T10:00")
    await boss.sees_only(f"Производство не запущено уже три дня: {NAMED}")


async def test_k_15_without_the_day_and_both_assurances_the_task_stays_and_so_does_the_deal(
    shop: Shop, anna: Phone
) -> None:
    """K-15: the ready date is required and cannot lie behind; each assurance has to be ticked; then production runs."""
    number = await begun(shop, "prepaid", wanted_on=date(2026, 12, 20))
    await anna.open(number)
    await do(anna, "[Этапы…]", "[Производство запущено]")
    blocked = anna.screen
    assert "Не заполнено: Дата готовности" in blocked.text
    assert "Не закрыта задача: Связаться с технологом производства" in blocked.text
    await task(anna, "Связаться с технологом")
    await do(anna, "[Получить уверения]", "[Убедиться, что кухня]", "[Технолог всё подтвердил]")
    assert anna.toast == "Не отмечено: Узнать предварительную дату готовности"
    await anna.tap("Узнать предварительную дату", anna.screen)
    for raw in ("вчера", "22.11.2026", "01.01.2020"):
        assert "Этот день уже прошёл" in (await anna.text(raw)).text, raw
    for raw in ("скоро", "32.12", "30 февраля"):
        question = await anna.text(raw)
        assert "⚠️" in question.text and "Дата готовности" in question.text, raw
    await anna.text("18.12")
    await task(anna, "Связаться с технологом")
    await do(anna, "[Технолог всё подтвердил]")
    assert anna.toast == "Задача закрыта"
    card = await anna.open(number)
    assert "Дата готовности: пт, 18 декабря" in plain(card.text)
    await do(anna, "✔ Производство запущено")
    assert await stage_of(shop, number) == "production"
    await anna.sees_only(f"Производство запущено: {NAMED}. Готовность пт, 18 декабря")


async def test_k_15_by_its_day_the_reminders_are_planned(shop: Shop, anna: Phone, boss: Phone) -> None:
    """K-15, K-16: from the day that the technologist named: the check three days before, a word the day before, and
    the supervisor the day after if nobody has said that it is ready."""
    await begun(shop, "prepaid", wanted_on=date(2026, 12, 30))
    await technologist(anna, "2026-0001", ready="18.12")
    await anna.news()
    card = await anna.open("2026-0001")
    assert "⏭ Проверить график отгрузки — вт, 15 декабря, 10:00" in plain(card.text)
    await shop.until("2026-12-15T09:59")
    await anna.sees_no("Пора: срок задачи наступил")
    await shop.until("2026-12-15T10:00")
    assert "Проверить график отгрузки" in (await anna.sees_only("Пора: срок задачи наступил")).text
    await shop.until("2026-12-17T09:59")
    await anna.sees_no(SOON)
    await shop.until("2026-12-17T10:00")
    await anna.sees_only(f"{SOON}18 декабря: {NAMED}")
    await shop.until("2026-12-19T09:59")
    await boss.sees_no(OVERDUE)
    await shop.until("2026-12-19T10:00")
    await boss.sees_only(f"{OVERDUE} пт, 18 декабря: {NAMED}")


# --- K-16 -------------------------------------------------------------------------------------------------------


async def test_k_16_a_slip_is_told_to_the_supervisor_and_to_the_client(
    shop: Shop, number: str, anna: Phone, boss: Phone
) -> None:
    """K-16: why and until when is asked; the supervisor hears it at once, the client once, a little later."""
    await slip(anna)
    told = await boss.sees_only(f"Срок готовности сдвинулся: {NAMED}")
    assert "Было пт, 18 декабря, стало пт, 25 декабря. Задержка фасадов" in plain(told.text)
    assert told.button("Открыть") and told.button("Спросить менеджера"), "the supervisor can act on it"
    said = "Новый срок готовности Вашей кухни: пт, 25 декабря. Анна Соколова"
    assert await client_reads(shop) == [], "a slip of the finger may still be put right (truth 30)"
    await shop.later(minutes=10)
    assert await client_reads(shop) == [("79123456789", said)]
    assert len(said) <= 70, "one part of an SMS in Cyrillic"
    rows = await shop.rows(select(TaskRow.state).where(TaskRow.name == "check_schedule"))
    assert [row.state for row in rows] == ["open"]
    card = await anna.open(number)
    assert "Дата готовности: пт, 25 декабря" in plain(card.text)


async def test_k_16_what_depends_on_the_day_moves_along(shop: Shop, number: str, anna: Phone, boss: Phone) -> None:
    """K-16: on the old days nothing comes; the task, the reminder and the escalation come on the new ones."""
    await slip(anna)
    card = await anna.open(number)
    assert "⏭ Проверить график отгрузки — вт, 22 декабря, 10:00" in plain(card.text)
    await shop.until("2026-12-18T23:00")  # the old days of the task and of the reminder are over
    await anna.sees_no("Пора: срок задачи наступил")
    await anna.sees_no(SOON)
    await shop.until("2026-12-22T09:59")  # and the old day of the escalation too
    await anna.sees_no("Пора: срок задачи наступил")
    await boss.sees_no(OVERDUE)
    await shop.until("2026-12-22T10:00")
    assert "Проверить график отгрузки" in (await anna.sees_only("Пора: срок задачи наступил")).text
    await shop.until("2026-12-24T10:00")
    await anna.sees_only(f"{SOON}25 декабря: {NAMED}")
    await shop.until("2026-12-26T09:59")
    await boss.sees_no(OVERDUE)
    await shop.until("2026-12-26T10:00")
    await boss.sees_only(f"{OVERDUE} пт, 25 декабря: {NAMED}")


async def test_k_16_the_history_says_what_it_was_and_what_it_has_become(
    shop: Shop, number: str, anna: Phone, boss: Phone
) -> None:
    """K-16: the slip is recorded: was → now, why, by whom."""
    await slip(anna)
    await anna.open(number)
    history = plain((await anna.tap("История")).text)
    assert "Анна Соколова: Дата готовности: пт, 18 декабря → пт, 25 декабря" in history
    assert "Анна Соколова: Почему сдвинулся срок: Задержка фасадов" in history
    assert "«Проверить график отгрузки» — Срок сдвинулся" in history


async def test_k_16_a_second_slip_is_asked_and_told_anew(shop: Shop, number: str, anna: Phone, boss: Phone) -> None:
    """K-16: each slip has a reason and a day of its own, and is told by itself."""
    await slip(anna)
    await shop.later(minutes=10)
    await slip(anna, "Брак столешницы", "15.01.2027")
    await shop.later(minutes=10)
    told = await boss.sees_only("Было пт, 25 декабря, стало пт, 15 января 2027. Брак столешницы")
    assert "Срок готовности сдвинулся" in told.text
    assert [said for _, said in await client_reads(shop)] == [
        "Новый срок готовности Вашей кухни: пт, 25 декабря. Анна Соколова",
        "Новый срок готовности Вашей кухни: пт, 15 января 2027. Анна Соколова",
    ]


async def test_truth_30_a_typo_put_right_within_minutes_is_told_once_with_the_last_day(
    shop: Shop, number: str, anna: Phone, boss: Phone
) -> None:
    """Twice?"""
    await slip(anna, day="25.11.2027")
    await shop.later(minutes=4)
    await slip(anna, day="25.12")
    await shop.later(minutes=20)
    assert [said for _, said in await client_reads(shop)] == [
        "Новый срок готовности Вашей кухни: пт, 25 декабря. Анна Соколова"
    ]
    await shop.later(hours=3)
    assert len(await client_reads(shop)) == 1


async def test_truth_30_a_day_changed_back_to_what_the_client_knew_is_not_told_at_all(
    shop: Shop, number: str, anna: Phone, boss: Phone
) -> None:
    """Back? What was not sent says why on the deal's page of SMS."""
    await slip(anna)
    await shop.later(minutes=4)
    await slip(anna, "Ошибся", "18.12")
    await shop.later(hours=3)
    assert await client_reads(shop) == []
    await anna.open(number)
    await do(anna, "[SMS]")
    assert "не понадобилось" in anna.screen.text
    await slip(anna)
    await shop.later(minutes=10)
    assert len(await client_reads(shop)) == 1, "the next true slip is told"


async def test_truth_30_a_client_who_has_refused_meanwhile_is_not_told_a_new_day(
    shop: Shop, number: str, anna: Phone, boss: Phone
) -> None:
    """Gone?"""
    await slip(anna)
    await anna.open(number)
    await do(anna, "[Этапы…]", "[✖ Отказ]", "[Дорого]")
    await shop.later(hours=1)
    assert await client_reads(shop) == []


async def test_truth_30_at_night_nothing_waits_beyond_the_morning(
    shop: Shop, number: str, anna: Phone, boss: Phone
) -> None:
    """Closed? Just before closing it goes at once; at night in the morning, with the last day."""
    await shop.until("2026-11-23T20:55")
    await slip(anna)
    assert len(await client_reads(shop)) == 1
    await shop.until("2026-11-23T22:00")
    await slip(anna, "Брак", "26.12")
    await slip(anna, "Брак", "28.12")
    assert len(await client_reads(shop)) == 1
    await shop.until("2026-11-24T09:00")
    assert [said for _, said in await client_reads(shop)][1:] == [
        "Новый срок готовности Вашей кухни: пн, 28 декабря. Анна Соколова"
    ]


async def test_k_16_the_same_day_is_no_slip_and_a_day_behind_is_none(
    shop: Shop, number: str, anna: Phone, boss: Phone
) -> None:
    """K-16: kept as it is, by button or typed, the question stays and nobody is troubled; so with a day in the past."""
    await task(anna, "Проверить график")
    await do(anna, "[Срок сдвинулся]", "Задержка фасадов")
    assert "декабрь 2026" in anna.screen.labels, "the calendar opens where the day stands"
    for answer in ("[Оставить как есть]", "18.12", "20.11.2026"):
        await do(anna, answer)
        question = await anna.sees("⚠️")
        assert "Дата готовности" in question.text, answer
        assert ("Этот день уже прошёл" if "2026" in answer else "Так и записано сейчас") in question.text, answer
    await boss.sees_no("Срок готовности сдвинулся")
    assert await client_reads(shop) == []
    await anna.text("25.12")
    await boss.sees_only("Срок готовности сдвинулся")
    await shop.later(minutes=10)
    assert len(await client_reads(shop)) == 1


async def test_k_16_a_day_changed_on_the_card_is_told_like_a_slip(
    shop: Shop, number: str, anna: Phone, boss: Phone
) -> None:
    """K-16: whoever forgets the task and corrects the card informs the same people, and moves the same reminders."""
    await anna.open(number)
    await do(anna, "[Заполнить]", "[✏️ Сроки]", "[Дата готовности]", "25.12")
    told = await boss.sees_only("Было пт, 18 декабря, стало пт, 25 декабря.")
    assert NAMED in told.text
    await shop.later(minutes=10)
    assert len(await client_reads(shop)) == 1
    card = await anna.open(number)
    assert "⏭ Проверить график отгрузки — вт, 22 декабря, 10:00" in plain(card.text)


async def test_k_16_the_task_closes_only_at_a_hundred_per_cent(shop: Shop, number: str, anna: Phone) -> None:
    """K-16: the one button that closes it says so; until then the deal does not leave the stage."""
    card = await task(anna, "Проверить график")
    assert card.labels[:2] == ["Готово на 100 %", "Срок сдвинулся"]
    await anna.open(number)
    await do(anna, "[Этапы…]", "[Доплата получена]")
    assert "Не закрыта задача: Проверить график отгрузки" in anna.screen.text
    assert await stage_of(shop, number) == "production"
    await task(anna, "Проверить график")
    await do(anna, "[Готово на 100 %]")
    assert anna.toast == "Задача закрыта"
    await anna.tap("⏭ Дальше: Сообщить клиенту о готовности и попросить доплату", anna.screen)
    assert "Кухня готова. Позвоните клиенту" in anna.screen.text


async def test_k_16_not_ready_on_the_day_that_the_client_wants_it_the_supervisor_is_told(
    shop: Shop, number: str, anna: Phone, boss: Phone
) -> None:
    """K-13, K-16: the wanted date is watched too: a kitchen that is not ready on it is the supervisor's business."""
    await slip(anna)
    await shop.until("2026-12-20T09:59")
    await boss.sees_no("Клиент ждёт кухню")
    await shop.until("2026-12-20T10:00")
    told = await boss.sees_only(f"Клиент ждёт кухню к вс, 20 декабря, а она ещё не готова: {NAMED}")
    assert "Срок производства — пт, 25 декабря" in plain(told.text)


async def test_a_shop_where_nobody_is_above_goes_on_and_who_comes_to_stand_there_hears_of_it(
    shop: Shop, anna: Phone
) -> None:
    """Gone: a manager alone forgets the check. That it is late, and that a day waits for it, ring for nobody: they do
    not ring each other without end, and the first supervisor hears the day after the net has shown him the deal."""
    await begun(shop, "production", ready_on=READY, wanted_on=date(2026, 12, 20))
    await shop.until("2026-12-20T12:00")
    assert await anna.count("Пора: срок задачи наступил") == 1
    boss = await shop.hire("Ирина Белова", "supervisor")
    await shop.until("2026-12-22T19:00")
    await boss.sees_only("Не сделано: Проверить график отгрузки")
