"""The story of «Done when», on the page alone: a visitor with a mouse, Chromium, and `python -m bot sandbox`.

Set SHOTS to a folder to have pictures of the way taken.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, FilePayload, Locator, Page, ViewportSize, async_playwright, expect

from tests.stories.program import Program

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP, POCKET = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
SLOW = 30_000  # milliseconds that the page may take for one thing, on a busy machine
# the smallest picture there is
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
ANNA, BOSS, NIKOLAY = 1002, 1004, 1005

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no browser: none of chromium, chromium-browser, google-chrome is on the PATH"
)


class Visitor:
    """Somebody at the page: clicks, types, reads."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pictures = 0

    def phone(self, key: int) -> Locator:
        return self.page.locator(f'[data-phone="{key}"]')

    def message(self, key: int, text: str) -> Locator:
        """The newest message of the phone with that text in it."""
        return self.phone(key).locator(".message", has_text=text).last

    async def sees(self, key: int, text: str) -> Locator:
        found = self.message(key, text)
        await expect(found).to_have_count(1, timeout=SLOW)
        return found

    async def sees_no(self, key: int, text: str) -> None:
        await expect(self.phone(key).locator(".message", has_text=text)).to_have_count(0)

    async def tap(self, key: int, label: str, on: str = "") -> None:
        """Press a bot's button: on the newest message that has it (and the text)."""
        messages = self.phone(key).locator(".message", has=self.page.locator(".key", has_text=label))
        if on:
            messages = messages.filter(has_text=on)
        button = messages.last.locator(".key", has_text=label).first
        await button.click(timeout=SLOW)
        await expect(self.phone(key).locator('.key[aria-busy="true"]')).to_have_count(0, timeout=SLOW)

    async def type(self, key: int, text: str) -> None:
        box = self.phone(key).get_by_test_id("input")
        await box.fill(text)
        await box.press("Enter")

    async def send_file(self, key: int, name: str, body: bytes) -> None:
        given = FilePayload(name=name, mimeType="image/png", buffer=body)
        await self.phone(key).get_by_test_id("file").set_input_files([given])
        await self.phone(key).get_by_label("Отправить").last.click()

    async def clock(self, step: str) -> None:
        """Press a button of the clock, and wait until it has come there."""
        await self.page.locator(f'[data-clock="{step}"]').click()
        await expect(self.page.locator(".moving")).to_have_count(0, timeout=SLOW)

    async def action(self, name: str, /, **fields: str) -> None:
        await self.page.locator(f'[data-action="{name}"]').click()
        for field, value in fields.items():
            await self.page.locator(f'dialog[open] [name="{field}"]').fill(value)
        if fields:
            await self.page.locator('dialog[open] button[type="submit"]').click()
            await expect(self.page.locator("dialog[open]")).to_have_count(0, timeout=SLOW)

    async def today(self) -> date:
        """The day on the page's clock."""
        shown = await self.page.get_by_test_id("now").get_attribute("data-iso")
        assert shown is not None
        return datetime.fromisoformat(shown).astimezone(ZoneInfo("Europe/Moscow")).date()

    async def go_to(self, local: str) -> None:
        """Type a moment into «перейти к…» and go there."""
        await self.page.get_by_test_id("goto").fill(local)
        await self.clock("goto")

    async def picture(self, name: str) -> None:
        folder = os.environ.get("SHOTS")
        if folder:
            self.pictures += 1
            await self.page.screenshot(path=Path(folder) / f"{self.pictures:02d}-{name}.png")


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """Where the page is: a sandbox of its own, with nothing in it."""
    program = Program(["sandbox", "--port", "0"], {"DATA_DIR": str(tmp_path)})
    await program.start()
    said = await program.line()
    found = re.search(r"http://\S+", said)
    assert found, said or (tmp_path / "log.txt").read_text("utf-8")
    yield found[0]
    assert await program.stop() == 0, "Ctrl+C ends it in peace"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        opened = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        await opened.close()


async def open_page(browser: Browser, address: str, size: ViewportSize) -> tuple[Visitor, list[str]]:
    """The page at a size, and what it complains of in the console."""
    page = await browser.new_page(viewport=size, locale="ru-RU")
    page.set_default_timeout(SLOW)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    await page.goto(address)
    await expect(page.locator("[data-phone]").first).to_be_visible(timeout=SLOW)
    return Visitor(page), complaints


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
        "Сделка второй день на договоре: Вера Лебедева",
        "Договор не подписан уже три дня: Вера Лебедева",
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
