"""«150» for a kitchen is asked: 150 ₽ or 150 000 ₽? In every form, by one mechanism with doubtful dates (truth 38)."""

from __future__ import annotations

from sqlalchemy import select

from models.tables.deals import DealRow
from tests.stories.acts import begin, do, fields
from tests.stories.driver import Phone, Shop, plain

ASKED = "150 ₽ или 150 000 ₽?"


async def ordered(anna: Phone) -> None:
    """A new order whose budget is just asked."""
    await begin(anna, "Новый заказ", "Кухня")


async def test_truth_38_a_bare_150_is_asked_with_a_button_for_each_and_the_thousands_are_kept(
    shop: Shop, anna: Phone
) -> None:
    """Also door B11."""
    await ordered(anna)
    await do(anna, "150")
    assert ASKED in plain(anna.screen.text)
    assert [plain(one) for one in anna.screen.labels[:2]] == ["150 ₽", "150 000 ₽"]
    assert await shop.rows(select(DealRow.id)) == [], "nothing is kept before the answer"
    await do(anna, "[150 000 ₽]")
    assert (await fields(shop))["budget"] == 15_000_000


async def test_truth_38_who_means_150_roubles_says_so_by_the_button_or_in_words(shop: Shop, anna: Phone) -> None:
    await ordered(anna)
    await do(anna, "150", "[150 ₽]")
    assert (await fields(shop))["budget"] == 15_000
    await do(anna, "[Заполнить]", "[О сделке]", "[Бюджет]", "150 руб")
    assert "150 ₽ или" not in plain(anna.screen.text) and (await fields(shop))["budget"] == 15_000


async def test_truth_38_a_sum_typed_anew_takes_the_place_of_the_doubt(shop: Shop, anna: Phone) -> None:
    """Changed? A second try that cannot be read takes the first one away as well."""
    await ordered(anna)
    await do(anna, "150", "сто пятьдесят")
    assert "цифрами" in anna.screen.text and anna.screen.button("150 ₽") is None
    await do(anna, "150", "180 000")
    assert (await fields(shop))["budget"] == 18_000_000


async def test_truth_38_back_out_of_the_doubt_leads_to_the_question_and_old_buttons_of_it_are_dead(
    shop: Shop, anna: Phone
) -> None:
    """Back? Twice?"""
    await ordered(anna)
    await do(anna, "150")
    old = anna.screen
    await do(anna, "[‹ Назад]")
    assert "Бюджет" in anna.screen.text and ASKED not in plain(anna.screen.text)
    await do(anna, "75")
    assert "75 ₽ или 75 000 ₽?" in plain(anna.screen.text)
    button = old.button("150 000 ₽")
    assert button is not None
    await anna.press(old.id, button["data"], forged=True)
    assert "уже закрыт" in (anna.toast or "") and await shop.rows(select(DealRow.id)) == []


async def test_truth_38_a_sum_a_thousand_times_too_large_is_asked_too(shop: Shop, anna: Phone) -> None:
    await ordered(anna)
    await do(anna, "150 000 000")
    assert "150 000 000 ₽ или 150 000 ₽?" in plain(anna.screen.text)
    await do(anna, "[150 000 ₽]")
    assert (await fields(shop))["budget"] == 15_000_000


async def test_truth_38_what_is_usual_is_learnt_from_the_shop_s_own_deals(shop: Shop, anna: Phone) -> None:
    """A repair shop whose orders are of hundreds is asked three times, and then no more."""
    for n in range(3):
        await begin(anna, "Новый заказ", "Полка", "900", "[900 ₽]", client=(f"Клиент {n}", f"8 912 345-67-0{n}"))
    await ordered(anna)
    await do(anna, "150")
    assert len(await shop.rows(select(DealRow.id))) == 4, "of hundreds, 150 is nothing strange"
    await begin(anna, "Новый заказ", "Кухня", "150 000", client=("Пётр", "8 912 345-67-90"))
    assert "150 000 ₽ или 150 ₽?" in plain(anna.screen.text)


async def test_truth_38_the_question_survives_a_night(shop: Shop, anna: Phone) -> None:
    """Forgotten? The doubt waits where it stood."""
    await ordered(anna)
    await do(anna, "150")
    await shop.later(days=3)
    await do(anna, "[150 000 ₽]")
    assert (await fields(shop))["budget"] == 15_000_000


async def test_a_date_in_words_and_a_doubtful_sum_are_asked_the_same_way(shop: Shop, anna: Phone) -> None:
    """door B3: a correction that is refused takes the old guess away."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "[Заполнить]", "[Проект]", "[Дата и время доставки]", "завтра в 10")
    assert "Понял так: вт, 24 ноября, 10:00" in plain(anna.screen.text)
    await do(anna, "вчерась в полдень")
    assert anna.screen.button("Верно") is None
    await do(anna, "завтра в 12", "[Верно]")
    assert str((await fields(shop))["delivery_at"]).startswith("2026-11-24T09:00")
