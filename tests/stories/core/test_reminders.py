"""Reminders (C-4): one bell, rows in the database; on time, once, in order, whatever crashed in between."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from bot import app as root
from bot.delivery.rate_limits import RateLimits
from sandbox.server import Sandbox
from sandbox.world.shifted_clock import ShiftedClock
from tests.stories.acts import begin, do
from tests.stories.conftest import MONDAY, settings_for
from tests.stories.driver import Phone, Shop

DEAL = "Кухня · Мария Иванова"
SECOND_DAY = "Сделка второй день на договоре"
THREE_DAYS = "Договор не подписан уже три дня"


async def down(shop: Shop) -> None:
    """The bot stops; Telegram (the sandbox) and its clock go on."""
    shop.sandbox.clock.listeners.clear()
    await shop.app.stop()


async def up(shop: Shop, folder: Path) -> None:
    """The bot starts again on the same database."""
    sandbox = shop.sandbox
    shop.app = await root.build(
        settings_for(folder, sandbox.url), clock=sandbox.clock.now, limits=RateLimits.none()
    )  # fmt: skip
    await shop.app.start()
    sandbox.clock.listeners.append(shop.app.tick_and_settle)
    await shop.settle()


async def test_c_4_the_one_day_and_the_three_day_reminder_survive_a_restart(
    shop: Shop, anna: Phone, boss: Phone, tmp_path: Path
) -> None:
    """C-4: planned before the restart, they come after it, each once, to whom they belong."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await shop.later(hours=23)
    await down(shop)
    await up(shop, tmp_path)
    await anna.sees_no(SECOND_DAY)
    await shop.later(hours=1)
    assert await anna.count(SECOND_DAY) == 1
    await down(shop)
    await up(shop, tmp_path)
    await shop.later(days=2)
    assert await boss.count(THREE_DAYS) == 1
    assert await anna.count(SECOND_DAY) == 1, "a restart repeats nothing"


async def test_c_4_what_came_due_while_the_bot_was_down_comes_after_it_once_in_order_and_marked_late(
    shop: Shop, anna: Phone, boss: Phone, tmp_path: Path
) -> None:
    """C-4, promise 4: nothing is dropped because it is late; what a later move made pointless is not sent.

    Late as it is, it counts the days that have passed by now.
    """
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await begin(anna, "Новый ремонт", "Скрипит ящик", client=("Олег Петров", "8 912 345-67-90"))
    await down(shop)
    await shop.sandbox.clock.advance(MONDAY.replace(day=27) - MONDAY)
    await up(shop, tmp_path)
    order = await anna.sees("Сделка пятый день на договоре")
    repair = await anna.sees("Осмотр не закончен пятый день")
    assert order.id < repair.id, "in the order in which they came due"
    assert "Опоздало" in order.text and "24 ноября, 10:00" in order.text
    assert await boss.count("Договор не подписан уже четыре дня") == 1
    await up_again_says_nothing(shop, anna, boss, tmp_path)


async def up_again_says_nothing(shop: Shop, anna: Phone, boss: Phone, folder: Path) -> None:
    """One more restart brings nothing new."""
    before = len(await anna.messages()), len(await boss.messages())
    await down(shop)
    await up(shop, folder)
    assert (len(await anna.messages()), len(await boss.messages())) == before


async def test_c_4_reminders_of_a_stage_that_was_left_never_come(shop: Shop, anna: Phone, boss: Phone) -> None:
    """C-4: leaving the stage cancels what was planned for it."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await shop.later(hours=23)
    await do(anna, "✔ Предоплата")
    await shop.later(days=3)
    await anna.sees_no(SECOND_DAY)
    await boss.sees_no(THREE_DAYS)


async def test_c_4_the_pre_measurement_reminder_comes_the_evening_before(shop: Shop, anna: Phone) -> None:
    """C-4: the day before the measurement at 18:00; a date that moves takes its reminder along."""
    await begin(anna, "Новый дизайн-проект", "Дизайн гостиной")
    await anna.open("2026-0001")
    await anna.tap("Заполнить")
    await anna.tap("Проект")
    await anna.tap("Дата и время замера")
    await anna.text("26.11 в 12")
    await anna.open("2026-0001")
    await anna.tap("Заполнить")
    await anna.tap("Проект")
    await anna.tap("Дата и время замера")
    await anna.text("30.11 в 12")
    await shop.until("2026-11-26T09:00")
    await anna.sees_no("Завтра замер")
    await shop.until("2026-11-29T17:59")
    await anna.sees_no("Завтра замер")
    await shop.until("2026-11-29T18:00")
    message = await anna.sees("Завтра замер")
    assert "30 ноября, 12:00" in message.text
    assert await anna.count("Завтра замер") == 1


async def test_c_4_the_evening_before_survives_a_restart(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone, tmp_path: Path
) -> None:
    """C-4: pre-measurement and pre-assembly reminders planned before a restart come after it, once, on time."""
    await begin(anna, "Новый дизайн-проект", "Гостиная", client=("Олег Петров", "8 912 345-67-90"))
    await do(anna, "[Дата и время замера]", "26.11 в 12")
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "✔ Предоплата", "✔ Изготовление мебели", "75 000", "[Сегодня]", "[Перевод на счёт]", "✔ Доставка")
    await do(anna, "[Этапы…]", "[Монтаж]", "[Да]", "24.11 12:00", "26.11 в 10", "[Николай Громов]")
    await shop.until("2026-11-25T12:00")
    await down(shop)
    await up(shop, tmp_path)
    await shop.until("2026-11-25T17:59")
    for phone, said in ((anna, "Завтра замер"), (anna, "Завтра монтаж"), (nikolay, "Завтра сборка")):
        await phone.sees_no(said)
    await shop.until("2026-11-25T18:00")
    await up_again_says_nothing(shop, anna, nikolay, tmp_path)
    for phone, said in ((anna, "Завтра замер"), (anna, "Завтра монтаж"), (nikolay, "Завтра сборка")):
        message = await phone.sees_only(said)
        assert "Опоздало" not in message.text


async def test_c_4_somebodys_own_quiet_hours_come_on_top_of_the_companys(shop: Shop, anna: Phone, boss: Phone) -> None:
    """C-4: who sleeps until ten hears of the night's lead at ten, everybody else at the opening."""
    await anna.start()
    await do(anna, "[Настройки]", "[Тихие часы]", "[Другое время]", "20:00–10:30")
    pavel = await shop.hire("Павел Егоров", "manager")
    await shop.until("2026-11-23T22:30")
    await shop.lead(name="Мария Иванова", phone="8 912 345-67-89", comment="Кухня", source="Сайт")
    await shop.until("2026-11-24T09:00")
    await pavel.sees_only("Новый лид: Мария Иванова")
    await shop.until("2026-11-24T10:29")
    await anna.sees_no("Новый лид")
    await shop.until("2026-11-24T10:30")
    await anna.sees_only("Новый лид: Мария Иванова")


async def test_hours_decide_when_a_message_comes_never_whether(shop: Shop, anna: Phone, boss: Phone) -> None:
    """A lead of the night is told in the morning, at the opening; a person's own quiet hours come on top."""
    await boss.start()
    await boss.tap("Настройки")
    await boss.tap("Тихие часы")
    await boss.tap("22:00")
    await shop.until("2026-11-23T22:30")
    await shop.lead(name="Мария Иванова", phone="8 912 345-67-89", comment="Кухня", source="Сайт")
    await anna.sees_no("Новый лид")
    await shop.until("2026-11-24T08:59")
    await anna.sees_no("Новый лид")
    await shop.until("2026-11-24T09:00")
    assert await anna.count("Новый лид: Мария Иванова") == 1


async def test_many_messages_due_at_once_come_as_one_digest_with_buttons(shop: Shop, anna: Phone) -> None:
    """Five leads of one night are one message in the morning; each line opens its lead."""
    await shop.until("2026-11-23T22:30")
    names = ["Мария", "Олег", "Вера", "Пётр", "Нина"]
    for place, name in enumerate(names):
        await shop.lead(name=name, phone=f"8 912 345-67-9{place}", comment="Кухня", source="Сайт")
    await shop.until("2026-11-24T09:00")
    digest = await anna.sees("Для вас 5 сообщений")
    assert all(name in digest.text for name in names)
    assert await anna.count("Новый лид: Мария") == 1
    one = await anna.tap("3. Вера", digest)
    assert "Вера" in one.text and one.button("Открыть")


@pytest.mark.parametrize("zone", ["Asia/Vladivostok", "Europe/Berlin"])
async def test_c_4_dates_and_clock_times_are_of_the_companys_zone(tmp_path: Path, zone: str) -> None:
    """C-4: 18:00 of the evening before is 18:00 where the company is, wherever the server stands."""
    sandbox = Sandbox(clock=ShiftedClock(MONDAY, frozen=True), zone=zone, web=False)
    await sandbox.start()
    settings = settings_for(tmp_path, sandbox.url, timezone=zone, processes=("furniture",))
    app = await root.build(settings, clock=sandbox.clock.now, limits=RateLimits.none())
    await app.start()
    sandbox.clock.listeners.append(app.tick_and_settle)
    async with aiohttp.ClientSession() as http:
        shop = Shop(app, sandbox, http)
        await shop.until("2026-11-24T10:00")
        anna = await shop.hire("Анна Соколова", "manager")
        await begin(anna, "Новый дизайн-проект", "Дизайн гостиной")
        await anna.open("2026-0001")
        await do(anna, "[Заполнить]", "[Проект]", "[Дата и время замера]", "27.11 в 12")
        await shop.until("2026-11-26T17:59")
        await anna.sees_no("Завтра замер")
        await shop.until("2026-11-26T18:00")
        await anna.sees("27 ноября, 12:00")
    await app.stop()
    await sandbox.close()


async def test_a_message_of_the_night_that_came_in_the_morning_is_not_called_late(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Hours are no lateness: neither when it comes, nor when a digest's line is opened in the afternoon."""
    await shop.until("2026-11-23T20:30")
    for place in range(5):
        await begin(anna, "Новый заказ", f"Кухня {place}", "150 000", client=("Мария", f"8 912 345-67-9{place}"))
    await shop.later(days=3)
    await shop.until("2026-11-27T15:00")
    digest = await boss.sees("Для вас 5 сообщений")
    await boss.tap("2.", digest)
    await boss.sees_no("Опоздало")
