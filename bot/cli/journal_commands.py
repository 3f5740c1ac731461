"""`verstak journal`: whether the journal is whole, and what it tells."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, select

from bot import app as root
from bot import settings as conf
from bot.cli.cli_error import CliError
from models.oversight.journal import JournalEntry, JournalState
from models.tables.people import EmployeeRow
from models.values.work_calendar import WorkCalendar
from scheduler.clock import utc_now
from services.oversight import journal

MOST = 100_000  # rows that are looked through
DAYS = re.compile(r"([0-9]{1,4})d")
KNOWN = re.compile(r"([0-9]{1,18}):([0-9a-f]{8,64})")
HOW = {
    "missing": "row {id} is missing",
    "changed": "row {id} is not as it was written",
    "displaced": "row {id} does not follow the row before it",
}


async def answer(given: argparse.Namespace) -> tuple[list[str], bool]:
    """(What is to be told, whether something is wrong) of what was asked: `show` or `verify`. CliError."""
    if given.asked == "show":
        return await show(given.since, given.person, given.client), False
    return await verify(given.known)


async def verify(known: str | None = None) -> tuple[list[str], bool]:
    """(What is to be told of the chain, whether it is broken). `known` is an earlier last row, «ROW:HASH». CliError."""
    row, begins = _read_known(known)

    def look(tx: Connection) -> tuple[JournalState, str | None]:
        return journal.verify(tx), journal.hash_of(tx, row) if row else None

    db = await root.open_ready(conf.load())
    try:
        state, there = await db.run(look)
    finally:
        await db.close()
    lines = [HOW[one.how].format(id=one.id) for one in state.faults]
    if row and (there is None or not there.startswith(begins)):
        lines.append(HOW["missing" if there is None else "changed"].format(id=row))
    if lines:
        return [*lines, f"the journal is broken: {state.rows} rows"], True
    if not state.rows:
        return ["the journal is empty"], False
    return [f"{state.rows} rows, all as they were written; keep elsewhere: {state.last}:{state.hash}"], False


async def show(since: str, person: str | None, client: int | None) -> list[str]:
    """A line for each row from that day on, the newest first, perhaps of one person or one client alone. CliError."""
    settings = conf.load()
    company = root.read_company(settings)
    begins = _read_since(since, company.calendar, utc_now())

    def look(tx: Connection) -> list[str]:
        names = {row.id: row.name for row in tx.execute(select(EmployeeRow.id, EmployeeRow.name))}
        who = _read_person(person, names) if person is not None else None
        found = journal.latest(tx, begins, MOST + 1, who=who)
        lines = [_line(one, names, company.calendar) for one in found[:MOST] if client is None or _is_of(one, client)]
        cut = [f"only the newest {MOST} were looked through"] if len(found) > MOST else []
        return [*lines, *cut] or ["nothing was written down"]

    db = await root.open_ready(settings)
    try:
        return await db.run(look)
    finally:
        await db.close()


def _read_since(since: str, calendar: WorkCalendar, now: datetime) -> datetime:
    """The company's midnight of a day, or of so many days ago."""
    if match := DAYS.fullmatch(since):
        return calendar.at(calendar.today(now) - timedelta(days=int(match[1])), time())
    try:
        return calendar.at(date.fromisoformat(since), time())
    except ValueError:
        raise CliError("--since takes a day, 2026-11-23, or a number of days, 7d") from None


def _read_person(said: str, names: Mapping[int, str]) -> int:
    if said.isdecimal() and int(said) in names:
        return int(said)
    found = [key for key, name in names.items() if said.casefold() in name.casefold()]
    if len(found) == 1:
        return found[0]
    if not found:
        raise CliError(f"--person: nobody is called {said}")
    raise CliError(f"--person: {said} may be " + ", ".join(f"{names[key]} ({key})" for key in found))


def _is_of(one: JournalEntry, client: int) -> bool:
    return client in one.clients or one.about == ("client", client)


def _line(one: JournalEntry, names: Mapping[int, str], calendar: WorkCalendar) -> str:
    """Who works or worked here by name, clients by number."""
    who = f"{names.get(one.actor, '?')} ({one.actor})" if one.actor is not None else "server or bot"
    said = [f"{calendar.local(one.at):%Y-%m-%d %H:%M}", f"{one.id}", who, one.what]
    if one.about is not None:
        said.append(" ".join(str(part) for part in one.about if part is not None))
    if one.count is not None:
        said.append(f"{one.count} rows")
    if one.clients:
        said.append("clients " + " ".join(map(str, one.clients)))
    return "\t".join(said)


def _read_known(known: str | None) -> tuple[int, str]:
    if known is None:
        return 0, ""
    match = KNOWN.fullmatch(known.strip().lower())
    if match is None:
        raise CliError("--known takes what `verstak journal verify` has told: ROW:HASH")
    return int(match[1]), match[2]
