"""Writes the next migration: what the tables say and the migrations do not. `make migration name=what_it_does`.

The migrations are run on a new SQLite file in a temporary folder, and alembic compares the outcome with the tables.
What it has written is to be read and tried, on PostgreSQL too: it does not see a renaming, nor what becomes of rows.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import create_engine

FOLDER = Path(__file__).resolve().parent
NAME = re.compile(r"[a-z][a-z0-9_]{2,39}")


def write(name: str, folder: Path = FOLDER) -> tuple[Path, bool]:
    """(The new file, whether it holds anything yet). An empty one is for changes of rows, or is thrown away."""
    with tempfile.TemporaryDirectory(prefix="verstak-migration-") as place:
        engine = create_engine(f"sqlite:///{place}/fresh.db")
        with engine.begin() as tx:
            config = _config(folder)
            config.attributes["connection"] = tx
            command.upgrade(config, "head")
            written = command.revision(config, name, autogenerate=True, rev_id=_next_number(config))
        engine.dispose()
    assert isinstance(written, Script)
    file = Path(written.path)
    return file, "op." in file.read_text("utf-8")


def _config(folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _next_number(config: Config) -> str:
    """Migrations are numbered; the number is also alembic's name of the version."""
    head = ScriptDirectory.from_config(config).get_current_head()
    return f"{int(head or 0) + 1:04d}"


def main(argv: Sequence[str] | None = None) -> int:
    """Write the file and say where it is."""
    parser = argparse.ArgumentParser(prog="make migration", usage="make migration name=what_it_does")
    parser.add_argument("name", nargs="?", default="")
    name = parser.parse_args(argv).name
    if not NAME.fullmatch(name):
        sys.stderr.write("make migration name=what_it_does: a name of 3 to 40 small letters, digits and _\n")
        return 1
    file, holds_something = write(name)
    sys.stdout.write(f"{file.relative_to(FOLDER.parents[1])}: read it through, and try it on both databases\n")
    if not holds_something:
        sys.stdout.write("Tables and migrations do not differ: it is empty, for changes of rows by your own hand.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
