"""How deals end: success, and the refusal with its reason, its task and its robot (F-E1 … F-E4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.tables.deals import DealRow
from models.tables.visits import VisitRow
from tests.stories.acts import begin, comes, do
from tests.stories.driver import Phone, Shop, plain

KITCHEN = "Кухня · Мария Иванова"
REASONS = ["Дорого", "Неактуально", "Клиент не вышел на связь", "Другое"]
BUTTONS = ("Новый заказ", "Новый дизайн-проект", "Новый ремонт")
directions = pytest.mark.parametrize("button", BUTTONS, ids=("order", "design", "repair"))
ASKED = "Напишите причину отказа своими словами"
STATE_REASON = "Указать причину"
CALL_BACK = "Связаться с клиентом снова и предложить особые условия"


async def start(phone: Phone, button: str) -> None:
    """A new deal of a direction; an order wants its budget too."""
    await begin(phone, button, "Кухня", *(("150 000",) if button == "Новый заказ" else ()))


async def refuse(phone: Phone, reason: str) -> None:
    """«Этапы…», «Отказ», and why: on the card that stands in the chat."""
    await do(phone, "[Этапы…]", "[✖ Отказ]", f"[{reason}]")


async def the_deal(shop: Shop) -> tuple[str, str, str, dict[str, object]]:
    (row,) = await shop.rows(select(DealRow.pipeline, DealRow.stage, DealRow.status, DealRow.fields))
    return row.pipeline, row.stage, row.status, row.fields


@directions
async def test_f_e1_every_direction_can_be_refused_from_its_first_stage_with_a_reason_out_of_four(
    shop: Shop, anna: Phone, button: str
) -> None:
    """F-E1: «Отказ» asks for the reason out of the list of four, and the deal is closed only with one of them."""
    await start(anna, button)
    await do(anna, "[Этапы…]", "[✖ Отказ]")
    assert "Чтобы перейти на стадию «Отказ», заполните:" in anna.screen.text
    assert [label for label in anna.screen.labels if label != "Отмена"] == REASONS
    assert (await the_deal(shop))[2] == "open", "before a reason is given nothing is refused"
    answered = await do(anna, "потому что")
    assert "Нет варианта «потому что»" in plain(answered.text), "anything else than the four is no reason"
    await anna.tap("Дорого", answered)
    assert anna.toast == "Готово: «Отказ»"
    assert "✖️ Отказ" in plain(anna.screen.text)
    _, stage, status, fields = await the_deal(shop)
    assert (stage, status, fields["refusal_reason"]) == ("refused", "lost", "expensive")


@pytest.mark.parametrize("reason", REASONS, ids=("expensive", "irrelevant", "silent", "other"))
async def test_f_e1_each_of_the_four_reasons_stands_on_the_card(shop: Shop, anna: Phone, reason: str) -> None:
    """F-E1: whichever reason was chosen, «Дополнительно» shows it, and nobody is asked for it again."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await refuse(anna, reason)
    await do(anna, "[Заполнить]")
    assert f"Почему отказ: {reason}" in plain(anna.screen.text)


async def test_f_e1_a_finished_order_is_a_success(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-E1: «Заказ успешен» closes the deal; nothing is planned for it and nobody is reminded."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "✔ Предоплата", "✔ Изготовление мебели", "75 000", "[Сегодня]", "[Перевод на счёт]", "✔ Доставка")
    await do(anna, "[Дата и время доставки]", "24.11.2026 12:00", "[Нужна сборка]", "[Нет]")
    await do(anna, "✔ Оплата", "✔ Заказ успешен", "75 000", "[Сегодня]", "[СБП]")
    await anna.sees("✅ Заказ успешен")
    assert (await the_deal(shop))[:3] == ("order", "won", "won")
    await comes(shop, timedelta(days=9), {})


@directions
async def test_f_e2_another_reason_gives_the_task_to_state_it(
    shop: Shop, anna: Phone, boss: Phone, button: str
) -> None:
    """F-E2: «Другое» creates «Указать причину»; it is called to mind the next day, and is done with the answer."""
    await start(anna, button)
    await refuse(anna, "Другое")
    await do(anna, "[Задачи 2]", f"[{STATE_REASON}]")
    assert "Вы выбрали «Другое». Напишите, почему клиент отказался." in anna.screen.text
    await comes(shop, timedelta(days=1), {anna: ["Пора: срок задачи наступил"]})
    await anna.tap("Написать причину отказа", await anna.sees("срок задачи наступил"))
    await do(anna, "Соседи сделали дешевле", "[Да, всё верно]")
    await anna.sees("✅ Указать причину")
    assert (await the_deal(shop))[3]["refusal_note"] == "Соседи сделали дешевле"


async def test_f_e2_only_another_reason_gives_that_task(shop: Shop, anna: Phone) -> None:
    """F-E2: the other three reasons speak for themselves."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await refuse(anna, "Неактуально")
    await do(anna, "[Задачи 1]")
    assert anna.screen.button(STATE_REASON) is None
    assert anna.screen.button(CALL_BACK) is not None


@directions
async def test_f_e3_a_refusal_gives_the_task_to_call_again(shop: Shop, anna: Phone, button: str) -> None:
    """F-E3: a failed deal of any direction has the task to contact the client again and offer special terms."""
    await start(anna, button)
    await refuse(anna, "Дорого")
    await do(anna, "[Задачи 1]", f"[{CALL_BACK}]")
    card = plain(anna.screen.text)
    assert "Позвоните, узнайте, что изменилось, и предложите особые условия." in card
    assert "Почему отказ: Дорого" in card
    assert "📞 +7 912 345-67-89" in [plain(label) for label in anna.screen.labels]


@directions
async def test_f_e4_the_robot_asks_for_the_reason_in_the_managers_own_words(
    shop: Shop, anna: Phone, boss: Phone, button: str
) -> None:
    """F-E4: at a refusal of any direction the robot asks for «Причина отказа»; the answer stands on the card."""
    await start(anna, button)
    await refuse(anna, "Дорого")
    await boss.sees_no(ASKED)
    await anna.tap("Ответить", await anna.sees_only(ASKED))
    assert "Причина отказа" in anna.screen.text
    await do(anna, "Нашли дешевле у соседей", "[Да, всё верно]")
    await do(anna, "[Заполнить]")
    assert "Причина отказа: Нашли дешевле у соседей" in plain(anna.screen.text)
    assert (await the_deal(shop))[3]["refusal_note"] == "Нашли дешевле у соседей"


async def test_f_e4_who_answers_the_robot_has_stated_the_reason(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-E2, F-E4: one answer does for both: the task does not ask again for what is known."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await refuse(anna, "Другое")
    await anna.tap("Ответить", await anna.sees_only(ASKED))
    await do(anna, "Переезжают в другой город", "[Да, всё верно]")
    await do(anna, "[Задачи 1]")
    assert anna.screen.button(STATE_REASON) is None
    await comes(shop, timedelta(days=2), {})


async def test_nobody_is_sent_to_a_client_who_has_said_no(shop: Shop, anna: Phone) -> None:
    """Found by the walk: a day of delivery entered on a lost deal is refused in words; on a reopened one it stands."""
    await start(anna, "Новый заказ")
    await refuse(anna, "Дорого")
    await anna.open("2026-0001")
    await do(anna, "[Заполнить]", "[✏️ Проект]", "[Дата и время доставки]", "30.11.2026 12:00")
    assert "к этому клиенту никто не поедет" in anna.screen.text
    await anna.tap("Отмена")
    assert await shop.rows(select(VisitRow)) == []
    await anna.open("2026-0001")
    await do(anna, "[Этапы…]", "[↩︎ Заключение договора]")
    await anna.open("2026-0001")
    await do(anna, "[Заполнить]", "[✏️ Проект]", "[Дата и время доставки]", "30.11.2026 12:00")
    (row,) = await shop.rows(select(VisitRow.state))
    assert row.state == "planned"
