"""Answers have a life: a second refusal, a second postponement, a new day ask anew; the old ones are in the history."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from models.tables.tasks import TaskRow
from tests.stories import kitchen, measuring
from tests.stories.acts import begin, do, fields, listen
from tests.stories.conftest import close_shop
from tests.stories.driver import Phone, Shop, plain

KITCHEN = "Кухня · Мария Иванова"
NUMBER = "2026-0001"
CALL = "Связаться с клиентом снова"


@pytest.fixture
async def measure_shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The measurers' business; Monday, 23 November 2026, ten o'clock."""
    opened, http = await measuring.open_measuring(tmp_path)
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def kitchen_shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The kitchen shop at the same hour."""
    opened, http = await kitchen.open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


async def history(phone: Phone, deal: str = NUMBER) -> str:
    await phone.open(deal)
    return plain((await phone.tap("История")).text)


async def refused(anna: Phone, reason: str) -> None:
    await anna.open(NUMBER)
    await do(anna, "[Этапы…]", "[✖ Отказ]", f"[{reason}]")


# --- a stay on a stage ------------------------------------------------------------------------------------------


async def test_truth_14_a_second_refusal_asks_its_reason_and_its_comment_anew(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """truth 14: the first refusal's answers stand in the history, on no card, and the robot asks for its words anew."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await refused(anna, "Дорого")
    await anna.tap("Ответить", await anna.sees_only("Напишите причину отказа своими словами"))
    await do(anna, "Нашли дешевле у соседей", "[Да, всё верно]")
    await anna.open(NUMBER)
    await do(anna, "[Этапы…]", "[↩︎ Заключение договора]")
    assert not {"refusal_reason", "refusal_note"} & (await fields(shop)).keys()
    told = await history(anna)
    assert "Отложено в историю: Почему отказ — Дорого" in told
    assert "Отложено в историю: Причина отказа — Нашли дешевле у соседей" in told

    await refused(anna, "Неактуально")
    assert (await fields(shop))["refusal_reason"] == "irrelevant"
    await anna.sees_only("Напишите причину отказа своими словами")
    await do(anna, "[Задачи 1]", f"[{CALL}]")
    assert "соседей" not in anna.screen.text, "the call's card tells this refusal and not the last one"


async def test_truth_13_an_approval_of_the_first_refusal_does_not_count_for_the_second(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """truth 13: the discount agreed in November was for November's refusal; in December it is to be agreed again."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await refused(anna, "Дорого")
    await do(anna, "[Запросить скидку]", "Скидка 5 %")
    await boss.tap("Разрешить", await boss.sees_only("Согласовать скидку"))
    await shop.until("2026-12-15T09:00")
    await anna.tap("Мария Иванова", "Повторный обзвон — 15 декабря")
    await do(anna, "[Вернуть в работу]")
    assert "discount_approved" not in await fields(shop)

    await refused(anna, "Дорого")
    await do(anna, "[Задачи 1]", f"[{CALL}]", "[Предложил скидку]")
    assert anna.toast == "Скидку можно предлагать только с согласия руководителя"
    assert "Скидка согласована" not in anna.screen.text


async def test_truth_14_what_was_pinned_of_a_refusal_is_taken_down_when_the_deal_comes_back(
    measure_shop: Shop,
) -> None:
    """truth 14, M-16: the comment of the refusal is over with it; a second one is written, and pinned, anew."""
    crew = await measuring.hired(measure_shop, date(2026, 11, 26))
    anna = crew.anna
    await anna.open(crew.deal)
    await do(anna, "[Этапы…]", "[Завершить сделку]", "[✖ Сделка проиграна]")
    await do(anna, "Посчитали дорого: у соседей дешевле", "[Дорого]", "[Да, всё верно]")
    assert await crew.stage() == "sales.lost"
    await anna.open(crew.deal)
    await do(anna, "[Этапы…]", "[↩︎ Замер]")
    assert not any(one.pinned for one in await anna.from_bot()), "nothing of the refusal hangs above the chat"
    assert not {"lost_comment", "refusal_reason", "lost_result"} & (await fields(measure_shop)).keys()

    await anna.open(crew.deal)
    await do(anna, "[Этапы…]", "[Завершить сделку]", "[✖ Сделка проиграна]")
    assert "Причины отказа подробно" in anna.screen.text, "asked, and not taken from the last time"
    await do(anna, "Сказали, что выбрали других: у них быстрее")
    (pinned,) = [one for one in await anna.from_bot() if one.pinned]
    assert "выбрали других" in pinned.text


async def test_truth_15_a_second_postponement_asks_for_a_new_day_of_contact(measure_shop: Shop) -> None:
    """truth 15: the day of the first «Перенос» has passed; the second one asks for its own, and no alarm comes."""
    boss = await measure_shop.hire("Ирина Белова", "supervisor")
    anna = await measure_shop.hire("Анна Соколова", "manager")
    await anna.start()
    await do(anna, "[Новая продажа]", "Мария Иванова", "8 912 345-67-89", "Шкаф-купе", "✔ Перенос", "25.11.2026")
    await measure_shop.until("2026-11-25T10:00")
    await anna.tap("Готово", "Связаться с клиентом")
    await anna.open(NUMBER)
    await do(anna, "[Этапы…]", "[↩︎ Просчёт]")
    await measure_shop.until("2026-11-30T10:00")
    await listen(measure_shop)
    await anna.open(NUMBER)
    await anna.tap("✔ Перенос")
    assert "Дата следующего контакта" in anna.screen.text
    await do(anna, "04.12.2026")
    assert await measuring.stage(measure_shop, NUMBER) == "sales.postponed"
    assert "не позвонили" not in " ".join(await boss.news())
    assert "Связаться с клиентом — пт, 4 декабря, 10:00" in plain((await anna.open(NUMBER)).text)


async def test_truth_16_a_postponement_of_more_than_32_days_is_deferred_demand(measure_shop: Shop) -> None:
    """truth 16, M-17: the 32nd day is taken, the 33rd is answered with the rule and the way that works."""
    anna = await measure_shop.hire("Анна Соколова", "manager")
    await anna.start()
    await do(anna, "[Новая продажа]", "Мария Иванова", "8 912 345-67-89", "Шкаф-купе", "✔ Перенос", "26.12.2026")
    assert await measuring.stage(measure_shop, NUMBER) == "sales.calc"
    said = await anna.last()
    assert "Больше 32 дней — это «Отложенный спрос»" in said.text
    assert said.button("В отложенный спрос"), "and what works is one tap away"
    await do(anna, "[Изменить: Дата следующего контакта]", "25.12.2026")
    assert await measuring.stage(measure_shop, NUMBER) == "sales.postponed"


# --- a day ------------------------------------------------------------------------------------------------------


async def test_truth_33_what_the_installer_ticked_for_the_old_day_is_not_ticked_for_the_new_one(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """truth 33: he had confirmed Wednesday; for Friday he is to confirm again, and nobody reads that he has."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "✔ Предоплата", "✔ Изготовление мебели", "75 000", "[Сегодня]", "[Перевод на счёт]", "✔ Доставка")
    await do(anna, "[Этапы…]", "[Монтаж]", "[Да]", "24.11 12:00", "25.11 в 10", "[Николай Громов]")
    await nikolay.tap("Подтверждаю выезд", "Сборка у клиента")
    assert nikolay.screen.button("☑ Подтверждаю выезд")
    await anna.open(NUMBER)
    await do(anna, "[Заполнить]", "[Проект]", "[Дата и время монтажа]", "27.11 в 14")
    card = await measuring.opened(nikolay, "Сборка у клиента")
    assert card.button("☐ Подтверждаю выезд") and not card.button("☑")


async def test_a_client_who_was_ready_for_tuesday_is_called_again_about_another_day(kitchen_shop: Shop) -> None:
    """truth A (Changed?): the assembly moves from Tuesday to Friday: the client hears the new time, the call is given
    anew, and without it Thursday's alarm comes."""
    shop = kitchen_shop
    anna = await shop.hire("Анна Соколова", "manager")
    boss = await shop.hire("Ирина Белова", "supervisor")
    nikolay = await shop.hire("Николай Громов", "installer")
    await kitchen.own_number(nikolay)
    maria = await kitchen.client_phone(shop)
    number = await kitchen.paid(shop)
    await kitchen.booked(anna)
    await kitchen.ready(shop, anna)
    await nikolay.tap("Принимаю выезд", "Монтаж кухни у клиента")
    await anna.open(number)
    await do(anna, "[Заполнить]", "[Доставка и монтаж]", "[Монтаж]", "27.11 в 10", "[Клиент согласен]")
    await shop.later(minutes=15)  # what is changed may be changed again at once: the client hears it when it stands
    await maria.sees_only("Изменение! Монтаж Вашей кухни: пт, 27 ноября, 10:00. Приедет Николай Громов")
    rows = await shop.rows(select(TaskRow.state).where(TaskRow.name == "call_before").order_by(TaskRow.id))
    assert [row.state for row in rows] == ["lapsed", "open"]
    assert "accepted" not in await fields(shop), "he had accepted Tuesday"
    assert "Больше не считается: «Позвонить клиенту: готов ли он к монтажу» — Клиент готов" in await history(
        anna, number
    )
    await shop.until("2026-11-26T16:00")
    await boss.sees_only("Завтра монтаж, а клиенту не позвонили")


async def test_back_on_its_stage_a_deal_asks_anew_for_what_was_done_there(kitchen_shop: Shop) -> None:
    """truth A (Back?): the assembly is taken back by the menu and agreed again: the call of the first time does not
    open the way."""
    shop = kitchen_shop
    anna = await shop.hire("Анна Соколова", "manager")
    await shop.hire("Николай Громов", "installer")
    number = await kitchen.paid(shop)
    await kitchen.booked(anna)
    await kitchen.ready(shop, anna)
    await anna.open(number)
    await do(anna, "[Этапы…]", "[↩︎ Доплата получена]", "[Да, вернуть и отменить]")
    await anna.open(number)
    await do(anna, "[Задачи]")
    assert anna.screen.button("Согласовать доставку"), "it is asked anew"
    await anna.open(number)
    await do(anna, "[Этапы…]")
    await anna.tap("Дата монтажа назначена", anna.screen)
    assert "Выберите свободное окно мастера" in anna.screen.text, "the day was called off, and is asked for"
    await do(anna, "завтра в 14", "[Клиент согласен]")
    await anna.open(number)
    await do(anna, "[Задачи]")
    assert anna.screen.button("Позвонить клиенту"), "he was ready for ten o'clock"


async def test_m_18_a_stamp_of_months_ago_does_not_count_when_the_deal_comes_back(measure_shop: Shop) -> None:
    """truth A, M-18: stamped in November, deferred to January: the technologist stamps again, and nobody plans a visit
    on the strength of the old one."""
    shop = measure_shop
    crew = await measuring.hired(shop, date(2026, 11, 25))
    await measuring.stamped(crew.technologist)
    anna = crew.anna
    await anna.open(crew.deal)
    await do(anna, "[Заполнить]", "[Замер]", "[Предполагаемая дата замера]", "20.01.2027")
    assert await crew.stage() == "deferred.m202701"
    await shop.until("2027-01-20T10:00")
    await listen(shop)
    await anna.tap("Записать на «Замер»", "Пора: срок задачи наступил")
    await do(anna, "22.01.2027")
    assert await crew.stage() == "sales.measure"
    rows = await shop.rows(select(TaskRow.state).where(TaskRow.name == "stamp").order_by(TaskRow.id))
    assert [row.state for row in rows] == ["lapsed", "open"]
    assert "Назначить замер" not in " ".join(await crew.dispatcher.news())


async def test_truth_4_a_visit_called_off_takes_place_on_its_new_day(measure_shop: Shop) -> None:
    """truth 4: called off for want of a stamp, back to «Предзамер», a new day agreed and stamped in time: it is on."""
    shop = measure_shop
    crew = await measuring.hired(shop, date(2026, 11, 25))
    anna = crew.anna
    await shop.until("2026-11-24T16:00")
    await anna.sees_only("Замер не состоится: нет печати технолога")
    await anna.open(crew.deal)
    await do(anna, "[Этапы…]", "[↩︎ Предзамер]")
    await anna.open(crew.deal)
    await do(anna, "[Заполнить]", "[Замер]", "[Предполагаемая дата замера]", "05.12")
    assert not (await fields(shop)).get("visit_off")
    await shop.until("2026-12-02T10:00")
    await measuring.opened(anna, "Связаться с клиентом и подтвер")
    await do(anna, "[Дата подтверждена]")
    assert await crew.stage() == "sales.measure"
    await measuring.stamped(crew.technologist)
    await anna.sees_no("Печать поставлена после срока")
    await measuring.visit_planned(crew.dispatcher, "05.12 в 12:00")
    await crew.measurer.sees("Замер у клиента")
