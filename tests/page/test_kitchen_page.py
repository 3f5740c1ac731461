"""The kitchen shop of «Done when», on the page alone: from a request on the site to the installer's act.

Set SHOTS to a folder to have pictures of the way taken.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from tests.page.visitor import ANNA, BOSS, CHROMIUM, DESKTOP, MARIA, NIKOLAY, PICTURE, SLOW, Visitor, open_page

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no browser: none of chromium, chromium-browser, google-chrome is on the PATH"
)
KITCHEN = "Кухня на дачу · Мария Иванова"


@pytest.fixture
def processes() -> str:
    return "kitchens"


async def task(visitor: Visitor, title: str) -> None:
    """The manager opens the deal by the menu, and in it the task of that title: all in one message."""
    menu = await visitor.menu(ANNA)
    for label in ("Мои сделки", "Кухня на дачу", "Задачи ", title):
        await menu.locator(".key", has_text=label).first.click(timeout=SLOW)
    await expect(menu.locator(".bubble")).to_contain_text(title, timeout=SLOW)
    await expect(menu).to_contain_text("Срок: ", timeout=SLOW)


async def test_a_visitor_plays_the_kitchen_shop_on_the_page(browser: Browser, address: str) -> None:
    """Done when; K-1, K-11, K-12, K-13, K-16, K-18, K-21, K-22: a request on the site, the deal, its contract as a
    paper in the phone, the signed copy by the paper clip, the invoice, the money, the slip of the date (supervisor and
    client told), the window, the day before, the SMS on the client's phone, the installer's day."""
    visitor, complaints = await open_page(browser, address, DESKTOP)
    await visitor.clock("next-10:45")
    today = await visitor.today()

    # a request on the site of a client whose kitchen is hers comes to her, and becomes a deal
    await visitor.action("lead", name="Мария Иванова", phone="+7 912 345-67-89", comment="Кухня на дачу")
    await visitor.tap(ANNA, "Открыть", "Новый лид: Мария Иванова")
    await visitor.tap(ANNA, "✔ В работе")
    await visitor.tap(ANNA, "✔ Создать сделку")
    await visitor.sees(ANNA, "Новая сделка: " + KITCHEN)
    await visitor.picture("deal")

    # the contract is a paper in the phone; its signed copy goes into the deal by the paper clip
    await task(visitor, "Подготовить и подписать")
    await visitor.tap(ANNA, "Указать тип кухни")
    await visitor.tap(ANNA, "Прямая")
    await visitor.type(ANNA, "150 000")
    await visitor.tap(ANNA, "Сформировать договор")
    await visitor.tap(ANNA, "Так и надо")
    await expect(visitor.phone(ANNA).locator(".pinned")).to_contain_text("Кухня на дачу", timeout=SLOW)
    assert (await visitor.paper(ANNA, "Договор")).startswith(b"%PDF-")
    await visitor.picture("contract")
    await visitor.tap(ANNA, "Подписать договор у клиента")
    await visitor.tap(ANNA, "Приложить подписанную копию")
    await visitor.send_file(ANNA, "Подписанный договор.pdf", b"%PDF-1.4 the signed one" + b" " * 2000)
    await visitor.tap(ANNA, "Готово")
    await visitor.tap(ANNA, "Договор подписан")
    await visitor.sees(ANNA, "Закрыта: Договор подписан")

    # the invoice is made and marked as sent; the prepayment
    await visitor.tap(ANNA, "⏭ Дальше: Выставить счёт")
    await visitor.tap(ANNA, "Сформировать счёт")
    await visitor.type(ANNA, "75 000")
    assert (await visitor.paper(ANNA, "Счёт")).startswith(b"%PDF-")
    await visitor.tap(ANNA, "Клиенту отправлено", "Счёт №")
    await visitor.picture("invoice")
    await visitor.tap(ANNA, "К задаче")
    await visitor.tap(ANNA, "Узнать у клиента дату")
    await visitor.type(ANNA, f"{today + timedelta(days=1):%d.%m.%Y}")
    await visitor.tap(ANNA, "Счёт отправлен")
    await visitor.sees(ANNA, "Закрыта: Счёт отправлен")
    await visitor.tap(ANNA, "Открыть сделку")
    await visitor.tap(ANNA, "✔ Предоплата получена")
    await visitor.type(ANNA, "75 000")
    await visitor.tap(ANNA, "Сегодня")
    await visitor.tap(ANNA, "Перевод на счёт")
    await visitor.type(ANNA, f"{today + timedelta(days=24):%d.%m.%Y}")
    await visitor.sees(ANNA, "150 000 ₽ · оплачено 75 000 ₽ · остаток 75 000 ₽")
    await visitor.picture("prepaid")

    # the technologist, the production, and the date that slips by a week
    await task(visitor, "Связаться с технологом")
    await visitor.tap(ANNA, "Узнать предварительную дату")
    await visitor.type(ANNA, f"{today + timedelta(days=20):%d.%m.%Y}")
    await visitor.tap(ANNA, "Получить уверения")
    await visitor.tap(ANNA, "Убедиться, что кухня")
    await visitor.tap(ANNA, "Технолог всё подтвердил")
    await visitor.sees(ANNA, "Закрыта: Технолог всё подтвердил")
    await visitor.tap(ANNA, "Открыть сделку")
    await visitor.tap(ANNA, "✔ Производство запущено")
    await visitor.sees(ANNA, "Производство запущено: " + KITCHEN)
    await visitor.sees_no(MARIA, "Новый срок готовности")
    await visitor.go_to(f"{today + timedelta(days=17)}T11:00")
    await visitor.tap(ANNA, "Срок сдвинулся", KITCHEN)
    await visitor.type(ANNA, "Задержка фасадов")
    await visitor.type(ANNA, f"{today + timedelta(days=27):%d.%m.%Y}")
    await visitor.sees(BOSS, "Срок готовности сдвинулся: " + KITCHEN)
    await visitor.go_to(f"{today + timedelta(days=17)}T11:15")
    await visitor.sees(MARIA, "Новый срок готовности Вашей кухни")
    await visitor.picture("slipped")

    # ready; the balance comes, and the deal moves by itself
    await visitor.go_to(f"{today + timedelta(days=24)}T11:00")
    await visitor.tap(ANNA, "Готово на 100 %", KITCHEN)
    await visitor.sees(ANNA, "Закрыта: Готово на 100 %")
    await visitor.tap(ANNA, "Открыть сделку", KITCHEN)
    await visitor.tap(ANNA, re.compile("^Оплата"))  # not «✔ Доплата получена»
    await visitor.tap(ANNA, "Внести платёж")
    await visitor.tap(ANNA, "Весь остаток")
    await visitor.tap(ANNA, "Сегодня")
    await visitor.tap(ANNA, "СБП")
    await visitor.sees(ANNA, "Оплачено полностью: " + KITCHEN)
    await visitor.picture("paid")

    # the window, the day before, the SMS
    await task(visitor, "Согласовать доставку")
    await visitor.tap(ANNA, "Выбрать окно и мастера")
    await visitor.picture("windows")
    await visitor.type(ANNA, f"{today + timedelta(days=26):%d.%m} в 10")
    await visitor.tap(ANNA, "Клиент согласен")
    await visitor.tap(ANNA, "Уточнить точный адрес")
    await visitor.type(ANNA, "Москва, ул. Садовая, д. 7, кв. 12, подъезд 1, этаж 4")
    await visitor.tap(ANNA, "Верно")
    await visitor.tap(ANNA, "Узнать про подъём")
    await visitor.tap(ANNA, "Грузовой лифт")
    await visitor.tap(ANNA, "Пропустить")
    await visitor.type(ANNA, "Режим тишины с 13:00 до 15:00")
    await visitor.sees(NIKOLAY, "Вам назначен монтаж: " + KITCHEN)
    await visitor.go_to(f"{today + timedelta(days=25)}T11:00")
    await visitor.sees_no(MARIA, "Монтаж Вашей кухни")
    await visitor.tap(ANNA, "Клиент готов", KITCHEN)
    await visitor.go_to(f"{today + timedelta(days=25)}T11:08")  # until then it could be put back
    await visitor.sees(MARIA, "Приедет Николай Громов, тел. +7 916 555-01-01")
    await visitor.picture("sms")

    # the installer's day
    await visitor.sees(NIKOLAY, "Монтаж кухни у клиента")
    await visitor.tap(NIKOLAY, "Принимаю выезд", KITCHEN)
    await visitor.go_to(f"{today + timedelta(days=26)}T14:30")
    await visitor.type(NIKOLAY, "/menu")
    await visitor.tap(NIKOLAY, "Сегодня")
    await visitor.picture("today")
    await visitor.sees(NIKOLAY, "✔ выезд подтверждён")
    await visitor.tap(NIKOLAY, "10:00 · Мария Иванова")
    await visitor.tap(NIKOLAY, "Позвонить клиенту за час")
    await visitor.tap(NIKOLAY, "На месте")
    await visitor.tap(NIKOLAY, "Пропустить")
    await visitor.tap(NIKOLAY, "Кухня собрана", KITCHEN)
    await visitor.send_file(NIKOLAY, "кухня.png", PICTURE)
    await visitor.tap(NIKOLAY, "Готово")
    await visitor.tap(NIKOLAY, "Сообщить о результате", KITCHEN)
    await visitor.tap(NIKOLAY, "Без замечаний")
    await visitor.type(NIKOLAY, "Собрали всё")
    await visitor.picture("job")
    await visitor.tap(NIKOLAY, "Акт подписан", KITCHEN)
    await visitor.send_file(NIKOLAY, "акт.png", PICTURE)
    await visitor.tap(NIKOLAY, "Готово")
    await visitor.sees(ANNA, f"Монтаж закончен, акт подписан: {KITCHEN}")

    # the control call, success; nothing hangs any more
    await task(visitor, "Контрольный звонок")
    await visitor.tap(ANNA, "Позвонить клиенту и записать")
    await visitor.type(ANNA, "Всё понравилось")
    await visitor.tap(ANNA, "Всё хорошо")
    await visitor.sees(ANNA, "Сделка успешна")
    await expect(visitor.phone(ANNA).locator(".pinned")).to_be_hidden(timeout=SLOW)
    await visitor.picture("success")
    assert complaints == []
