"""`kill -9` in the middle of a story, the real program on a SQLite file: nothing is lost, nothing is done twice.

The sandbox lives here, the bot in a process of its own. It is struck at chosen moments: a trigger in its database
makes one step long, the sandbox keeps an answer back.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.server import Sandbox
from tests.stories.driver import Phone, Seen, plain
from tests.stories.program import PATIENCE, ROOT, Program, free_port, run

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
        """Every update is stored, carried out and answered."""
        await self.fetched()
        await self.until(lambda: not self.query("SELECT 1 FROM inbox WHERE state = 0"))
        async with asyncio.timeout(PATIENCE):
            while "verstak_inbox_waiting 0.0" not in await self.metrics():
                continue

    async def metrics(self) -> str:
        async with self.http.get(f"http://127.0.0.1:{self.port}/metrics") as answer:
            return await answer.text()

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
        assert self.bot.process is not None
        polls, ends = (asyncio.ensure_future(one) for one in (
            self.sandbox.world.home.queue.polled.wait(), self.bot.process.wait()
        ))  # fmt: skip
        await asyncio.wait((polls, ends), timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        assert polls.done() and not ends.done(), (self.file.parent / "log.txt").read_text("utf-8")[-3000:]
        ends.cancel()

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
        said = await run(["invite", "--role", role], ROOT, **self.settings)
        assert said.status == 0, said.err
        await phone.start(said.out.partition("start=")[2].split()[0])
        await phone.sees("Вы в команде")
        return phone


@pytest.fixture(scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Struck]:
    """The furniture maker as a real process, running. One for all stories here: it takes seconds to start."""
    sandbox = Sandbox(web=False)
    await sandbox.start()
    async with aiohttp.ClientSession() as http:
        found = Struck(sandbox, tmp_path_factory.mktemp("kill"), http)
        await found.up()
        try:
            yield found
        finally:
            if found.bot.process is not None and found.bot.process.returncode is None:
                await found.down()
    await sandbox.close()


@pytest.fixture(scope="module")
async def anna(shop: Struck) -> Phone:
    """A manager."""
    return await shop.hire("Анна", "Соколова", "manager")


async def order(anna: Phone) -> Seen:
    """A new deal in «Изготовление заказа»; its card."""
    await anna.text("/menu")
    await anna.tap("Новый заказ")
    await anna.fill("Пётр Сидоров", f"+7 916 111-22-{len(await anna.messages()) % 90 + 10}", "Шкаф-купе", "150 000")
    return await anna.sees("Заключение договора · 1-й день")


async def as_it_is_now(anna: Phone, card: Seen) -> str:
    """The card's message as it stands in the chat."""
    return plain(next(one.text for one in await anna.messages() if one.id == card.id))


def moves(shop: Struck) -> list[tuple[str, str]]:
    """From where to where the newest deal has gone."""
    return shop.query(
        "SELECT from_stage, to_stage FROM event WHERE kind = 'moved' AND deal_id = (SELECT max(id) FROM deal) "
        "ORDER BY id"
    )


async def press(shop: Struck, anna: Phone, card: Seen, label: str) -> None:
    """Press and do not wait for an answer."""
    button = card.button(label)
    assert button is not None
    await shop.post(f"phones/{anna.key}/tap", {"message_id": card.id, "data": button["data"], "wait": False})


A_DAY_AND_MORE = 25 * 3600 * 1_000_000  # times stand in the database as microseconds
TO_PREPAYMENT = [("order.contract", "order.prepayment")]


async def test_a_press_made_while_the_bot_is_dead_takes_effect_once_it_lives(shop: Struck, anna: Phone) -> None:
    """kill -9, then a press and a word in the chat: Telegram keeps them, the bot does them, in order, once."""
    card = await order(anna)
    await shop.down()
    await press(shop, anna, card, "✔ Предоплата")
    await shop.post(f"phones/{anna.key}/text", {"text": "2026-9999"})
    await shop.up()
    await shop.settle()
    assert moves(shop) == TO_PREPAYMENT
    assert await anna.count("Поиск: 2026-9999") == 1
    assert "Предоплата · 1-й день" in await as_it_is_now(anna, card)


async def test_an_update_that_was_stored_and_not_carried_out_is_carried_out_later(shop: Struck, anna: Phone) -> None:
    """kill -9 between «stored» and «done»: the update lies in the inbox and takes effect after the start, once."""
    card = await order(anna)
    shop.change("CREATE TRIGGER stop BEFORE UPDATE OF state ON inbox BEGIN SELECT raise(ABORT, 'not now'); END")
    await press(shop, anna, card, "✔ Предоплата")
    await shop.fetched()
    await shop.down()
    assert shop.query("SELECT count(*) FROM inbox WHERE state = 0") == [(1,)]
    assert moves(shop) == []
    shop.change("DROP TRIGGER stop")
    await shop.up()
    await shop.settle()
    assert moves(shop) == TO_PREPAYMENT
    assert "Предоплата · 1-й день" in await as_it_is_now(anna, card)


async def test_a_move_cut_in_half_is_not_half_done(shop: Struck, anna: Phone) -> None:
    """kill -9 inside the transaction of a move: no stage, no history, no timer of it; after the start all, once."""
    card = await order(anna)
    pending = "SELECT rule, dedup_key FROM scheduled WHERE kind = 'timer' AND done_at IS NULL ORDER BY deal_id, rule"
    timers = shop.query(pending)
    shop.change(f"CREATE TRIGGER slow AFTER INSERT ON event WHEN new.kind = 'moved' BEGIN {LONG}; END")
    await press(shop, anna, card, "✔ Предоплата")
    await shop.fetched()
    await shop.down()
    assert shop.query("SELECT stage FROM deal ORDER BY id DESC LIMIT 1") == [("contract",)]
    assert moves(shop) == []
    assert shop.query(pending) == timers
    shop.change("DROP TRIGGER slow")
    await shop.up()
    await shop.settle()
    assert moves(shop) == TO_PREPAYMENT
    assert "Предоплата · 1-й день" in await as_it_is_now(anna, card)


async def test_a_form_goes_on_where_it_stood(shop: Struck, anna: Phone) -> None:
    """kill -9 between two questions: the answers are kept, the next one is taken, the deal is made once."""
    (before,) = shop.query("SELECT count(*) FROM deal")
    await anna.text("/menu")
    await anna.tap("Новый заказ")
    await anna.fill("Зоя Краснова", "+7 916 999-88-77")
    await shop.down()
    await shop.post(f"phones/{anna.key}/text", {"text": "Комод в спальню"})
    await shop.up()
    await shop.settle()
    await anna.sees("✓ Что нужно клиенту: Комод в спальню")
    await anna.sees("Бюджет · 4 из 4")
    await anna.text("64 000")
    await anna.sees("Комод в спальню · Зоя Краснова")
    assert shop.query("SELECT count(*) FROM deal") == [(before[0] + 1,)]
    fields = json.loads(shop.query("SELECT fields FROM deal ORDER BY id DESC LIMIT 1")[0][0])
    assert (fields["name"], fields["phone"]) == ("Зоя Краснова", "+79169998877")


async def test_an_answer_lost_on_the_way_neither_undoes_nor_repeats_what_was_done(shop: Struck, anna: Phone) -> None:
    """kill -9 after the commit and before the screen: the move stands, and the next bot shows it by itself; the old
    button, pressed again, says so."""
    card = await order(anna)
    slow = {"kind": "slow", "methods": ["editMessageText", "answerCallbackQuery"], "times": 9, "seconds": 30}
    await shop.post("faults", slow)
    await press(shop, anna, card, "✔ Предоплата")
    await shop.until(lambda: moves(shop))
    await shop.down()
    shop.sandbox.faults.clear()
    assert "Заключение договора" in await as_it_is_now(anna, card)
    await shop.up()
    await shop.until(lambda: not shop.query("SELECT 1 FROM owed_screen"))
    assert "Предоплата · 1-й день" in await as_it_is_now(anna, card)
    button = card.button("✔ Предоплата")
    assert button is not None
    await anna.press(card.id, button["data"], forged=True)
    assert anna.toast is not None and anna.toast.startswith("Карточка изменилась: Анна Соколова")
    assert moves(shop) == TO_PREPAYMENT
    assert "Предоплата · 1-й день" in await as_it_is_now(anna, card)


async def test_an_answer_that_may_have_arrived_comes_again_with_a_mark(shop: Struck, anna: Phone) -> None:
    """Found by the storm: kill -9 between the answer to a word and the note that it was shown; after the start the
    same message came once more, as if it were new."""
    shop.change("CREATE TRIGGER keep BEFORE DELETE ON owed_screen BEGIN SELECT raise(IGNORE); END")
    await anna.text("/help")
    await shop.down()
    shop.change("DROP TRIGGER keep")
    before = await anna.count("Как здесь работать")
    await shop.up()
    await shop.until(lambda: not shop.query("SELECT 1 FROM owed_screen"))
    assert await anna.count("Как здесь работать") == before + 1
    assert "Возможно, повтор" in (await anna.last()).text


async def test_reminders_that_came_due_while_the_bot_was_dead_come_once(shop: Struck, anna: Phone) -> None:
    """kill -9 with reminders pending: the 1-day one comes after the start, and never again."""
    await order(anna)
    await shop.down()
    shop.change(
        f"UPDATE scheduled SET run_at = run_at - {A_DAY_AND_MORE}, scheduled_for = scheduled_for - {A_DAY_AND_MORE} "
        "WHERE kind = 'timer' AND done_at IS NULL AND deal_id = (SELECT max(id) FROM deal) "
        "AND rule LIKE 'order.contract%'",
        # by night the message would wait for the morning; here it is to come at any hour
        "CREATE TRIGGER at_once AFTER INSERT ON scheduled WHEN new.kind = 'notice' "
        f"BEGIN UPDATE scheduled SET run_at = run_at - {A_DAY_AND_MORE} WHERE id = new.id; END",
    )
    await shop.up()
    said = "день на договоре"  # which one is counted when it is sent
    sent = "SELECT 1 FROM scheduled WHERE kind = 'notice' AND message_id > 0 AND payload LIKE ?"
    await shop.until(lambda: shop.query(sent, "%{day_here} на договоре%"))
    await anna.sees(said)
    await shop.down()
    await shop.up()
    await shop.settle()
    assert await anna.count(said) == 1
