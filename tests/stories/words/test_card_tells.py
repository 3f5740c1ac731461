"""The card tells the story: what the client wants, and what was said last (day 10)."""

from __future__ import annotations

from tests.stories.acts import begin
from tests.stories.driver import Phone, Shop, plain

ORDER = ("Новый заказ", "Кухня", "150 000")
ZOYA = {"name": "Зоя Фадеева", "phone": "+79120000011", "comment": "шкаф в прихожую, до Нового года"}


async def test_day_10_a_lead_s_card_says_what_he_wants(shop: Shop, anna: Phone) -> None:
    await shop.lead(**ZOYA)
    card = await anna.tap("✋ Беру", await anna.sees("Новый лид"))
    assert "📝 шкаф в прихожую, до Нового года" in card.text


async def test_day_10_what_the_title_says_is_not_said_twice(shop: Shop, anna: Phone) -> None:
    await begin(anna, *ORDER)
    assert "📝" not in (await anna.open("0001")).text


async def test_day_10_the_last_word_stands_on_the_card(shop: Shop, anna: Phone, boss: Phone) -> None:
    """A note, then a call: the newest of them, with who and when."""
    await begin(anna, *ORDER)
    await anna.tap("💬 Слово")
    card = await anna.text("хочет {чёрные} <b>ручки</b>")
    assert "💬 пн, 23 ноября, 10:00, Анна Соколова: хочет {чёрные} <b>ручки</b>" in plain(card.text)
    await shop.later(hours=1)
    await boss.open("0001")
    await boss.tap("📞 Звонок")
    await boss.tap("❌ Не дозвонился")
    await boss.tap("Отмена")
    card = await boss.open("0001")
    assert "Ирина Белова: звонок клиенту: не дозвонились" in plain(card.text)


async def test_day_10_a_corrected_word_is_the_last_one(shop: Shop, anna: Phone) -> None:
    await begin(anna, *ORDER)
    await anna.tap("💬 Слово")
    await anna.text("хочет черные ручки")
    card = await anna.edit(await anna.said(), "хочет белые ручки")
    assert "Анна Соколова: хочет белые ручки" in plain(card.text)
