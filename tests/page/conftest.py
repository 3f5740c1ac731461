"""The page's world: Chromium, and `python -m bot sandbox` for each test."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.page.visitor import ARGUMENTS, CHROMIUM
from tests.stories.program import Program


@pytest.fixture
def processes() -> str:
    """Which businesses the sandbox plays; a test of another one overrides it."""
    return "furniture"


@pytest.fixture
async def address(tmp_path: Path, processes: str) -> AsyncIterator[str]:
    """Where the page is: a sandbox of its own."""
    program = Program(["sandbox", "--port", "0"], {"DATA_DIR": str(tmp_path), "PROCESSES": processes})
    await program.start()
    said = await program.line()
    found = re.search(r"http://\S+", said)
    assert found, said or (tmp_path / "log.txt").read_text("utf-8")
    yield found[0]
    assert await program.stop() == 0, "Ctrl+C ends it in peace"


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One for all tests: each page has its own profile, as in another browser."""
    async with async_playwright() as driver:
        opened = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        await opened.close()
