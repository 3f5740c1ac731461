"""A message that is corrected in Telegram corrects what it said, or it is said why not (door A1)."""

from __future__ import annotations

from tests.stories.acts import MARIA, begin, do
from tests.stories.driver import Phone, Seen, Shop, plain

ORDER = ("Новый заказ", "Кухня", "15 000")


async def sum_was_typed(anna: Phone) -> Seen:
    """An order whose budget was typed with a nought too few; that message."""
    await begin(anna, *ORDER)
    return await anna.said()


async def history(anna: Phone) -> str:
    await anna.open("0001")
    return plain((await anna.tap("История")).text)


async def test_A1_the_corrected_sum_is_the_deal_s(shop: Shop, anna: Phone) -> None:
    said = await sum_was_typed(anna)
    card = await anna.edit(said, "150 000")
    assert "✏️ Исправил: Бюджет — 150 000" in plain(card.text)
    assert "💰 150 000 ₽" in plain(card.text)
    assert "Бюджет: 15 000 ₽ → 150 000 ₽" in await history(anna)


async def test_twice_it_is_corrected_again(shop: Shop, anna: Phone) -> None:
    said = await sum_was_typed(anna)
    await anna.edit(said, "150 000")
    await anna.edit(said, "155 000")
    assert "💰 155 000 ₽" in plain((await anna.open("0001")).text)


async def test_A1_the_answer_before_the_open_question_is_corrected_and_the_question_stands(
    shop: Shop, anna: Phone
) -> None:
    await anna.start()
    await do(anna, "[Новый заказ]", "Мария Иванва")
    said = await anna.said()
    asked = await anna.edit(said, "Мария Иванова")
    assert "✓ Исправил: Имя клиента — Мария Иванова" in asked.text
    assert "Телефон" in asked.text
    await do(anna, MARIA[1], "Кухня", "150 000")
    assert "Мария Иванова" in (await anna.open("0001")).text


async def test_bad_input_what_cannot_be_a_sum_changes_nothing(shop: Shop, anna: Phone) -> None:
    said = await sum_was_typed(anna)
    asked = await anna.edit(said, "много")
    assert "⚠️" in asked.text
    assert "Бюджет" in asked.text
    await anna.tap("Отмена", asked)
    assert "💰 15 000 ₽" in plain((await anna.open("0001")).text)


async def test_changed_somebody_has_corrected_it_otherwise_since(shop: Shop, anna: Phone, boss: Phone) -> None:
    said = await sum_was_typed(anna)
    await boss.open("0001")
    await do(boss, "[Заполнить]", "[О сделке]")
    await boss.tap("Бюджет")
    await boss.text("140 000")
    told = await anna.edit(said, "150 000")
    assert "С тех пор «Бюджет» уже другое: 140 000 ₽." in plain(told.text)
    assert "💰 140 000 ₽" in plain((await anna.open("0001")).text)


async def test_gone_the_deal_was_deleted(shop: Shop, anna: Phone, boss: Phone) -> None:
    said = await sum_was_typed(anna)
    await boss.open("0001")
    await boss.tap("Заполнить")
    await boss.tap("🗑 Удалить сделку")
    await boss.tap("Да, удалить")
    told = await anna.edit(said, "150 000")
    assert "Сделки уже нет" in told.text


async def test_forgotten_last_week_s_message(shop: Shop, anna: Phone) -> None:
    said = await sum_was_typed(anna)
    await shop.later(days=7)
    told = await anna.edit(said, "150 000")
    assert "старше двух дней" in told.text
    assert "💰 15 000 ₽" in plain((await anna.open("0001")).text)


async def test_a_note_is_corrected_and_the_history_keeps_both(shop: Shop, anna: Phone) -> None:
    await sum_was_typed(anna)
    await anna.tap("💬 Слово")
    await anna.text("хочет черные ручки")
    said = await anna.said()
    told = await anna.edit(said, "хочет белые ручки")
    assert "✏️ Исправил запись в истории" in told.text
    told_ = await history(anna)
    assert "исправил запись: хочет белые ручки" in told_
    assert "хочет черные ручки" in told_


async def test_a_search_is_corrected_by_another_search(shop: Shop, anna: Phone) -> None:
    await begin(anna, *ORDER)
    await anna.text("Ивонова")
    found = await anna.edit(await anna.said(), "Иванова")
    assert found.button("Мария Иванова"), found.labels


async def test_what_was_done_by_words_is_not_undone_by_other_words(shop: Shop, anna: Phone) -> None:
    """A next step is set: it is moved by its buttons."""
    await begin(anna, *ORDER)
    await anna.tap("⏭ Дальше")
    await anna.text("перезвонить в пятницу в 15")
    told = await anna.edit(await anna.said(), "перезвонить в четверг в 15")
    assert "уже выполнено" in told.text
    assert "пт, 27 ноября, 15:00" in plain((await anna.open("0001")).text)


async def test_a_stranger_s_corrections_are_not_answered(shop: Shop, anna: Phone) -> None:
    olga = await shop.stranger("Ольга")
    await olga.text("здравствуйте")
    n = len(await olga.from_bot())
    await olga.edit(await olga.said(), "добрый день")
    assert len(await olga.from_bot()) == n
