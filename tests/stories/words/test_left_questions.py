"""A question that was left swallows nothing: what could be two things is asked, and the question is offered again (day
1)."""

from __future__ import annotations

from tests.stories.acts import MARIA, begin, do
from tests.stories.driver import Phone, Shop, plain

ORDER = ("Новый заказ", "Кухня", "150 000")
LEAD = {"name": "Зоя Фадеева", "phone": "+79120000011", "wish": "шкаф"}


async def ask_the_note(anna: Phone) -> None:
    """Her own order's card asks for a note."""
    await begin(anna, *ORDER)
    await anna.tap("💬")


async def note_of(anna: Phone) -> str:
    """The history of the order, as its card shows it."""
    await anna.open("0001")
    return plain((await anna.tap("История")).text)


async def test_day_1_what_is_typed_three_days_later_is_asked_about(shop: Shop, anna: Phone) -> None:
    """/menu, then a name to look for: the note is not written, the search is one tap away."""
    await ask_the_note(anna)
    await shop.later(days=3)
    await anna.text("/menu")
    asked = await anna.text("Гусев")
    assert "«Гусев»" in asked.text
    assert "Это ответ на вопрос" in asked.text
    assert "Кухня" in asked.text
    found = await anna.tap("🔍 Нет, это поиск")
    assert "Гусев" in found.text
    assert "Гусев" not in await note_of(anna)


async def test_day_1_the_answer_after_all_is_one_tap(shop: Shop, anna: Phone) -> None:
    await ask_the_note(anna)
    await anna.text("/menu")
    await anna.text("хочет чёрные ручки")
    await anna.tap("✍️ Да, это ответ")
    assert "хочет чёрные ручки" in await note_of(anna)


async def test_day_1_a_search_ends_the_doubt_and_the_question_waits_on_the_home_screen(shop: Shop, anna: Phone) -> None:
    """After «это поиск» the next name is looked for at once; the question is offered again, and goes on from there."""
    await ask_the_note(anna)
    await anna.text("/menu")
    await anna.text("Гусев")
    await anna.tap("🔍 Нет, это поиск")
    assert "Это ответ" not in (await anna.text("Панов")).text
    home = await anna.text("/menu")
    label = next(one for one in home.labels if one.startswith("✍️ Закончить"))
    await anna.tap(label, home)
    await anna.text("хочет чёрные ручки")
    assert "хочет чёрные ручки" in await note_of(anna)
    assert not any(one.startswith("✍️ Закончить") for one in (await anna.text("/menu")).labels)


async def test_day_1_another_card_ends_the_question(shop: Shop, anna: Phone) -> None:
    await shop.lead(**LEAD)
    await ask_the_note(anna)
    await anna.tap("Открыть", "Фадеева")
    asked = await anna.text("звонила, перезвонит")
    assert "Это ответ на вопрос" in asked.text
    await anna.tap("🗑 Забыть вопрос")
    assert "звонила" not in await note_of(anna)


async def test_forgotten_an_hour_later_it_is_asked_about_too(shop: Shop, anna: Phone) -> None:
    await ask_the_note(anna)
    await shop.later(minutes=59)
    await anna.text("хочет чёрные ручки")
    assert "хочет чёрные ручки" in await note_of(anna)
    await anna.open("0001")
    await anna.tap("💬")
    await shop.later(minutes=61)
    assert "Это ответ на вопрос" in (await anna.text("и белую мойку")).text


async def test_day_1_a_reply_to_the_question_itself_is_its_answer(shop: Shop, anna: Phone) -> None:
    await ask_the_note(anna)
    asked = anna.screen
    await anna.text("/menu")
    await anna.reply(asked, "хочет чёрные ручки")
    assert "хочет чёрные ручки" in await note_of(anna)


async def test_what_can_be_no_answer_is_looked_for_at_once(shop: Shop, anna: Phone) -> None:
    """A sum is asked for; a name is no sum."""
    await anna.start()
    await do(anna, "[Новый заказ]", *MARIA, "Кухня")
    await anna.text("/menu")
    assert "Это ответ" not in (await anna.text("Гусев")).text
    assert "Это ответ на вопрос" in (await anna.text("150 000")).text


async def test_a_reply_to_a_notice_belongs_to_its_deal_whatever_is_asked(shop: Shop, anna: Phone) -> None:
    """Two things at once: the words go where they were said, and the open question is untouched."""
    await shop.lead(**LEAD)
    told = await anna.sees("Фадеева")
    await ask_the_note(anna)
    lead = await anna.reply(told, "позвонила, думает")
    await anna.text("хочет чёрные ручки")
    await anna.tap("✍️ Да, это ответ")
    await anna.open("0002")
    said = (await anna.tap("История")).text
    assert "хочет чёрные ручки" in said
    assert "думает" not in said
    await anna.tap("История", lead)
    assert "позвонила, думает" in anna.screen.text


async def test_a_reminder_typed_while_a_note_is_asked_is_asked_about(shop: Shop, anna: Phone) -> None:
    await ask_the_note(anna)
    asked = await anna.text("напомни завтра в 15 позвонить Ивановой")
    assert "Это ответ на вопрос" in asked.text
    await anna.tap("⏰ Нет, это напоминание")
    assert "⏭ позвонить Ивановой — вт, 24 ноября, 15:00" in plain((await anna.open("0001")).text)
    assert "напомни" not in await note_of(anna)


async def test_twice_a_second_question_closes_the_first_before_ones_eyes_and_keeps_its_answers(
    shop: Shop, anna: Phone
) -> None:
    """Two devices show one chat: the first question says that it is closed, its answers wait on the home screen."""
    await anna.start()
    await do(anna, "[Новый заказ]", *MARIA)
    first = await anna.last()
    await anna.text("/menu")
    await anna.tap("🔍 Найти", await anna.last())
    assert "Вопрос закрыт: вы начали другой." in (await anna.as_it_is(first)).text
    await anna.text("Панов")
    home = await anna.text("/menu")
    await anna.tap(next(one for one in home.labels if one.startswith("✍️ Закончить")), home)
    await do(anna, "Кухня", "150 000")
    assert "Мария Иванова" in (await anna.open("0001")).text


async def test_gone_the_deal_of_a_question_that_was_left_is_gone(shop: Shop, anna: Phone, boss: Phone) -> None:
    """What is typed then is not lost with it: it is looked for."""
    await ask_the_note(anna)
    await anna.text("/menu")
    await boss.open("0001")
    await boss.tap("Заполнить")
    await boss.tap("🗑 Удалить сделку")
    await boss.tap("Да, удалить")
    found = await anna.text("Гусев")
    assert "Гусев" in found.text
    assert "Это ответ" not in found.text


async def test_twice_where_a_card_stood_the_way_back_to_it_stays(shop: Shop, anna: Phone) -> None:
    """The first question stands in the place of the card that it was asked on."""
    await ask_the_note(anna)
    first = anna.screen
    await anna.text("/menu")
    await anna.tap("🔍 Найти", await anna.last())
    closed = await anna.as_it_is(first)
    assert "Вопрос закрыт" in closed.text
    await anna.tap("К сделке", closed)
    assert "№ 2026-0001" in anna.screen.text
