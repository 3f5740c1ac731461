"""What ails the environment, in a line for a person: never an error's class, never a traceback."""

from __future__ import annotations

import socket

from bot import database_faults, log
from bot.database_faults import FULL, LOCKED, DatabaseAway

SPOILT = (
    "the database is damaged. Keep the file as it is and put the last backup in its place: verstak restore FILE "
    "--force (what is there now is kept beside it); then check the disk"
)
BY_WHY = {
    FULL: "the disk is full: make room, then start again; nothing that was confirmed is lost",
    LOCKED: "another program holds the database and does not let go: close it, then start again",
}
# PostgreSQL's SQLSTATE
BY_STATE = {
    "28P01": "DATABASE_URL: user or password is not what PostgreSQL knows",
    "28000": "DATABASE_URL: PostgreSQL does not let this user in from here (pg_hba.conf)",
    "3D000": "DATABASE_URL: PostgreSQL has no database of that name; make one: createdb NAME",
    "42501": "DATABASE_URL: this user may not make or change tables there: GRANT ALL ON SCHEMA public TO …",
    "53300": "PostgreSQL takes no more connections: raise max_connections, or stop what holds them",
    "57P03": "PostgreSQL is just starting or recovering: try again in a minute",
}


def of_database(error: BaseException) -> str:
    """Why the database cannot be used, and what helps."""
    if isinstance(error, DatabaseAway) and error.__cause__ is not None:
        error = error.__cause__
    if database_faults.is_spoilt(error):
        return SPOILT
    state = next((str(found) for one in database_faults.causes(error) if (found := getattr(one, "sqlstate", None))), "")
    if state in BY_STATE:
        return BY_STATE[state]
    why = database_faults.why_away(error)
    if why in BY_WHY:
        return BY_WHY[why]
    if isinstance(error, socket.gaierror):
        return "DATABASE_URL: the host's name is not known: is it spelt right, and is the network up?"
    if isinstance(error, ConnectionRefusedError):
        return "DATABASE_URL: nobody answers there: does PostgreSQL run, and does it listen at this address and port?"
    if isinstance(error, TimeoutError):
        return "DATABASE_URL: no answer in time: is the database's host in reach?"
    if database_faults.is_unopenable(error):
        return "the database's file cannot be opened or written: see to whom it and its folder belong, and their rights"
    return f"DATABASE_URL: the database cannot be used: {log.describe(error)}"


def of_anything(error: BaseException) -> str | None:
    """The line for an error of the environment; None if the error is a fault of ours."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {(error.strerror or 'cannot be used').lower()}"
    return of_database(error) if database_faults.kind_of(error) is not None else None
