"""The story of «Done when», on the page alone: a visitor with a mouse, Chromium, and `python -m bot sandbox`.

Set SHOTS to a folder to have pictures of the way taken.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from tests.page.visitor import ANNA, BOSS, CHROMIUM, DESKTOP, PICTURE, POCKET, SLOW, open_page

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no browser: none of chromium, chromium-browser, google-chrome is on the PATH"
)


async def test_a_new_visitor_plays_the_furniture_makers_story_on_the_page(browser: Browser, address: str) -> None:
    """Done when; C-1, C-2, C-4, C-6, F-L1, F-L3, F-L6, F-D6, F-E1, F-E2, F-E5: in a full shop, receive a lead, take it,
    convert it to «Дизайн», lead it to «На монтаж», see it go on in «Изготовление заказа», be stopped for a missing
    field and led through it, see the reminder after a day and the escalation after three, refuse with «Другое», and
    have the call-back list on its day."""
    visitor, complaints = await open_page(browser, address, DESKTOP)
    await visitor.sees(ANNA, "Мои сделки · 5")
    await visitor.picture("filled")

    await visitor.clock("next-10:45")  # at night nobody is reminded of anything

    # a lead from the site
    await visitor.action("lead", name="Вера Лебедева", phone="+7 912 345-67-00", comment="Кухня для дачи")
    await visitor.sees(ANNA, "Новый лид: Вера Лебедева")
    await visitor.tap(ANNA, "Открыть", "Новый лид: Вера Лебедева")
    await visitor.tap(ANNA, "Взять себе")
    await visitor.tap(ANNA, "✔ В работе")
    await visitor.sees(ANNA, "В работе · 1-й день")
    await visitor.picture("lead-taken")

    # into the design department
    await visitor.tap(ANNA, "Этапы…", "Вера Лебедева")
    await visitor.tap(ANNA, "Отправить в отдел дизайна")
    await visitor.tap(ANNA, "Контакт")
    await visitor.tap(ANNA, "Сделку")
    await visitor.picture("conversion")
    await visitor.tap(ANNA, "Готово")
    await visitor.sees(ANNA, "Консультация и замеры · 1-й день")
    await visitor.picture("design")

    # stopped for a missing field, and led through it
    await visitor.tap(ANNA, "✔ Заключение договора", "Консультация и замеры · 1-й день")
    await visitor.sees(ANNA, "Заключение договора · 1-й день")
    await visitor.tap(ANNA, "✔ Предоплата", "Заключение договора · 1-й день")
    await visitor.sees(ANNA, "«Предоплата», заполните")
    await visitor.picture("asked")
    await visitor.type(ANNA, "сорок тысяч")
    await visitor.sees(ANNA, "напишите сумму цифрами")
    await visitor.type(ANNA, "40 000")
    await visitor.sees(ANNA, "Предоплата · 1-й день")
    await visitor.tap(ANNA, "✔ Дизайн", "Предоплата · 1-й день")
    await visitor.type(ANNA, "20 000")
    await visitor.tap(ANNA, "Сегодня")
    await visitor.tap(ANNA, "Перевод на счёт")
    await visitor.sees(ANNA, "Дизайн · 1-й день")
    await visitor.tap(ANNA, "✔ Утверждение", "Дизайн · 1-й день")
    await visitor.sees(ANNA, "«Утверждение», заполните")
    await visitor.send_file(ANNA, "дизайн.png", PICTURE)
    await visitor.tap(ANNA, "Готово")
    await visitor.sees(ANNA, "Утверждение · 1-й день")
    await visitor.tap(ANNA, "✔ На монтаж", "Утверждение · 1-й день")
    await visitor.sees(ANNA, "Изготовление заказа")
    await visitor.picture("carried-over")

    # time: the reminder after a day goes to the manager, the escalation after three to the supervisor
    reminder, escalation = (
        "Сделка второй день на договоре: Кухня для дачи · Вера Лебедева",
        "Договор не подписан уже три дня: Кухня для дачи · Вера Лебедева",
    )
    await visitor.sees_no(ANNA, reminder)
    await visitor.clock("+1d")
    await visitor.sees(ANNA, reminder)
    await visitor.sees_no(BOSS, reminder)
    await visitor.sees_no(BOSS, escalation)
    await visitor.picture("a-day-later")
    await visitor.clock("+3d")
    await visitor.sees(BOSS, escalation)
    await visitor.sees_no(ANNA, escalation)
    await visitor.picture("four-days-later")
    await visitor.tap(BOSS, "Открыть", escalation)
    await visitor.sees(BOSS, "Ответственный: Анна Соколова")

    # refused, for another reason
    await visitor.tap(ANNA, "Открыть", reminder)
    await visitor.tap(ANNA, "Этапы…", "Вера Лебедева")
    await visitor.tap(ANNA, "Отказ")
    await visitor.tap(ANNA, "Другое")
    await visitor.sees(ANNA, "Напишите причину отказа своими словами")
    await visitor.picture("refused")
    await visitor.tap(ANNA, "Ответить", "Напишите причину отказа своими словами")
    await visitor.type(ANNA, "Решили подождать до весны")
    await visitor.sees(ANNA, "Причина отказа: Решили подождать до весны")
    await visitor.type(ANNA, "/menu")
    await visitor.tap(ANNA, "Мои задачи")
    await visitor.sees(ANNA, "Мои задачи")
    await expect(visitor.phone(ANNA)).to_contain_text("Указать причину", timeout=SLOW)

    # the call-back list, on its day and not before
    refused = await visitor.today()
    first_half = refused.day <= 15
    month = refused.replace(day=1) + timedelta(days=31)
    day = month.replace(day=1 if first_half else 15)
    await visitor.go_to(f"{day - timedelta(days=1)}T20:00")
    await visitor.sees_no(ANNA, "Повторный обзвон")
    await visitor.go_to(f"{day}T12:00")
    await visitor.sees(ANNA, "Повторный обзвон")
    await visitor.picture("call-back")
    assert complaints == []


async def test_the_page_fits_into_a_pocket(browser: Browser, address: str) -> None:
    """The same on a telephone's screen: one phone at a time, chosen by its tab; nothing sticks out to the side."""
    visitor, complaints = await open_page(browser, address, POCKET)
    await visitor.picture("pocket-empty")
    await visitor.page.get_by_test_id("tools").click()
    await visitor.picture("pocket-tools")
    await visitor.action("leads")
    await visitor.page.get_by_test_id("hint-close").click()
    await visitor.page.locator(f'[data-tab="{ANNA}"]').click()
    await visitor.tap(ANNA, "Мои сделки")
    await visitor.tap(ANNA, "Кухня «Верона»")
    await visitor.sees(ANNA, "Изготовление мебели")
    await visitor.picture("pocket-card")
    wide = await visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    assert complaints == []
