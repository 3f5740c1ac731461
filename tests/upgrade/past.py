"""The database that the version before left behind, the Telegram of that day, and the bot of today on them.

What the test must know of the present version by name stands here and nowhere else: the imports below, and `NOW`.
"""

from __future__ import annotations

import gzip
import itertools
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Boolean, Connection, Date, MetaData, insert, select, text
from sqlalchemy.engine import make_url

from bot import app as root
from bot import database as databases
from bot.delivery.rate_limits import RateLimits
from models.history import line
from models.jobs import JOBS
from models.notices.notice import UnknownNotice
from models.outbox import Scheduled
from models.tables.deals import HistoryRow
from models.tables.outbox import ScheduledRow
from sandbox.server import Sandbox
from sandbox.world.shifted_clock import ShiftedClock
from services.outbox import schedule
from tests.stories.conftest import settings_for
from tests.stories.driver import Phone, Shop
from tests.upgrade.fixture import FOLDER, Past

MINUTES, MONTH = timedelta(minutes=2), timedelta(days=31)  # when the bot of today is started on it
VERSION = "0002"  # of the tables, in the version before
FILE = 1  # the bot's number among the sandbox's bots: whose files they are
FAR = 1_000_000  # numbers of messages that no message of that day had
LATER_UPDATES = 200_000_000  # numbers of updates likewise


@dataclass(frozen=True)
class Now:
    """Questions to the tables as the present version has them; the numbers of rows are those of the version before."""

    # tables that are called otherwise now: {"before": "now"}; one that is gone on purpose: {"before": None}
    renamed: tuple[tuple[str, str | None], ...] = (
        ("due", "scheduled"), ("tally", "deal_counter"), ("booking", "visit"), ("booking_cell", "visit_cell"),
    )  # fmt: skip
    # (number, kind, state, why it failed) of everything that is to be done later, kind and state as the version before
    # wrote them
    due: str = (
        "SELECT id, CASE kind WHEN 'job' THEN 'errand' ELSE kind END, CASE WHEN done_at IS NULL THEN 0 "
        "WHEN delivery_state = 'sent' THEN 1 WHEN delivery_state = 'void' THEN 2 "
        "WHEN delivery_state = 'refused' THEN 3 ELSE 4 END, failure FROM scheduled"
    )
    # buttons of that measurement and its task, which were refused and work now
    alive: tuple[str, ...] = (
        "v1:task:z", "v1:task:10", "v1:outcome:z:contract:htocx", "v1:outcome:z:no_sheets:htocx",
        "v1:outcome:z:not_held:2", "v1:outcome:z:refused:htocx", "v1:outcome:z:repeat:htocx",
        "v1:outcome:z:sheets:htocx", "v1:put:1c:1184fc5d5120",
    )  # fmt: skip
    # buttons of the owner's hours and phone, in other people's hands
    shut: tuple[str, ...] = (
        "v1:absence_new:1:off", "v1:absence_new:1:sick", "v1:absence_new:1:leave", "v1:hours_day:1:", "v1:hours_own:1:",
        "v1:hours_off:1:", "v1:hours_set:1:", "v1:hours_same:1", "v1:phone_of:1",
    )  # fmt: skip
    # a line of a digest about a deal that is a colleague's since: an old message tells nothing of it any more
    closed: tuple[str, ...] = ("v1:notice:7c",)
    # what ends otherwise now, on purpose: a measurement to which nobody was sent is not one without a sheet, so its
    # deal stays, with its task; that a visit has begun is known by its hour, without a bell; that an assembly is not
    # finished is told of the day for which it was set, not of three days on the stage; and an invoice that was sent is
    # not asked for
    bells: tuple[tuple[int, str], ...] = (
        (408, "rang"), (414, "dropped"), (415, "dropped"), (418, "rang"), (1147, "dropped"),
        (597, "dropped"), (785, "dropped"), (1171, "dropped"), (1092, "dropped"),
    )  # fmt: skip
    # (state, number of updates) of what came in
    inbox: str = "SELECT state, count(*) FROM inbox GROUP BY state"
    # (deal, message, whether one may hang that nobody knows) of the pinned messages
    pins: str = "SELECT deal_id, message_id, unsure FROM pin"
    waits, done, dropped, failed, doubt = 0, 1, 2, 3, 4


NOW = Now()


# --- the database -----------------------------------------------------------------------------------------------


@contextmanager
def old() -> Iterator[sqlite3.Connection]:
    """The database as the version before left it, for questions by its own names."""
    db = sqlite3.connect(":memory:")
    db.row_factory = sqlite3.Row
    db.executescript(gzip.decompress((FOLDER / "before.sql.gz").read_bytes()).decode())
    try:
        yield db
    finally:
        db.close()


def into_sqlite(path: Path) -> None:
    """A file with that database."""
    with old() as before:
        after = sqlite3.connect(path)
        before.backup(after)
        after.close()


async def into_postgres(server: str, name: str, template: str | None = None) -> str:
    """A database of that name on the server, filled with the same rows (or a copy of another one); its address."""
    talk = await asyncpg.connect(server)
    try:
        await talk.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    finally:
        await talk.close()
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    if template is None:
        db = await databases.open_database(url)
        try:
            await db.run(_fill)
        finally:
            await db.close()
    return url


def _fill(tx: Connection) -> None:
    """The tables of the version before, by its own migrations, and its rows."""
    config = Config()
    config.set_main_option("script_location", str(databases.MIGRATIONS))
    config.attributes["connection"] = tx
    command.upgrade(config, VERSION)
    tables = MetaData()
    tables.reflect(tx)
    tx.execute(text("SET LOCAL session_replication_role = replica"))  # rows name each other in any order
    with old() as before:
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            rows = [_typed(table, dict(row)) for row in before.execute(f'SELECT * FROM "{table.name}"')]
            if rows:
                tx.execute(insert(table), rows)
            if "id" in table.c:  # what is written from now on has numbers of its own
                last = f'(SELECT coalesce(max(id), 0) + 1 FROM "{table.name}")'
                tx.execute(text(f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), {last}, false)"))


def _typed(table: Any, row: dict[str, Any]) -> dict[str, Any]:
    """What SQLite keeps as numbers and texts."""
    for column in table.c:
        value = row[column.name]
        if value is not None and isinstance(column.type, Boolean):
            row[column.name] = bool(value)
        elif value is not None and isinstance(column.type, Date):
            row[column.name] = date.fromisoformat(value)
    return row


# --- the bot of today on it -------------------------------------------------------------------------------------


def _place(sandbox: Sandbox, past: Past) -> None:
    """Telegram as it was: the same people, who have all started the bot, and the same files."""
    world = sandbox.world
    for person in past.people:
        world.add_person(person)
        world.chat(person).started = not person.sms
    world.home.numbers = itertools.count(FAR)
    for key, kind, name, mime, data in past.files:
        world.files.by_id[key] = world.files.add(FILE, kind, data, name, mime)
    world.home.queue.inject({"update_id": LATER_UPDATES, "poll": {}})  # what comes now has not come before


@asynccontextmanager
async def running(past: Past, url: str, folder: Path, later: timedelta) -> AsyncIterator[Shop]:
    """The present bot, started on the old database so much later; what was due has happened."""
    sandbox = Sandbox(clock=ShiftedClock(past.at + later, frozen=True), web=False)
    _place(sandbox, past)
    await sandbox.start()
    for path, data in past.blobs:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    async with aiohttp.ClientSession() as http:
        for key, to, words in past.sms:
            await http.post(f"{sandbox.url}/sandbox/sms", json={"id": key, "to": to, "text": words})
        app = await root.build(
            settings_for(folder, sandbox.url, database_url=url), clock=sandbox.clock.now, limits=RateLimits.none()
        )
        await app.start()
        sandbox.clock.listeners.append(app.tick_and_settle)
        shop = Shop(app, sandbox, http)
        for person in past.people:
            shop.phones[str(person.id)] = Phone(shop, person.id, person.name)
        try:
            await app.tick_and_settle()  # a month's worth of it takes longer than anybody waits for an answer
            await shop.settle()
            yield shop
        finally:
            await app.stop()
            await sandbox.close()


async def migrated(url: str, folder: Path) -> databases.Database:
    """The database as the present version opens it, its tables brought up to date."""
    return await root.open_ready(settings_for(folder, "http://127.0.0.1:1", database_url=url))


async def schedule_of(db: databases.Database) -> dict[int, Scheduled]:
    """Everything that was to be done later, and what has been, as the present version reads it."""
    rows = await db.run(lambda tx: tx.execute(select(ScheduledRow)).all())
    return {row.id: schedule.read(row) for row in rows}


async def unread(db: databases.Database) -> list[str]:
    """What of the old messages, jobs and lines of the history the present version cannot read; nothing, that is."""
    found = []
    for row in (await schedule_of(db)).values():
        if row.kind == "notice" and isinstance(row.notice, UnknownNotice):
            found.append(f"{row.id}: {row.notice}")
        elif row.kind == "job":
            JOBS.read(row.rule, row.payload)  # UnknownKind
    for kind, data in await db.run(lambda tx: tx.execute(select(HistoryRow.kind, HistoryRow.data)).all()):
        if isinstance(line.read(kind, data), line.UnknownLine):
            found.append(f"{kind}: {data}")
    return found


async def ask(db: databases.Database, statement: str) -> list[Any]:
    """Rows of a question."""
    return list(await db.run(lambda tx: tx.execute(text(statement)).all()))
