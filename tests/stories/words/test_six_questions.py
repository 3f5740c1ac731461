"""Calls, words, leads and steps beside the straight road: a deal comes back, it is night, somebody is gone."""

from __future__ import annotations

from tests.stories.acts import begin, do
from tests.stories.driver import Phone, Shop, plain

ORDER = ("Новый заказ", "Кухня", "150 000")
NUMBER = "2026-0001"
ZOYA = {"name": "Зоя Фадеева", "phone": "+79120000011", "comment": "шкаф в прихожую"}


async def refused_and_back(anna: Phone) -> None:
    """The client says no, and a day later yes: the deal stands where it stood."""
    await anna.open(NUMBER)
    await do(anna, "[Этапы…]", "[✖ Отказ]", "[Дорого]")
    await anna.open(NUMBER)
    await do(anna, "[Этапы…]", "[↩︎ Заключение договора]")


async def test_back_a_call_and_a_word_are_noted_on_a_deal_that_came_back(shop: Shop, anna: Phone) -> None:
    await begin(anna, *ORDER)
    await refused_and_back(anna)
    await anna.open(NUMBER)
    await do(anna, "[📞 Звонок]", "[✅ Дозвонился]", "всё-таки берёт")
    card = plain((await anna.open(NUMBER)).text)
    assert "всё-таки берёт" in card and "Заключение договора" in card
    await do(anna, "[💬 Слово]", "ручки чёрные")
    assert "ручки чёрные" in plain((await anna.open(NUMBER)).text)


async def test_back_a_step_ends_with_its_deal_and_another_is_set_when_it_returns(shop: Shop, anna: Phone) -> None:
    """What was promised before the refusal is not rung for; the card says what is next all the same."""
    await begin(anna, *ORDER)
    await anna.open(NUMBER)
    await do(anna, "[⏭ Дальше]", "перезвонить в пятницу в 15")
    await refused_and_back(anna)
    assert "⏭ " in plain((await anna.open(NUMBER)).text)
    await do(anna, "[⏭ Дальше]", "уточнить цвет в четверг в 11")
    await shop.until("2026-11-26T11:00")
    await anna.sees("уточнить цвет")


async def test_closed_a_lead_of_the_night_is_told_in_the_morning_and_taken_from_its_message(
    shop: Shop, anna: Phone
) -> None:
    await shop.until("2026-11-23T23:30")
    status, _ = await shop.lead(**ZOYA)
    assert status == 201
    await anna.sees_no("Новый лид: Зоя Фадеева")
    await shop.until("2026-11-24T09:00")
    await anna.tap("✋ Беру", await anna.sees_only("Новый лид: Зоя Фадеева"))
    assert anna.toast == "Теперь это ваш лид"


async def test_gone_words_for_a_deal_that_is_deleted_meanwhile_are_not_lost(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Her client's message is being put into his deal when the supervisor deletes it: she is told, and it is there."""
    await begin(anna, *ORDER)
    maria = await shop.stranger("Мария")
    await maria.text("Это Мария, 8 912 345-67-89. Ручки чёрные, пожалуйста")
    asked = await anna.pass_on(await maria.said(), maria)
    await boss.open(NUMBER)
    await do(boss, "[Заполнить]", "[🗑 Удалить", "[Да, удалить]")
    await anna.tap("Кухня", asked)
    assert anna.toast == "Этой сделки больше нет."
    await anna.tap("➕ Новый лид с этим", await anna.as_it_is(asked))
    await anna.text("Мария")
    assert "Ручки чёрные" in await anna.dump()


async def test_gone_a_step_of_a_dismissed_colleague_comes_to_who_leads_the_deal_or_those_above(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Nobody is silent because he has left: the step is late, and those above hear of it."""
    pavel = await shop.hire("Павел Ким", "manager")
    await begin(pavel, *ORDER)
    await pavel.open(NUMBER)
    await do(pavel, "[⏭ Дальше]", "перезвонить в среду в 15")
    await boss.start()
    await do(boss, "[👥 Команда]", "[Павел Ким]", "[Уволить", "[Да, уволить]")
    await shop.until("2026-11-26T18:00")
    assert "перезвонить" in plain(await boss.dump())
