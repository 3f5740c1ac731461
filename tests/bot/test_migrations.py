"""An installation that has been running for a while starts a newer version: nothing of what it has is lost."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Index, func, insert, inspect, select, text

from bot import database as databases
from bot.database import Database
from models.migrations import new_migration
from models.tables import metadata
from models.tables.deals import DealRow
from models.tables.documents import PaperRow
from models.tables.files import FileRow
from models.tables.outbox import ScheduledRow
from models.tables.people import EmployeeRow
from models.tables.settings import SettingRow
from models.tables.tasks import ItemRow, TaskRow
from tests.conftest import NOW
from tests.stories import program

MAKE = (sys.executable, "-m", "models.migrations.new_migration")

OLD = (
    "INSERT INTO employee (id, telegram_id, name, role, locale, active, created_at) "
    "VALUES (7, 1007, 'Анна', 'manager', 'ru', TRUE, 1)",
    "INSERT INTO deal (id, number, process, pipeline, kind, stage, status, title, responsible_id, fields, version, "
    "entered_at, created_at) VALUES (5, '2025-0001', 'furniture', 'order', 'deal', 'contract', 'open', 'Шкаф', 7, "
    "'{}', 3, 1, 1)",
    "INSERT INTO task (id, deal_id, name, origin, title, state, due_at, given_at) "
    "VALUES (4, 5, 'job', 'order.assembly', 'Сборка', 'open', 2, 1)",
    "INSERT INTO item (id, task_id, position, title, fill, optional) VALUES (3, 4, 0, 'Приехать', '[]', FALSE)",
    "INSERT INTO file (id, deal_id, kind, name, telegram_id, unique_id, author_id, at) "
    "VALUES (2, 5, 'photo', 'photo.jpg', 'AgAC', 'AQAD', 7, 1)",
    "INSERT INTO setting (name, value) VALUES ('bot_username', '\"verstak_bot\"')",
)


def _fill(tx: Connection) -> None:
    for statement in OLD:
        tx.execute(text(statement))


async def test_what_the_first_version_kept_is_there_in_the_second(database: Database) -> None:
    await database.run(lambda tx: databases.migrate_back(tx, "0001"))
    try:
        await database.run(_fill)
    finally:
        await database.run(databases.migrate)
    for table in (EmployeeRow, DealRow, TaskRow, ItemRow, FileRow, SettingRow):
        query = select(func.count()).select_from(table)
        assert await database.run(lambda tx, query=query: tx.execute(query).scalar_one()) == 1, table.name
    person = await database.run(lambda tx: tx.execute(select(EmployeeRow)).one())
    assert (person.name, person.phone) == ("Анна", None)
    photo = await database.run(lambda tx: tx.execute(select(FileRow)).one())
    assert (photo.deal_id, photo.author_id, photo.sha) == (5, 7, None)


async def test_papers_keep_their_files_though_the_table_of_files_is_made_anew(database: Database) -> None:
    """There and back: SQLite drops the old table, into which papers point."""
    await database.run(lambda tx: databases.migrate_back(tx, "0001"))
    try:
        await database.run(_fill)
        await database.run(databases.migrate)
        row = {"number": "1", "version": 1, "data": {}, "fingerprint": "x", "state": "made", "at": NOW, "name": "act"}
        await database.run(lambda tx: tx.execute(insert(PaperRow), {**row, "deal_id": 5, "file_id": 2}))
        await database.run(lambda tx: databases.migrate_back(tx, "0015"))
    finally:
        await database.run(databases.migrate)
    assert await database.run(lambda tx: tx.execute(select(PaperRow.file_id)).scalar_one()) == 2


@pytest.mark.parametrize("papers", [("made",), ("made", "sent")])
async def test_the_bin_is_taken_back_though_papers_point_at_what_lies_in_it(
    database: Database, papers: tuple[str, ...]
) -> None:
    """A paper whose file lies in the bin stays, without the file, and so does whatever else pointed at it: the version
    before has no bin. Up again nothing of it is in the way."""
    try:
        await database.run(lambda tx: databases.migrate_back(tx, "0001"))
        await database.run(_fill)
        await database.run(databases.migrate)
        await database.run(lambda tx: _binned(tx, papers))
        await database.run(lambda tx: databases.migrate_back(tx, "0015"))
        left = await database.run(lambda tx: tx.execute(text("SELECT state, file_id FROM paper ORDER BY id")).all())
        assert [tuple(row) for row in left] == [*((state, None) for state in papers), ("made", 2)]
    finally:
        await database.run(databases.migrate)
    kept = await database.run(lambda tx: tx.execute(select(FileRow.id)).scalars().all())
    assert list(kept) == [2]


def _binned(tx: Connection, papers: tuple[str, ...]) -> None:
    """Papers whose file was removed, and one whose file is there."""
    file = {"deal_id": 5, "kind": "document", "name": "act", "telegram_id": "", "unique_id": "sha:1", "at": NOW}
    removed = {"id": 20, "removed_at": NOW, "removed_by_id": 7}
    tx.execute(insert(FileRow), {**file, **removed})
    paper = {"version": 1, "data": {}, "fingerprint": "x", "at": NOW, "name": "act", "deal_id": 5}
    for number, state in enumerate(papers):
        tx.execute(insert(PaperRow), {**paper, "number": str(number), "state": state, "file_id": 20})
    tx.execute(insert(PaperRow), {**paper, "number": "9", "state": "made", "file_id": 2})


async def test_what_still_waits_to_be_sent_says_the_role_of_its_reader(database: Database) -> None:
    """A message that a version before had sent says none: nobody knows who its reader was then."""
    row = (
        "INSERT INTO scheduled (id, kind, employee_id, rule, dedup_key, payload, envelope, scheduled_for, run_at, "
        "delivery_state, attempts, tries, failures, created_at, done_at) VALUES "
        "({}, 'notice', 7, 'rule', 'cause', '{{}}', {}, 1, 1, '{}', 0, 0, 0, 1, {})"
    )
    await database.run(lambda tx: databases.migrate_back(tx, "0001"))
    try:
        await database.run(_fill)
        await database.run(databases.migrate)
        await database.run(lambda tx: databases.migrate_back(tx, "0018"))
        for said in (
            (1, "NULL", "waiting", "NULL"), (2, """'{"to":"manager"}'""", "unsure", "NULL"),
            (3, """'{"role":"owner"}'""", "waiting", "NULL"), (4, "NULL", "sent", 2),
        ):  # fmt: skip
            await database.run(lambda tx, said=said: tx.execute(text(row.format(*said).replace(":", "\\:"))))
    finally:
        await database.run(databases.migrate)
    query = select(ScheduledRow.envelope).order_by(ScheduledRow.id)
    found = await database.run(lambda tx: tx.execute(query).scalars().all())
    assert found == [{"role": "manager"}, {"to": "manager", "role": "manager"}, {"role": "owner"}, None]


async def test_the_migrations_make_every_table_that_the_code_speaks_of(database: Database) -> None:
    made = await database.run(lambda tx: set(inspect(tx).get_table_names()))
    assert made == set(metadata.tables) | {"alembic_version"}


def differences(tx: Connection) -> list[Any]:
    """In what the database that the migrations have made differs from the tables: columns with their types and whether
    they may be empty, keys, indexes with their conditions, defaults."""
    options = {"compare_type": True, "compare_server_default": True, "target_metadata": metadata}
    found: list[Any] = compare_metadata(MigrationContext.configure(tx, opts=options), metadata)
    made, wanted = made_conditions(tx), wanted_conditions(tx.dialect.name)
    names = sorted({*made, *wanted})
    return found + [(name, made.get(name), wanted.get(name)) for name in names if made.get(name) != wanted.get(name)]


def wanted_conditions(dialect: str) -> dict[str, str]:
    """Index → which rows it holds, of those that do not hold all; alembic does not compare that."""
    every: list[Index] = [index for table in metadata.sorted_tables for index in table.indexes]
    found = {str(index.name): index.dialect_options[dialect]["where"] for index in every}
    return {name: plain(str(where)) for name, where in found.items() if where is not None}


def made_conditions(tx: Connection) -> dict[str, str]:
    """The same as the database has it."""
    look = inspect(tx)
    every = [index for table in look.get_table_names() for index in look.get_indexes(table)]
    found = {str(one["name"]): one.get("dialect_options", {}).get(f"{tx.dialect.name}_where") for one in every}
    return {name: plain(str(where)) for name, where in found.items() if where is not None}


def plain(condition: str) -> str:
    """A condition without what PostgreSQL writes into it of its own: brackets, and casts to its own types."""
    return re.sub(r"\s+", " ", re.sub(r"::(character varying|\w+)|[()]", "", condition)).strip()


async def test_the_tables_of_the_code_are_those_that_the_migrations_make(database: Database) -> None:
    assert await database.run(differences) == []
    assert wanted_conditions(database.name), "there are indexes of some of the rows"


class Undone(Exception):
    """Nothing of it stays."""


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE client ADD COLUMN more TEXT",
        "DROP INDEX ix_inbox_pending",
        "DROP INDEX ix_inbox_pending; CREATE INDEX ix_inbox_pending ON inbox (id) WHERE state = 1",
        "DROP INDEX ix_inbox_pending; CREATE INDEX ix_inbox_pending ON inbox (id)",
        "DROP TABLE setting",
    ],
)
async def test_a_difference_between_tables_and_migrations_is_seen(database: Database, change: str) -> None:
    found: list[Any] = []

    def look(tx: Connection) -> None:
        for statement in change.split("; "):
            tx.execute(text(statement))
        found.extend(differences(tx))
        raise Undone

    with pytest.raises(Undone):
        await database.run(look)
    assert found


# --- a new migration --------------------------------------------------------------------------------------------


@pytest.fixture
def program_copy(tmp_path: Path) -> Path:
    return program.copy_of_the_program(tmp_path / "copy")


async def test_a_new_migration_is_written_from_what_the_tables_say(program_copy: Path) -> None:
    """A column is added to a table; the next migration, by its number, adds it, and brings a database up and back."""
    tables = program_copy / "models" / "tables" / "settings.py"
    column = "    value: Mapped[Any] = mapped_column(Json, nullable=True)\n"
    assert column in tables.read_text("utf-8")
    tables.write_text(tables.read_text("utf-8").replace(column, column + column.replace("value:", "note:")), "utf-8")
    number = int(databases.head_version() or 0) + 1
    said = await program.run(["keep_notes"], program_copy, MAKE)
    assert said.status == 0, said.err
    file = program_copy / "models" / "migrations" / "versions" / f"{number:04d}_keep_notes.py"
    assert f"{file.relative_to(program_copy)}: read it" in said.out
    assert "sa.Column('note', sa.Text(), nullable=True)" in file.read_text("utf-8")
    assert f"down_revision = '{number - 1:04d}'" in file.read_text("utf-8")
    said = await program.run(["keep_more_notes"], program_copy, MAKE)
    assert "do not differ" in said.out, "the new one has been run, and nothing is left to do"


@pytest.mark.parametrize("name", ["", "Keep notes", "../x"])
def test_a_migration_without_a_good_name_is_not_written(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = databases.head_version()
    assert new_migration.main([name]) == 1
    refused = "make migration name=what_it_does: a name of 3 to 40 small letters, digits and _\n"
    assert capsys.readouterr().err == refused
    assert databases.head_version() == before
