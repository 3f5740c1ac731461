"""«Отложенный спрос»: deals wait on the month of their next contact, and meet the manager again (M-17, M-18)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from models.tables.deals import DealRow
from tests.stories.acts import do
from tests.stories.conftest import close_shop, open_shop
from tests.stories.driver import Phone, Seen, Shop, plain

DEAL = "2026-0001"
WHY = "Сдача дома в феврале"
ADDRESS = "Москва, ул. Лесная, д. 12, кв. 45, подъезд 2, этаж 5, домофон 45К"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The measurement regulations alone; Monday, 23 November 2026, ten o'clock."""
    opened, http = await open_shop(tmp_path, processes=("measurement",))
    yield opened
    await close_shop(opened, http)


async def sale(anna: Phone) -> None:
    """A new deal on «Просчёт»."""
    await anna.start()
    await do(anna, "[Новая продажа]", "Мария Иванова", "8 912 345-67-89", "Шкаф-купе")


async def put_off(anna: Phone, day: str = "09.01.2027") -> None:
    """By the card's button: when and why."""
    await do(anna, "[В отложенный спрос]", day, WHY)


async def card(phone: Phone) -> Seen:
    return await phone.open(DEAL)


async def bell(phone: Phone) -> Seen:
    """The newest «Связаться с клиентом» on the phone."""
    return await phone.sees("Пора: срок задачи наступил")


async def pinned(phone: Phone) -> Seen:
    """The one pinned message of the chat."""
    found = [one for one in await phone.from_bot() if one.pinned]
    assert len(found) == 1
    return found[0]


async def test_a_deal_put_off_by_47_days_stands_on_the_month_of_its_contact_with_an_activity_and_a_pinned_reason(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """M-17, M-1."""
    await sale(anna)
    await put_off(anna)
    seen = await card(anna)
    assert "Январь 2027 · 1-й день" in plain(seen.text)
    assert "Связаться с клиентом — сб, 9 января 2027, 10:00" in plain(seen.text)
    assert "‹ Отложенный спрос" in seen.labels
    assert f"Отложенный спрос: {WHY}. Контакт сб, 9 января 2027" in plain((await pinned(anna)).text)

    await shop.until("2027-01-09T09:59")
    await anna.sees_no("Пора: срок задачи наступил")
    await shop.until("2027-01-09T10:00")
    seen = await bell(anna)
    assert WHY in seen.text
    assert {"Новый срок", "Вернуть в «Просчёт»", "Записать на «Предзамер»", "Записать на «Замер»"} <= set(seen.labels)
    await boss.sees_no("не позвонили")
    await boss.sees_no("ничего не происходит")  # it waits for its day


async def test_a_contact_in_32_days_or_less_is_refused_with_the_rule_and_the_deal_stays_in_calculation(
    shop: Shop, anna: Phone
) -> None:
    """M-17, M-3: the 32nd day is still too near, the 33rd is not."""
    await sale(anna)
    await anna.tap("В отложенный спрос")
    seen = await anna.text("25.12.2026")  # in 32 days
    assert "если следующий контакт больше чем через 32 дня" in plain(seen.text)
    assert "Дата следующего контакта" in seen.text  # asked again at once
    seen = await anna.text("26.12.2026")
    assert "Почему откладываем" in seen.text
    await anna.text(WHY)
    assert "Декабрь 2026" in (await card(anna)).text


async def test_given_up_after_a_refusal_nothing_was_kept(shop: Shop, anna: Phone) -> None:
    """M-17: a day that the rule forbids is written nowhere."""
    await sale(anna)
    await do(anna, "[В отложенный спрос]", "20.12.2026", "[Отмена]")
    seen = await card(anna)
    assert "Просчёт" in seen.text
    assert "20 декабря" not in seen.text


async def test_a_new_date_takes_the_deal_to_the_new_month_with_a_new_activity(shop: Shop, anna: Phone) -> None:
    """M-18: beyond 32 days it stays in «Отложенный спрос»; nearer is refused with the rule."""
    await sale(anna)
    await put_off(anna)
    await shop.until("2027-01-09T10:00")
    await anna.tap("Новый срок", await bell(anna))
    seen = await anna.text("10.02.2027")  # in 32 days
    assert "Ближе 32 дней сделку возвращают в «Продажи»" in plain(seen.text)
    assert "Дата следующего контакта" in seen.text
    seen = await anna.text("11.02.2027")
    seen = await card(anna)
    assert "Февраль 2027 · 1-й день" in plain(seen.text)
    assert "Связаться с клиентом — чт, 11 февраля, 10:00" in plain(seen.text)
    assert "Контакт чт, 11 февраля" in plain((await pinned(anna)).text)
    before = await anna.count("Пора: срок задачи наступил")
    await shop.until("2027-02-11T09:59")
    assert await anna.count("Пора: срок задачи наступил") == before
    await shop.until("2027-02-11T10:00")
    assert await anna.count("Пора: срок задачи наступил") == before + 1


async def test_a_nearer_date_written_on_the_card_is_answered_with_the_rule(shop: Shop, anna: Phone) -> None:
    """M-17, M-18: the client asks to be called sooner; the deal follows its month, and the manager hears what to do."""
    await sale(anna)
    await put_off(anna)
    seen = await anna.tap("Заполнить", await card(anna))
    while not seen.button("Дата следующего контакта"):
        seen = await anna.tap("Замер", seen)
    await do(anna, "[Дата следующего контакта]", "10.12.2026")
    await anna.sees_only("До контакта 32 дня или меньше: верните сделку в «Продажи»")
    assert "Декабрь 2026" in (await card(anna)).text


async def test_nobody_called_on_the_day_the_supervisor_hears_of_it_the_next_morning(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """M-17."""
    await sale(anna)
    await put_off(anna, "12.01.2027")
    await shop.until("2027-01-13T09:59")
    await boss.sees_no("не позвонили")
    await shop.until("2027-01-13T10:00")
    seen = await boss.sees_only("Клиенту из отложенного спроса не позвонили в обещанный день")
    assert "Анна Соколова" in seen.text


async def test_work_resumed_comes_back_to_calculation_with_the_next_step_as_an_activity(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """M-18."""
    await sale(anna)
    await put_off(anna)
    await shop.until("2027-01-09T10:00")
    await do(anna, "[Вернуть в «Просчёт»]", "12.01.2027")
    seen = await card(anna)
    assert "Просчёт · 1-й день" in plain(seen.text)
    assert "Сделать то, о чём договорились с клиентом — вт, 12 января, 10:00" in plain(seen.text)
    assert "‹ Сделки" in seen.labels
    assert "Откладывали: Сдача дома в феврале" in plain((await pinned(anna)).text)
    await shop.until("2027-01-12T10:00")
    await anna.sees("Сделать то, о чём договорились с клиентом")
    await boss.sees_no("из отложенного спроса не позвонили")


async def test_a_deal_that_came_back_can_be_put_off_again_or_postponed_to_a_new_day(shop: Shop, anna: Phone) -> None:
    """M-18, M-17: the day of the call that has been made is no promise for the next one."""
    await sale(anna)
    await put_off(anna)
    await shop.until("2027-01-09T10:00")
    await do(anna, "[Вернуть в «Просчёт»]", "12.01.2027")
    seen = await anna.tap("✔ Перенос", await card(anna))
    assert "Дата следующего контакта" in seen.text
    await do(anna, "[Отмена]")
    await card(anna)
    await put_off(anna, "20.03.2027")
    assert "Март 2027" in (await card(anna)).text


@pytest.mark.parametrize(
    ("button", "wrong", "rule", "right", "stage"),
    [
        ("Записать на «Предзамер»", "11.01.2027", "это «Замер»", "20.01.2027", "Предзамер"),
        ("Записать на «Предзамер»", "20.03.2027", "это новый срок", "10.02.2027", "Предзамер"),
        ("Записать на «Замер»", "20.01.2027", "это «Предзамер»", "12.01.2027", "Замер"),
    ],
)
async def test_a_measurement_agreed_in_the_call_leads_to_the_stage_of_its_date(
    shop: Shop, anna: Phone, button: str, wrong: str, rule: str, right: str, stage: str
) -> None:
    """M-18, M-3: the stage that fits, and the other one is refused with the rule; M-4: asked for all it needs."""
    await sale(anna)
    await put_off(anna)
    await shop.until("2027-01-09T10:00")
    await anna.tap(button, await bell(anna))
    seen = await anna.text(wrong)
    assert rule in plain(seen.text)
    await anna.text(right)
    await anna.text(ADDRESS)
    await anna.tap("Верно")
    await anna.tap("Да")
    await anna.text("115 973")
    seen = await card(anna)
    assert f"{stage} · 1-й день" in plain(seen.text), seen.text
    assert "‹ Сделки" in seen.labels


async def test_a_deal_that_was_at_the_pre_measurement_never_comes_back_to_calculation(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """M-18, M-2, M-7: the client moved his measurement beyond 32 days; after that call the way back is shut."""
    await sale(anna)
    await do(anna, "✔ Предзамер", "09.12.2026", ADDRESS)
    await anna.tap("Верно")
    await anna.tap("Да")
    await anna.text("115 973")
    seen = await card(anna)
    assert "Предзамер · 1-й день" in plain(seen.text), seen.text
    await shop.until("2026-12-06T10:00")
    await do(anna, "[Перенести замер]", "20.01.2027")
    seen = await card(anna)
    assert "Январь 2027 · 1-й день" in plain(seen.text), seen.text
    await shop.until("2027-01-20T10:00")
    await anna.tap("Вернуть в «Просчёт»")
    assert "Вернуться за стадию «Предзамер» уже нельзя" in plain(anna.toast or ""), anna.toast
    seen = await card(anna)
    assert "Январь 2027" in seen.text
    await boss.sees_no("из отложенного спроса")
    await anna.tap("Записать на «Предзамер»", await bell(anna))  # the call is still to be ended
    await anna.text("05.02.2027")
    seen = await card(anna)
    assert "Предзамер · 1-й день" in plain(seen.text)  # all that it needs is known already: only the date was asked
    assert "подтвердить дату замера — вт, 2 февраля, 10:00" in plain(seen.text)


async def test_a_postponed_deal_can_be_put_off_too(shop: Shop, anna: Phone) -> None:
    """M-17: from «Перенос» by the same button, under the same rule."""
    await sale(anna)
    await do(anna, "✔ Перенос", "01.12.2026")
    assert "Перенос · 1-й день" in plain((await card(anna)).text)
    await anna.tap("В отложенный спрос")
    seen = await anna.text("10.12.2026")
    assert "больше чем через 32 дня" in plain(seen.text)
    await do(anna, "01.03.2027", WHY)
    assert "Март 2027 · 1-й день" in plain((await card(anna)).text)
    await shop.until("2026-12-02T12:00")
    await anna.sees_no("Пора: срок задачи наступил")  # the call promised in «Перенос» is off


async def test_the_list_by_month_shows_two_years_and_the_deals_of_each(shop: Shop, anna: Phone, boss: Phone) -> None:
    """M-17: months with deals stand out; one that has passed comes first."""
    await sale(anna)
    await put_off(anna)
    seen = await anna.start()
    assert seen.button("🗓 Отложенный спрос · 1")
    seen = await anna.tap("🗓 Отложенный спрос")
    months = [label for label in seen.labels if " 202" in label]
    assert len(months) == 24
    assert months[:3] == ["Ноябрь 2026", "Декабрь 2026", "Январь 2027 · 1"]
    assert months[-1] == "Октябрь 2028"
    seen = await anna.tap("Январь 2027 · 1")
    assert "Отложенный спрос · мои · Январь 2027 1" in plain(seen.text)
    assert any("Мария Иванова" in label for label in seen.labels)
    seen = await anna.press(anna.screen.id, "v1:bystage:f:m", forged=True)  # a button of an older screen
    assert "Отложенный спрос · Январь 2027 · 1" in [plain(label) for label in seen.labels]
    await anna.press(anna.screen.id, "v1:list:f:m", forged=True)
    await anna.tap("По месяцам")
    await anna.tap("Декабрь 2026")
    assert "Здесь пока пусто" in anna.screen.text

    await shop.until("2027-02-01T10:00")
    await boss.start()
    seen = await boss.tap("🗓 Отложенный спрос · 1")
    assert "все" in seen.text
    assert [label for label in seen.labels if " 202" in label][:2] == ["⚠️ Январь 2027 · 1", "Февраль 2027"]
    seen = await boss.tap("⚠️ Январь 2027 · 1")
    assert any("Мария Иванова" in label for label in seen.labels)


async def test_the_months_are_named_in_the_readers_language(shop: Shop, anna: Phone) -> None:
    """M-17, C-7."""
    await sale(anna)
    await put_off(anna)
    john = await shop.hire("John Smith", "supervisor", language="en")
    await john.start()
    seen = await john.tap("🗓 Deferred demand · 1")
    assert seen.button("January 2027 · 1"), seen.labels
    seen = await john.tap("January 2027 · 1")
    assert "January 2027" in seen.text


async def test_a_deal_put_off_is_lost_with_its_comment_and_reason(shop: Shop, anna: Phone) -> None:
    """M-18, M-16: lost from «Отложенный спрос», before any measurement."""
    await sale(anna)
    await put_off(anna)
    await shop.until("2027-01-09T10:00")
    await do(anna, "[Клиент отказался]", "Говорит, дорого: в бюджет не вписались", "[Дорого]", "[Да, всё верно]")
    seen = await card(anna)
    assert "Сделка проиграна" in seen.text
    rows = await shop.rows(select(DealRow.fields, DealRow.status))
    assert [(row.status, row.fields["lost_result"], row.fields["refusal_reason"]) for row in rows] == [
        ("lost", "before", "expensive")
    ]
