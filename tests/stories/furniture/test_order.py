"""«Изготовление заказа» (F-O1 … F-O6): what each stage says, to whom and when, and what it asks for."""

from __future__ import annotations

from itertools import pairwise

from sqlalchemy import select

from models.tables.deals import DealRow
from tests.stories.driver import Phone, Seen, Shop, plain

KITCHEN = "Кухня · Мария Иванова"
STAGES = ("Заключение договора", "Предоплата", "Изготовление мебели", "Доставка", "Монтаж", "Оплата")
ON_THE_WAY = {"Предоплата": ("50 000", "[Сегодня]", "[Перевод на счёт]"), "Доставка": ("[Нет]", "26.11.2026 14:00")}


async def order(shop: Shop, anna: Phone) -> Seen:
    """A new order by hand: its card, on «Заключение договора»."""
    await anna.tap("➕ Новый заказ")
    await anna.fill("Мария Иванова", "+7 912 345-67-89", "Кухня", "150 000")
    return await anna.sees("●○○○○○ Заключение договора · 1-й день")


async def go(anna: Phone, title: str, *answers: str) -> Seen:
    """Press the green button of the next stage, answer what is asked; the card as it stands then."""
    await anna.tap(f"✔ {title}")
    for answer in answers:
        if answer.startswith("["):
            await anna.tap(answer[1:-1])
        else:
            await anna.text(answer)
    card = await anna.sees(f"{title} · 1-й день")
    assert KITCHEN in card.text
    return card


async def order_on(shop: Shop, anna: Phone, stage: str) -> Seen:
    """An order that has come to the stage without assembly."""
    card = await order(shop, anna)
    way = [title for title in STAGES if title != "Монтаж"]
    for here, there in pairwise(way):
        if here == stage:
            break
        card = await go(anna, there, *ON_THE_WAY.get(here, ()))
    return card


async def is_reminded(
    shop: Shop, anna: Phone, boss: Phone, *, at_once: str, after_a_day: str, after_three: str | None
) -> None:
    """The three messages of a stage: to whom, at which minute, and once each; nobody else hears of it."""
    others = [await shop.hire("Сергей Воронов", "owner"), await shop.hire("Олег Титов", "manager")]
    await anna.sees_only(f"🔔 {at_once}")
    await shop.later(hours=23, minutes=59)
    await anna.sees_no(after_a_day)
    await shop.later(minutes=1)
    await anna.sees_only(f"🔔 {after_a_day}")
    await boss.sees_no("Кухня")
    if after_three is None:
        await shop.later(days=5)
        await boss.sees_no("Кухня")
        return
    await shop.later(days=1, hours=23, minutes=59)
    await boss.sees_no("Кухня")
    await shop.later(minutes=1)
    said = await boss.sees_only(f"🔴 {after_three}")
    assert "Ответственный: Анна Соколова" in said.text
    assert said.labels[:4] == ["Открыть", "Передать", "Спросить менеджера", "Отложить"]
    await anna.sees_no(after_three)
    await shop.later(days=2)
    await anna.sees_only(after_a_day)
    await boss.sees_only(after_three)
    for other in others:
        await other.sees_no("Кухня")


async def leaves_in_peace(shop: Shop, anna: Phone, boss: Phone, *silent: str) -> None:
    """Nothing that was planned for the stage before comes in the days that follow."""
    await shop.later(days=1, hours=1)
    for text in silent:
        await anna.sees_no(text)
    await shop.later(days=1, hours=20)
    for text in silent:
        await boss.sees_no(text)


# --- F-O1 -------------------------------------------------------------------------------------------------------

CONTRACT_DAY, CONTRACT_BOSS = (
    f"Сделка второй день на договоре: {KITCHEN}",
    f"Договор не подписан уже три дня: {KITCHEN}",
)


async def test_a_new_order_is_told_and_called_to_mind(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-O1: «Заключение договора»: notice of the new deal, reminder after a day, supervisor after three."""
    card = await order(shop, anna)
    assert "Заключение договора · 1-й день" in card.text
    assert "⏭ Напомню: вт, 24 ноября, 10:00" in plain(card.text)
    await is_reminded(
        shop, anna, boss,
        at_once=f"Новая сделка: {KITCHEN}. Обсудите детали и подготовьте договор",
        after_a_day=CONTRACT_DAY,
        after_three=CONTRACT_BOSS,
    )  # fmt: skip


async def test_a_signed_contract_is_not_called_to_mind(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-O1: leaving the stage cancels its reminders."""
    await order(shop, anna)
    await shop.later(hours=23)
    await go(anna, "Предоплата")
    await leaves_in_peace(shop, anna, boss, CONTRACT_DAY, CONTRACT_BOSS)


async def test_a_contract_without_a_sum_is_not_signed(shop: Shop, anna: Phone) -> None:
    """F-O1: the budget was passed over at the beginning; the way on asks for it, and goes on by itself."""
    await anna.tap("➕ Новый заказ")
    await anna.fill("Мария Иванова", "+7 912 345-67-89", "Кухня", "[Пропустить]")
    await anna.tap("✔ Предоплата")
    assert "Чтобы перейти на стадию «Предоплата», заполните:" in anna.screen.text
    assert "Бюджет" in anna.screen.text
    await anna.text("150 000")
    await anna.sees("●●○○○○ Предоплата · 1-й день")


# --- F-O2 -------------------------------------------------------------------------------------------------------

MONEY_DAY, MONEY_BOSS = f"Проверьте, пришла ли предоплата: {KITCHEN}", f"Предоплаты нет уже три дня: {KITCHEN}"


async def test_a_prepayment_is_waited_for(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-O2: «Предоплата»: notice to wait for the money, hint to check it after a day, supervisor after three."""
    await order_on(shop, anna, "Предоплата")
    await is_reminded(
        shop, anna, boss,
        at_once=f"Дождитесь предоплаты по сделке {KITCHEN}",
        after_a_day=MONEY_DAY,
        after_three=MONEY_BOSS,
    )  # fmt: skip


async def test_a_prepayment_that_came_opens_the_way(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-O2: the sum is asked on the way out, more than the budget is asked about; then nobody reminds of it."""
    await order_on(shop, anna, "Предоплата")
    await shop.later(hours=23)
    await anna.tap("✔ Изготовление мебели")
    asked = await anna.text("200 000")
    assert "Больше остатка: осталось 150 000 ₽." in plain(asked.text) and asked.button("Записать переплату")
    await anna.fill("50 000", "[Сегодня]", "[Перевод на счёт]")
    card = await anna.sees("Изготовление мебели · 1-й день")
    assert "💰 150 000 ₽ · оплачено 50 000 ₽ · остаток 100 000 ₽" in plain(card.text)
    await leaves_in_peace(shop, anna, boss, MONEY_DAY, MONEY_BOSS)


# --- F-O3 -------------------------------------------------------------------------------------------------------

MAKING_DAY, MAKING_BOSS = (
    f"Заказ создан? Проверьте производство: {KITCHEN}",
    f"Проверьте, что заказ создан в производстве: {KITCHEN}, в изготовлении три дня",
)


async def test_production_is_looked_after(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-O3: «Изготовление мебели»: see that the order is created; reminder after a day, supervisor after three."""
    await order_on(shop, anna, "Изготовление мебели")
    await is_reminded(
        shop, anna, boss,
        at_once=f"Проверьте, что заказ создан в производстве: {KITCHEN}",
        after_a_day=MAKING_DAY,
        after_three=MAKING_BOSS,
    )  # fmt: skip


async def test_furniture_that_is_made_is_not_called_to_mind(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-O3: leaving the stage cancels its reminders."""
    await order_on(shop, anna, "Изготовление мебели")
    await shop.later(hours=23)
    await go(anna, "Доставка")
    await leaves_in_peace(shop, anna, boss, MAKING_DAY, MAKING_BOSS)


# --- F-O4 -------------------------------------------------------------------------------------------------------

DELIVERY_DAY = f"Доставка прошла? Смените стадию: {KITCHEN}"


async def test_a_delivery_is_followed(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-O4: «Доставка»: asks to agree and follow the delivery, reminds after a day to change the stage."""
    await order_on(shop, anna, "Доставка")
    await is_reminded(
        shop, anna, boss,
        at_once=f"Согласуйте с клиентом дату и время доставки и проследите за ней: {KITCHEN}",
        after_a_day=DELIVERY_DAY,
        after_three=None,
    )  # fmt: skip


async def test_a_delivery_that_is_done_is_not_called_to_mind(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-O4: leaving the stage cancels the reminder to change it."""
    await order_on(shop, anna, "Доставка")
    await shop.later(hours=23)
    await go(anna, "Оплата", *ON_THE_WAY["Доставка"])
    await leaves_in_peace(shop, anna, boss, DELIVERY_DAY)


async def test_date_and_time_of_delivery_are_agreed(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-O4: one tap asks for the date; it is said the evening before and at the hour; a new date moves both."""
    card = await order_on(shop, anna, "Доставка")
    await anna.tap("➕ Дата и время доставки", card)
    await anna.tap("›", anna.screen)
    assert "декабрь 2026" in anna.screen.labels
    await anna.tap("3", anna.screen)
    assert "День: чт, 3 декабря" in plain(anna.screen.text)
    await anna.tap("14:00", anna.screen)
    assert "📅 Дата и время доставки: чт, 3 декабря, 14:00" in plain(anna.screen.text)
    assert "➕ Дата и время доставки" not in anna.screen.labels

    await anna.tap("Заполнить", anna.screen)
    await anna.tap("✏️ Проект", anna.screen)
    await anna.tap("Дата и время доставки", anna.screen)
    assert "Сейчас: чт, 3 декабря, 14:00" in plain(anna.screen.text)
    await anna.text("1 декабря в 12:30")
    await anna.sees("📅 Дата и время доставки: вт, 1 декабря, 12:30")

    await shop.until("2026-11-30T17:59")
    await anna.sees_no("Завтра доставка")
    await shop.until("2026-11-30T18:00")
    await anna.sees_only(f"🔔 Завтра доставка: {KITCHEN}, вт, 1 декабря, 12:30. Предупредите клиента")
    await shop.until("2026-12-01T12:29")
    await anna.sees_no("Сейчас доставка")
    await shop.until("2026-12-01T12:30")
    await anna.sees_only(f"🔔 Сейчас доставка: {KITCHEN}. Убедитесь, что мебель привезли")
    await shop.until("2026-12-03T15:00")
    await anna.sees_only("Завтра доставка")
    await anna.sees_only("Сейчас доставка")


async def test_nobody_leaves_delivery_without_its_date(shop: Shop, anna: Phone) -> None:
    """F-O4: the way on asks for date and time of the delivery first."""
    await order_on(shop, anna, "Доставка")
    await anna.tap("✔ Оплата")
    assert "Чтобы перейти на стадию «Оплата», заполните:" in anna.screen.text
    await anna.tap("Нет", anna.screen)
    assert "Дата и время доставки · 2 из 2" in anna.screen.text
    found = await shop.rows(select(DealRow.stage))
    assert found[0].stage == "delivery"


# --- F-O5 -------------------------------------------------------------------------------------------------------

ASSEMBLY = ("[Да]", "24.11.2026 14:00", "26.11.2026 11:00", "[Николай Громов]")


async def test_assembly_is_checked_with_the_client(shop: Shop, anna: Phone, boss: Phone, nikolay: Phone) -> None:
    """F-O5: «Монтаж» asks to call the client, check the quality of the assembly and get feedback."""
    await order_on(shop, anna, "Доставка")
    card = await go(anna, "Монтаж", *ASSEMBLY)
    assert "Свяжитесь с клиентом, проверьте качество сборки и получите отзыв" in card.text
    await anna.sees_only(
        f"🔔 Монтаж назначен: {KITCHEN}. После сборки позвоните клиенту, проверьте качество и получите отзыв"
    )
    await nikolay.sees_only("📋 Сборка у клиента")
    await nikolay.sees_no("Проверить качество")

    await shop.until("2026-11-25T18:00")
    await nikolay.sees_only(f"Завтра сборка: {KITCHEN}, чт, 26 ноября, 11:00. Подтвердите выезд")
    await shop.until("2026-11-26T13:59")
    await anna.sees_no("Мастер ещё не отчитался")
    await shop.until("2026-11-26T14:00")
    await anna.sees_only(f"🔔 Мастер ещё не отчитался о сборке: {KITCHEN}. Позвоните клиенту и узнайте, как дела")
    await anna.sees_no("Пора: срок задачи наступил")
    await shop.until("2026-11-26T15:00")
    await anna.sees_only("📋 Проверить качество монтажа")

    await anna.open("2026-0001")
    await anna.tap("Задачи 2")
    await anna.tap("Проверить качество монтажа", anna.screen)
    assert "Позвоните клиенту после сборки." in anna.screen.text
    await anna.tap("Связаться с клиентом и проверить качество", anna.screen)
    assert anna.screen.labels[:2] == ["Всё хорошо", "Есть замечания"]
    await anna.tap("Всё хорошо", anna.screen)
    await anna.tap("Получить отзыв о работе", anna.screen)
    await anna.text("Собрали быстро и аккуратно")
    task = await anna.sees("📋 Проверить качество монтажа")
    assert [label[0] for label in task.labels[:2]] == ["☑", "☑"]
    fields = (await shop.rows(select(DealRow.fields)))[0].fields
    assert (fields["assembly_quality"], fields["feedback"]) == ("good", "Собрали быстро и аккуратно")


async def test_assembly_is_passed_by_where_the_client_needs_none(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """F-O5, C-1: without assembly the deal goes from delivery to payment; «Монтаж» is shut and says why."""
    card = await order_on(shop, anna, "Доставка")
    await anna.tap("➕ Нужна сборка", card)
    await anna.tap("Нет", anna.screen)
    assert "✔ Оплата" in anna.screen.labels
    assert "✔ Монтаж" not in anna.screen.labels
    await anna.tap("Этапы…", anna.screen)
    assert "🔒 Монтаж" in anna.screen.labels
    await anna.tap("🔒 Монтаж", anna.screen)
    assert anna.alert is False
    assert "• Клиенту не нужна сборка — переходите к оплате" in anna.screen.text
    await anna.tap("‹ Назад", anna.screen)
    await anna.tap("✔ Оплата", anna.screen)
    await anna.text("26.11.2026 14:00")
    await anna.sees("●●●●●● Оплата · 1-й день")
    await nikolay.sees_no("Кухня")
    await anna.sees_no("Монтаж назначен")


async def test_assembly_is_not_passed_by_where_the_client_needs_it(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """F-O5, C-1: with assembly the way to payment is shut, and says that «Монтаж» comes first."""
    card = await order_on(shop, anna, "Доставка")
    await anna.tap("➕ Нужна сборка", card)
    await anna.tap("Да", anna.screen)
    await anna.tap("Этапы…", anna.screen)
    await anna.tap("🔒 Оплата", anna.screen)
    assert "• Клиенту нужна сборка — сначала «Монтаж»" in anna.screen.text


async def test_the_answer_no_ends_the_questions_about_assembly(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """F-O5, C-2: who presses «Монтаж» and says that no assembly is needed is not asked when and by whom."""
    await order_on(shop, anna, "Доставка")
    await anna.tap("✔ Монтаж")
    assert "Нужна сборка · 1 из 4" in anna.screen.text
    await anna.tap("Нет", anna.screen)
    assert "🔒 Пока нельзя перевести на стадию «Монтаж»" in anna.screen.text
    assert "• Клиенту не нужна сборка — переходите к оплате" in anna.screen.text
    await anna.tap("Изменить: Нужна сборка", anna.screen)
    await anna.tap("Да", anna.screen)
    assert "Дата и время доставки · 1 из 3" in anna.screen.text
    await anna.fill(*ASSEMBLY[1:])
    await anna.sees("●●●●●○ Монтаж · 1-й день")


# --- F-O6 -------------------------------------------------------------------------------------------------------

PAYMENT_DAY, PAYMENT_BOSS = f"Остаток ещё не получен: {KITCHEN}", f"Остаток не оплачен уже три дня: {KITCHEN}"


async def test_the_balance_is_called_to_mind(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-O6: «Оплата»: the order is complete, get the balance; a reminder after a day, the supervisor after three."""
    await order_on(shop, anna, "Оплата")
    await is_reminded(
        shop, anna, boss,
        at_once=f"Заказ выполнен: {KITCHEN}. Получите от клиента остаток",
        after_a_day=PAYMENT_DAY,
        after_three=PAYMENT_BOSS,
    )  # fmt: skip


async def test_a_paid_order_is_a_success(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-O6, F-E1: the last sum is asked, then the order is «Заказ успешен» and nobody reminds any more."""
    await order_on(shop, anna, "Оплата")
    await shop.later(hours=23)
    await anna.tap("✔ Заказ успешен")
    assert "Какую сумму клиент доплатил" in anna.screen.text
    await anna.fill("100 000", "[Сегодня]", "[Перевод на счёт]")
    card = await anna.sees("✅ Заказ успешен")
    assert "150 000 ₽ · оплачено 150 000 ₽ · остаток 0 ₽" in plain(card.text)
    before = len(await anna.messages()), len(await boss.messages())
    await shop.later(days=10)
    assert (len(await anna.messages()), len(await boss.messages())) == before
