"""Furniture: one lock for its assemblies, hours and leave; what the installer needs is on his card (truth 10, 33)."""

from __future__ import annotations

from tests.stories.acts import begin, do
from tests.stories.driver import Phone, Shop, plain

CARD = "Сборка у клиента"
PICTURE = b"\xff\xd8\xff" + b"0" * 200
BORIS = ("Борис Кравцов", "8 916 123-45-23")


async def assembly(anna: Phone, when: str, *, client: tuple[str, str] = ("Мария Иванова", "8 912 345-67-89")) -> None:
    """An order led to «Монтаж», its assembly asked for; the last question answered is who comes."""
    await begin(anna, "Новый заказ", "Кухня", "150 000", client=client)
    await do(anna, "✔ Предоплата", "✔ Изготовление мебели", "75 000", "[Сегодня]", "[Перевод на счёт]", "✔ Доставка")
    await do(anna, "[Этапы…]", "[Монтаж]", "[Да]", "24.11 12:00", when, "[Николай Громов]")


async def test_truth_10_one_installer_is_not_promised_to_two_clients(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """Truth 10: the second assembly of the same hour is refused with the deal that has him, and what is free."""
    await assembly(anna, "25.11 в 10")
    await assembly(anna, "25.11 в 10", client=BORIS)
    said = plain(anna.screen.text)
    assert "Николай Громов: уже занято, 10:00–12:00 — выезд по сделке № 2026-0001" in said
    assert "Ближайшее свободное" in said


async def test_truth_10_leave_is_looked_at_in_furniture_too(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Truth 10: an installer on leave is not given an assembly."""
    await boss.start()
    await do(boss, "[👥 Команда]", "[Николай Громов]", "[🕘 Часы и отпуск]", "[Отпуск]", "с 24 по 26 ноября")
    await assembly(anna, "25.11 в 10")
    assert "Николай Громов: отпуск по чт, 26 ноября включительно." in plain(anna.screen.text)


async def test_truth_10_the_day_the_schedule_and_the_menu_tell_of_the_same_visits(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """Truth 10: «Мой график», «Сегодня» and the count on the menu are one thing."""
    await assembly(anna, "23.11 в 18")
    await nikolay.start()
    assert "Сегодня 1 выезд" in nikolay.screen.text or "Сегодня 1 выезд" in (await nikolay.last()).text
    plan = await nikolay.tap("🗓 Мой график")
    assert "18:00–20:00 Монтаж" in plan.text
    await nikolay.start()
    today = await nikolay.tap("Сегодня")
    assert "18:00" in today.text


async def test_the_hour_that_was_called_off_can_be_agreed_again(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Back? The deal goes back a stage and comes forward again, the client takes the hour that he had: it is agreed."""
    await assembly(anna, "25.11 в 10")
    await anna.open("2026-0001")
    await do(anna, "[Этапы…]", "[↩︎ Доставка]", "[Да, вернуть и отменить]")
    await anna.open("2026-0001")
    await do(anna, "[Этапы…]", "[Монтаж]", "25.11 в 10")
    assert "Монтаж · 1-й день" in (await anna.open("2026-0001")).text
    await nikolay.start()
    assert "10:00–12:00 Монтаж" in (await nikolay.tap("🗓 Мой график")).text


async def test_truth_33_the_installers_card_has_the_address_and_his_tick_is_of_that_day_alone(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """Truth 33: the manager is asked where to, and the card has it; moved to another day, the job is confirmed anew."""
    await assembly(anna, "25.11 в 10")
    asked = await anna.sees("Куда ехать мастеру?")
    await anna.tap("Ответить", asked)
    await do(anna, "Москва, ул. Ленина, д. 5, кв. 12", "[Верно]")
    await nikolay.start()
    await nikolay.tap("Мои задачи")
    await nikolay.tap(CARD, nikolay.screen)
    assert "ул. Ленина, д. 5" in nikolay.screen.text
    await do(nikolay, "[Подтверждаю выезд]")
    assert nikolay.screen.button("☑ Подтверждаю выезд")
    await anna.open("2026-0001")
    await do(anna, "[Заполнить]", "[Проект]", "[Дата и время монтажа]", "26.11 в 11")
    await nikolay.start()
    await nikolay.tap("Мои задачи")
    await nikolay.tap(CARD, nikolay.screen)
    assert nikolay.screen.button("☐ Подтверждаю выезд"), "he has said nothing of that day"


async def test_truth_11_cannot_come_and_late_are_one_tap_in_furniture_too(
    shop: Shop, anna: Phone, boss: Phone, nikolay: Phone
) -> None:
    """Truth 11: the same two buttons, without a word in the process file."""
    await assembly(anna, "25.11 в 10")
    await nikolay.tap("🚫 Не могу поехать", CARD)
    await nikolay.text("Нога болит")
    await anna.sees("Николай Громов не может поехать: Нога болит. Выберите другое окно")
    await boss.sees("Мастер отказался от выезда")


async def test_a_visit_that_has_begun_and_is_followed_by_another_is_not_called_off(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """Changed: a second hour of the same day is put down after it has begun, and then a day to come: nobody tells the
    installer that he need not have come."""
    await assembly(anna, "25.11 в 10")
    await shop.until("2026-11-25T12:30")
    await nikolay.start()
    await nikolay.tap("Мои задачи")
    await nikolay.tap(CARD, nikolay.screen)
    await do(nikolay, "[Подтверждаю выезд]", "[На месте]", "[Собрано, фото сделаны]")
    await nikolay.tap("Готово", await nikolay.send_files(("kitchen.jpg", PICTURE)))
    await do(nikolay, "[Акт подписан]")
    await nikolay.tap("Готово", await nikolay.send_files(("act.jpg", PICTURE + b"2")))
    await anna.open("2026-0001")
    await do(anna, "[Этапы…]", "[Оплата]")
    assembly_at = ("[Заполнить]", "[Проект]", "[Дата и время монтажа]")
    await anna.open("2026-0001")
    await do(anna, *assembly_at, "сегодня в 12", "[Верно]")
    await anna.open("2026-0001")
    await do(anna, *assembly_at, "30.11 в 11")
    await shop.later(minutes=2)
    await nikolay.sees_no("Выезд отменён")
