"""An installation that has been running for a while starts a newer version: nothing of what it has is lost."""

from __future__ import annotations

from sqlalchemy import Connection, func, inspect, select, text

from bot import database as databases
from bot.database import Database
from models.tables import metadata
from models.tables.deals import DealRow
from models.tables.files import FileRow
from models.tables.people import EmployeeRow
from models.tables.settings import SettingRow
from models.tables.tasks import ItemRow, TaskRow

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


async def test_the_migrations_make_every_table_that_the_code_speaks_of(database: Database) -> None:
    made = await database.run(lambda tx: set(inspect(tx).get_table_names()))
    assert made == set(metadata.tables) | {"alembic_version"}
