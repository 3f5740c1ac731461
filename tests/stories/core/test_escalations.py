"""What a supervisor does with an escalation (C-6): each button acts, and nobody's phone swallows a message."""

from __future__ import annotations

from tests.stories.acts import begin, do
from tests.stories.driver import Phone, Shop

STUCK = "Договор не подписан уже три дня"
DEAL = "Кухня · Мария Иванова"


async def escalated(shop: Shop, anna: Phone) -> None:
    """A deal that has stood three days on its first stage."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await shop.later(days=3)


async def test_c_6_an_escalation_opens_the_deal_it_is_about(shop: Shop, anna: Phone, boss: Phone) -> None:
    """C-6 «Открыть»: the message names the deal and its responsible, and one tap shows the card."""
    await escalated(shop, anna)
    message = await boss.sees(STUCK)
    assert DEAL in message.text and "Анна Соколова" in message.text
    assert {"Открыть", "Передать", "Спросить менеджера", "Отложить"} <= set(message.labels)
    await anna.sees_no(STUCK)
    card = await boss.tap("Открыть", message)
    assert "Заключение договора" in card.text and card.button("Этапы…")


async def test_c_6_the_deal_is_handed_to_somebody_else_who_is_told(shop: Shop, anna: Phone, boss: Phone) -> None:
    """C-6 «Передать»: the new responsible hears of it and has the deal; the old one does not any more."""
    pavel = await shop.hire("Павел Егоров", "manager")
    await escalated(shop, anna)
    await boss.tap("Передать", STUCK)
    card = await boss.tap("Павел Егоров")
    assert boss.toast and "Павел Егоров" in boss.toast
    assert "Ответственный: Павел Егоров" in card.text
    told = await pavel.sees("Вам передали сделку")
    assert DEAL in told.text
    await pavel.tap("Открыть", told)
    await do(pavel, "✔ Предоплата")
    await pavel.sees("●●○○○○ Предоплата")
    await anna.start()
    assert (await anna.last()).button("Мои сделки · 0")


async def test_c_6_the_manager_is_asked_and_his_answer_comes_back(shop: Shop, anna: Phone, boss: Phone) -> None:
    """C-6 «Спросить менеджера»: one tap asks, the answer reaches who asked and stands in the history."""
    await escalated(shop, anna)
    await boss.tap("Спросить менеджера", STUCK)
    assert boss.toast and "Анна Соколова" in boss.toast
    asked = await anna.sees("Ирина Белова спрашивает")
    await anna.tap("Ответить", asked)
    await anna.text("Клиент в отпуске до пятницы {шутка} <b>")
    await anna.sees_only("Ответ отправлен")
    answer = await boss.sees("Анна Соколова отвечает: Клиент в отпуске до пятницы {шутка} <b>")
    await boss.tap("Открыть", answer)
    history = await boss.tap("История")
    assert "Клиент в отпуске до пятницы" in history.text


async def test_c_6_nobody_is_asked_about_his_own_deal(shop: Shop, boss: Phone) -> None:
    """C-6: a supervisor who leads the deal himself is told so, and sends no question to himself."""
    await begin(boss, "Новый заказ", "Кухня", "150 000")
    await shop.later(days=3)
    await boss.tap("Спросить менеджера", STUCK)
    assert boss.toast == "Ответственный — вы"
    await boss.sees_no("спрашивает")


async def test_c_6_an_escalation_put_off_comes_again_then_unless_the_deal_has_moved(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """C-6 «Отложить»: the same message comes again after that time, once; a deal that moved on is not mentioned."""
    await escalated(shop, anna)
    await boss.tap("Отложить", STUCK)
    await boss.tap("1 день")
    assert await boss.count(STUCK) == 0, "the message became the card, and nothing new came"
    await shop.later(hours=23, minutes=59)
    assert await boss.count(STUCK) == 0
    await shop.later(minutes=1)
    a_day_later = "Договор не подписан уже четыре дня"
    assert await boss.count(a_day_later) == 1
    await boss.tap("Отложить", a_day_later)
    await boss.tap("3 дня")
    await anna.open("2026-0001")
    await do(anna, "✔ Предоплата")
    await shop.later(days=2)
    assert await boss.count("Договор не подписан") == 0


async def test_c_6_a_person_who_blocked_the_bot_does_not_swallow_an_escalation(
    shop: Shop, anna: Phone, boss: Phone, owner: Phone
) -> None:
    """C-6, promise 5: it goes to the next one above, who reads why; once the person is back he gets his own again."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await shop.post(f"phones/{boss.key}/block", {})
    await shop.settle()
    await shop.later(days=3)
    message = await owner.sees(STUCK)
    assert "Ирина Белова" in message.text, "the owner reads for whom it was"
    assert message.button("Передать")
    assert await owner.count(STUCK) == 1
    await shop.post(f"phones/{boss.key}/unblock", {})
    await boss.start()
    await begin(anna, "Новый заказ", "Шкаф", "50 000", client=("Олег Петров", "8 912 345-67-90"))
    await shop.later(days=3)
    await boss.sees(STUCK)
    assert await owner.count(STUCK) == 1


async def test_every_message_can_say_why_it_came(shop: Shop, anna: Phone, boss: Phone) -> None:
    """«Почему мне это пришло?» names the direction, the stage and the rule."""
    await escalated(shop, anna)
    said = await boss.tap("Почему мне это пришло?", STUCK)
    assert "«Изготовление заказа»" in said.text and "«Заключение договора»" in said.text and "3 дня" in said.text
