"""PostgreSQL frozen, restarted and crashed under the real program: who presses is told honestly or served afterwards, a
lead is asked to come again, and all goes on by itself within five seconds (safety 9)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from sandbox.server import Sandbox
from tests.cluster.postgres import PostgresServer
from tests.stories.core.test_kill import Struck, running
from tests.stories.driver import Phone, Seen
from tests.stories.program import PATIENCE

AWAY = "База данных не отвечает"
TOKEN = "story-intake-token"
LEADS = iter([(f"Клиент {number}", f"+791234567{number:02}") for number in range(10, 60)])


class StruckPostgres(Struck):
    """The program on a PostgreSQL server of its own."""

    def __init__(self, sandbox: Sandbox, folder: Path, http: aiohttp.ClientSession, server: PostgresServer) -> None:
        super().__init__(sandbox, folder, http)
        self.server = server
        self.settings |= {"DATABASE_URL": server.url, "INTAKE_TOKEN": TOKEN, "OPENING_HOURS": "0-24"}

    async def settle(self) -> None:
        """Every update is stored, carried out and answered."""
        await self.fetched()
        async with asyncio.timeout(PATIENCE):
            while "verstak_inbox_waiting 0.0" not in await self.metrics():
                continue

    async def send(self, name: str, phone: str) -> tuple[int, str]:
        """A lead of the site: the status, and when to come again."""
        headers, given = {"Authorization": f"Bearer {TOKEN}"}, {"name": name, "phone": phone}
        url = f"http://127.0.0.1:{self.port}/intake/leads"
        async with self.http.post(url, json=given, headers=headers) as answer:
            return answer.status, answer.headers.get("Retry-After", "")

    async def card_of_lead(self, anna: Phone) -> Seen:
        """The card of a new lead, which is nobody's yet."""
        name, phone = next(LEADS)
        assert (await self.send(name, phone))[0] == 201
        await until(anna, lambda one: name in one.text and one.button("Открыть") is not None)
        await anna.tap("Открыть", name)
        return anna.screen

    async def press(self, anna: Phone, card: Seen, label: str) -> str:
        """What the press is answered with, within ten seconds."""
        button = card.button(label)
        assert button is not None
        body = {"message_id": card.id, "data": button["data"]}
        return str((await self.post(f"phones/{anna.key}/tap", body))["text"])


async def until(phone: Phone, holds: Callable[[Seen], bool], patience: float = PATIENCE) -> float:
    """Wait for a message; how many seconds."""
    began = time.monotonic()
    while not any(holds(one) for one in await phone.from_bot()):
        assert time.monotonic() - began < patience, await phone.dump()
    return time.monotonic() - began


@pytest.fixture(scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[StruckPostgres]:
    sandbox = Sandbox(web=False)
    await sandbox.start()
    with PostgresServer() as server:
        async with aiohttp.ClientSession() as http:
            found = StruckPostgres(sandbox, tmp_path_factory.mktemp("away"), http, server)
            async with running(found):
                try:
                    yield found
                finally:
                    server.thaw()
    await sandbox.close()


@pytest.fixture(scope="module")
async def anna(shop: StruckPostgres) -> Phone:
    """A manager."""
    return await shop.hire("Анна", "Соколова", "manager")


async def test_a_press_while_the_database_is_frozen_is_answered_and_takes_effect_after(
    shop: StruckPostgres, anna: Phone
) -> None:
    card = await shop.card_of_lead(anna)
    shop.server.freeze()
    try:
        began = time.monotonic()
        said = await shop.press(anna, card, "Взять себе")
        assert AWAY in said
        assert time.monotonic() - began <= 5.0
        status, again = await shop.send("Пётр", "79123456001")
        assert status == 503 and again.isdigit()
    finally:
        shop.server.thaw()
    assert await goes_on(anna, card) <= 5.0
    assert (await shop.send("Пётр", "79123456001"))[0] == 201


async def test_a_press_while_the_database_has_been_away_for_long_is_answered_too(
    shop: StruckPostgres, anna: Phone
) -> None:
    """For longer than the lease of who asks Telegram for updates: a bot that runs alone goes on asking."""
    card = await shop.card_of_lead(anna)
    shop.server.freeze()
    try:
        await asyncio.sleep(10.0)
        began = time.monotonic()
        assert AWAY in await shop.press(anna, card, "Взять себе")
        assert time.monotonic() - began <= 5.0
    finally:
        shop.server.thaw()
    assert await goes_on(anna, card) <= 5.0


async def restart(server: PostgresServer) -> None:
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)
    await server.until_open()


async def crash(server: PostgresServer) -> None:
    server.crash()
    await asyncio.sleep(0.2)
    await server.until_open()


async def end_connections(server: PostgresServer) -> None:
    assert await server.end_connections()


@pytest.mark.parametrize("strike", [restart, crash, end_connections])
async def test_it_goes_on_by_itself_when_the_database_is_back(
    shop: StruckPostgres, anna: Phone, strike: Callable[[PostgresServer], Awaitable[None]]
) -> None:
    card = await shop.card_of_lead(anna)
    process = shop.bot.process
    await strike(shop.server)
    await shop.post(f"phones/{anna.key}/tap", {"message_id": card.id, "label": "Взять себе", "wait": False})
    assert await goes_on(anna, card) <= 5.0
    assert (await shop.send(*next(LEADS)))[0] == 201
    assert shop.bot.process is process and process is not None and process.returncode is None


async def test_sigterm_ends_the_program_while_the_database_is_frozen(shop: StruckPostgres, anna: Phone) -> None:
    card = await shop.card_of_lead(anna)
    shop.server.freeze()
    try:
        await shop.post(f"phones/{anna.key}/tap", {"message_id": card.id, "label": "Взять себе", "wait": False})
        await asyncio.sleep(1.0)
        told = time.monotonic()
        assert await shop.bot.stop() == 0
        assert time.monotonic() - told <= 10.0
    finally:
        shop.server.thaw()
    await shop.up()
    await goes_on(anna, card)


async def goes_on(anna: Phone, card: Seen) -> float:
    """How many seconds until the press on the card has taken effect and is shown."""
    return await until(anna, lambda one: one.id == card.id and one.button("Взять себе") is None)
