"""The bot's name and a query in the line of the page: offers above it, one is posted, and the card opens."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.page.visitor import ANNA, CHROMIUM, DESKTOP, SLOW, open_page

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no browser: none of chromium, chromium-browser, google-chrome is on the PATH"
)


async def test_who_types_the_bots_name_is_offered_deals_and_posts_one(browser: Browser, address: str) -> None:
    visitor, complaints = await open_page(browser, address, DESKTOP)
    await visitor.sees(ANNA, "Мои сделки")
    phone = visitor.phone(ANNA)
    line, offers = phone.get_by_test_id("input"), phone.locator(".suggest [role=menuitem]")
    await line.fill("@verstak_bot ")
    await expect(offers.first).to_contain_text("№ 2026-", timeout=SLOW)
    await line.fill("@verstak_bot ю")
    await expect(offers).to_have_text(["Напишите хотя бы три буквы"], timeout=SLOW)
    await line.fill("@verstak_bot 0001")
    await expect(offers.first).to_contain_text("№ 2026-0001", timeout=SLOW)
    await visitor.picture("inline")
    await offers.first.click()
    await visitor.sees(ANNA, "Сделка № 2026-0001")
    await expect(line).to_have_value("")
    await expect(phone.locator(".suggest")).to_be_hidden()
    assert complaints == []
