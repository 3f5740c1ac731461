"""What reminds can be answered where it stands: «⏭ Дальше» beside «Открыть» (day 2, day 4)."""

from __future__ import annotations

from tests.stories.acts import begin, do
from tests.stories.driver import Phone, Shop, plain

ORDER = ("Новый заказ", "Кухня", "150 000")
ZOYA = {"name": "Зоя Фадеева", "phone": "+79120000011", "comment": "шкаф"}
STEP = "⏭ Дальше"


async def test_day_2_a_reminder_is_answered_by_a_phrase(shop: Shop, anna: Phone) -> None:
    """Two taps less than by the card; the step stands on the deal and rings at its time."""
    await begin(anna, *ORDER)
    await shop.later(days=1)
    told = await anna.sees("день на договоре")
    assert told.labels[:2] == ["Открыть", STEP]
    await anna.tap(STEP, told)
    assert "Что и когда?" in anna.screen.text
    said = plain((await anna.text("перезвонить в пятницу в 15")).text)
    assert "⏭ перезвонить — пт, 27 ноября, 15:00" in said
    await shop.until("2026-11-27T15:00")
    await anna.sees("📋 перезвонить")


async def test_news_of_what_has_just_happened_asks_for_no_answer(shop: Shop, anna: Phone) -> None:
    """A deal that has just begun, a lead that has just come: there is a card for that."""
    await begin(anna, *ORDER)
    assert not (await anna.sees("Новая сделка")).button(STEP)
    await shop.lead(**ZOYA)
    assert not (await anna.sees("Новый лид: Зоя Фадеева")).button(STEP)


async def test_day_10_a_lead_of_yesterday_is_promised_a_call(shop: Shop, anna: Phone, boss: Phone) -> None:
    """The reminder beside «✋ Беру»; the supervisor's three days among what he may do."""
    await shop.lead(**ZOYA)
    await shop.later(days=1)
    told = await anna.sees("Лид не обработан уже")
    assert {"✋ Беру", "Открыть", STEP} <= set(told.labels)
    await anna.tap(STEP, told)
    assert "⏭ перезвонить — чт, 26 ноября, 15:00" in plain((await anna.text("перезвонить в четверг в 15")).text)
    await shop.until("2026-11-26T10:00")
    asked = await boss.sees("Лид долго не обрабатывают")
    assert asked.button(STEP), asked.labels
    await boss.tap(STEP, asked)
    await do(boss, "[👥 Коллеге…]", "[Анна Соколова]", "отправить каталог завтра в 12")
    await shop.until("2026-11-27T12:00")
    assert "Шаг поставил: Ирина Белова" in (await anna.sees("📋 отправить каталог")).text


async def test_back_a_reminder_that_was_not_answered_after_all(shop: Shop, anna: Phone) -> None:
    """«Отмена» leads to the deal, nothing is set."""
    await begin(anna, *ORDER)
    await shop.later(days=1)
    await anna.tap(STEP, await anna.sees("день на договоре"))
    await anna.tap("Отмена", anna.screen)
    card = await anna.open("0001")
    assert "⏭ перезвонить" not in card.text


async def test_closed_an_old_reminder_of_a_deal_that_is_over_sets_nothing(shop: Shop, anna: Phone) -> None:
    await begin(anna, *ORDER)
    await shop.later(days=1)
    told = await anna.sees("день на договоре")
    await anna.open("0001")
    await do(anna, "[Этапы…]", "[✖ Отказ]", "[Дорого]")
    await anna.tap_old(STEP, told)
    assert "Уже закрыто" in (anna.toast or "")
    assert "Что и когда?" not in anna.screen.text


async def test_gone_an_old_reminder_of_a_deal_that_was_deleted(shop: Shop, anna: Phone, owner: Phone) -> None:
    await begin(anna, *ORDER)
    await shop.later(days=1)
    told = await anna.sees("день на договоре")
    await owner.open("0001")
    await do(owner, "[Заполнить]", "[🗑 Удалить сделку]", "[Да, удалить]")
    await anna.tap_old(STEP, told)
    assert "Что и когда?" not in anna.screen.text


async def test_changed_the_deal_of_a_reminder_is_somebody_else_s(shop: Shop, anna: Phone, boss: Phone) -> None:
    """The step is no longer hers to set; she is told so, and nothing is asked."""
    await begin(anna, *ORDER)
    await shop.hire("Павел Ким", "manager")
    await shop.later(days=1)
    told = await anna.sees("день на договоре")
    await shop.until("2026-11-26T10:00")
    await boss.tap("Передать", await boss.sees("Договор не подписан"))
    await boss.tap("Павел Ким")
    await anna.tap_old(STEP, told)
    assert "Что и когда?" not in anna.screen.text
    assert anna.toast


async def test_a_digest_s_line_opens_the_reminder_with_the_same_button(shop: Shop, anna: Phone) -> None:
    """Four at once come as one message."""
    for n in range(4):
        await begin(anna, *ORDER, client=(f"Клиент {'АБВГ'[n]}", f"+7912000001{n}"))
    await shop.later(days=1)
    listed = await anna.sees("Для вас 4 сообщения")
    opened = await anna.tap(listed.labels[0], listed)
    assert opened.button(STEP), opened.labels


async def test_twice_two_steps_by_two_presses_are_two(shop: Shop, anna: Phone) -> None:
    """The reminder stays in the chat as the card; a second answer is a second step."""
    await begin(anna, *ORDER)
    await shop.later(days=1)
    told = await anna.sees("день на договоре")
    await anna.tap(STEP, told)
    await anna.text("первое завтра в 11")
    await anna.tap_old(STEP, told)
    await anna.text("второе завтра в 12")
    assert "Задачи 2" in (await anna.open("0001")).labels
