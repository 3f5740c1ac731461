"""A SQLite file has one bot: its lock, held as long as the process lives."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from bot import private_files
from bot.cli.cli_error import CliError

try:
    import fcntl
except ImportError:  # Windows has no such lock; there, two bots on one file are found out by Telegram's 409
    fcntl = None  # type: ignore[assignment]


@asynccontextmanager
async def alone_on(url: str) -> AsyncIterator[None]:
    """Hold a SQLite file for one bot; Trouble if another has it. PostgreSQL takes many."""
    path = sqlite_path(url)
    if path is None or fcntl is None:
        yield
        return
    handle = lock(path)
    try:
        yield
    finally:
        os.close(handle)


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL and for one in memory."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def lock(path: Path) -> int:
    """Take the file's lock until the handle is closed or the process ends, however it ends. Trouble if it is taken."""
    private_files.make_folder(path.parent)
    handle = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise CliError(f"the database {path} is in use by a running bot; stop that one first") from None
    return handle
