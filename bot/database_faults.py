"""What an error of a database means: which errors are the database's own state, and not a fault of ours."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from models.troubles import TroubleKind

FULL, LOCKED, AWAY = "full", "locked", "away"  # `why` of a database that is away
SPOILT = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
UNOPENABLE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM)
UNUSABLE = (sqlite3.SQLITE_IOERR, *UNOPENABLE)
# SQLSTATE: no connection; short of disk, memory, connections; asked to stop, cannot connect now; a broken disk or index
CLASSES = {"08": AWAY, "53": AWAY, "57": AWAY, "58": AWAY}
PG_FULL, PG_SPOILT, PG_READ_ONLY = "53100", ("XX001", "XX002"), "25006"


class DatabaseAway(OSError):
    """The database lets nobody in, does not answer in time, or takes nothing; `why` is FULL, LOCKED or AWAY."""

    def __init__(self, why: str = AWAY) -> None:
        super().__init__(why)
        self.why = why


def why_away(error: BaseException) -> str | None:
    """Why the database cannot be used, if that is what the error says; None for any other error."""
    if isinstance(error, DatabaseAway):
        return error.why
    for one in causes(error):
        if (why := _why(one)) is not None:
            return why
    return None


def is_surely_away(error: BaseException) -> bool:
    """Whether it is the database that cannot be used: a bare OSError or TimeoutError may be of a file or a call."""
    bare = isinstance(error, OSError) and not isinstance(error, DatabaseAway)
    return not bare and why_away(error) is not None


def is_spoilt(error: BaseException) -> bool:
    """Whether the error says that the database is damaged."""
    return any(_sqlite_code(one) in SPOILT or _state(one) in PG_SPOILT for one in causes(error))


def is_unopenable(error: BaseException) -> bool:
    """Whether a SQLite file may not be opened or written."""
    return any(_sqlite_code(one) in UNOPENABLE for one in causes(error))


def is_refused_write(error: BaseException) -> bool:
    """Whether something would have written where only reading is possible."""
    return any(_sqlite_code(one) == sqlite3.SQLITE_READONLY or _state(one) == PG_READ_ONLY for one in causes(error))


def kind_of(error: BaseException) -> TroubleKind | None:
    """Which trouble the error is; None if it is a fault of ours."""
    if is_spoilt(error):
        return TroubleKind.DATABASE_SPOILT
    return TroubleKind.DATABASE_AWAY if why_away(error) is not None else None


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it wraps."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = getattr(seen, "orig", None) or seen.__cause__


def _why(error: BaseException) -> str | None:
    code = _sqlite_code(error)
    if code is not None:
        return FULL if code == sqlite3.SQLITE_FULL else LOCKED if code in BUSY else AWAY if code in UNUSABLE else None
    state = _state(error)
    if state:
        return FULL if state == PG_FULL else CLASSES.get(state[:2])
    if isinstance(error, DBAPIError):
        return AWAY if error.connection_invalidated or isinstance(error, InterfaceError | InternalError) else None
    return AWAY if isinstance(error, OSError | asyncio.TimeoutError | PoolTimeout) else None


def _state(error: BaseException) -> str:
    """PostgreSQL's SQLSTATE."""
    return str(getattr(error, "sqlstate", "") or "")


def _sqlite_code(error: BaseException) -> int | None:
    """SQLite's primary result code."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None
