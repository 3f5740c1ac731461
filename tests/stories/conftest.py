"""A running bot with its sandbox for each story: real HTTP both ways, a frozen clock, SQLite in a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import app as root
from bot.cli.sandbox_command import sms_url
from bot.delivery.rate_limits import RateLimits
from bot.settings import Settings
from sandbox.server import Sandbox
from sandbox.world.shifted_clock import ShiftedClock
from tests import once
from tests.conftest import PROCESSES
from tests.stories.driver import Phone, Shop

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # 10:00 in Moscow
TOKEN = "1:story"
INTAKE = "story-intake-token"


def settings_for(folder: Path, url: str, **more: Any) -> Settings:
    """Settings of a story: nothing out of the environment."""
    return Settings(
        _env_file=None,
        bot_token=TOKEN, bot_api_url=url, data_dir=folder, http_port=0, intake_token=INTAKE,
        **{"sms_url": sms_url(url), **more},
    )  # fmt: skip


async def open_shop(folder: Path, *, where: Path = PROCESSES, **more: Any) -> tuple[Shop, aiohttp.ClientSession]:
    """Start a sandbox and the bot on it."""
    if where == PROCESSES:  # a story is told of one business unless it says otherwise
        more.setdefault("processes", ("furniture",))
    if "database_url" not in more:
        once.with_tables(folder)
    sandbox = Sandbox(clock=ShiftedClock(MONDAY, frozen=True), web=False)
    await sandbox.start()
    app = await root.build(
        settings_for(folder, sandbox.url, **more), clock=sandbox.clock.now, limits=RateLimits.none(), where=where
    )  # fmt: skip
    await app.start()
    sandbox.clock.listeners.append(app.tick_and_settle)
    http = aiohttp.ClientSession()
    return Shop(app, sandbox, http), http


async def close_shop(shop: Shop, http: aiohttp.ClientSession) -> None:
    """Stop both."""
    await http.close()
    await shop.app.stop()
    await shop.sandbox.close()


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The furniture maker, running, with nobody in it yet."""
    opened, http = await open_shop(tmp_path)
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def anna(shop: Shop) -> Phone:
    """A manager."""
    return await shop.hire("Анна Соколова", "manager")


@pytest.fixture
async def boss(shop: Shop) -> Phone:
    """The supervisor."""
    return await shop.hire("Ирина Белова", "supervisor")


@pytest.fixture
async def owner(shop: Shop) -> Phone:
    return await shop.hire("Сергей Воронов", "owner")


@pytest.fixture
async def nikolay(shop: Shop) -> Phone:
    """An installer."""
    return await shop.hire("Николай Громов", "installer")
