"""An owner's process file in his data folder is in force instead of the shipped one, and is his to take away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot import app as root
from bot.delivery.rate_limits import RateLimits
from bot.selfcheck import StartRefused
from sandbox.server import Sandbox
from sandbox.world.shifted_clock import ShiftedClock
from tests.stories.conftest import MONDAY, close_shop, settings_for
from tests.stories.core.test_process_edit import edited, to_prepayment, with_a_new_stage
from tests.stories.driver import Phone, Shop


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The furniture maker with the shipped files, but for `furniture.yaml` in his data folder: it has a stage more."""
    with_a_new_stage(tmp_path / "processes")
    sandbox = Sandbox(clock=ShiftedClock(MONDAY, frozen=True), web=False)
    await sandbox.start()
    opened = Shop(await begin(sandbox, tmp_path), sandbox, aiohttp.ClientSession())
    yield opened
    await close_shop(opened, opened.http)


async def begin(sandbox: Sandbox, data: Path) -> root.App:
    """The bot, as it starts with what lies in the data folder now."""
    settings = settings_for(data, sandbox.url, processes=("furniture",))
    app = await root.build(settings, clock=sandbox.clock.now, limits=RateLimits.none())
    await app.start()
    sandbox.clock.listeners[:] = [app.tick_and_settle]
    return app


async def begin_again(shop: Shop, data: Path) -> root.App:
    """Stop the bot and start it anew."""
    await shop.app.stop()
    return await begin(shop.sandbox, data)


async def test_an_owners_file_is_in_force_until_he_takes_it_away(shop: Shop, anna: Phone, tmp_path: Path) -> None:
    """His stage is on the way. Without his file the shipped one is in force, once no deal stands on his stage."""
    await to_prepayment(anna)
    await anna.tap("✔ Согласование образца")
    await anna.fill("75 000", "[Сегодня]", "[Перевод на счёт]")
    await anna.sees("Согласование образца · 1-й день")

    own = tmp_path / "processes" / "furniture.yaml"
    own.rename(own.with_suffix(".away"))
    with pytest.raises(StartRefused) as refused:
        await begin_again(shop, tmp_path)
    assert "1 deal stands on `order.sample`" in str(refused.value)

    own.with_suffix(".away").rename(own)
    shop.app = await begin(shop.sandbox, tmp_path)
    await shop.settle()
    await anna.text("2026-0001")
    await anna.tap("Шкаф-купе")
    await anna.tap("✔ Изготовление мебели")
    await anna.fill("Дуб")
    own.unlink()
    shop.app = await begin_again(shop, tmp_path)
    await shop.settle()
    assert shop.app.company.processes["furniture"].find_stage("order", "sample") is None
    await anna.text("2026-0001")
    assert "Изготовление мебели" in (await anna.tap("Шкаф-купе")).text


async def test_a_broken_file_of_the_owner_is_refused_by_its_own_name_and_line(shop: Shop, tmp_path: Path) -> None:
    """The shipped file of the same name is not taken instead in silence."""
    folder = edited(tmp_path / "processes", ("    stages:\n", "    stagez:\n"))
    with pytest.raises(StartRefused) as refused:
        await begin_again(shop, tmp_path)
    assert any(one.startswith(f"{folder / 'furniture.yaml'}:") and "stagez" in one for one in refused.value.problems)
    (folder / "furniture.yaml").unlink()
    shop.app = await begin(shop.sandbox, tmp_path)
