"""The journal: who looked at lists of clients and at others' cards, took out or erased what. Rows are only ever added.

A row is written in the transaction of the act itself: what is not written down has not happened. Note as late in it as
can be, for on PostgreSQL those who write at once come one after the other, each until its end. Nothing that is pressed
every minute writes here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, text

from models import access, rights
from models.ids import ClientId, EmployeeId
from models.oversight.journal import BEGINNING, Act, JournalEntry, JournalFault, JournalState, Subject
from models.tables.journal import JournalRow
from models.values.invalid_value import N_
from services.unit_of_work import UnitOfWork

JOURNAL = rights.thing("journal", N_("Журнал: кто что смотрел"), tables=("journal",))
SEE = JOURNAL.right(N_("читать"), (access.OWNER, ("any",)))

IN_TURN = text("SELECT pg_advisory_xact_lock(8253721)")
TAIL = select(JournalRow.id, JournalRow.hash).order_by(JournalRow.id.desc()).limit(1)
ADD = insert(JournalRow)
PAGE = 1000  # rows that are held in memory at a time
AFTER = select(JournalRow).where(JournalRow.id > bindparam("after")).order_by(JournalRow.id).limit(PAGE)
HASH = select(JournalRow.hash).where(JournalRow.id == bindparam("key"))
LATEST = (
    select(JournalRow)
    .where(JournalRow.id < bindparam("before"), JournalRow.at >= bindparam("since"))
    .order_by(JournalRow.id.desc())
    .limit(bindparam("most"))
)
LATEST_OF = LATEST.where(JournalRow.actor_id == bindparam("who"))
NEWEST = 1 << 62
BY_SINCE = select(JournalRow).where(JournalRow.actor_id == bindparam("who"), JournalRow.at >= bindparam("since"))


def note(
    work: UnitOfWork,
    what: Act,
    *,
    about: Subject | None = None,
    count: int | None = None,
    clients: Sequence[ClientId] = (),
) -> int:
    """Write down what the actor does now, and give the row's number; it stays only if the transaction does.

    `about` is a kind of thing and its number, or None: never a name. ValueError for what is not registered.
    """
    actor = EmployeeId(work.actor.id) if work.actor else None
    return add(work.tx, work.now, what, actor=actor, about=about, count=count, clients=clients)


def add(
    tx: Connection,
    at: datetime,
    what: Act,
    *,
    actor: EmployeeId | None = None,
    about: Subject | None = None,
    count: int | None = None,
    clients: Sequence[ClientId] = (),
) -> int:
    """The same where nobody is at work but the command line."""
    if tx.dialect.name == "postgresql":
        tx.execute(IN_TURN)
    last = tx.execute(TAIL).one_or_none()
    key, previous = (last.id + 1, last.hash) if last is not None else (1, BEGINNING)
    entry = JournalEntry(key, at, actor, what, about, count, tuple(clients))
    entry.check()
    kind, number = about or (None, None)
    row = {
        "id": key, "at": entry.at, "actor_id": actor, "what": what, "about_kind": kind, "about_id": number,
        "counted": count, "clients": list(entry.clients) or None, "previous": previous,
        "hash": entry.hash_after(previous),
    }  # fmt: skip
    tx.execute(ADD, row)
    return key


def latest(
    tx: Connection, since: datetime, most: int, *, who: int | None = None, before: int = NEWEST
) -> list[JournalEntry]:
    """The newest rows, of all or of one person, newest first; those with a number below `before`."""
    given = {"since": since, "most": most, "before": before}
    found = tx.execute(LATEST, given) if who is None else tx.execute(LATEST_OF, {**given, "who": who})
    return [_read(row) for row in found]


def of_person(tx: Connection, who: int, since: datetime) -> list[JournalEntry]:
    """All that a person did from that moment on."""
    return [_read(row) for row in tx.execute(BY_SINCE, {"who": who, "since": since})]


def hash_of(tx: Connection, key: int) -> str | None:
    """The hash that the row of that number bears; None if there is no such row."""
    return tx.execute(HASH, {"key": key}).scalar_one_or_none()


def verify(tx: Connection) -> JournalState:
    """Read the whole chain: each row bears the hash of itself and of the one before, and none is missing between two.

    Rows that were taken off the end leave no gap: hold the last row's number and hash against those of an earlier look.
    """
    previous, last, rows = BEGINNING, 0, 0
    faults: list[JournalFault] = []
    for row in _every(tx):
        if row.id != last + 1:
            faults.append(JournalFault(last + 1, "missing"))
        elif row.previous != previous:
            faults.append(JournalFault(row.id, "displaced"))
        if row.hash != _read(row).hash_after(row.previous):
            faults.append(JournalFault(row.id, "changed"))
        previous, last, rows = row.hash, row.id, rows + 1
    return JournalState(rows, last, previous, tuple(faults))


def _every(tx: Connection) -> Iterator[Row[Any]]:
    after = 0
    while page := tx.execute(AFTER, {"after": after}).all():
        yield from page
        after = page[-1].id


def _read(row: Row[Any]) -> JournalEntry:
    about = (row.about_kind, row.about_id) if row.about_kind is not None else None
    return JournalEntry(row.id, row.at, row.actor_id, row.what, about, row.counted, tuple(row.clients or ()))
