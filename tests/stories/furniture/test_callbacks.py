"""The call-back lists of refused deals (F-E5): the right day, one message, the reason, the discount, the ends."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from models.tables.deals import DealRow, HistoryRow
from tests.stories.acts import MARIA, begin, do, listen
from tests.stories.driver import Phone, Seen, Shop, plain

PETR = ("Пётр Орлов", "8 912 345-67-90")
OLGA = ("Ольга Мельникова", "8 912 345-67-91")
LIST = "Повторный обзвон"


async def refuse(phone: Phone, client: Sequence[str], reason: str = "Дорого", note: str = "") -> None:
    """A new order that its client refuses at once; `note` answers the robot's question why."""
    await begin(phone, "Новый заказ", "Кухня", "150 000", client=(client[0], client[1]))
    card = await phone.sees(f"Кухня · {client[0]} № 20")
    await phone.tap("Этапы…", card)
    await phone.tap("✖ Отказ", phone.screen)
    await phone.tap(reason, phone.screen)
    if note:
        await phone.tap("Ответить", f"№ {plain(phone.screen.text).split('№ ')[1][:9]}")
        await do(phone, note, "[Да, всё верно]")


async def the_list(phone: Phone, day: str) -> Seen:
    """The message with the calls of a day, there once."""
    return await phone.sees_only(f"📞 {LIST} — {day}")


async def call(phone: Phone, on: Seen, client: str) -> Seen:
    """Open a client's call from the list."""
    await phone.tap(client, on)
    return phone.screen


@pytest.mark.parametrize(
    ("refused", "morning", "day"),
    [
        ("2026-11-30T10:00", "2026-12-15", "15 декабря"),
        ("2026-12-01T10:00", "2027-01-01", "1 января"),
        ("2026-12-15T23:40", "2027-01-01", "1 января"),
        ("2026-12-16T00:20", "2027-01-15", "15 января"),
        ("2026-12-31T18:00", "2027-01-15", "15 января"),
        ("2027-01-15T10:00", "2027-02-01", "1 февраля"),
        ("2027-01-31T10:00", "2027-02-15", "15 февраля"),
    ],
)
async def test_f_e5_who_refused_is_called_on_the_first_or_the_fifteenth_of_the_next_month(
    shop: Shop, anna: Phone, boss: Phone, refused: str, morning: str, day: str
) -> None:
    """F-E5: failed on days 1–15: called on the 1st of the next month; from day 16 to the end: on its 15th.

    By the company's clocks; over the end of the year; not a minute earlier, once, and nobody else hears of it.
    """
    await shop.until(refused)
    await refuse(anna, MARIA)
    await shop.until(f"{morning}T08:59")
    await listen(shop)
    await anna.sees_no(LIST)
    await shop.until(f"{morning}T09:00")
    assert await anna.news() == [f"📞 {LIST} — {day}"]
    assert await boss.news() == []
    await shop.later(days=3)
    assert LIST not in " ".join(await anna.news()), "the list comes once"


async def test_f_e5_all_calls_of_a_day_are_one_message_with_a_button_per_client(shop: Shop, anna: Phone) -> None:
    """F-E5: who refused at any time of a half month stands in one list; each manager has his own clients in his."""
    pavel = await shop.hire("Павел Егоров", "manager")
    await refuse(anna, MARIA, "Дорого", "Нашли дешевле у соседей")
    await shop.until("2026-11-27T15:00")
    await refuse(anna, PETR, "Неактуально")
    await refuse(pavel, OLGA, "Клиент не вышел на связь")
    await shop.until("2026-12-15T09:00")

    mine = await the_list(anna, "15 декабря")
    told = plain(mine.text)
    assert "Позвонить 2 клиентам:" in told
    assert "1. Мария Иванова — Дорого. Нашли дешевле у соседей" in told
    assert "2. Пётр Орлов — Неактуально" in told
    assert [label.split(" — ")[0] for label in mine.labels[:2]] == ["Мария Иванова", "Пётр Орлов"]
    assert "Ольга" not in told

    his = await the_list(pavel, "15 декабря")
    assert "1. Ольга Мельникова — Клиент не вышел на связь" in plain(his.text)
    assert "Мария" not in plain(his.text)


async def test_f_e5_the_reason_stands_in_the_description_of_the_call(shop: Shop, anna: Phone) -> None:
    """F-E5: the call shows why the client had refused, in the manager's own words, and the number to dial."""
    await refuse(anna, MARIA, "Другое", "Переезжают в другой город")
    await shop.until("2026-12-15T09:00")
    card = await call(anna, await the_list(anna, "15 декабря"), "Мария Иванова")
    told = plain(card.text)
    assert "Связаться с клиентом снова и предложить особые условия" in told
    assert "Почему отказ: Другое" in told
    assert "Причина отказа: Переезжают в другой город" in told
    assert any("+7 912 345-67-89" in plain(label) for label in card.labels)


async def test_f_e5_a_client_who_wants_again_goes_back_to_where_he_stood(shop: Shop, anna: Phone) -> None:
    """F-E5: «Вернуть в работу» puts the deal back on its stage, and the stage's robots wake up with it."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "✔ Предоплата", "[Этапы…]", "[✖ Отказ]", "[Дорого]")
    await shop.until("2026-12-15T09:00")
    await call(anna, await the_list(anna, "15 декабря"), "Мария Иванова")
    await listen(shop)
    await do(anna, "[Вернуть в работу]")
    assert anna.toast == "Готово. Сделка теперь на стадии «Предоплата»"
    assert "●●○○○○ Предоплата · 1-й день" in plain(anna.screen.text)
    (row,) = await shop.rows(select(DealRow.stage, DealRow.status))
    assert tuple(row) == ("prepayment", "open")
    assert await anna.news() == ["🔔 Дождитесь предоплаты по сделке Кухня · Мария Иванова"]
    await shop.later(days=1)
    assert await anna.news() == ["🔔 Проверьте, пришла ли предоплата: Кухня · Мария Иванова"]
    await anna.start()
    await do(anna, "[Мои задачи]")
    assert not any(LIST in label for label in anna.screen.labels), "the call is done"


async def test_f_e5_who_did_not_answer_is_called_again_the_next_day(shop: Shop, anna: Phone) -> None:
    """F-E5: «Не дозвонился» takes him off today's list; the next day he comes again, and only he."""
    await refuse(anna, MARIA)
    await refuse(anna, PETR)
    await shop.until("2026-12-15T11:00")
    await call(anna, await the_list(anna, "15 декабря"), "Мария Иванова")
    await do(anna, "[Не дозвонился]")
    assert anna.toast == "Отложено: завтра, 11:00"
    await do(anna, f"[‹ {LIST}]")
    assert "Пётр Орлов" in anna.screen.text
    assert "Мария Иванова" not in anna.screen.text
    await listen(shop)
    await shop.until("2026-12-16T10:59")
    assert await anna.news() == []
    await shop.until("2026-12-16T11:00")
    (came,) = await anna.news()
    again = await anna.last()
    assert "Мария Иванова" in again.text, came
    await anna.tap("Отказ окончательный", again)
    assert "Закрыта: Отказ окончательный" in plain(anna.screen.text)


async def test_f_e5_two_presses_put_a_call_off_by_one_day_only(shop: Shop, anna: Phone) -> None:
    """F-E5: «Не дозвонился» pressed twice at once means once."""
    await refuse(anna, MARIA)
    await shop.until("2026-12-15T11:00")
    card = await call(anna, await the_list(anna, "15 декабря"), "Мария Иванова")
    button = card.button("Не дозвонился")
    assert button is not None
    await anna.press(card.id, button["data"])
    await anna.press(card.id, button["data"], forged=True)
    assert "Срок: завтра, 11:00" in plain(anna.screen.text)


async def test_f_e5_a_discount_is_offered_only_after_the_supervisor_agreed(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """F-E5: without the supervisor's «Разрешить» an offer is refused with the reason; after it, it is made."""
    await refuse(anna, MARIA, "Дорого", "Нашли дешевле у соседей")
    await shop.until("2026-12-15T09:00")
    card = await call(anna, await the_list(anna, "15 декабря"), "Мария Иванова")
    await anna.tap("Предложил скидку", card)
    assert anna.toast == "Скидку можно предлагать только с согласия руководителя"
    await listen(shop)

    await do(anna, "[Запросить скидку]", "Скидка 5 %")
    await anna.sees("Готово: «Запросить скидку»")
    request = await boss.sees_only("Согласовать скидку")
    told = plain(request.text)
    for part in ("Скидка или бонус: Скидка 5 %", "Почему отказ: Дорого", "Причина отказа: Нашли дешевле у соседей"):
        assert part in told
    assert "Бюджет: 150 000 ₽" in told
    assert request.button("Запросить скидку") is None, "who decides does not ask himself"

    await anna.start()
    await do(anna, "[Мои задачи]", f"[{LIST}]", "[Мария Иванова]", "[Предложил скидку]")
    assert anna.toast == "Скидку можно предлагать только с согласия руководителя", "asking is not yet agreeing"

    await boss.tap("Разрешить", request)
    await anna.sees_only("Руководитель разрешил предложить клиенту: Скидка 5 %")
    await do(anna, "[Предложил скидку]")
    assert "Закрыта: Предложил скидку" in plain(anna.screen.text)
    said = [row.data["text"] for row in await shop.rows(select(HistoryRow.data).where(HistoryRow.kind == "note"))]
    assert said == ["Клиенту предложили скидку"]


async def test_f_e5_a_discount_that_was_declined_stays_refused(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-E5: «Отказать» tells the manager, and the offer stays closed; a new request can still be agreed."""
    await refuse(anna, MARIA)
    await do(anna, "[Запросить скидку]", "Скидка 50 %")
    await boss.tap("Отказать", await boss.sees_only("Скидка 50 %"))
    await anna.sees_only("Руководитель не согласовал: Скидка 50 %")
    await shop.until("2026-12-15T09:00")
    card = await call(anna, await the_list(anna, "15 декабря"), "Мария Иванова")
    assert "Скидка согласована: Нет" in plain(card.text)
    await anna.tap("Предложил скидку", card)
    assert anna.toast == "Скидку можно предлагать только с согласия руководителя"
    await do(anna, "[Запросить скидку]", "Скидка 5 %")
    await boss.tap("Разрешить", await boss.sees_only("Скидка или бонус: Скидка 5 %"))
    await anna.start()
    await do(anna, "[Мои задачи]", f"[{LIST}]", "[Мария Иванова]", "[Предложил скидку]")
    assert "Закрыта: Предложил скидку" in plain(anna.screen.text)


async def test_f_e5_a_manager_cannot_agree_a_discount_for_himself(shop: Shop, anna: Phone, boss: Phone) -> None:
    """F-E5: who is responsible sees the request, without a button to grant it; a forged press does nothing."""
    await refuse(anna, MARIA)
    await do(anna, "[Запросить скидку]", "Скидка 5 %")
    await do(anna, "[Задачи 2]", "[Согласовать скидку]")
    assert "Исполнитель: Ирина Белова" in anna.screen.text
    assert not {"Разрешить", "Отказать", "Согласовать"} & set(anna.screen.labels)
    button = (await boss.sees_only("Согласовать скидку")).button("Разрешить")
    assert button is not None
    await anna.press((await anna.last()).id, button["data"], forged=True)
    assert anna.toast == "У вас нет доступа к этому."
    await anna.sees_no("Руководитель разрешил")
    (row,) = await shop.rows(select(DealRow.fields))
    assert "discount_approved" not in row.fields
