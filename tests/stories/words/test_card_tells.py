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


async def test_day_10_the_card_shows_the_three_newest_events(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Who and what, the newest first; the last word stands above already and is not told twice."""
    await begin(anna, *ORDER)
    await anna.tap("💬 Слово")
    card = await anna.text("хочет чёрные ручки")
    await anna.tap("✔ Предоплата", card)
    card = await boss.open("0001")
    told = [plain(one) for one in card.text.splitlines() if one.startswith("🕘")]
    assert told[0].startswith("🕘 пн, 23 ноября, 10:00, Анна: «Заключение договора» → «Предоплата»")
    assert len(told) <= 3 and not any("ручки" in one for one in told)
    assert card.text.count("хочет чёрные ручки") == 1


async def test_day_10_what_was_undone_is_seen_as_undone(shop: Shop, anna: Phone) -> None:
    await begin(anna, *ORDER)
    await anna.open("0001")
    await anna.tap("✔ Предоплата")
    await anna.tap("↩︎ Вернуть", anna.screen)
    assert "«Заключение договора» → «Предоплата» — отменено" in plain(anna.screen.text)


async def test_day_10_filling_in_begins_with_what_the_stage_wants(shop: Shop, anna: Phone) -> None:
    """What «Предоплата» asks for stands first, one tap away; then what is known; the rest is folded."""
    await begin(anna, *ORDER)
    await anna.open("0001")
    await anna.tap("✔ Предоплата")
    await anna.tap("Заполнить", anna.screen)
    page = plain(anna.screen.text)
    assert page.index("Нужно на этой стадии") < page.index("Заполнено") < page.index("Вся карточка")
    wanted = page[page.index("Нужно") : page.index("Заполнено")]
    known = page[page.index("Заполнено") : page.index("Вся карточка")]
    assert "Сумма предоплаты" in wanted and "Бюджет: 150 000 ₽" in known and "—" not in known
    assert anna.screen.labels[0].startswith("➕")


async def test_day_10_a_deal_that_has_ended_wants_nothing_any_more(shop: Shop, anna: Phone) -> None:
    await begin(anna, *ORDER)
    await anna.open("0001")
    for label in ("Этапы…", "Отказ", "Дорого"):
        await anna.tap(label, anna.screen)
    await anna.open("0001")
    await anna.tap("Заполнить", anna.screen)
    assert "Нужно на этой стадии" not in anna.screen.text and not anna.screen.button("➕")
