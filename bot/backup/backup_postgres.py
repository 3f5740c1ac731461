"""A PostgreSQL database: by its own programs, pg_dump and pg_restore, in one transaction each."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.engine import make_url

from bot import database
from bot.cli.cli_error import CliError
from models.tables import metadata
from services.files import stored_files

NAME, MEMBER = "postgresql", "verstak.dump"
MATTERS = ("employee", "client", "deal")


def copy(url: str, to: Path) -> dict[str, int]:
    """Dump the database into a new file; how many rows each table had just before."""
    rows = count(url)
    _program(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={to}")
    return rows


def take(url: str, made: Path, rows: dict[str, int], force: bool) -> str | None:
    """Put the dump in the database's place, all of it or nothing. Nothing is kept beside: give it an empty one."""
    if any(count(url).get(name) for name in MATTERS) and not force:
        raise CliError("the database has data; to replace it for good: --force")
    _program(
        url, "pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction",
        "--exit-on-error", f"--dbname={_name(url)}", str(made),
    )  # fmt: skip
    if count(url) != rows:
        raise CliError("the restored database does not have the rows of the backup; do not start the bot on it")
    return None


def count(url: str) -> dict[str, int]:
    """How many rows each table has."""

    async def ask() -> dict[str, int]:
        db = await database.open_database(url)
        try:
            return await db.run(_count)
        finally:
            await db.close()

    return asyncio.run(ask())


def hashes(url: str, copied: Path) -> set[str]:
    """The hashes of all files that the database names."""

    async def ask() -> set[str]:
        db = await database.open_database(url)
        try:
            return await db.run(_hashes)
        finally:
            await db.close()

    return asyncio.run(ask())


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
    path = shutil.which(name)
    if path is None:
        raise CliError(f"{name} is not installed; it comes with PostgreSQL's client (Debian: postgresql-client)")
    parsed = make_url(url)
    host = parsed.host or parsed.query.get("host")
    known = {
        "PGHOST": str(host) if host else None,
        "PGPORT": str(parsed.port) if parsed.port else None,
        "PGUSER": parsed.username,
        "PGPASSWORD": str(parsed.password) if parsed.password else None,  # not in the arguments: others can read those
        "PGDATABASE": _name(url),
    }
    surroundings = {**os.environ, **{key: value for key, value in known.items() if value}}
    done = subprocess.run([path, *arguments], env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CliError(f"{name}: {(done.stderr.strip().splitlines() or ['failed'])[0]}")
