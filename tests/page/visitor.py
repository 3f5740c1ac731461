"""Somebody at the sandbox's page: Chromium, a mouse, the phones by their numbers.

Set SHOTS to a folder to have pictures of the way taken.
"""

from __future__ import annotations

import mimetypes
import os
import re
import shutil
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, FilePayload, Locator, Page, TimeoutError, ViewportSize, expect

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
ANNA, BOSS, NIKOLAY, MARIA = 1002, 1004, 1005, 2001


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
        try:
            await expect(found).to_have_count(1, timeout=SLOW)
        except AssertionError:
            await self.picture("stuck")
            raise
        return found

    async def sees_no(self, key: int, text: str) -> None:
        await expect(self.phone(key).locator(".message", has_text=text)).to_have_count(0)

    async def tap(self, key: int, label: str | re.Pattern[str], on: str = "") -> None:
        """Press a bot's button: on the newest message that has it (and the text)."""
        messages = self.phone(key).locator(".message", has=self.page.locator(".key", has_text=label))
        if on:
            messages = messages.filter(has_text=on)
        button = messages.last.locator(".key", has_text=label).first
        try:
            await button.click(timeout=SLOW)
        except TimeoutError:
            await self.picture("stuck")
            raise
        await expect(self.phone(key).locator('.key[aria-busy="true"]')).to_have_count(0, timeout=SLOW)

    async def type(self, key: int, text: str) -> None:
        """Write a message, and wait until the bot has answered it."""
        box, own = self.phone(key).get_by_test_id("input"), self.phone(key).locator(".message.out")
        before = await own.count()
        await box.fill(text)
        await box.press("Enter")
        await expect(own).to_have_count(before + 1, timeout=SLOW)
        await expect(self.phone(key).locator(".message").last).to_contain_class("in", timeout=SLOW)

    async def menu(self, key: int) -> Locator:
        """Ask for the menu and give its message, whatever it turns into when it is pressed.

        Found by its own button and held by its number: a notice may come between the question and the answer.
        """
        await self.type(key, "/menu")
        own = self.phone(key).locator(".message.out").last
        after = "following-sibling::article[.//*[contains(@class, 'key') and contains(., 'Мои задачи')]]"
        found = own.locator(f"xpath={after}").first
        await expect(found).to_be_attached(timeout=SLOW)
        number = await found.get_attribute("data-message")
        return self.phone(key).locator(f'article.message[data-message="{number}"]')

    async def send_file(self, key: int, name: str, body: bytes) -> None:
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        given = FilePayload(name=name, mimeType=mime, buffer=body)
        await self.phone(key).get_by_test_id("file").set_input_files([given])
        await self.phone(key).get_by_label("Отправить").last.click()

    async def paper(self, key: int, name: str) -> bytes:
        """A document that stands in the phone, named and sized; what opens when it is pressed."""
        shown = self.phone(key).locator("a.file", has_text=name).last
        await expect(shown).to_be_visible(timeout=SLOW)
        await expect(shown).to_contain_text("КБ")
        await expect(shown).to_have_attribute("target", "_blank")
        link = await shown.get_attribute("href")
        got = await self.page.request.get(f"{self.page.url.rstrip('/')}{link}")
        assert got.headers["content-disposition"].startswith("inline"), "it opens; it is not saved"
        return await got.body()

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


async def open_page(browser: Browser, address: str, size: ViewportSize) -> tuple[Visitor, list[str]]:
    """The page at a size, and what it complains of in the console."""
    # whoever asks for less motion sees all the same, and no machine has to draw each frame without a graphics card
    page = await browser.new_page(viewport=size, locale="ru-RU", reduced_motion="reduce")
    page.set_default_timeout(SLOW)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    await page.goto(address)
    await expect(page.locator("[data-phone]").first).to_be_visible(timeout=SLOW)
    return Visitor(page), complaints
