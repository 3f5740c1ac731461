"""The direction «Дизайн» as it is played: every stage with its robots, and the way on into «Изготовление заказа»."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from models.tables.deals import DealRow
from tests.stories import acts
from tests.stories.acts import begin, comes, do
from tests.stories.driver import Phone, Shop, plain

DAY = timedelta(days=1)
ROOM = "Гостиная · Мария Иванова"
PROJECT = ("гостиная.pdf", b"%PDF-1.4 a living room")


async def stand_on_contract(anna: Phone) -> None:
    await begin(anna, "Новый дизайн-проект", "Гостиная")
    await do(anna, "✔ Заключение договора")


async def stand_on_design(anna: Phone) -> None:
    await stand_on_contract(anna)
    await do(anna, "✔ Предоплата", "40 000", "✔ Дизайн", "20 000", "[Сегодня]", "[Перевод на счёт]")


async def stand_on_approval(anna: Phone) -> None:
    await stand_on_design(anna)
    await do(anna, "✔ Утверждение")
    await anna.send_files(PROJECT, kind="document")
    await do(anna, "[Готово]")


async def test_f_d1_a_new_design_deal_is_told_of_at_once_then_reminded_of_then_escalated(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """F-D1 «Консультация и замеры»: notice of the new deal; 1 day: a reminder; 3 days: the supervisor."""
    await acts.listen(shop)
    await begin(anna, "Новый дизайн-проект", "Гостиная")
    assert "Консультация и замеры" in (await anna.sees("1-й день")).text
    assert (await anna.news())[-1] == f"🔔 Новая сделка: {ROOM}. Проконсультируйте клиента и назначьте замер"
    assert await boss.news() == []
    await comes(shop, DAY, {anna: [f"🔔 Сделка второй день на консультации: {ROOM}"]})
    await comes(shop, 2 * DAY, {boss: [f"🔴 Консультация идёт уже три дня: {ROOM}"]})


async def test_f_d1_measuring_is_arranged_from_the_card_itself(shop: Shop, anna: Phone) -> None:
    """F-D1: the stage's own fields stand on the card, one tap away; the client is confirmed the day before."""
    await begin(anna, "Новый дизайн-проект", "Гостиная")
    await do(anna, "[Дата и время замера]", "27.11.2026 14:00")
    card = await anna.sees("📅 Дата и время замера: пт, 27 ноября, 14:00")
    assert card.button("Дата и время замера") is None, "what is filled in is not asked for any more"
    assert card.button("Замеры") is not None


async def test_f_d2_a_contract_brings_advice_then_a_reminder_then_the_supervisor(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """F-D2 «Заключение договора»: advice; 1 day: a reminder; 3 days: the supervisor. The consultation is silent now."""
    await begin(anna, "Новый дизайн-проект", "Гостиная")
    await shop.later(hours=5)
    await acts.listen(shop)
    await do(anna, "✔ Заключение договора")
    assert anna.toast == "Готово: «Заключение договора»"
    assert await anna.news() == [f"🔔 Совет: пройдите с клиентом договор по пунктам, прежде чем его подписать. {ROOM}"]
    await comes(shop, DAY, {anna: [f"🔔 Договор согласуется второй день: {ROOM}"]})
    await comes(shop, 2 * DAY, {boss: [f"🔴 Договор не подписан уже три дня: {ROOM}"]})


async def test_f_d3_a_prepayment_is_waited_for_with_the_papers_at_the_client(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """F-D3 «Предоплата»: the papers go to the client; 1 day: the deal has not moved. Without the sum no way on."""
    await stand_on_contract(anna)
    await do(anna, "✔ Предоплата")
    assert "Чтобы перейти на стадию «Предоплата», заполните:" in anna.screen.text
    assert "Стоимость дизайна" in anna.screen.text
    await do(anna, "40 000")
    await anna.sees_only(f"Передайте клиенту документы и счёт на предоплату: {ROOM}")
    await comes(shop, DAY, {anna: [f"🔔 Сделка не меняет стадию второй день, ждём предоплату: {ROOM}"]})
    await do(anna, "✔ Дизайн")  # a reminder has come meanwhile: the card's buttons are as good as before
    assert "Предоплата за дизайн" in anna.screen.text
    asked = await do(anna, "50 000")
    assert "Больше остатка: осталось 40 000 ₽." in plain(asked.text)
    await do(anna, "20 000", "[Сегодня]", "[Перевод на счёт]")
    await anna.sees_only("Не забудьте согласовать проект с клиентом")


async def test_f_d4_a_design_in_work_reminds_to_agree_it_with_the_client(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-D4 «Дизайн»: reminds to agree the project with the client, at once and again while it stands."""
    await stand_on_design(anna)
    assert (await anna.news())[-1] == f"🔔 Не забудьте согласовать проект с клиентом: {ROOM}"
    await comes(shop, 3 * DAY, {anna: [f"🔔 Проект в работе уже три дня. Согласуйте его с клиентом: {ROOM}"]})


async def test_f_d5_approval_wants_the_project_and_says_how_to_finish(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-D5 «Утверждение»: advice on the full set of papers, a hint how to finish, and just these ways are offered."""
    await stand_on_design(anna)
    await do(anna, "✔ Утверждение")
    assert "Пришлите файлы или фото" in anna.screen.text, "without the project there is nothing to approve"
    await anna.send_files(PROJECT, kind="document")
    await do(anna, "[Готово]")
    told = await anna.sees_only("Подготовьте клиенту полный пакет документов")
    assert "Дальше — «На монтаж», если мебель делаем мы, или «Заказ успешен», если нужен был только дизайн" in told.text
    card = await anna.sees("●●●●●○ Утверждение")
    assert "Завершить сделку можно так: «На монтаж», «Заказ успешен» или «Отказ»" in card.text
    await anna.tap("Этапы…", card)
    offered = [label for label in anna.screen.labels if label[0] in "✔✖"]
    assert offered == ["✔ На монтаж", "✔ Заказ успешен", "✖ Отказ"]


async def test_f_d5_a_design_without_furniture_ends_with_success(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-D5: who wanted the design alone is finished here, and nothing reminds of him any more."""
    await stand_on_approval(anna)
    await do(anna, "✔ Заказ успешен", "[Весь остаток — 20 000 ₽]", "[Сегодня]", "[СБП]")
    assert "✅ Заказ успешен" in plain(anna.screen.text)
    await comes(shop, 9 * DAY, {})


async def test_f_d6_to_assembly_carries_the_same_deal_into_production(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-D6 «На монтаж»: the deal goes on in «Изготовление заказа»: one client story, its number, files, history."""
    await stand_on_approval(anna)
    await shop.later(hours=3)
    await acts.listen(shop)
    card = await do(anna, "✔ На монтаж")
    assert anna.toast == "Сделка перешла в «Изготовление заказа»: «Заключение договора»"
    assert "№ 2026-0001 · Изготовление заказа ●○○○○○ Заключение договора · 1-й день" in plain(card.text)
    assert await anna.news() == [f"🔔 Новая сделка: {ROOM}. Обсудите детали и подготовьте договор"]

    rows = await shop.rows(select(DealRow.number, DealRow.pipeline, DealRow.stage, DealRow.status))
    assert [tuple(row) for row in rows] == [("2026-0001", "order", "contract", "open")], "one deal, not two strangers"

    await do(anna, "[История]")
    told = plain(anna.screen.text)
    assert "«На монтаж» → «Изготовление заказа»: «Заключение договора» (робот)" in told
    assert "«Утверждение» → «На монтаж»" in told
    assert "карточка создана, стадия «Консультация и замеры»" in told
    await do(anna, "[‹ Назад]", "[Файлы 1]")
    assert "гостиная.pdf" in anna.screen.text

    await do(anna, "[‹ Назад]")
    await comes(shop, DAY, {anna: [f"🔔 Сделка второй день на договоре: {ROOM}"]})
    await comes(shop, 2 * DAY, {boss: [f"🔴 Договор не подписан уже три дня: {ROOM}"]})


async def test_f_d6_the_furniture_has_its_own_price_and_prepayment(shop: Shop, anna: Phone) -> None:
    """F-D6: what was paid for the design is not taken for the money for the furniture."""
    await stand_on_approval(anna)
    await do(anna, "✔ На монтаж", "✔ Предоплата")
    assert "Бюджет" in anna.screen.text
    await do(anna, "300 000", "✔ Изготовление мебели")
    assert "Сумма предоплаты" in anna.screen.text
    await do(anna, "150 000", "[Сегодня]", "[Перевод на счёт]")
    card = await anna.sees("●●●○○○ Изготовление мебели")
    assert "💰 300 000 ₽ · оплачено 150 000 ₽ · остаток 150 000 ₽" in plain(card.text)
    assert "💰 Стоимость дизайна: 40 000 ₽ · оплачено 20 000 ₽ · остаток 20 000 ₽" in plain(card.text)
