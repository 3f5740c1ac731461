"""A shop of any size, filled fast: rows as the product itself would have written them, made by the database."""

from __future__ import annotations

import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import asyncpg

from bot.database import migrate, open_database
from models.engine.engine_run import SILENCE
from models.engine.trigger_rules import stamp
from models.process.process import Process
from models.tables import metadata
from models.tables.columns import EPOCH
from services import processes

PROCESSES = Path(__file__).parents[2] / "processes"
USERS = 32
PIPELINE, STAGES = "order", ("prepayment", "making")
FIRST_USER = 200_001  # Telegram id of the first employee
PIECE = 250_000  # rows made by one statement
DAY = 86_400_000_000  # microseconds


def series(name: str, low: int, high: int) -> str:
    """Numbers as a table `n` with the column `i`, in either dialect."""
    if name == "postgresql":
        return f"(SELECT generate_series({low}::bigint, {high}::bigint) AS i) AS n"
    return (
        f"(WITH RECURSIVE c(i) AS (VALUES({low}) UNION ALL SELECT i + 1 FROM c WHERE i < {high}) SELECT i FROM c) AS n"
    )


def statements(name: str, count: int, now: int, process: Process, users: int) -> list[str]:
    """Everything that fills the tables: staff, clients, deals with their first line of history and their timers."""
    people = series(name, 1, users)
    found = [
        "INSERT INTO employee (telegram_id, name, role, locale, active, created_at) "
        f"SELECT {FIRST_USER - 1} + i, 'Менеджер ' || i, 'manager', 'ru', true, {now} FROM {people} ORDER BY i",
        f"INSERT INTO counter (name, value) VALUES ('deal:2026', {count})",
    ]
    for low in range(1, count + 1, PIECE):
        found += _piece(series(name, low, min(low + PIECE - 1, count)), now, process, users)
    found.append(
        "INSERT INTO deal_counter (kind, process, pipeline, stage, responsible_id, n) "
        "SELECT kind, process, pipeline, stage, "
        "responsible_id, count(*) FROM deal GROUP BY kind, process, pipeline, stage, responsible_id"
    )
    return found


def _piece(numbers: str, now: int, process: Process, users: int) -> list[str]:
    stage = f"CASE WHEN (i / {users}) % 2 = 0 THEN '{STAGES[0]}' ELSE '{STAGES[1]}' END"
    phone = "'+7912' || (1000000 + i % 9000000)"
    fields = f"""'{{"name":"Мария Иванова","phone":"' || {phone} || '","comment":"Кухня угловая, 3 метра",""" + (
        """"budget":' || (5000000 + i % 400 * 100000) || ',"prepayment":2500000}'"""
    )
    found = [
        f"INSERT INTO client (kind, name, created_at) SELECT 'person', 'Мария Иванова ' || i, {now} "
        f"FROM {numbers} ORDER BY i",
        f"INSERT INTO client_phone (client_id, phone, position) SELECT i, {phone}, 0 FROM {numbers} ORDER BY i",
        "INSERT INTO deal (number, process, pipeline, kind, stage, status, title, client_id, responsible_id, source, "
        f"fields, version, entered_at, created_at) SELECT '2026-' || i, '{process.process}', '{PIPELINE}', 'deal', "
        f"{stage}, 'open', 'Кухня · Мария Иванова', i, 1 + i % {users}, 'Сайт', {fields}, 1, {now}, {now} "
        f"FROM {numbers} ORDER BY i",
        "INSERT INTO event (deal_id, version, seq, at, kind, to_stage) "
        f"SELECT i, 1, 0, {now}, 'created', '{PIPELINE}.' || {stage} FROM {numbers} ORDER BY i",
    ]
    entered = stamp(EPOCH + timedelta(microseconds=now))
    for days, rules in ((1, _rules(process, 0)), (3, _rules(process, 1)), (7, (SILENCE, SILENCE))):
        rule = f"CASE WHEN (i / {users}) % 2 = 0 THEN '{rules[0]}' ELSE '{rules[1]}' END"
        due = f"{now + days * DAY} + (i * 7919) % {DAY}"
        found.append(
            "INSERT INTO scheduled "
            "(kind, deal_id, rule, dedup_key, scheduled_for, run_at, delivery_state, attempts, tries, failures, "
            "created_at) "
            f"SELECT 'timer', i, {rule}, '{entered}', {due}, {due}, 'waiting', 0, 0, 0, {now} FROM {numbers} ORDER BY i"
        )
    return found


def _rules(process: Process, place: int) -> tuple[str, str]:
    """The names of the timed rule at a place, on both stages."""
    first, second = ([rule for rule, one in process.rules_of(PIPELINE, name) if one.timed] for name in STAGES)
    return first[place], second[place]


async def fill(url: str, count: int, users: int = USERS) -> float:
    """Make the tables and fill them with `count` deals of so many managers; gives the seconds it took."""
    began = time.monotonic()
    db = await open_database(url)
    await db.run(migrate)
    await db.close()
    process = processes.load(PROCESSES)["furniture"]
    now = int(time.time() * 1_000_000)
    todo = statements(db.name, count, now, process, users)
    indexes = [index for table in metadata.sorted_tables for index in table.indexes]
    if db.name == "sqlite":
        _fill_sqlite(url.removeprefix("sqlite:///"), todo, [str(index.name) for index in indexes])
    else:
        await _fill_postgres(url, todo, [str(index.name) for index in indexes])
    return time.monotonic() - began


def _fill_sqlite(path: str, todo: list[str], indexes: list[str]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-400000")
        known = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
        for name in indexes:
            connection.execute(f"DROP INDEX IF EXISTS {name}")
        for sql in [*todo, *(known[name] for name in indexes if name in known), "PRAGMA wal_checkpoint(TRUNCATE)"]:
            connection.execute(sql).fetchall()
    finally:
        connection.close()


async def _fill_postgres(url: str, todo: list[str], indexes: list[str]) -> None:
    connection = await asyncpg.connect(url)
    try:
        # nobody checks a foreign key of what was just made; sorts of indexes have room
        await connection.execute("SET session_replication_role = replica; SET maintenance_work_mem = '512MB'")
        rows = await connection.fetch("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")
        known = {row[0]: row[1] for row in rows}
        for name in indexes:
            await connection.execute(f"DROP INDEX IF EXISTS {name}")
        for sql in [*todo, *(known[name] for name in indexes if name in known), "VACUUM ANALYZE", "CHECKPOINT"]:
            await connection.execute(sql)
    finally:
        await connection.close()
