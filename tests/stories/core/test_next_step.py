"""The next step that a person sets: on the card, by a phrase, by a reply; and what it puts off (day 2)."""

from __future__ import annotations

from tests.stories.acts import begin, do
from tests.stories.driver import Phone, Shop, plain

ORDER = ("Новый заказ", "Кухня", "150 000")


async def order(phone: Phone) -> None:
    """A deal of that person's on its first stage."""
    await begin(phone, *ORDER)


async def step(phone: Phone, phrase: str) -> str:
    """From the card: a tap and a phrase. What was answered."""
    await phone.tap("⏭ Дальше")
    return plain((await phone.text(phrase)).text)


async def test_day_2_a_call_on_friday_is_two_taps_and_a_phrase(shop: Shop, anna: Phone) -> None:
    """«Перезвонить в пятницу в 15:00»: it stands on the card, in her tasks, and comes at its time as its card."""
    await order(anna)
    said = await step(anna, "перезвонить про столешницу в пятницу в 15:00")
    assert "✓ Записал: пт, 27 ноября, 15:00" in said
    assert "⏭ перезвонить про столешницу — пт, 27 ноября, 15:00" in said
    await shop.until("2026-11-27T14:59")
    await anna.sees_no("📋 перезвонить про столешницу")
    await shop.later(minutes=1)
    told = await anna.sees("📋 перезвонить про столешницу")
    assert {"Готово", "⏰ +1 час", "⏰ Завтра", "⏰ Отложить", "Передать"} <= set(told.labels)
    await anna.tap("Готово", told)
    card = await anna.open("0001")
    assert "⏭ перезвонить" not in card.text


async def test_day_2_a_step_puts_off_the_reminder_to_its_person_and_nothing_to_those_above(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """The second day's reminder waits for the step; the supervisor's three days come at their time and carry it."""
    await order(anna)
    await step(anna, "перезвонить в четверг в 15:00")
    await shop.until("2026-11-25T12:00")
    await anna.sees_no("день на договоре")
    await shop.until("2026-11-26T10:00")
    said = plain((await boss.sees("Договор не подписан уже три дня")).text)
    assert "⏭ Анна Соколова: перезвонить — чт, 26 ноября, 15:00" in said
    await shop.until("2026-11-26T15:00")
    assert await anna.count("день на договоре") == 1


async def test_day_2_a_step_far_ahead_puts_a_reminder_off_for_three_working_days_and_no_longer(
    shop: Shop, anna: Phone
) -> None:
    await order(anna)
    await step(anna, "перезвонить 15 декабря в 15:00")
    await shop.until("2026-11-27T09:59")
    await anna.sees_no("день на договоре")
    await shop.later(minutes=1)
    await anna.sees("день на договоре")


async def test_forgotten_a_step_that_is_not_done_is_told_to_those_above(shop: Shop, anna: Phone, boss: Phone) -> None:
    """An ordinary task: a working day late, the supervisor hears of it by its words."""
    await order(anna)
    await step(anna, "отправить {эскиз} <b>завтра</b> в 11")
    await shop.until("2026-11-25T11:00")
    said = await boss.sees("Не сделано: отправить {эскиз}")
    assert "Исполнитель: Анна Соколова" in said.text


async def test_changed_a_step_is_moved_by_one_tap_and_the_third_time_is_told(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    await order(anna)
    await step(anna, "перезвонить через час")
    await shop.later(hours=1)
    told = await anna.sees("📋 перезвонить")
    for _ in range(3):
        told = await anna.tap("⏰ +1 час", told)
    assert "сегодня, 12:00" in plain(told.text)
    await boss.sees("в третий раз откладывает задачу «перезвонить»")
    await shop.until("2026-11-23T11:59")
    assert await anna.count("📋 перезвонить") == 1
    await shop.later(minutes=1)
    assert await anna.count("📋 перезвонить") == 2


async def test_twice_two_steps_of_one_deal_are_closed_each_for_itself(shop: Shop, anna: Phone) -> None:
    await order(anna)
    await step(anna, "первое завтра в 11")
    await step(anna, "второе завтра в 12")
    await anna.tap("Задачи 2")
    await anna.tap("первое")
    await anna.tap("Готово")
    card = await anna.open("0001")
    assert "⏭ второе" in card.text


async def test_twice_a_step_that_comes_again_comes_again_when_it_is_done(shop: Shop, anna: Phone) -> None:
    await order(anna)
    await step(anna, "сверить оплату каждый понедельник в 10")
    for day in ("30", "7"):
        await shop.until(f"2026-1{'1' if day == '30' else '2'}-{int(day):02}T10:00")
        told = await anna.sees("📋 сверить оплату")
        assert "🔁 каждую неделю" in told.text
        await anna.tap("Готово", told)
    card = await anna.open("0001")
    assert "сверить оплату — пн, 14 декабря, 10:00" in plain(card.text)


async def test_day_2_a_step_for_a_colleague_comes_to_him_and_says_from_whom(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    await order(anna)
    await anna.tap("⏭ Дальше")
    await anna.tap("👥 Коллеге…")
    await anna.tap("Ирина Белова")
    await anna.text("проверить договор завтра в 12")
    said = await boss.sees("📋 проверить договор")
    assert "Шаг поставил: Анна Соколова" in said.text
    card = await anna.open("0001")
    assert "проверить договор" in card.text


async def test_closed_a_step_at_night_says_when_it_will_be_told(shop: Shop, anna: Phone) -> None:
    await order(anna)
    said = await step(anna, "перезвонить сегодня в 23:30")
    assert "Записал: сегодня, 23:30. Напомню завтра, 9:00, раньше рабочих часов нет." in said
    await shop.until("2026-11-23T23:59")
    await anna.sees_no("📋 перезвонить")
    await shop.until("2026-11-24T09:00")
    await anna.sees("📋 перезвонить")


async def test_bad_input_no_time_asks_for_it_and_keeps_the_words_and_the_past_is_refused(
    shop: Shop, anna: Phone
) -> None:
    await order(anna)
    said = await step(anna, "перезвонить про ручки")
    assert "Когда? перезвонить про ручки" in said
    said = plain((await anna.text("ну потом как-нибудь")).text)
    assert "Не вижу, когда." in said
    said = plain((await anna.text("вчера в 10")).text)
    assert "Это время уже прошло" in said
    said = plain((await anna.text("завтра")).text)
    assert "⏭ перезвонить про ручки — вт, 24 ноября, 09:00" in said


async def test_day_2_a_step_typed_anywhere_finds_its_deal_by_a_declined_name(shop: Shop, anna: Phone) -> None:
    await order(anna)
    await begin(anna, *ORDER, client=("Зоя Фадеева", "8 912 345-67-99"))
    await anna.start()
    said = plain((await anna.text("напомни завтра в 15 позвонить Фадеевой")).text)
    assert "Зоя Фадеева" in said
    assert "⏭ позвонить Фадеевой — вт, 24 ноября, 15:00" in said


async def test_day_2_a_step_typed_without_a_name_asks_for_the_deal(shop: Shop, anna: Phone) -> None:
    await order(anna)
    await anna.start()
    said = await anna.text("напомни завтра в 15 узнать про ручки")
    assert "К какой сделке напоминание?" in said.text
    await anna.tap("Кухня · Мария Иванова", said)
    assert "⏭ узнать про ручки — вт, 24 ноября, 15:00" in plain(anna.screen.text)


async def test_day_4_a_reply_to_a_notice_belongs_to_its_deal(shop: Shop, anna: Phone) -> None:
    """«позвонила, перезвоню завтра»: a word on the deal, and the step that it names."""
    await order(anna)
    await shop.later(days=1)
    said = await anna.sees("день на договоре")
    answer = plain((await anna.reply(said, "клиент думает над ручками")).text)
    assert "Записал в историю" in answer
    answer = plain((await anna.reply(said, "позвонила, перезвоню завтра в 11")).text)
    assert "⏭ позвонила, перезвоню — ср, 25 ноября, 11:00" in answer
    await anna.tap("История")
    assert "клиент думает над ручками" in anna.screen.text


async def test_gone_a_step_ends_with_a_deal_that_is_deleted(shop: Shop, anna: Phone, owner: Phone) -> None:
    await order(anna)
    await step(anna, "перезвонить завтра в 11")
    await owner.start()
    await owner.open("0001")
    await do(owner, "[Заполнить]", "[🗑 Удалить сделку]", "[Да, удалить]")
    await shop.until("2026-11-24T11:00")
    await anna.sees_no("📋 перезвонить")


async def test_gone_a_step_goes_along_to_the_deal_that_a_lead_becomes(shop: Shop, anna: Phone) -> None:
    """What was promised on the lead is rung for on the deal."""
    await shop.lead(name="Мария Иванова", phone="+7 912 345-67-89", comment="Кухня")
    await anna.tap("Открыть")
    await do(anna, "[✋ Взять себе]", "[✔ В работе]")
    await step(anna, "перезвонить в пятницу в 15")
    await do(anna, "[Этапы…]", "[✔ Создать индивидуальный проект]", "[Контакт]", "[Сделку]", "[Готово]")
    assert "№ 2026-0002" in anna.screen.text and "⏭ перезвонить" in anna.screen.text
    await shop.until("2026-11-27T15:00")
    assert "№ 2026-0002" in (await anna.sees("📋 перезвонить")).text
