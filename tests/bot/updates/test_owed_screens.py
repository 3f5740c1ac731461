"""What was not shown is shown once, and holds up nobody but who is to see it (promises 2, 9)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.database import Database
from bot.delivery.rate_limits import RateLimits
from bot.unit_of_work_factory import UnitOfWorkFactory
from bot.updates.owed_screens import OwedScreens
from bot.updates.screen_calls import ScreenCall
from services.outbox import owed_screens
from services.unit_of_work import Company
from tests.conftest import MovableClock

ANNA, BORIS = 101, 102


@dataclass
class SlowApi:
    """Telegram: chats that hang are answered when `answers` is set."""

    limits: RateLimits = field(default_factory=RateLimits.none)
    seen: list[tuple[int, str]] = field(default_factory=list)
    hangs: set[int] = field(default_factory=set)
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def call(self, method: str, params: Mapping[str, Any], *, stranger: bool = False) -> Any:
        self.seen.append((params["chat_id"], params["text"]))
        if params["chat_id"] in self.hangs:
            await self.answers.wait()
        return {"message_id": len(self.seen)}


@pytest.fixture
def api() -> SlowApi:
    return SlowApi()


@pytest.fixture
async def screens(
    database: Database, api: SlowApi, clock: MovableClock, company: Company
) -> AsyncIterator[OwedScreens]:
    found = OwedScreens(UnitOfWorkFactory(database, clock, company), api, holder=1)  # type: ignore[arg-type]
    yield found
    await found.close()


async def owe(database: Database, screens: OwedScreens, chat: int, text: str) -> None:
    """A press was answered, and its screen could not be shown."""
    call = ScreenCall({"chat_id": chat, "text": text})
    await database.run(lambda tx: screens.owe(tx, chat, chat, [call], None))
    screens.missed(chat, chat, unsure=False)


async def test_what_was_shown_is_not_shown_again_because_that_could_not_be_written(
    database: Database, screens: OwedScreens, api: SlowApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is read, and takes no word that it was: a message would come again with each ring."""
    await owe(database, screens, ANNA, "menu")
    write = owed_screens.shown

    def full(*_: Any) -> None:
        raise OperationalError("DELETE", {}, Exception("database or disk is full"))

    monkeypatch.setattr(owed_screens, "shown", full)
    for _ in range(3):
        with pytest.raises(OperationalError):
            await screens.tick(at_once=True)
    monkeypatch.setattr(owed_screens, "shown", write)
    await screens.tick(at_once=True)
    assert api.seen == [(ANNA, "menu")]
    assert await database.run(lambda tx: owed_screens.waiting(tx, [], [])) == []


async def test_a_chat_that_hangs_holds_up_neither_the_bell_nor_anybody_elses_screen(
    database: Database, screens: OwedScreens, api: SlowApi
) -> None:
    api.hangs = {ANNA}
    await owe(database, screens, ANNA, "card")
    screens._pauses.clear()
    async with asyncio.timeout(1):
        await screens.tick()
        await owe(database, screens, BORIS, "menu")
        screens._pauses.clear()
        while (BORIS, "menu") not in api.seen:
            await screens.tick()
            await asyncio.sleep(0.01)
    assert api.seen.count((ANNA, "card")) == 1, "it is on its way"
    api.answers.set()
    await screens.tick(at_once=True)
    assert await database.run(lambda tx: owed_screens.waiting(tx, [], [])) == []
