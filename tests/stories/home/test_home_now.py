"""Home says what to do now: what is late, what is due today by the hour, a number to open each (day 11)."""

from __future__ import annotations

from tests.stories.acts import begin, do
from tests.stories.driver import Phone, Seen, Shop, plain

NAMES = (
    "Мария Иванова",
    "Игорь Панов",
    "Ирина Волкова",
    "Алина Зуева",
    "Степан Громыко",
    "Ксения Орлова",
    "Зоя Фадеева",
)


async def step(anna: Phone, phrase: str, client: int = 0) -> None:
    """An order of hers, and the next step on it."""
    who = (NAMES[client], f"8 912 345-67-0{client}")
    await begin(anna, "Новый заказ", "Кухня", "150 000", client=who)
    await do(anna, "[⏭ Дальше]", phrase)


def due(home: Seen) -> list[str]:
    """The lines that tell of something to do."""
    lines = [plain(one) for one in home.text.splitlines()]
    return [one for one in lines if one.startswith(("⏰", "📅", "⏭")) or one.split(".")[0].isdigit()]


def numbers(home: Seen) -> list[str]:
    return [one for one in home.labels if one.isdigit()]


async def test_day_11_late_and_today_by_the_hour_and_a_number_opens_each(shop: Shop, anna: Phone) -> None:
    """On Tuesday at noon: what was to be done yesterday and this morning is late, the afternoon comes by the hour."""
    await step(anna, "отправить эскиз сегодня в 15:00")
    await step(anna, "узнать про ручки завтра в 10:30", 1)
    await step(anna, "перезвонить завтра в 17:00", 2)
    await shop.until("2026-11-24T12:00")
    home = await anna.start()
    assert due(home) == [
        "⏰ Опоздало 2",
        "1. вчера, 15:00 · Мария Иванова — отправить эскиз",
        "2. сегодня, 10:30 · Игорь Панов — узнать про ручки",
        "📅 Сегодня 1",
        "3. 17:00 · Ирина Волкова — перезвонить",
    ]
    assert numbers(home) == ["1", "2", "3"]
    await anna.tap("2", home)
    assert "узнать про ручки" in plain(anna.screen.text)
    assert anna.screen.button("Готово")


async def test_day_11_with_nothing_to_do_home_has_no_such_lines(shop: Shop, anna: Phone) -> None:
    home = await anna.start()
    assert (due(home), numbers(home)) == ([], [])


async def test_day_11_where_nothing_is_left_of_today_home_says_what_comes_next(shop: Shop, anna: Phone) -> None:
    await step(anna, "отправить эскиз в пятницу в 15:00")
    await step(anna, "перезвонить завтра в 11:00", 1)
    home = await anna.start()
    assert due(home) == ["⏭ Дальше", "1. завтра, 11:00 · Игорь Панов — перезвонить"]
    await anna.tap("1", home)
    assert anna.screen.button("Готово")


async def test_day_11_more_than_a_phone_shows_is_counted(shop: Shop, anna: Phone) -> None:
    for place, hour in enumerate(range(12, 19)):
        await step(anna, f"узнать цену сегодня в {hour}:00", place)
    await shop.until("2026-11-23T16:30")
    home = await anna.start()
    assert [one for one in due(home) if not one[0].isdigit()] == ["⏰ Опоздало 5", "📅 Сегодня 2"]
    assert numbers(home) == ["1", "2", "3", "4", "5"]
    assert len(home.text.splitlines()) <= 12


async def test_changed_what_was_moved_or_done_since_is_as_it_is_now(shop: Shop, anna: Phone) -> None:
    """A home drawn before keeps its numbers; what they open says what has become of it."""
    await step(anna, "перезвонить сегодня в 15:00")
    before, home = await anna.start(), await anna.start()
    assert due(home) == ["📅 Сегодня 1", "1. 15:00 · Мария Иванова — перезвонить"]
    await anna.tap("1", home)
    await anna.tap("Готово", anna.screen)
    assert due(await anna.start()) == []
    await anna.tap("1", before)
    assert "перезвонить" in plain(anna.screen.text)
    assert not anna.screen.button("Готово")


async def test_gone_a_deal_of_a_colleague_is_on_nobody_elses_home(shop: Shop, anna: Phone, boss: Phone) -> None:
    await step(anna, "перезвонить сегодня в 15:00")
    assert "перезвонить" not in (await boss.start()).text
