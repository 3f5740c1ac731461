"""A running sandbox with a frozen clock, somebody to talk to, and a real aiogram Bot against it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from sandbox import ActionField, OwnerAction, Person, Sandbox, ShiftedClock

TOKEN = "42:test-token"
ANNA, CLIENT = 100_001, 100_002
NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


class Desk:
    """The control side and the bare Bot API, as any HTTP client sees them."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session

    async def get(self, path: str) -> dict[str, Any]:
        async with self.session.get(f"/sandbox{path}") as response:
            body: dict[str, Any] = await response.json()
            return body

    async def post(self, path: str, **fields: Any) -> dict[str, Any]:
        async with self.session.post(f"/sandbox{path}", json=fields) as response:
            body: dict[str, Any] = await response.json()
            return body

    async def anna(self, act: str, **fields: Any) -> dict[str, Any]:
        return await self.post(f"/phones/{ANNA}/{act}", **fields)

    async def seen(self, phone: int = ANNA, after: int = 0) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = (await self.get(f"/phones/{phone}/messages?after={after}"))["messages"]
        return messages

    async def bot(self, method: str, token: str = TOKEN, **params: Any) -> dict[str, Any]:
        async with self.session.post(f"/bot{token}/{method}", json=params) as response:
            body: dict[str, Any] = await response.json()
            return body

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        result: list[dict[str, Any]] = (await self.bot("getUpdates", **params))["result"]
        return result


async def _greet(fields: dict[str, str]) -> str:
    if not fields["name"]:
        raise ValueError("Кого приветствовать?")
    return f"Привет, {fields['name']}!"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    greet = OwnerAction("greet", "Поздороваться", _greet, (ActionField("name", "Имя", value="мир"),))
    box = Sandbox(clock=ShiftedClock(NOW, frozen=True), actions=[greet])
    box.world.add_person(Person(ANNA, "Анна", "Серова", username="anna", title="Менеджер", number="+79120000001"))
    box.world.add_person(Person(CLIENT, "Мария", number="+7 912 345-67-89", sms=True))
    await box.start()
    yield box
    await box.close()


@pytest.fixture
async def desk(sandbox: Sandbox) -> AsyncIterator[Desk]:
    async with aiohttp.ClientSession(sandbox.url) as session:
        yield Desk(session)


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    server = TelegramAPIServer.from_base(sandbox.url)
    async with Bot(TOKEN, session=AiohttpSession(api=server, timeout=10)) as real:
        yield real


@pytest.fixture
async def started(bot: Bot, desk: Desk) -> Desk:
    """Anna has pressed «Start», and the bot has taken it in."""
    await desk.anna("start")
    assert [update["message"]["text"] for update in await desk.updates()] == ["/start"]
    await desk.updates(offset=2_000_000_000)
    return desk
