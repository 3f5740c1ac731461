"""A visit that was agreed, moved or called off by a press that is put back: who drives out knows what is true, and no
client reads otherwise."""

from __future__ import annotations

import pytest

from tests.stories.acts import do
from tests.stories.driver import Phone, Shop, plain
from tests.stories.visits.test_furniture_visits import BORIS, assembly

NUMBER = "2026-0001"


@pytest.fixture
async def sms(shop: Shop) -> Phone:
    """The client's own phone."""
    made = await shop.post("phones", {"first_name": "Мария", "number": "+79123456789", "sms": True})
    return Phone(shop, made["id"], "Мария")


async def plan(nikolay: Phone) -> str:
    await nikolay.start()
    return plain((await nikolay.tap("🗓 Мой график")).text)


async def moved_to(anna: Phone, when: str) -> None:
    """The assembly is another day or hour from now on."""
    await anna.open(NUMBER)
    await do(anna, "[Заполнить]", "[✏️ Проект]", "[Дата и время монтажа", when)


async def test_an_assembly_by_mistake_is_off_again_and_the_installer_hears_it(
    shop: Shop, anna: Phone, nikolay: Phone
) -> None:
    """His job is off, his hours are free, the message that sent him there says so, and a new one came."""
    await assembly(anna, "25.11 в 10")
    assert "10:00–12:00 Монтаж" in await plan(nikolay)
    await nikolay.news()
    sent = await nikolay.sees("Сборка у клиента")
    await anna.open(NUMBER)
    await anna.tap("↩︎ Вернуть")
    assert "Доставка" in plain((await anna.open(NUMBER)).text)
    assert "10:00–12:00" not in await plan(nikolay)
    there = plain((await nikolay.as_it_is(sent)).text)
    assert "Отменено: Анна Соколова, 10:00" in there and "Задача снята: Сборка у клиента" in there
    assert "Монтаж: время пока не назначено" in there
    await assembly(anna, "25.11 в 10", client=BORIS)
    assert "10:00–12:00 Монтаж" in await plan(nikolay), "the hour is somebody else's to have"


async def test_a_moved_assembly_stays_where_it_was_and_he_hears_both(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """Changed: «Монтаж остаётся: ср, 25 ноября, 10:00»."""
    await assembly(anna, "25.11 в 10")
    await nikolay.news()
    await moved_to(anna, "26.11 в 14")
    assert "14:00–16:00 Монтаж" in await plan(nikolay)
    news = await nikolay.news()
    assert news
    await anna.open(NUMBER)
    await anna.tap("↩︎ Отменить")
    now = await plan(nikolay)
    assert "10:00–12:00 Монтаж" in now and "14:00–16:00" not in now
    told = await nikolay.sees("Монтаж остаётся: ср, 25 ноября, 10:00–12:00")
    assert "Отменено: Анна Соколова" in plain(told.text)


async def test_a_time_that_somebody_has_taken_meanwhile_stays_his(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """Twice: she moves one client's assembly, gives its hour to another, and cannot take the first step back."""
    await assembly(anna, "25.11 в 10")
    await moved_to(anna, "26.11 в 14")
    await assembly(anna, "25.11 в 10", client=BORIS)
    await anna.open(NUMBER)
    await anna.tap("↩︎ Отменить")
    assert anna.toast is not None and anna.toast.startswith("Вернуть нельзя. Николай Громов: уже занято, 10:00–12:00")
    now = await plan(nikolay)
    assert "14:00–16:00 Монтаж" in now and "10:00–12:00 Монтаж" in now, "nothing was done"


async def test_who_has_confirmed_meanwhile_stands_in_the_way(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """Gone on from there: he has said that he comes."""
    await assembly(anna, "25.11 в 10")
    card = await anna.open(NUMBER)
    await nikolay.start()
    await do(nikolay, "[Мои задачи]", "[Сборка у клиента]", "[Подтверждаю выезд]")
    await anna.tap("↩︎ Вернуть", card)
    assert anna.toast is not None and anna.toast.startswith("Вернуть нельзя")
    assert "10:00–12:00 Монтаж" in await plan(nikolay)


async def test_put_back_twice_no_message_says_what_was_true_in_between(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    await assembly(anna, "25.11 в 10")
    await moved_to(anna, "26.11 в 14")
    await moved_to(anna, "27.11 в 12")
    for _ in range(2):
        await anna.open(NUMBER)
        await anna.tap("↩︎ Отменить")
        assert anna.toast == "Отменено: Монтаж"
    for one in await nikolay.from_bot():
        assert "26 ноября, 14:00–16:00" not in plain(one.text), one.text


async def test_a_visit_that_has_begun_meanwhile_is_said_to_stay(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """Closed: called off two minutes before its hour, put back a minute after it."""
    await assembly(anna, "25.11 в 10")
    await shop.until("2026-11-25T09:58")
    await anna.open(NUMBER)
    await do(anna, "[Этапы…]", "[↩︎ Доставка]", "[Да, вернуть и отменить]")
    await shop.until("2026-11-25T10:01")
    await anna.open(NUMBER)
    await anna.tap("↩︎ Вернуть")
    await nikolay.sees("Монтаж остаётся: сегодня, 10:00–12:00")
    assert "10:00–12:00 Монтаж" in await plan(nikolay)
    await anna.sees_no("вам ехать не нужно")
