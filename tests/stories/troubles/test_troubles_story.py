"""Trouble reaches the owner: in his chat where the bot can speak, else by SMS or e-mail, else on the health page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.updates import poller as polling
from bot.updates import quarantine_alerts
from handlers import routes
from models.troubles import TroubleKind
from services.operation import troubles
from tests.stories.conftest import close_shop, open_shop
from tests.stories.driver import Phone, Shop


async def until(is_so: Callable[[], Any], patience: float = 20.0) -> None:
    """Wait for what happens by itself."""
    async with asyncio.timeout(patience):
        while not is_so():  # noqa: ASYNC110 — nobody else tells when it is so
            await asyncio.sleep(0.05)


async def health(shop: Shop) -> tuple[int, str]:
    """What the health page says."""
    async with shop.http.get(f"http://127.0.0.1:{shop.app.http.port}/health") as answer:
        return answer.status, await answer.text()


async def test_an_update_that_fails_is_told_and_told_again_when_it_was_handled(
    shop: Shop, owner: Phone, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle, broken = routes.handle, True

    def breaks(request: Any) -> Any:
        if broken and request.incoming.text == "взорвись":
            raise RuntimeError("a bug")
        return handle(request)

    monkeypatch.setattr(routes, "handle", breaks)
    await anna.text("взорвись")
    await shop.later(seconds=1)
    said = await owner.sees_only("не удалось обработать (RuntimeError)")
    assert "verstak replay" in said.text
    await anna.sees("ошибка на нашей стороне")
    assert "не удалось обработать" in (await health(shop))[1]
    broken = False
    await shop.app.intake.replay()
    await shop.settle()
    await shop.app.units.run(quarantine_alerts.settle)
    await shop.later(seconds=1)
    await owner.sees_only("обработано")
    assert "Неполадок нет" in (await health(shop))[1]


async def test_a_flood_of_failing_updates_is_told_as_a_few_and_one_for_the_rest(
    shop: Shop, owner: Phone, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(request: Any) -> Any:
        raise RuntimeError("a bug")

    monkeypatch.setattr(routes, "handle", breaks)
    for place in range(6):
        await anna.text(f"сообщение {place}")
    await shop.later(seconds=1)
    assert await owner.count("не удалось обработать (RuntimeError)") == 3
    await owner.sees_only("Не удалось обработать уже несколько сообщений")


async def test_a_second_bot_on_the_token_is_told_once_and_health_is_red_until_it_is_gone(
    shop: Shop, owner: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "CONFLICT_PAUSE", 0.05)
    shop.sandbox.faults.add("409", ["getUpdates"], times=4)
    await owner.text("привет")  # wakes the question that is held open
    await until(lambda: shop.app.poller.conflicts >= 2 and shop.app.poller.mute)
    await shop.later(seconds=1)
    said = await owner.sees_only("Этим ботом управляет ещё одна программа")
    assert "@BotFather" in said.text
    status, page = await health(shop)
    assert status == 503
    assert "Этим ботом управляет ещё одна программа" in page
    monkeypatch.setattr(polling, "CONFLICTS_OVER", 0.0)
    await owner.text("привет")
    await until(lambda: not shop.app.poller.mute)
    await shop.settle()
    await shop.later(seconds=1)
    await owner.sees_only("Бот снова один")
    assert (await health(shop))[0] == 200


async def test_one_conflict_after_a_start_is_no_trouble(
    shop: Shop, owner: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "CONFLICT_PAUSE", 0.05)
    shop.sandbox.faults.add("409", ["getUpdates"], times=1)
    await owner.text("привет")
    await until(lambda: shop.app.poller.conflicts == 1)
    await owner.text("привет")
    await shop.later(seconds=1)
    await owner.sees_no("ещё одна программа")
    assert (await health(shop))[0] == 200


async def test_a_revoked_token_is_told_by_sms_because_the_bot_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "CONFLICT_PAUSE", 0.05)
    shop, http = await open_shop(tmp_path, alarm_phone="+79123456789")
    try:
        owner = await shop.hire("Сергей Воронов", "owner")
        shop.sandbox.faults.add("401", ["getUpdates"], times=3)
        await owner.text("привет")
        await until(lambda: shop.app.poller.mute == "unauthorized" or None)
        await shop.later(seconds=1)
        [text] = [one for one in await sms(shop, http) if "токен" in one]
        assert "@BotFather" in text
        await owner.text("привет")
        await until(lambda: not shop.app.poller.mute)
        await shop.later(seconds=1)
        await owner.sees_only("Токен бота снова действует")
        await owner.sees_no("больше не принимает токен")
    finally:
        await close_shop(shop, http)


async def test_without_any_channel_the_health_page_has_it(shop: Shop, anna: Phone) -> None:
    """Nobody is the owner yet, and neither SMS nor e-mail is set."""
    await shop.app.units.run(lambda work: troubles.begin(work, TroubleKind.BACKUP_FAILED, reason="секрет Анны"))
    await shop.later(seconds=1)
    status, page = await health(shop)
    assert status == 200, "the bot serves all the same"
    assert "Резервная копия не сделана" in page
    assert "verstak backup" in page
    assert "секрет" not in page


async def sms(shop: Shop, http: aiohttp.ClientSession) -> list[str]:
    """The texts that came to phones."""
    return [one["text"] for one in (await shop.get("sms"))["sms"]]
