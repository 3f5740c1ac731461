"""The story of «Done when», on the page alone: a visitor with a mouse, Chromium, and `python -m bot sandbox`.

Set SHOTS to a folder to have pictures of the way taken.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.program import Program

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
DESKTOP, POCKET = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SLOW = 30_000  # milliseconds that the page may take for one thing, on a busy machine
ANNA, BOSS, NIKOLAY = 1002, 1004, 1005

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no browser: none of chromium, chromium-browser, google-chrome is on the PATH"
)


class Visitor:
    """Somebody at the page: clicks, types, reads."""

    def __init__(self, page: playwright.Page) -> None:
        self.page = page
        self.pictures = 0

    def phone(self, key: int) -> playwright.Locator:
        return self.page.locator(f'[data-phone="{key}"]')

    def message(self, key: int, text: str) -> playwright.Locator:
        """The newest message of the phone with that text in it."""
        return self.phone(key).locator(".message", has_text=text).last

    async def sees(self, key: int, text: str) -> playwright.Locator:
        found = self.message(key, text)
        await playwright.expect(found).to_have_count(1, timeout=SLOW)
        return found

    async def sees_no(self, key: int, text: str) -> None:
        await playwright.expect(self.phone(key).locator(".message", has_text=text)).to_have_count(0)

    async def tap(self, key: int, label: str, on: str = "") -> None:
        """Press a bot's button: on the newest message that has it (and the text)."""
        messages = self.phone(key).locator(".message", has=self.page.locator(".key", has_text=label))
        if on:
            messages = messages.filter(has_text=on)
        button = messages.last.locator(".key", has_text=label).first
        await button.click(timeout=SLOW)
        await playwright.expect(self.phone(key).locator('.key[aria-busy="true"]')).to_have_count(0, timeout=SLOW)

    async def type(self, key: int, text: str) -> None:
        box = self.phone(key).get_by_test_id("input")
        await box.fill(text)
        await box.press("Enter")

    async def send_file(self, key: int, name: str, body: bytes) -> None:
        given = {"name": name, "mimeType": "image/png", "buffer": body}
        await self.phone(key).get_by_test_id("file").set_input_files([given])
        await self.phone(key).get_by_label("Отправить").last.click()

    async def clock(self, step: str) -> None:
        """Press a button of the clock, and wait until it has come there."""
        await self.page.locator(f'[data-clock="{step}"]').click()
        await playwright.expect(self.page.locator(".moving")).to_have_count(0, timeout=SLOW)

    async def action(self, name: str, **fields: str) -> None:
        await self.page.locator(f'[data-action="{name}"]').click()
        for field, value in fields.items():
            await self.page.locator(f'dialog[open] [name="{field}"]').fill(value)
        if fields:
            await self.page.locator('dialog[open] button[type="submit"]').click()
            await playwright.expect(self.page.locator("dialog[open]")).to_have_count(0, timeout=SLOW)

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
async def browser() -> AsyncIterator[playwright.Browser]:
    async with playwright.async_playwright() as driver:
        opened = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        await opened.close()


async def open_page(browser: playwright.Browser, address: str, size: dict[str, int]) -> tuple[Visitor, list[str]]:
    """The page at a size, and what it complains of in the console."""
    page = await browser.new_page(viewport=size, locale="ru-RU")
    page.set_default_timeout(SLOW)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    await page.goto(address)
    await playwright.expect(page.locator("[data-phone]").first).to_be_visible(timeout=SLOW)
    return Visitor(page), complaints


async def test_a_new_visitor_plays_the_furniture_makers_story_on_the_page(
    browser: playwright.Browser, address: str
) -> None:
    """Done when; C-1, C-2, C-4, C-6, F-L1, F-L3, F-L6, F-D6, F-E1, F-E2, F-E5: fill the shop, receive a lead, take it,
    convert it to «Дизайн», lead it to «На монтаж», see it go on in «Изготовление заказа», be stopped for a missing
    field and led through it, see the reminder after a day and the escalation after three, refuse with «Другое», and
    have the call-back list on its day."""
    visitor, complaints = await open_page(browser, address, DESKTOP)
    await visitor.picture("empty")
    await visitor.action("fill")
    await visitor.sees(ANNA, "Мои сделки · 4")
    await visitor.picture("filled")

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

    # time: the reminder to the manager, the escalation to the supervisor
    await visitor.sees_no(ANNA, "Сделка второй день на договоре: Вера")
    await visitor.clock("+1d")
    await visitor.clock("next-10:45")
    await visitor.picture("a-day-later")
