"""Nightly backups, as rows: whose turn it is to make one, what became of it, how much of it the owner has."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from models.backups import BackupState, NightBackup
from models.tables.backups import BackupRow
from services.oversight import copies
from services.unit_of_work import UnitOfWork

MOST_TRIES = 3  # a night
TIME_FOR_A_PART = timedelta(minutes=20)
TIME_FOR_ONE = timedelta(hours=1)  # nobody else begins meanwhile; a failed one is tried again after as long
REMEMBERED = timedelta(days=400)

BY_NIGHT = select(BackupRow).where(BackupRow.night == bindparam("key"))
NEWEST = select(BackupRow).order_by(BackupRow.night.desc()).limit(1)
NEWEST_MADE = select(BackupRow).where(BackupRow.state == BackupState.MADE).order_by(BackupRow.night.desc()).limit(1)
BEGIN = {
    name: dialect.insert(BackupRow).on_conflict_do_nothing()
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
AGAIN = (
    update(BackupRow)
    .where(
        BackupRow.night == bindparam("key"),
        BackupRow.state != BackupState.MADE,
        BackupRow.tries == bindparam("seen"),
        BackupRow.tries < MOST_TRIES,
        BackupRow.until <= bindparam("now"),
    )
    .values(state=BackupState.RUNNING, tries=BackupRow.tries + 1, until=bindparam("ends"))
)
CHANGE = update(BackupRow).where(BackupRow.night == bindparam("key"))
NEXT_PART = (
    update(BackupRow)
    .where(
        BackupRow.night == bindparam("key"),
        BackupRow.state == BackupState.MADE,
        BackupRow.sent == bindparam("seen"),
        BackupRow.until <= bindparam("now"),
    )
    .values(sending=True, until=bindparam("ends"))
)
NOT_TO_SEND = update(BackupRow).where(BackupRow.night < bindparam("key")).values(parts=0, sending=False)
LONG_AGO = delete(BackupRow).where(BackupRow.night < bindparam("key"))


def find(work: UnitOfWork, night: date) -> NightBackup | None:
    """That night's backup; None if nobody has begun with it."""
    return _read(work, BY_NIGHT, key=night)


def newest(work: UnitOfWork) -> NightBackup | None:
    """The last one, however it came out."""
    return _read(work, NEWEST)


def newest_made(work: UnitOfWork) -> NightBackup | None:
    """The last one that was made."""
    return _read(work, NEWEST_MADE)


def claim(work: UnitOfWork, night: date) -> bool:
    """Take that night's backup on; of several bots, or starts of one, only one is told True at a time.

    One that failed, or whose maker was not heard of since, is taken on again later, so often a night.
    """
    found, ends = find(work, night), work.now + TIME_FOR_ONE
    if found is None:
        new = {
            "night": night, "state": BackupState.RUNNING, "tries": 1, "until": ends, "restored": False, "parts": 0,
            "sent": 0, "sending": False,
        }  # fmt: skip
        return work.tx.execute(BEGIN[work.tx.dialect.name], new).rowcount == 1
    given = {"key": night, "seen": found.tries, "now": work.now, "ends": ends}
    return work.tx.execute(AGAIN, given).rowcount == 1


def made(
    work: UnitOfWork,
    night: date,
    name: str,
    size: int,
    rows: int,
    *,
    restored: bool,
    recipient: str | None = None,
    parts: int = 0,
) -> None:
    """It is there, proven, with so many rows, and the journal says so; `parts` documents encrypted for `recipient` are
    to go to the owner, of older ones none."""
    _change(
        work, night, state=BackupState.MADE, name=name, size=size, restored=restored, made_at=work.now,
        until=work.now, failure=None, recipient=recipient, parts=parts, sent=0, sending=False,
    )  # fmt: skip
    work.tx.execute(NOT_TO_SEND, {"key": night})
    work.tx.execute(LONG_AGO, {"key": night - REMEMBERED})
    copies.made(work.tx, work.now, night, rows)


def failed(work: UnitOfWork, night: date, why: str) -> None:
    """It could not be made; another try comes."""
    _change(work, night, state=BackupState.FAILED, failure=why, until=work.now + TIME_FOR_ONE)


def give_back(work: UnitOfWork, night: date) -> None:
    """The bot stops in the middle of it: whoever asks next begins anew, and it counts as no try."""
    found = find(work, night)
    if found is not None and found.state == BackupState.RUNNING:
        _change(work, night, state=BackupState.FAILED, until=work.now, tries=found.tries - 1)


def claim_part(work: UnitOfWork, found: NightBackup) -> bool:
    """Take on the sending of the next part; of several bots one is told True, until it is heard of or time is over."""
    given = {"key": found.night, "seen": found.sent, "now": work.now, "ends": work.now + TIME_FOR_A_PART}
    return work.tx.execute(NEXT_PART, given).rowcount == 1


def part_ended(
    work: UnitOfWork, night: date, sent: int, *, unsure: bool = False, pause: timedelta = timedelta()
) -> None:
    """So many parts have arrived; whether the one after them did is `unsure`. The next one goes after a pause."""
    _change(work, night, sent=sent, sending=unsure, until=work.now + pause)


def _change(work: UnitOfWork, night: date, **columns: Any) -> None:
    work.tx.execute(CHANGE.values(**columns), {"key": night})


def _read(work: UnitOfWork, query: Any, **given: Any) -> NightBackup | None:
    row = work.tx.execute(query, given).mappings().one_or_none()
    return NightBackup.from_row(row) if row is not None else None
