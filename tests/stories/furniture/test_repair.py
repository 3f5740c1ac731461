"""The direction «Ремонт» as it is played: analysis, the warranty's decision, the free repair and the paid one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.stories import acts
from tests.stories.acts import begin, comes, do
from tests.stories.driver import Phone, Shop, plain

DAY = timedelta(days=1)
FACADE = "Просел фасад · Мария Иванова"
ARRIVED = "🔔 Свяжитесь с клиентом и убедитесь, что мастер"  # … прибыл


async def stand_on_check(anna: Phone) -> None:
    await begin(anna, "Новый ремонт", "Просел фасад")
    await do(anna, "✔ Проверка условий гарантии")


async def stand_on_warranty(anna: Phone) -> None:
    await stand_on_check(anna)
    await do(anna, "✔ Гарантийный ремонт", "[Гарантийный]", "01.11.2027")


async def stand_on_prepayment(anna: Phone) -> None:
    await stand_on_check(anna)
    await do(anna, "✔ Предоплата", "[Платный]")


async def stand_on_paid(anna: Phone) -> None:
    await stand_on_prepayment(anna)
    await do(anna, "✔ Платный ремонт", "9 000", "3 000", "[Сегодня]", "[Перевод на счёт]")


async def test_f_r1_a_new_repair_is_told_of_at_once_then_reminded_of_then_escalated(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """F-R1 «Анализ неполадок»: notice of the new deal; 1 day: a reminder; 3 days: the supervisor."""
    await begin(anna, "Новый ремонт", "Просел фасад")
    assert (await anna.news())[-1] == f"🔔 Новая сделка: {FACADE}. Осмотрите мебель и выясните, что сломалось"
    await anna.sees("●○○○○ Анализ неполадок")
    await comes(shop, DAY, {anna: [f"🔔 Осмотр не закончен второй день: {FACADE}"]})
    await comes(shop, 2 * DAY, {boss: [f"🔴 Осмотр идёт уже три дня: {FACADE}"]})


async def test_f_r2_the_warranty_check_advises_reminds_and_wants_a_decision(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """F-R2 «Проверка условий гарантии»: advice; 1 day: a reminder; nobody passes by without the decision."""
    await begin(anna, "Новый ремонт", "Просел фасад")
    await acts.listen(shop)
    await do(anna, "✔ Проверка условий гарантии")
    assert await anna.news() == [f"🔔 Совет: сверьте дату покупки и условия гарантии в договоре. {FACADE}"]
    await comes(shop, DAY, {anna: [f"🔔 Решите, гарантийный это случай или платный: {FACADE}"]})
    for way in ("✔ Гарантийный ремонт", "✔ Предоплата"):
        await do(anna, way)
        assert {"Гарантийный", "Платный"} <= set(anna.screen.labels), f"{way}: the decision is asked for"
        await do(anna, "[Отмена]", "2026-0001")
        await anna.sees("●●○○○ Проверка условий гарантии")


async def test_f_r3_a_warranty_repair_follows_the_appointed_visit(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-R3 «Гарантийный ремонт»: hints; at the appointed time: call the client, make sure that the master has come."""
    await stand_on_check(anna)
    await acts.listen(shop)
    await do(anna, "✔ Гарантийный ремонт", "[Гарантийный]", "01.11.2027")
    assert f"🔔 Назначьте визит мастера и подготовьте детали для ремонта: {FACADE}" in await anna.news()
    card = await anna.sees("●●●○○ Гарантийный ремонт")
    assert "Согласуйте визит мастера" in card.text
    await anna.tap("Дата и время визита мастера", card)
    await do(anna, "25.11.2026 14:30")
    asked = {anna: [ARRIVED]}
    await comes(shop, timedelta(days=2, hours=4, minutes=30), asked)
    await do(anna, "✔ Заказ успешен")
    await comes(shop, 9 * DAY, {})


async def test_f_r3_the_question_moves_with_the_visit(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-R3: another appointment, another hour; the first one is not rung for."""
    await stand_on_warranty(anna)
    card = await anna.sees("●●●○○ Гарантийный ремонт")
    await anna.tap("Дата и время визита мастера", card)
    await do(anna, "24.11.2026 12:00")
    card = await anna.sees("📅 Дата и время визита мастера: вт, 24 ноября, 12:00")
    await anna.tap("Заполнить", card)
    await do(anna, "[Проект]", "[Дата и время визита мастера]", "24.11.2026 16:00")
    asked = {anna: [ARRIVED]}
    await comes(shop, timedelta(days=1, hours=6), asked)


async def test_f_r3_only_a_warranty_case_is_repaired_for_nothing(shop: Shop, anna: Phone) -> None:
    """F-R3: a paid case is refused with the reason, and one tap leads to what would change it."""
    await stand_on_check(anna)
    await do(anna, "✔ Гарантийный ремонт", "[Платный]")
    assert "Пока нельзя перевести на стадию «Гарантийный ремонт»" in anna.screen.text
    assert "Случай не гарантийный — переходите к предоплате" in anna.screen.text
    await do(anna, "[Изменить: Гарантийный случай]", "[Гарантийный]", "01.11.2027")
    await anna.sees("●●●○○ Гарантийный ремонт")


@pytest.mark.parametrize(("until", "through"), [("22.11.2026", False), ("23.11.2026", True)])
async def test_f_r3_a_warranty_that_has_run_out_is_none(shop: Shop, anna: Phone, until: str, through: bool) -> None:
    """F-R3: the last day of the warranty still counts, the day after it does not."""
    await stand_on_check(anna)
    await do(anna, "✔ Гарантийный ремонт", "[Гарантийный]", until)
    if through:
        await anna.sees("●●●○○ Гарантийный ремонт")
        return
    refused = await anna.sees("Пока нельзя перевести на стадию «Гарантийный ремонт»")
    assert "Срок гарантии истёк: оформите платный ремонт" in refused.text
    await anna.tap("Изменить: Гарантия действует до", refused)
    await do(anna, "01.12.2026")
    await anna.sees("●●●○○ Гарантийный ремонт")


async def test_f_r4_prepayment_is_for_paid_repairs_and_hints_what_is_next(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-R4 «Предоплата»: paid repair only; hints on the next steps; the price and the sum before the master goes."""
    await stand_on_check(anna)
    await do(anna, "✔ Предоплата", "[Гарантийный]")
    assert "Случай гарантийный — клиент не платит" in anna.screen.text
    await acts.listen(shop)
    await do(anna, "[Изменить: Гарантийный случай]", "[Платный]")
    card = await anna.sees("●●●●○ Предоплата")
    assert "Назовите клиенту цену ремонта и дождитесь предоплаты" in card.text
    hint = f"🔔 Назовите цену ремонта, выставьте счёт и дождитесь предоплаты: {FACADE}"
    assert hint in await anna.news()
    await comes(shop, DAY, {anna: [f"🔔 Предоплата за ремонт не внесена: {FACADE}"]})
    await do(anna, "✔ Платный ремонт")
    assert "Чтобы перейти на стадию «Платный ремонт», заполните:" in anna.screen.text
    await do(anna, "9 000", "3 000", "[Сегодня]", "[Перевод на счёт]")
    card = await anna.sees("●●●●● Платный ремонт")
    assert "💰 9 000 ₽ · оплачено 3 000 ₽ · остаток 6 000 ₽" in plain(card.text)


async def test_f_r5_a_paid_repair_agrees_the_visit_and_follows_it(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-R5 «Платный ремонт»: agree date and time of the master's visit; at that time: has the master come?"""
    await stand_on_prepayment(anna)
    await acts.listen(shop)
    await do(anna, "✔ Платный ремонт", "9 000", "3 000", "[Сегодня]", "[Перевод на счёт]")
    assert f"🔔 Согласуйте с клиентом дату и время визита мастера: {FACADE}" in await anna.news()
    await comes(shop, DAY, {anna: [f"🔔 Визит мастера ещё не согласован: {FACADE}"]})
    await anna.tap("Дата и время визита мастера", await anna.sees("●●●●● Платный ремонт"))
    await do(anna, "25.11.2026 17:00")
    asked = {anna: [ARRIVED]}
    await comes(shop, timedelta(days=1, hours=7), asked)
    await do(anna, "✔ Заказ успешен", "[Весь остаток — 6 000 ₽]", "[Сегодня]", "[Перевод на счёт]")
    assert "✅ Заказ успешен" in plain(anna.screen.text)


async def test_f_r5_an_agreed_visit_is_not_asked_for_again(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-R5: with the visit agreed on the first day nothing rings before the visit itself."""
    await stand_on_paid(anna)
    await anna.tap("Дата и время визита мастера", await anna.sees("●●●●● Платный ремонт"))
    await do(anna, "25.11.2026 10:00")
    await comes(shop, 2 * DAY, {anna: [ARRIVED]})
