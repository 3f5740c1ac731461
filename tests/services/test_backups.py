"""Whose turn it is to make a night's backup, and the keys of the months, on both databases."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.database import Database
from models import backups as nights
from models.backups import BackupState
from models.notices.backup_notices import BackupKeyGiven
from services.operation import backup_keys, backups
from services.oversight import journal
from services.unit_of_work import UnitOfWork
from tests.conftest import MovableClock
from tests.worlds.outbox import notices

NIGHT = date(2026, 11, 23)
MOSCOW = ZoneInfo("Europe/Moscow")
Run = Callable[..., Any]


async def claims(in_work: Run, number: int = 1) -> list[bool]:
    return sorted(await asyncio.gather(*(in_work(lambda work: backups.claim(work, NIGHT)) for _ in range(number))))


async def test_of_many_that_ask_at_once_one_makes_the_backup(in_work: Run) -> None:
    assert await claims(in_work, 8) == [False] * 7 + [True]


class Rival:
    """A connection on which another bot takes the night on after the look, just before it is written."""

    def __init__(self, work: UnitOfWork) -> None:
        self._tx, self._work = work.tx, work

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def execute(self, statement: Any, *args: Any) -> Any:
        if statement in backups.BEGIN.values():
            self._work.tx = self._tx
            assert backups.claim(self._work, NIGHT)
        return self._tx.execute(statement, *args)


async def test_who_is_outrun_between_the_look_and_the_step_makes_no_backup(in_work: Run) -> None:
    def claim(work: UnitOfWork) -> bool:
        work.tx = Rival(work)  # type: ignore[assignment]
        return backups.claim(work, NIGHT)

    assert not await in_work(claim)


async def test_a_maker_that_was_killed_is_followed_after_an_hour_and_a_good_one_by_nobody(
    in_work: Run, clock: MovableClock
) -> None:
    assert await claims(in_work) == [True]
    clock.forward(minutes=59)
    assert await claims(in_work, 3) == [False] * 3
    clock.forward(minutes=1)
    assert await claims(in_work, 3) == [False, False, True]
    await in_work(lambda work: backups.made(work, NIGHT, "b.zip", 10, 7, restored=True))
    clock.forward(hours=9)
    assert await claims(in_work, 3) == [False] * 3


async def test_a_night_has_three_tries_and_a_stop_of_the_bot_is_none(in_work: Run, clock: MovableClock) -> None:
    for _ in range(5):
        assert await claims(in_work) == [True]
        await in_work(lambda work: backups.give_back(work, NIGHT))
    for _ in range(3):
        assert await claims(in_work) == [True]
        await in_work(lambda work: backups.failed(work, NIGHT, "the disk is full"))
        assert await claims(in_work) == [False]
        clock.forward(hours=1)
    assert await claims(in_work) == [False]
    found = await in_work(backups.newest)
    assert (found.state, found.failure) == (BackupState.FAILED, "the disk is full")


async def test_the_journal_tells_which_night_has_a_backup_and_of_how_many_rows(in_work: Run) -> None:
    await claims(in_work)
    await in_work(lambda work: backups.failed(work, NIGHT, "the disk is full"))
    await in_work(lambda work: backups.made(work, NIGHT, "b.zip", 10, 7, restored=True))
    rows = await in_work(lambda work: journal.latest(work.tx, work.now, 9))
    assert [(one.actor, one.what, one.about, one.count) for one in rows] == [
        (None, "backup_made", ("backup", int(f"{NIGHT:%Y%m%d}")), 7)
    ]


async def test_a_part_is_sent_by_one_and_taken_over_from_one_that_was_killed(in_work: Run, clock: MovableClock) -> None:
    await claims(in_work)
    await in_work(lambda work: backups.made(work, NIGHT, "b.zip", 10, 7, restored=True, recipient="age1…", parts=2))
    found = await in_work(backups.newest_made)
    took = await asyncio.gather(*(in_work(lambda work: backups.claim_part(work, found)) for _ in range(5)))
    assert sorted(took) == [False] * 4 + [True]
    clock.forward(minutes=21)
    found = await in_work(backups.newest_made)
    assert found.sending  # so the next one is marked as a repeat
    assert await in_work(lambda work: backups.claim_part(work, found))
    await in_work(lambda work: backups.part_ended(work, NIGHT, 1))
    assert not await in_work(lambda work: backups.claim_part(work, found))
    found = await in_work(backups.newest_made)
    assert (found.sent, found.sending, found.is_sent) == (1, False, False)


async def test_a_newer_night_takes_the_older_ones_place_in_the_chat(in_work: Run) -> None:
    await in_work(lambda work: backups.claim(work, NIGHT))
    await in_work(lambda work: backups.made(work, NIGHT, "b.zip", 10, 7, restored=True, recipient="age1…", parts=2))
    later = date(2026, 11, 24)
    await in_work(lambda work: backups.claim(work, later))
    await in_work(lambda work: backups.made(work, later, "c.zip", 10, 8, restored=False))
    assert (await in_work(lambda work: backups.find(work, NIGHT))).is_sent


async def test_a_month_has_one_key_and_the_owner_is_asked_weekly_until_he_keeps_it(
    in_work: Run, hire: Run, clock: MovableClock
) -> None:
    await hire("Сергей", "owner")
    await hire("Ирина", "supervisor")
    month = nights.month_of(NIGHT)
    first = await in_work(lambda work: backup_keys.of_month(work, month))
    assert await in_work(lambda work: backup_keys.of_month(work, month)) == first
    assert first.secret.startswith("AGE-SECRET-KEY-1") and first.secret not in repr(first)
    assert await in_work(backup_keys.ask_again) == 0
    clock.forward(days=7)
    assert [await in_work(backup_keys.ask_again) for _ in range(2)] == [1, 0]
    await in_work(lambda work: backup_keys.save(work, first.id))
    clock.forward(days=30)
    assert await in_work(backup_keys.ask_again) == 0
    said = await in_work(lambda work: [row.notice for row in notices(work)])
    assert said == [BackupKeyGiven(first.id, month, first.mark)] * 2
    assert first.secret not in repr(said)


async def test_a_key_is_forgotten_30_days_after_its_month_down_to_the_bytes(
    in_work: Run, database: Database, database_url: str, clock: MovableClock
) -> None:
    key = await in_work(lambda work: backup_keys.of_month(work, date(2026, 11, 1)))
    clock.at = datetime(2026, 12, 30, 23, 59, tzinfo=UTC)
    assert await in_work(backup_keys.forget) == 0
    clock.at = datetime(2026, 12, 31, tzinfo=UTC)
    assert await in_work(backup_keys.forget) == 1
    found = await in_work(lambda work: backup_keys.get(work, key.id))
    assert (found.secret, found.forgotten_at) == (None, clock.at)
    assert await in_work(backup_keys.known) == []
    if database.name == "sqlite":
        assert key.secret.encode() not in await asyncio.to_thread(_bytes, Path(database_url.removeprefix("sqlite:///")))


def _bytes(path: Path) -> bytes:
    """All of the database, once its log has gone into it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        assert db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    return path.read_bytes()


@pytest.mark.parametrize(
    ("at", "night"),
    [
        ("2026-11-23T02:59", None),
        ("2026-11-23T03:00", date(2026, 11, 23)),
        ("2026-11-23T23:59", date(2026, 11, 23)),
        ("2026-11-24T00:30", None),
    ],
)
def test_the_night_is_that_of_the_companys_day(at: str, night: date | None) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=MOSCOW).astimezone(UTC)
    assert nights.due_night(now, MOSCOW, 3) == night
