"""A PostgreSQL database: by its own programs, pg_dump and pg_restore, in one transaction each."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

from sqlalchemy import Connection, bindparam, func, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot import database, private_files
from bot.backup import left_out
from bot.cli.cli_error import CliError
from models.tables import metadata
from models.tables.updates import LeaderRow
from services.files import stored_files

T = TypeVar("T")
NAME, MEMBER = "postgresql", "verstak.dump"
MATTERS = ("employee", "client", "deal")
TRIAL, A_DAY = "verstak_trial_", 86_400  # the name of a database to try a backup in, and the second of its making
NOT_RESTORED = "PostgreSQL's user may not make a database to restore it into: ALTER USER … CREATEDB"
COPY, END = re.compile(rb'COPY (?:"?\w+"?\.)?"?(\w+)"? .*FROM stdin;'), b"\\.\n"  # as pg_restore writes rows
HELD = select(LeaderRow.holder).where(LeaderRow.until > bindparam("now"))


def copy(url: str, to: Path) -> dict[str, int]:
    """Dump the database into a new file; how many rows each table has in it: both see the same moment."""

    def dump(tx: Connection) -> dict[str, int]:
        tx.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        tx.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")  # while pg_dump works we are idle
        moment = tx.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        rows = _count(tx)
        _program(
            url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}",
            *(f"--exclude-table-data={name}" for name in left_out.TABLES), f"--file={to}",
        )  # fmt: skip
        return {name: 0 if name in left_out.TABLES else number for name, number in rows.items()}

    private_files.create(to).close()
    return _ask(url, dump)


def take(url: str, made: Path, rows: dict[str, int], force: bool) -> str | None:
    """Put the dump in the database's place, all of it or nothing. Nothing is kept beside: give it an empty one."""
    if runs := _ask(url, _running):
        raise CliError(f"the database is in use by a running bot ({runs}); stop that one first")
    if any(count(url).get(name) for name in MATTERS) and not force:
        raise CliError("the database has data; to replace it for good: --force")
    _load(url, made)
    if count(url) != rows:
        raise CliError("the restored database does not have the rows of the backup; do not start the bot on it")
    return None


def prove(url: str, made: Path, rows: dict[str, int]) -> bool:
    """Restore the dump into a database of its own beside ours and count; False where we may not make one.

    Then it is read to the end instead, and the rows in it are counted.
    """
    name = f"{TRIAL}{int(time.time())}"
    if not asyncio.run(_make_trial(url, name)):
        found = dict.fromkeys(rows, 0) | _count_dumped(url, made)
        if {table: found[table] for table in rows} != rows:
            raise CliError("the backup does not hold the rows it says")
        return False
    trial = make_url(url).set(database=name).render_as_string(hide_password=False)
    try:
        _load(trial, made)
        if count(trial) != rows:
            raise CliError("the backup, once restored, does not have the rows that it should have")
    finally:
        asyncio.run(_talk(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    return True


async def _make_trial(url: str, name: str) -> bool:
    """Whether there is an empty database of that name now; those of trials that were killed are gone."""
    try:
        for (old,) in await _talk(url, f"SELECT datname FROM pg_database WHERE datname LIKE '{TRIAL}%'"):
            if int(name.removeprefix(TRIAL)) - int(old.removeprefix(TRIAL)) > A_DAY:
                await _talk(url, f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
        await _talk(url, f'CREATE DATABASE "{name}" TEMPLATE template0')
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != "42501":  # insufficient_privilege
            raise CliError(f"no database can be made to try the backup in: {error.orig}") from None
        return False
    return True


async def _talk(url: str, said: str) -> list[Any]:
    """A statement outside of any transaction; its rows."""
    address = make_url(url).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            answer = await connection.exec_driver_sql(said)
            return list(answer) if answer.returns_rows else []
    finally:
        await engine.dispose()


def _load(url: str, made: Path) -> None:
    _program(
        url, "pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction",
        "--exit-on-error", f"--dbname={_name(url)}", str(made),
    )  # fmt: skip


def _count_dumped(url: str, made: Path) -> dict[str, int]:
    """Rows of each table, counted in what the dump would write."""
    found: dict[str, int] = {}
    name = None
    with _started(url, "pg_restore", "--data-only", "--file=-", str(made)) as lines:
        for line in lines:
            if name is not None and line != END:
                found[name] += 1
            elif name is not None:
                name = None
            elif begins := COPY.match(line):
                name = begins[1].decode()
                found[name] = 0
    return found


def count(url: str) -> dict[str, int]:
    """How many rows each table has."""
    return _ask(url, _count)


def hashes(url: str, copied: Path) -> set[str]:
    """The hashes of all files that the database names."""
    return _ask(url, _hashes)


def _ask(url: str, work: Callable[[Connection], T]) -> T:
    async def ask() -> T:
        db = await database.open_database(url)
        try:
            return await db.run(work)
        finally:
            await db.close()

    return asyncio.run(ask())


def _running(tx: Connection) -> str:
    """Which bots hold a lease, as host and process, by the clock that leases go by; empty if none does, or there is no
    such table yet."""
    if LeaderRow.__tablename__ not in inspect(tx).get_table_names():
        return ""
    return ", ".join(sorted(set(tx.execute(HELD, {"now": database.time_of(tx, None)}).scalars())))


def _hashes(tx: Connection) -> set[str]:
    columns = {column["name"] for column in inspect(tx).get_columns("file")}
    return stored_files.hashes(tx) if "sha" in columns else set()  # tables of an older version have none


def _count(tx: Connection) -> dict[str, int]:
    there = set(inspect(tx).get_table_names())
    tables = [table for table in metadata.sorted_tables if table.name in there]
    return {table.name: int(tx.execute(select(func.count()).select_from(table)).scalar_one()) for table in tables}


def _name(url: str) -> str:
    return make_url(url).database or "postgres"


def _program(url: str, name: str, *arguments: str) -> None:
    done = subprocess.run(
        [_path_of(name), *arguments], env=_surroundings(url), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise CliError(f"{name}: {(done.stderr.strip().splitlines() or ['failed'])[0]}")


@contextmanager
def _started(url: str, name: str, *arguments: str) -> Iterator[IO[bytes]]:
    """The lines that a program writes. CliError if it fails."""
    with subprocess.Popen([_path_of(name), *arguments], env=_surroundings(url), stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        yield program.stdout
    if program.returncode != 0:
        raise CliError(f"{name}: the dump cannot be read to its end")


def _path_of(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise CliError(f"{name} is not installed; it comes with PostgreSQL's client (Debian: postgresql-client)")
    return path


def _surroundings(url: str) -> dict[str, str]:
    parsed = make_url(url)
    host = parsed.host or parsed.query.get("host")
    known = {
        "PGHOST": str(host) if host else None,
        "PGPORT": str(parsed.port) if parsed.port else None,
        "PGUSER": parsed.username,
        "PGPASSWORD": str(parsed.password) if parsed.password else None,  # not in the arguments: others can read those
        "PGDATABASE": _name(url),
    }
    return {**os.environ, **{key: value for key, value in known.items() if value}}
