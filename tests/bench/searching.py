"""What a search costs: `python -m tests.bench.searching`, and the last part of `make bench`.

A shop of its own with the words that the product writes: 19,683 surnames of 51 deals each, 40 first names, 5,000
streets, one kind of goods in four. Time of the database is what passes between a statement's start and its last row.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy import Connection, event

from bot import features
from bot.database import Database, migrate, open_database
from models.entities import Employee
from models.ids import EmployeeId
from models.values.work_calendar import WorkCalendar
from services import processes
from services.search import finder
from services.unit_of_work import Company, UnitOfWork
from tests.bench.fill import FIRST_USER, PROCESSES, USERS, series

BAR = 50.0  # milliseconds of database time for up to a hundred hits
TIMES = 20  # searches of a kind, each for something else
SYLLABLES = "бабебибобудадедидодугагегигогукакекикокулалелилолуматуно"
GIVEN, COLOURS = 40, 120
STREETS, HOUSES = 5_000, 60
FIELDS = f"""'{{"budget":' || (5000000 + i % 5000 * 10007) || ',"comment":"{"слово " * 50}"}}'"""
YEAR = 365 * 86_400_000_000  # microseconds: deals came within the last one
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def _syllables(number: str, count: int) -> str:
    """A made-up word of a number, in SQL."""
    n = len(SYLLABLES) // 2 - 1
    return "||".join(
        f"substr('{SYLLABLES}', CAST(1 + 2 * (({number} / {n**at}) % {n}) AS integer), 2)" for at in range(count)
    )


def surname(i: int) -> str:
    n = len(SYLLABLES) // 2 - 1
    return "".join(SYLLABLES[2 * (i // n**at % n) :][:2] for at in range(3)) + "ов"


def _phone(number: str) -> str:
    return f"'912' || (1000000 + ({number} * 7919) % 9000000)"


def phone(i: int) -> str:
    return f"912{1000000 + (i * 7919) % 9000000}"


def statements(name: str, count: int) -> list[str]:
    """All rows of the shop: words in their order, so that they are appended."""
    rows, users = series(name, 1, count), series(name, 1, USERS)
    at = int(NOW.timestamp() * 1_000_000)
    words = [
        "'№' || i", "'№2026-' || i", "'кухн|я'", f"{_syllables('i', 3)} || 'ов|'", f"'имя' || (i % {GIVEN}) || '|'",
        f"'улиц' || (i % {STREETS}) || '|'", f"(i / {STREETS} % {HOUSES}) || '|'",
        f"'цвет' || (i % {COLOURS}) || '|'", "CASE WHEN i % 4 = 0 THEN 'углов|ая' ELSE 'прям|ая' END",
    ]  # fmt: skip
    ends = [f"'+' || substr({_phone('i')}, {start})" for start in range(1, 8)]
    found = [
        "INSERT INTO employee (telegram_id, name, role, locale, active, created_at) "
        f"SELECT {FIRST_USER} + i, 'Менеджер ' || i, 'manager', 'ru', true, {at} FROM {users} ORDER BY i",
        f"INSERT INTO client (kind, name, created_at) SELECT 'person', {_syllables('i', 3)} || 'ов', {at} FROM {rows} "
        "ORDER BY i",
        f"INSERT INTO client_phone (client_id, phone, position) SELECT i, '+7' || {_phone('i')}, 0 FROM {rows} "
        "ORDER BY i",
        "INSERT INTO deal (number, process, pipeline, kind, stage, status, title, client_id, responsible_id, fields, "
        "version, entered_at, created_at) SELECT '2026-' || i, 'furniture', 'order', 'deal', 'making', 'open', "
        f"'Кухня', i, 1 + i % {USERS}, {FIELDS}, 1, {at}, {at} - CAST(i AS bigint) * 7919000000 % {YEAR} FROM {rows} "
        "ORDER BY i",
    ]
    found += [
        f"INSERT INTO deal_word (word, deal_id, field) SELECT {one}, i, 'f' FROM {rows} ORDER BY 1, 2"
        for one in (*words, *ends)
    ]
    found += [
        f"INSERT INTO client_word (word, client_id) SELECT {one}, i FROM {rows} ORDER BY 1, 2"
        for one in (*words[3:5], *ends)
    ]
    return found


INDEXES = {
    "ix_deal_word_deal_id": "deal_word (deal_id, word)",
    "ix_client_word_client_id": "client_word (client_id, word)",
}


async def fill(url: str, count: int) -> float:
    """Make the tables and fill them; the seconds it took."""
    began = time.monotonic()
    db = await open_database(url)
    await db.run(migrate)
    await db.close()
    todo = [*(f"DROP INDEX {one}" for one in INDEXES), *statements(db.name, count)]
    todo += [f"CREATE INDEX {name} ON {where}" for name, where in INDEXES.items()]
    if db.name == "sqlite":
        with sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA cache_size=-200000")
            for sql in [*todo, "PRAGMA wal_checkpoint(TRUNCATE)"]:
                connection.execute(sql).fetchall()
        connection.close()
    else:
        postgres = await asyncpg.connect(url)
        await postgres.execute("SET session_replication_role = replica; SET maintenance_work_mem = '256MB'")
        for sql in [*todo, "VACUUM ANALYZE", "CHECKPOINT"]:
            await postgres.execute(sql)
        await postgres.close()
    return time.monotonic() - began


@dataclass(frozen=True, slots=True)
class Asked:
    """A kind of search: what is typed for the deal of a number."""

    name: str
    text: Any
    counted: bool = True  # whether the bar is for it: up to a hundred hits
    only: str | None = None  # a filter
    above: bool = False  # by a supervisor, who sees all of them


KINDS = (
    Asked("a whole phone", lambda i: f"+7{phone(i)}"),
    Asked("six digits of a phone", lambda i: phone(i)[4:]),
    Asked("the last four digits", lambda i: phone(i)[-4:], counted=False),
    Asked("a number", lambda i: f"2026-{i:04d}"),
    Asked("a surname", surname),
    Asked("a declined surname", lambda i: surname(i) + "у"),
    Asked("a surname and a first name", lambda i: f"{surname(i)} имя{i % GIVEN}"),
    Asked("a street and a house", lambda i: f"улиц{i % STREETS} {i // STREETS % HOUSES}"),
    Asked("a word of all and a surname", lambda i: f"кухня {surname(i)}"),
    Asked("a misspelt surname", lambda i: surname(i)[:2] + surname(i)[3:]),
    Asked("nothing of the kind", lambda i: f"ъъъъ{surname(i)}"),
    Asked("two words that a fortieth has", lambda i: f"имя{i % GIVEN} улиц{(i + 1) % STREETS}", counted=False),
    Asked("25,000 hits", lambda i: f"имя{i % GIVEN}", counted=False),
    Asked("a word of all", lambda i: "кухня", counted=False),
    Asked("a surname, by sum", surname, only="c100000-200000", above=True),
    Asked("a surname, by days", surname, only="d739850-739910", above=True),
    Asked("8,000 hits, by sum", lambda i: f"цвет{i % COLOURS}", False, "c100000-200000", True),
    Asked("8,000 hits, by days", lambda i: f"цвет{i % COLOURS}", False, "d739850-739910", True),
)


class Watch:
    """Milliseconds that the database took. SQLite finds rows while they are fetched: each statement is run once more,
    to its last row, and the longer of both times counts."""

    def __init__(self) -> None:
        self.said: list[tuple[str, Any, float]] = []
        self._began = 0.0

    def before(self, *_: Any) -> None:
        self._began = time.perf_counter()

    def after(self, _: Any, cursor: Any, statement: str, parameters: Any, *more: Any) -> None:
        self.said.append((statement, parameters, time.perf_counter() - self._began))

    def spent(self, tx: Connection) -> float:
        whole = 0.0
        for statement, parameters, first in self.said:
            began = time.perf_counter()
            if tx.dialect.name == "sqlite":
                cursor = tx.connection.cursor()
                cursor.execute(statement, parameters)
                cursor.fetchall()
                cursor.close()
            whole += max(first, time.perf_counter() - began)
        return whole * 1000


def measure(tx: Connection, company: Company, kind: Asked, actor: Employee, keys: Sequence[int]) -> dict[str, Any]:
    """Search for each of these deals; what it cost."""
    base, wall, hits, asked = [], [], [], 0
    for key in keys:
        watch = Watch()
        event.listen(tx, "before_cursor_execute", watch.before)
        event.listen(tx, "after_cursor_execute", watch.after)
        began = time.perf_counter()
        found = finder.look(UnitOfWork(tx, NOW, company, actor), kind.text(key), only=kind.only)
        wall.append((time.perf_counter() - began) * 1000)
        event.remove(tx, "before_cursor_execute", watch.before)
        event.remove(tx, "after_cursor_execute", watch.after)
        base.append(watch.spent(tx))
        hits.append(found.deals_count + found.others_count)
        asked = max(asked, len(watch.said))
    return {"base": base, "wall": wall, "hits": hits, "statements": asked}


def lines(db: str, count: int, measured: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The table, as docs/search.md has it."""
    yield f"{db}, {count:,} deals"
    yield "| asked for | hits | database ms, median | worst | all, median | statements |"
    yield "|---|---|---|---|---|---|"
    for one in KINDS:
        row = measured[one.name]
        worst = max(row["base"])
        missed = " **over**" if one.counted and worst > BAR else ""
        yield (
            f"| {one.name} | {int(statistics.median(row['hits'])):,} | {statistics.median(row['base']):.1f} | "
            f"{worst:.1f}{missed} | {statistics.median(row['wall']):.1f} | {row['statements']} |"
        )


async def run(url: str, count: int) -> None:
    """Measure a filled database, as a manager sees it, and print."""
    db: Database = await open_database(url)
    company = Company({"furniture": processes.load(PROCESSES)["furniture"]}, WorkCalendar(ZoneInfo("Europe/Moscow")))
    manager = Employee(EmployeeId(1), FIRST_USER + 1, "Менеджер 1", "manager", "ru", None, None, True, None)
    drawn = random.Random(1)
    measured = {}
    for kind in KINDS:
        keys = [drawn.randrange(1, count + 1) for _ in range(TIMES)]
        who = replace(manager, role="supervisor") if kind.above else manager
        measured[kind.name] = await db.run(lambda tx, one=kind, by=who, keys=keys: measure(tx, company, one, by, keys))
    print("\n".join(lines(db.name, count, measured)), flush=True)
    await db.close()


async def main(count: int, engines: Sequence[str], folder: Path) -> None:
    """Fill and measure each."""
    features.load()
    for engine in engines:
        url = f"sqlite:///{folder}/search.db"
        if engine == "postgresql":
            from tests.bench.postgres import Server  # only where it is asked for

            url = Server(folder).create("search")
        print(f"search on {engine}: filled in {await fill(url, count):.0f} s", flush=True)
        await run(url, count)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=1_000_000)
    parser.add_argument("--engine", action="append", choices=["sqlite", "postgresql"])
    parser.add_argument("--folder", type=Path, help="keep the databases there")
    given = parser.parse_args()
    where = given.folder or Path(tempfile.mkdtemp(prefix="verstak-search-"))
    try:
        asyncio.run(main(given.deals, given.engine or ["sqlite", "postgresql"], where))
    finally:
        if given.folder is None:
            shutil.rmtree(where, ignore_errors=True)
