"""Another program holds the SQLite file for longer than the bot is patient: what came meanwhile is not lost (proof 21).

`LOCKED=90` holds it for 90 seconds of real time, and the bot is as patient as in production.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import database as databases
from models.tables.deals import DealRow
from models.tables.updates import DONE, PENDING, InboxRow
from tests.stories.acts import begin
from tests.stories.driver import Phone, Shop

LOCKED = float(os.environ.get("LOCKED", "2"))  # seconds
TYPED = 20


def hold(shop: Shop) -> asyncio.Event:
    """Updates are stored and not begun until the event."""
    go_on, handle = asyncio.Event(), shop.app.intake._handle

    async def later(item: Any) -> None:
        await go_on.wait()
        await handle(item)

    shop.app.intake._handle = later
    return go_on


async def test_what_is_pressed_while_another_program_holds_the_file_takes_effect_after_it(
    shop: Shop, anna: Phone, boss: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A press that is stored already and fails in the middle, and what waits at Telegram: each once, none put aside."""
    if LOCKED < databases.BUSY:
        monkeypatch.setattr(databases, "BUSY", LOCKED / 3)
    await begin(anna, "Новый заказ", "Шкаф-купе", "150 000")
    card = await anna.sees("Заключение договора · 1-й день")
    button = card.button("✔ Предоплата")
    assert button is not None
    go_on = hold(shop)
    await shop.post(f"phones/{anna.key}/tap", {"message_id": card.id, "data": button["data"], "wait": False})
    async with asyncio.timeout(10):
        while not await shop.rows(select(InboxRow.id).where(InboxRow.state == PENDING)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    with closing(sqlite3.connect(Path(shop.app.settings.data_dir) / "verstak.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        go_on.set()
        for number in range(TYPED):
            await shop.post(f"phones/{boss.key}/text", {"text": f"2026-99{number:02}"})
            await asyncio.sleep(LOCKED / TYPED)
        other.execute("ROLLBACK")
    assert shop.app.intake.failures > 0, "it was held for longer than the bot is patient"
    await shop.settle()
    assert [row.stage for row in await shop.rows(select(DealRow.stage))] == ["prepayment"]
    assert {row.state for row in await shop.rows(select(InboxRow.state))} == {DONE}
    assert [await boss.count(f"Поиск: 2026-99{number:02}") for number in range(TYPED)] == [1] * TYPED
    assert (await boss.last()).text.startswith(f"🔍 Поиск: 2026-99{TYPED - 1}"), "in the order of the chat"
    assert "Предоплата · 1-й день" in (await anna.as_it_is(card)).text
