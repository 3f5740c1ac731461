"""`verstak journal`: whether the journal is whole, and what it tells."""

from __future__ import annotations

import re

from sqlalchemy import Connection

from bot import app as root
from bot import settings as conf
from bot.cli.cli_error import CliError
from models.oversight.journal import JournalState
from services.oversight import journal

KNOWN = re.compile(r"([0-9]{1,18}):([0-9a-f]{8,64})")
HOW = {
    "missing": "row {id} is missing",
    "changed": "row {id} is not as it was written",
    "displaced": "row {id} does not follow the row before it",
}


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


def _read_known(known: str | None) -> tuple[int, str]:
    if known is None:
        return 0, ""
    match = KNOWN.fullmatch(known.strip().lower())
    if match is None:
        raise CliError("--known takes what `verstak journal verify` has told: ROW:HASH")
    return int(match[1]), match[2]
