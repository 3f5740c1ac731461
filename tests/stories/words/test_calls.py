"""A call is written down by two taps, and what comes of it by a phrase or one more."""

from __future__ import annotations

import pytest

from tests.stories.acts import begin
from tests.stories.driver import Phone, Shop, plain

ORDER = ("Новый заказ", "Кухня", "150 000")


async def call(anna: Phone, result: str) -> str:
    """📞 on the card of her order, and how it ended: what is asked then."""
    await begin(anna, *ORDER)
    await anna.tap("📞 Звонок")
    await anna.tap(result)
    return plain(anna.screen.text)


async def history(anna: Phone) -> str:
    await anna.open("0001")
    return plain((await anna.tap("История")).text)


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ("✅ Дозвонился", "звонок клиенту: поговорили"),
        ("❌ Не дозвонился", "звонок клиенту: не дозвонились"),
        ("↩️ Перезвонит", "звонок клиенту: просил перезвонить"),
    ],
)
async def test_a_call_is_two_taps_and_stands_in_the_history(shop: Shop, anna: Phone, result: str, told: str) -> None:
    said = await call(anna, result)
    assert f"✓ Записал: {told}" in said
    await anna.tap("Отмена")
    assert told in await history(anna)


async def test_a_call_that_nobody_took_is_called_again_by_a_third_tap(shop: Shop, anna: Phone) -> None:
    await call(anna, "❌ Не дозвонился")
    await anna.tap("вт, 24 ноября, 9:00" if anna.screen.button("вт, 24 ноября, 9:00") else "завтра")
    card = await anna.open("0001")
    assert "⏭ перезвонить — вт, 24 ноября" in plain(card.text)


async def test_what_the_client_said_and_what_comes_next_are_one_phrase(shop: Shop, anna: Phone) -> None:
    """The words stand in the history whole; what is to be done stands on the card, at its time."""
    await call(anna, "✅ Дозвонился")
    said = await anna.text("хочет чёрные ручки, перезвонить в пятницу в 15")
    assert "✓ Записал: пт, 27 ноября, 15:00" in plain(said.text)
    assert "⏭ хочет чёрные ручки, перезвонить — пт, 27 ноября, 15:00" in plain(said.text)
    assert "хочет чёрные ручки, перезвонить в пятницу в 15" in await history(anna)


async def test_what_the_client_said_without_a_time_is_a_word_of_the_history(shop: Shop, anna: Phone) -> None:
    await call(anna, "✅ Дозвонился")
    said = await anna.text("думает до весны")
    assert "✓ Записал в историю" in said.text
    assert "думает до весны" in await history(anna)


async def test_a_name_typed_after_an_unanswered_call_is_no_word_of_the_client(shop: Shop, anna: Phone) -> None:
    """Who looks for the next client at once is told that a time is asked for; nothing is written down."""
    await call(anna, "❌ Не дозвонился")
    asked = await anna.text("Гусев")
    assert "Не вижу, когда." in asked.text
    await anna.tap("Отмена")
    assert "Гусев" not in await history(anna)


async def test_closed_a_call_about_a_lost_deal_is_written_down_and_asks_nothing(shop: Shop, anna: Phone) -> None:
    """There is no next step on a closed deal."""
    await begin(anna, *ORDER)
    await anna.tap("Этапы…")
    await anna.tap("Отказ")
    await anna.fill("[Дорого]", "передумали")
    card = await anna.open("0001")
    assert card.button("📞 Звонок"), card.labels
    await anna.tap("📞 Звонок", card)
    await anna.tap("✅ Дозвонился")
    assert anna.toast == "Записал: звонок клиенту: поговорили"
    assert "Что дальше" not in anna.screen.text
