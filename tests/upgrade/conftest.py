"""What the version before left behind, on each kind of database."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest

from tests.upgrade import fixture
from tests.upgrade import past as pasts
from tests.upgrade.fixture import Past

NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def past() -> Past:
    """What was kept of that day beside the database."""
    return fixture.read()


@pytest.fixture(scope="session")
def sqlite_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file of the version before; tests work on copies."""
    path = tmp_path_factory.mktemp("before") / "before.db"
    pasts.into_sqlite(path)
    return path


@pytest.fixture
def on_sqlite(sqlite_before: Path, tmp_path: Path) -> str:
    """The address of a copy of that file."""
    shutil.copy(sqlite_before, tmp_path / "verstak.db")
    return f"sqlite:///{tmp_path}/verstak.db"


@pytest.fixture(scope="session")
async def postgres_before(postgres_url: str) -> str:
    """The server, with a database of the version before on it."""
    await pasts.into_postgres(postgres_url, "before")
    return postgres_url


@pytest.fixture(params=["sqlite", "postgres"])
def source(request: pytest.FixtureRequest) -> str:
    """Where the version before left its rows: a file of this test's own, or a database to be copied."""
    return str(request.getfixturevalue("on_sqlite" if request.param == "sqlite" else "postgres_before"))


@pytest.fixture
async def before(source: str) -> str:
    """The address of what the version before left behind, on each kind of database in turn."""
    if source.startswith("sqlite"):
        return source
    return await pasts.into_postgres(source, f"before_{next(NUMBERS)}", "before")
