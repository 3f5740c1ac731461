"""One undo (issue 12, 4): for five minutes every move and every change by form is taken back by a tap on the card."""

from __future__ import annotations

import pytest

from tests.stories.acts import begin, do
from tests.stories.driver import Phone, Seen, Shop, plain

NUMBER = "2026-0001"
ORDER = ("Новый заказ", "Кухня", "150 000")
FIRST, SECOND, THIRD = "Заключение договора", "Предоплата", "Изготовление мебели"


@pytest.fixture
async def pavel(shop: Shop) -> Phone:
    """A second manager."""
    return await shop.hire("Павел Ким", "manager")


def standing(seen: Seen) -> str:
    """How the deal stands; what has happened meanwhile is no part of it."""
    return plain("\n".join(one for one in seen.text.splitlines() if not one.startswith("🕘")))


async def card(phone: Phone) -> str:
    return standing(await phone.open(NUMBER))


async def history(phone: Phone) -> str:
    await phone.open(NUMBER)
    return plain((await phone.tap("История")).text)


async def moved(anna: Phone) -> tuple[str, Seen]:
    """Her order, led on to its second stage: the card before, and the card now."""
    await begin(anna, *ORDER)
    before = await card(anna)
    await do(anna, f"✔ {SECOND}")
    return before, anna.screen


async def test_a_move_is_put_back_by_one_tap_and_stands_in_the_history(shop: Shop, anna: Phone) -> None:
    before, now = await moved(anna)
    assert SECOND in now.text and now.button("↩︎ Вернуть: «Заключение догово…»")
    await anna.tap("↩︎ Вернуть")
    assert anna.toast == f"Отменено. Сделка снова на стадии «{FIRST}»"
    assert standing(anna.screen) == before and not anna.screen.button("↩︎")
    told = await history(anna)
    assert f"«{FIRST}» → «{SECOND}» — отменено" in told
    assert f"↩︎ вернули как было: «{SECOND}» → «{FIRST}»" in told


async def test_what_was_planned_rings_as_if_nothing_had_been(shop: Shop, anna: Phone) -> None:
    """The reminder of the stage that the deal stands on again comes at its hour, the other stage's never."""
    await begin(anna, *ORDER)
    await shop.later(hours=1)
    await do(anna, f"✔ {SECOND}", "[↩︎ Вернуть]")
    await anna.news()
    await shop.until("2026-11-24T09:59")
    assert await anna.news() == []
    await shop.until("2026-11-24T10:00")
    [said] = await anna.news()
    assert FIRST in said or "договор" in said.lower()
    await shop.until("2026-11-24T12:00")
    assert await anna.news() == []


async def test_step_by_step_as_far_as_the_five_minutes_go(shop: Shop, anna: Phone) -> None:
    """Twice: each press is taken back by itself, the latest first."""
    before, _ = await moved(anna)
    await shop.later(minutes=2)
    await do(anna, "[Этапы…]", f"[↩︎ {FIRST}]")
    await anna.tap("↩︎ Вернуть: «Предоплата»")
    assert SECOND in await card(anna)
    await anna.tap("↩︎ Вернуть: «Заключение")
    assert before.split(" 💰")[0] in await card(anna)
    assert not anna.screen.button("↩︎ ")


async def test_after_five_minutes_it_is_said_that_it_is_over(shop: Shop, anna: Phone) -> None:
    _, now = await moved(anna)
    await shop.later(minutes=5)
    await anna.tap_old("↩︎ Вернуть", now)
    assert anna.toast == "Вернуть как было уже нельзя."
    assert SECOND in await card(anna) and not (await anna.open(NUMBER)).button("↩︎ ")


async def test_pressed_twice_it_is_done_once(shop: Shop, anna: Phone) -> None:
    before, now = await moved(anna)
    await anna.tap_old("↩︎ Вернуть", now)
    await anna.tap_old("↩︎ Вернуть", now)
    assert anna.toast == "Это уже сделано."
    assert await card(anna) == before
    assert (await history(anna)).count("↩︎ вернули как было") == 1


async def test_who_has_gone_on_from_there_stands_in_the_way_and_is_named(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Changed: nothing is put back by halves, and nothing that a colleague did meanwhile is lost."""
    _, now = await moved(anna)
    await boss.open(NUMBER)
    await do(boss, "[Этапы…]", f"[↩︎ {FIRST}]")
    await anna.tap_old("↩︎ Вернуть", now)
    assert anna.toast == f"Вернуть нельзя: с тех пор сделку изменили ({boss.name}, 10:00)."
    assert FIRST in plain(anna.screen.text), "the card is shown as it is"
    assert not (await anna.open(NUMBER)).button("↩︎ "), "what somebody else did is not hers to take back"


async def test_words_a_call_and_a_next_step_do_not(shop: Shop, anna: Phone) -> None:
    _, now = await moved(anna)
    await do(anna, "[💬 Слово]", "хочет чёрные ручки")
    await anna.open(NUMBER)
    await do(anna, "[⏭ Дальше]", "перезвонить в пятницу в 15")
    await anna.tap_old("↩︎ Вернуть", now)
    said = await card(anna)
    assert FIRST in said and "хочет чёрные ручки" in said and "⏭ перезвонить — пт, 27 ноября, 15:00" in said
    await shop.until("2026-11-27T15:00")
    await anna.sees("перезвонить")


async def test_a_change_by_form_is_put_back(shop: Shop, anna: Phone) -> None:
    await begin(anna, *ORDER)
    before = await card(anna)
    await do(anna, "[Заполнить]", "[✏️ О сделке]", "[Бюджет", "180 000")
    assert "180 000" in await card(anna)
    await anna.tap("↩︎ Отменить")
    assert anna.toast == "Отменено: Бюджет"
    assert await card(anna) == before
    told = await history(anna)
    assert "Бюджет: 150 000 ₽ → 180 000 ₽ — отменено" in told and "↩︎ вернули как было: Бюджет" in told


async def test_a_refusal_by_mistake_is_put_back(shop: Shop, anna: Phone) -> None:
    """Back: the deal is open again, with what was planned for it, and its number on the menu is what it was."""
    await begin(anna, *ORDER)
    before = await card(anna)
    menu = plain((await anna.start()).text)
    await anna.open(NUMBER)
    await do(anna, "[Этапы…]", "[✖ Отказ]", "[Дорого]")
    assert "✖️ Отказ" in plain(anna.screen.text)
    await anna.tap("↩︎ Вернуть", anna.screen)
    assert await card(anna) == before
    assert plain((await anna.start()).text) == menu
    await shop.until("2026-11-24T10:00")
    assert await anna.find("Сделка стоит") or await anna.find("1 день") or (await anna.news())


async def test_a_handover_is_put_back_and_the_colleague_hears_whose_it_is(
    shop: Shop, anna: Phone, boss: Phone, pavel: Phone
) -> None:
    await begin(anna, *ORDER)
    await boss.open(NUMBER)
    await do(boss, "[Передать]", "[Павел Ким]")
    got = await pavel.sees("Вам передали")
    await pavel.news()
    await boss.open(NUMBER)
    await boss.tap("↩︎ Отменить")
    assert anna.name in await card(boss)
    there = await pavel.as_it_is(got)
    assert f"Отменено: {boss.name}, 10:00" in plain(there.text) and "Ответственный: Анна Соколова" in plain(there.text)
    assert await pavel.news() == [f"↩︎ Отменено: {boss.name}, 10:00"], "he could have begun with it"


async def test_those_above_put_back_what_a_manager_did_and_a_colleague_may_not(
    shop: Shop, anna: Phone, boss: Phone, pavel: Phone
) -> None:
    before, now = await moved(anna)
    seen = await boss.open(NUMBER)
    assert seen.button("↩︎ Отменить: Анна Соколова")
    button = now.button("↩︎ Вернуть")
    assert button is not None
    await pavel.press((await pavel.last()).id, button["data"], forged=True)
    assert pavel.toast == "У вас нет доступа к этому." and SECOND in await card(anna)
    await boss.tap("↩︎ Отменить", seen)
    assert await card(anna) == before


async def test_what_has_a_verb_of_its_own_is_not_put_back(shop: Shop, anna: Phone) -> None:
    """A payment is taken back in the ledger, a conversion not at all: half of it would stay."""
    await begin(anna, *ORDER)
    await do(anna, f"✔ {SECOND}", f"✔ {THIRD}", "75 000", "[Сегодня]", "[Перевод на счёт]")
    seen = await anna.open(NUMBER)
    assert THIRD in seen.text
    assert not seen.button("↩︎ "), "the press before it would be refused: it is not offered"


async def test_a_deal_that_is_gone_is_not_put_back(shop: Shop, anna: Phone, boss: Phone) -> None:
    _, now = await moved(anna)
    await boss.open(NUMBER)
    await do(boss, "[Заполнить]")
    await do(boss, "[🗑 Удалить", "[Да, удалить]")
    await anna.tap_old("↩︎ Вернуть", now)
    assert anna.toast == "Этой сделки больше нет."


async def test_the_answer_to_a_question_that_was_put_back_is_not_fed_to_it(shop: Shop, anna: Phone) -> None:
    """She is asked for a sum, takes the move before it back, and types: she is asked what it is meant for."""
    _, now = await moved(anna)
    await do(anna, f"✔ {THIRD}")
    await anna.tap_old("↩︎ Вернуть", now)
    said = await anna.text("75 000")
    assert "Это ответ" in plain(said.text)
    assert FIRST in await card(anna)


async def test_whose_press_it_was_hears_that_those_above_put_it_back(shop: Shop, anna: Phone, boss: Phone) -> None:
    await moved(anna)
    await anna.news()
    await boss.open(NUMBER)
    await boss.tap("↩︎ Отменить: Анна Соколова")
    assert f"↩︎ Отменено: {boss.name}, 10:00" in await anna.news()
    assert FIRST in plain((await anna.last()).text)


async def test_whoever_looks_at_something_else_in_the_place_of_his_message_keeps_it_and_hears_by_another_one(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Her news has become the card, and the card a question that she is about to answer."""
    await begin(anna, *ORDER)
    await boss.open(NUMBER)
    await do(boss, f"✔ {SECOND}")
    told = await anna.sees("Дождитесь предоплаты")
    await anna.tap("Открыть", told)
    await anna.tap("⏭ Дальше", anna.screen)
    n = len(await anna.from_bot())
    await boss.tap("↩︎ Вернуть", boss.screen)
    assert "Что и когда?" in (await anna.as_it_is(told)).text
    news = (await anna.from_bot())[n:]
    assert len(news) == 1 and "Ирина Белова" in news[0].text, await anna.dump()
