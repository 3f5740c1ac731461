"""A mark beside the database that it has held data: an empty database where data was is a loss, not a first start.

An unmounted disk, a wrong DATABASE_URL, a file cut to nothing: a bot that went on would be an empty shop, and the next
backup would keep that.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, inspect, select

from bot import sqlite_lock
from bot.settings import Settings
from models.tables.people import EmployeeRow
from services.files import blobs

ENDING = ".has-data"
HAS_PEOPLE = select(EmployeeRow.id).limit(1)
TEXT = "This database has held data since {at}. If you mean to begin anew, remove this file.\n"


def path_of(settings: Settings) -> Path:
    """Where the mark lies: beside a SQLite file, for PostgreSQL in the data folder."""
    file = sqlite_lock.sqlite_path(settings.database)
    return Path(f"{file}{ENDING}") if file is not None else settings.data_dir / f"postgresql{ENDING}"


def lost_file(settings: Settings) -> list[str]:
    """Why a SQLite file must not be begun anew: it is empty or gone, and held data. Empty if it may."""
    file = sqlite_lock.sqlite_path(settings.database)
    if file is None or (file.exists() and file.stat().st_size > 0):
        return []
    mark = path_of(settings)
    if mark.exists():
        return [_said(str(file), "is empty" if file.exists() else "is not there", mark)]
    if file.exists() and any(_stored_files(settings.data_dir)):
        folder = settings.data_dir / blobs.FOLDER
        return [_said(str(file), f"is empty, and files of deals lie in {folder}", file)]
    return []


def lost_tables(tx: Connection, settings: Settings) -> list[str]:
    """The same of any database, before its tables are made."""
    mark = path_of(settings)
    if not mark.exists() or inspect(tx).has_table(EmployeeRow.__tablename__):
        return []
    return [_said("the database", "has no tables", mark)]


def note(tx: Connection, settings: Settings) -> bool:
    """Leave the mark once there is somebody in the company; whether it is there. OSError if it cannot be written."""
    mark = path_of(settings)
    if mark.exists():
        return True
    if tx.execute(HAS_PEOPLE).first() is None:
        return False
    mark.write_text(TEXT.format(at=datetime.now(UTC).date()), "utf-8")
    return True


def _said(what: str, how: str, remove: Path) -> str:
    return (
        f"{what} {how}, though data was there. Is the disk mounted, is DATABASE_URL right? If the data is lost, take "
        f"it back: verstak restore FILE. To begin anew on purpose, remove {remove}"
    )


def _stored_files(data_dir: Path) -> Iterator[Path]:
    folder = data_dir / blobs.FOLDER
    return (one for one in folder.glob("*/*") if blobs.SHA.fullmatch(one.name)) if folder.is_dir() else iter(())
