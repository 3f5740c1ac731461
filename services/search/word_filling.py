"""The words of search of what was there before: after an upgrade, and after an edit of a process file that changes what
its deals are found by. Written in short transactions, the bot's start goes on from where one was cut off.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from models.search import deal_words as kept_words
from models.tables.clients import ClientRow
from models.tables.deals import DealRow
from services import company_settings
from services.clients import client_words
from services.deals import deal_queries, deal_words
from services.unit_of_work import UnitOfWork

AT_ONCE = 500
CLIENTS = "clients"
CARDS = select(ClientRow.id).where(ClientRow.id > bindparam("after")).order_by(ClientRow.id).limit(AT_ONCE)
DEALS = (
    select(DealRow)
    .where(DealRow.process == bindparam("process"), DealRow.id > bindparam("after"))
    .order_by(DealRow.id)
    .limit(AT_ONCE)
)


def step(work: UnitOfWork) -> int | None:
    """Write the words of some more clients or deals; of how many, None when all are as they are to be."""
    known: dict[str, Any] = company_settings.lock(work.tx, company_settings.SEARCH_WORDS, {})
    wanted = {CLIENTS: str(kept_words.VERSION), **_processes(work)}
    made: dict[str, str] = known.get("made", {})
    name = next((name for name in wanted if made.get(name) != wanted[name]), None)
    if name is None:
        return None
    after = int(known.get("after", 0)) if known.get("now") == name else 0
    keys = _clients(work, after) if name == CLIENTS else _deals(work, name, after)
    last = len(keys) < AT_ONCE
    left = {"made": {**made, name: wanted[name]}} if last else {"made": made, "now": name, "after": keys[-1]}
    company_settings.put(work.tx, company_settings.SEARCH_WORDS, left)
    return len(keys)


def _processes(work: UnitOfWork) -> dict[str, str]:
    return {f"process:{name}": kept_words.fingerprint(one) for name, one in work.company.processes.items()}


def _clients(work: UnitOfWork, after: int) -> list[int]:
    keys = list(work.tx.execute(CARDS, {"after": after}).scalars())
    client_words.renew(work, *keys)
    return keys


def _deals(work: UnitOfWork, name: str, after: int) -> list[int]:
    given = {"process": name.removeprefix("process:"), "after": after}
    rows = work.tx.execute(DEALS, given).all()
    deal_words.rewrite(work, deal_queries.read_all(work, rows))
    return [row.id for row in rows]
