"""The measurers' business of «Done when», on the page alone: from a request on the site to the contract.

Set SHOTS to a folder to have pictures of the way taken.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from tests.page.visitor import ANNA, CHROMIUM, DESKTOP, PICTURE, SLOW, Visitor, open_page

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no browser: none of chromium, chromium-browser, google-chrome is on the PATH"
)
VERA, OLEG, PYOTR = 1006, 1007, 1008  # the technologist, the communications manager, the measurer
CUPBOARD = "Шкаф на дачу · Мария Иванова"
ADDRESS = "Москва, ул. Садовая, д. 7, кв. 12, подъезд 1, этаж 4, домофон 12К"


@pytest.fixture
def processes() -> str:
    return "measurement"


async def ordered(visitor: Visitor) -> None:
    """A request on the site of somebody whose deal she has comes to her, and becomes a deal; its card is open."""
    await visitor.action("lead", name="Мария Иванова", phone="+7 912 345-67-89", comment="Шкаф на дачу")
    await visitor.tap(ANNA, "Открыть", "Новый лид: Мария Иванова")
    await visitor.tap(ANNA, "✔ Завершение работы с лидом")
    await visitor.sees(ANNA, f"Просчёт: {CUPBOARD}")


async def by_menu(visitor: Visitor, key: int, *labels: str) -> None:
    """From «/menu» on, one button after another, all in one message."""
    menu = await visitor.menu(key)
    for label in labels:
        await menu.locator(".key", has_text=label).first.click(timeout=SLOW)
        await expect(visitor.phone(key).locator('.key[aria-busy="true"]')).to_have_count(0, timeout=SLOW)


async def planned(visitor: Visitor, when: str) -> None:
    """The communications manager chooses the measurer and the hour; with that his task is done."""
    await visitor.tap(OLEG, "Выбрать замерщика", CUPBOARD)
    await visitor.tap(OLEG, "Пётр Лин")
    await visitor.type(OLEG, when)
    await visitor.sees(OLEG, "Закрыта: Замер назначен")


async def visited(visitor: Visitor) -> None:
    """The measurer has been there, and has sent no sheets."""
    await visitor.tap(PYOTR, "Позвонить клиенту перед приездом", CUPBOARD)
    await expect(visitor.phone(PYOTR).locator(".key", has_text="☑ Позвонить клиенту")).to_have_count(1, timeout=SLOW)
    await visitor.tap(PYOTR, "Замер закончен", CUPBOARD)


async def test_a_visitor_plays_a_measurement_on_the_page(browser: Browser, address: str) -> None:
    """Done when; M-3, M-6, M-8, M-9, M-10, M-12, M-13, M-14: 20 days ahead, confirmed, a stamp missed and a stamp in
    time, a question from the spot, no sheets at 10:15, a repeated visit, the contract, «Учёт клиентов»."""
    visitor, complaints = await open_page(browser, address, DESKTOP)
    await visitor.clock("next-10:45")
    today = await visitor.today()

    def on(days: int) -> str:
        return f"{today + timedelta(days=days):%d.%m.%Y}"

    async def at(days: int, clock: str) -> None:
        await visitor.go_to(f"{today + timedelta(days=days)}T{clock}")

    # in 20 days is «Предзамер», and three days before the client is called
    await ordered(visitor)
    await visitor.tap(ANNA, "Предполагаемая дата замера")
    await visitor.type(ANNA, on(20))
    await visitor.tap(ANNA, "✔ Предзамер")
    await visitor.type(ANNA, ADDRESS)
    await visitor.picture("address")
    await visitor.tap(ANNA, "Верно")
    await visitor.tap(ANNA, "Да")
    await visitor.type(ANNA, "115 973")
    await visitor.sees(ANNA, "Предзамер · 1-й день")
    await visitor.picture("premeasure")
    await at(17, "10:00")
    await visitor.tap(ANNA, "Дата подтверждена", CUPBOARD)
    await visitor.sees(VERA, "Печать технолога на просчёт")

    # no stamp by four of the day before: called off, and three are told
    off = f"Замер не состоится: нет печати технолога. Договоритесь с клиентом о новой дате: {CUPBOARD}"
    await at(19, "15:59")
    await visitor.sees_no(ANNA, off)
    await at(19, "16:00")
    await visitor.sees(ANNA, off)
    await visitor.sees(VERA, "Печати нет, замер не состоится: " + CUPBOARD)
    await visitor.sees(PYOTR, "Замер отменён, печати нет: " + CUPBOARD)
    await visitor.picture("called-off")

    # a new date, the stamp in time, the measurer is sent
    await visitor.tap(ANNA, "Открыть", off)
    await visitor.tap(ANNA, "Заполнить", CUPBOARD)
    await visitor.tap(ANNA, "Замер")
    await visitor.tap(ANNA, "Предполагаемая дата замера")
    await visitor.type(ANNA, on(23))
    await visitor.sees(PYOTR, "Замер перенесён: " + CUPBOARD)
    await at(21, "11:00")
    await visitor.tap(VERA, "Поставить печать", CUPBOARD)  # on the card of the old date: the fresh one first
    await visitor.tap(VERA, "Поставить печать", "Срок: завтра, 16:00")
    await visitor.sees(ANNA, "Технолог поставил печать: " + CUPBOARD)
    await planned(visitor, f"{on(23)} 12:00")
    await visitor.sees(ANNA, "Замер назначен: " + CUPBOARD)
    await visitor.sees(PYOTR, "ул. Садовая, д. 7, кв. 12")
    await visitor.picture("planned")

    # on the spot: a question, its answer
    await at(23, "12:10")
    await visitor.tap(PYOTR, "Спросить менеджера", CUPBOARD)
    await visitor.type(PYOTR, "Проём уже на 3 см, мерить?")
    await visitor.tap(ANNA, "Ответить", "Пётр Лин спрашивает: Проём уже на 3 см, мерить?")
    await visitor.type(ANNA, "Мерьте")
    await visitor.sees(PYOTR, "Анна Соколова отвечает: Мерьте")
    await visitor.picture("asked")
    await visited(visitor)
    await visitor.sees(ANNA, "Замер закончен: " + CUPBOARD)

    # no sheets at a quarter past ten: the deal goes by itself; then they come
    await at(24, "10:14")
    await visitor.sees(ANNA, "Запросите у замерщика листы и итог замера до 10:15: " + CUPBOARD)
    await visitor.sees_no(ANNA, "Нет замерного листа: " + CUPBOARD)
    await at(24, "10:15")
    await visitor.tap(ANNA, "Открыть", "Нет замерного листа: " + CUPBOARD)
    await visitor.tap(ANNA, "➕ Замерные листы")
    await visitor.send_file(ANNA, "замер.png", PICTURE)
    await visitor.tap(ANNA, "Готово")
    await visitor.tap(ANNA, "Открыть", "Замер проведён, договора нет: " + CUPBOARD)

    # a repeated visit
    await visitor.tap(ANNA, "Этапы…", CUPBOARD)
    await visitor.tap(ANNA, "Повторный замер", "Куда перевести сделку?")  # an older card has a button of that name
    await visitor.tap(ANNA, "Изменить: Предполагаемая дата")
    await visitor.type(ANNA, on(31))
    await visitor.type(ANNA, "Помещение не готово")
    await visitor.sees(ANNA, "Повторный замер · 1-й день")
    await at(29, "10:00")
    await visitor.tap(ANNA, "Дата подтверждена", "Подтвердить дату повторного замера")
    await planned(visitor, f"{on(31)} 12:00")
    await at(31, "13:00")
    await visited(visitor)

    # the contract; «Учёт клиентов» says the same
    await visitor.picture("question")
    await by_menu(visitor, ANNA, "Мои сделки", "Шкаф на дачу", "Задачи ", "Чем закончился", "Договор заключён")
    await visitor.sees(ANNA, "№ договора")
    for answer in ("12455Ш", "150 000", "5 000", "Иванова Мария Петровна"):
        await visitor.type(ANNA, answer)
    await visitor.sees(ANNA, "Сделка теперь на стадии «Сделка успешна»")
    await by_menu(visitor, ANNA, "Учёт клиентов", "Договор заключён")
    await visitor.tap(ANNA, "Мария Иванова")  # a list of clients is a message of its own: it is not passed on
    await visitor.sees(ANNA, "12455Ш")
    await visitor.picture("ledger")
    assert complaints == []


async def test_a_visitor_puts_a_deal_off_by_47_days_on_the_page(browser: Browser, address: str) -> None:
    """Done when; M-3, M-17, M-18: it waits on its month, rings on its day, not before, and is back in «Продажи»."""
    visitor, complaints = await open_page(browser, address, DESKTOP)
    await visitor.clock("next-10:45")
    today = await visitor.today()
    day = today + timedelta(days=47)
    await ordered(visitor)
    await visitor.tap(ANNA, "В отложенный спрос")
    await visitor.type(ANNA, f"{day:%d.%m.%Y}")
    await visitor.type(ANNA, "Сдача дома в феврале")
    await visitor.sees(ANNA, "Отложенный спрос: Сдача дома в феврале. Контакт")
    await expect(visitor.phone(ANNA).locator(".pinned")).to_contain_text(CUPBOARD, timeout=SLOW)
    await visitor.picture("deferred")
    await visitor.go_to(f"{day}T09:59")
    rung = visitor.phone(ANNA).locator(".message", has_text="Пора: срок задачи наступил").filter(has_text=CUPBOARD)
    await expect(rung).to_have_count(0)
    await visitor.go_to(f"{day}T10:00")
    await expect(rung).to_have_count(1, timeout=SLOW)
    await visitor.picture("rings")
    await visitor.tap(ANNA, "Вернуть в «Просчёт»", CUPBOARD)
    await visitor.type(ANNA, f"{day + timedelta(days=2):%d.%m.%Y}")
    await visitor.sees(ANNA, f"Просчёт: {CUPBOARD}")
    await by_menu(visitor, ANNA, "Мои сделки", "Шкаф на дачу")
    await visitor.sees(ANNA, "Просчёт · 1-й день")
    await visitor.picture("back")
    assert complaints == []
