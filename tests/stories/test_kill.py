"""`kill -9` in the middle of a story, the real program on a SQLite file: nothing is lost, nothing is done twice.

The sandbox lives here, the bot in a process of its own. It is struck at chosen moments: a trigger in its database
makes one step long, the sandbox keeps an answer back.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.server import Sandbox
from tests.stories.driver import Phone, Seen, plain
from tests.stories.program import PATIENCE, Program, free_port, run

INTAKE = "kill-intake-token"
# a transaction that stays open for longer than the test takes to strike
LONG = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 400000000) SELECT count(*) FROM n"


class Struck:
    """A shop whose bot can be killed: the phones stay, as Telegram does."""

    def __init__(self, sandbox: Sandbox, folder: Path, http: aiohttp.ClientSession) -> None:
        self.sandbox, self.http = sandbox, http
        self.file = folder / "verstak.db"
        self.port = free_port()
        self.settings = {
            "BOT_TOKEN": "1:story", "BOT_API_URL": sandbox.url, "DATA_DIR": str(folder), "HTTP_PORT": str(self.port),
            "INTAKE_TOKEN": INTAKE,
        }  # fmt: skip
        self.bot = Program(["run"], self.settings)

    # --- what the driver's Phone needs

    def url(self, path: str) -> str:
        return f"{self.sandbox.url}/sandbox/{path}"

    async def get(self, path: str) -> Any:
        async with self.http.get(self.url(path)) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        async with self.http.post(self.url(path), json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def settle(self) -> None:
        """Every update is confirmed and done, and nothing is due."""
        await self.fetched()
        await self.until(lambda: not self.query("SELECT 1 FROM inbox WHERE state = 0"))

    # --- waiting for the other process

    async def fetched(self) -> None:
        """The bot has stored every update: it polls again, with nothing left to hand out."""
        queue = self.sandbox.world.home.queue
        async with asyncio.timeout(PATIENCE):
            while queue.entries or not queue.polled.is_set():
                await queue.polled.wait()
                await asyncio.sleep(0)

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for another process's doing: looked at whenever the bot shows something, and a few times a second."""
        shown = asyncio.Event()
        watch: Callable[[Any], None] = lambda _: shown.set()  # noqa: E731
        self.sandbox.world.watchers.append(watch)
        try:
            async with asyncio.timeout(PATIENCE):
                while not holds():
                    shown.clear()
                    try:
                        async with asyncio.timeout(0.1):
                            await shown.wait()
                    except TimeoutError:
                        continue
        finally:
            self.sandbox.world.watchers.remove(watch)

    # --- the bot

    async def up(self) -> None:
        """Start the bot; it polls."""
        self.sandbox.world.home.queue.polled.clear()
        await self.bot.start()
        async with asyncio.timeout(PATIENCE):
            await self.sandbox.world.home.queue.polled.wait()

    async def down(self) -> None:
        """kill -9."""
        self.bot.strike()
        await self.bot.buried()
        self.sandbox.world.home.queue.release()  # Telegram notices that the line is dead

    def query(self, statement: str, *given: object) -> list[tuple[Any, ...]]:
        """What stands in the file, read beside the bot."""
        with closing(sqlite3.connect(self.file, timeout=30)) as db:
            return db.execute(statement, given).fetchall()

    def change(self, *statements: str) -> None:
        """Tamper with the file."""
        with closing(sqlite3.connect(self.file, timeout=30)) as db, db:
            for one in statements:
                db.execute(one)

    async def hire(self, first: str, last: str, role: str) -> Phone:
        """Somebody joins by an invitation of the command line."""
        made = await self.post("phones", {"first_name": first, "last_name": last, "title": role})
        phone = Phone(self, made["id"], f"{first} {last}")  # type: ignore[arg-type]
        said = await run(["invite", "--role", role], **self.settings)
        assert said.status == 0, said.err
        await phone.start(said.out.partition("start=")[2].split()[0])
        await phone.sees("Вы в команде")
        return phone

    async def lead(self, **fields: str) -> int:
        headers = {"Authorization": f"Bearer {INTAKE}"}
        url = f"http://127.0.0.1:{self.port}/intake/leads"
        async with self.http.post(url, json=fields, headers=headers) as answer:
            return answer.status


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Struck]:
    """The furniture maker as a real process, running."""
    sandbox = Sandbox(web=False)
    await sandbox.start()
    async with aiohttp.ClientSession() as http:
        found = Struck(sandbox, tmp_path, http)
        await found.up()
        try:
            yield found
        finally:
            if found.bot.process is not None and found.bot.process.returncode is None:
                await found.down()
    await sandbox.close()


@pytest.fixture
async def anna(shop: Struck) -> Phone:
    """A manager who hears messages at any hour: the tests run at night, too."""
    return await shop.hire("Анна", "Соколова", "manager")


async def order(anna: Phone) -> Seen:
    await anna.text("/menu")
    await anna.tap("＋ Новый заказ")
    await anna.fill("Пётр Сидоров", "+7 916 111-22-33", "Шкаф-купе", "150 000")
    return await anna.sees("Заключение договора · 1-й день")


def moves(shop: Struck) -> list[tuple[str, str]]:
    """The stages that the deal has come to, in order."""
    return shop.query("SELECT from_stage, to_stage FROM event WHERE kind = 'moved' ORDER BY id")


async def tap_without_waiting(shop: Struck, anna: Phone, card: Seen, label: str) -> None:
    button = card.button(label)
    assert button is not None
    await shop.post(f"phones/{anna.key}/tap", {"message_id": card.id, "data": button["data"], "wait": False})


async def test_a_press_made_while_the_bot_is_dead_takes_effect_once_it_lives(shop: Struck, anna: Phone) -> None:
    """kill -9, then a press and an answer in the chat: Telegram keeps them, the bot does them, in order, once."""
    card = await order(anna)
    await shop.down()
    await tap_without_waiting(shop, anna, card, "✔ Предоплата")
    await shop.post(f"phones/{anna.key}/text", {"text": "/menu"})
    await shop.up()
    await shop.settle()
    assert moves(shop) == [("order.contract", "order.prepayment")]
    await shop.until(lambda: shop.query("SELECT 1 FROM due WHERE rule LIKE 'order.prepayment%' AND message_id > 0"))
    assert await anna.count("Дождитесь предоплаты по сделке") == 1
    assert "Менеджер" in (await anna.sees("Мои сделки")).text or await anna.count("Менеджер") >= 1


async def test_an_update_that_was_stored_and_not_carried_out_is_carried_out_later(shop: Struck, anna: Phone) -> None:
    """kill -9 between «stored» and «done»: the update lies in the inbox and takes effect after the start, once."""
    card = await order(anna)
    shop.change("CREATE TRIGGER stop BEFORE UPDATE OF state ON inbox BEGIN SELECT raise(ABORT, 'not now'); END")
    await tap_without_waiting(shop, anna, card, "✔ Предоплата")
    await shop.fetched()
    await shop.down()
    assert shop.query("SELECT count(*) FROM inbox WHERE state = 0") == [(1,)]
    assert moves(shop) == []
    shop.change("DROP TRIGGER stop")
    await shop.up()
    await shop.settle()
    assert moves(shop) == [("order.contract", "order.prepayment")]


async def test_a_move_cut_in_half_is_not_half_done(shop: Struck, anna: Phone) -> None:
    """kill -9 inside the transaction of a move: no stage, no history, no timer of it; after the start all, once."""
    card = await order(anna)
    timers = shop.query("SELECT rule, anchor FROM due WHERE kind = 'timer' AND state = 0 ORDER BY rule")
    shop.change(f"CREATE TRIGGER slow AFTER INSERT ON event WHEN new.kind = 'moved' BEGIN {LONG}; END")
    await tap_without_waiting(shop, anna, card, "✔ Предоплата")
    await shop.fetched()
    await shop.down()
    assert shop.query("SELECT stage FROM deal") == [("contract",)]
    assert moves(shop) == []
    assert shop.query("SELECT rule, anchor FROM due WHERE kind = 'timer' AND state = 0 ORDER BY rule") == timers
    shop.change("DROP TRIGGER slow")
    await shop.up()
    await shop.settle()
    assert moves(shop) == [("order.contract", "order.prepayment")]
    assert "Предоплата · 1-й день" in plain((await anna.sees("●●○○○○")).text)


async def test_a_form_goes_on_where_it_stood(shop: Struck, anna: Phone) -> None:
    """kill -9 between two questions: the answers are kept, the next one is taken, the deal is made once."""
    await anna.text("/menu")
    await anna.tap("＋ Новый заказ")
    await anna.fill("Пётр Сидоров", "+7 916 111-22-33")
    await shop.down()
    await shop.post(f"phones/{anna.key}/text", {"text": "Шкаф-купе"})
    await shop.up()
    await shop.settle()
    await anna.sees("✓ Что нужно клиенту: Шкаф-купе")
    await anna.sees("Бюджет · 4 из 4")
    await anna.text("150 000")
    (fields,) = shop.query("SELECT fields FROM deal")
    assert "Пётр Сидоров" in fields[0].encode().decode("unicode_escape").encode("utf-16", "surrogatepass").decode(
        "utf-16"
    ) or "Пётр Сидоров" in fields[0]
    assert "+79161112233" in fields[0]


async def test_an_answer_that_was_lost_on_the_way_does_not_undo_or_repeat_what_was_done(
    shop: Struck, anna: Phone
) -> None:
    """kill -9 after the commit and before the screen: the move stands; the old button, pressed again, says so."""
    card = await order(anna)
    await shop.post("faults", {"kind": "slow", "methods": ["editMessageText", "answerCallbackQuery"], "times": 2,
                               "seconds": 30})  # fmt: skip
    await tap_without_waiting(shop, anna, card, "✔ Предоплата")
    await shop.until(lambda: moves(shop))
    await shop.down()
    await shop.post("faults/clear", {})
    await shop.up()
    await shop.settle()
    assert moves(shop) == [("order.contract", "order.prepayment")]
    await anna.tap("✔ Предоплата", card)
    assert anna.toast is not None and anna.toast.startswith("Карточка изменилась: Анна Соколова")
    assert len(moves(shop)) == 1
    assert "Предоплата · 1-й день" in plain((await anna.sees("●●○○○○")).text)


async def test_reminders_that_came_due_while_the_bot_was_dead_come_once(shop: Struck, anna: Phone) -> None:
    """kill -9 with reminders pending: the 1-day one comes after the start, marked late, and never again."""
    await order(anna)
    await shop.down()
    shop.change(
        "UPDATE due SET due_at = datetime(due_at, '-25 hours'), meant_at = datetime(meant_at, '-25 hours') "
        "WHERE kind = 'timer' AND state = 0"
    )
    await shop.up()
    said = "Сделка второй день на договоре"
    await shop.until(lambda: shop.query("SELECT 1 FROM due WHERE kind = 'notice' AND rule LIKE '%contract%' AND "
                                        "id = (SELECT max(id) FROM due WHERE kind = 'notice') AND payload LIKE '%'"))  # fmt: skip
    await shop.until(lambda: not shop.query("SELECT 1 FROM due WHERE state = 0 AND due_at < datetime('now')"))
    print(await anna.dump(), shop.query("SELECT kind, rule, due_at, state FROM due"))
    assert await anna.count(said) == 1
    await shop.down()
    await shop.up()
    await shop.settle()
    assert await anna.count(said) == 1
