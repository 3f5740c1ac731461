"""While a backup is made the bot writes on: nobody's press waits for it (proof 10).

How long a press waits at most, with a database as big as a shop's: `python -m tests.bench.backup_load`.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, text

from bot.backup import backup_process
from bot.backup.backup_order import BackupOrder
from bot.database import Database, open_database

ROWS = 20_000  # of 1 kB: to copy them takes longer than a press may wait
MOST = 0.2  # seconds that a press may wait for it
ADD = "INSERT INTO inbox (bot_id, update_id, chat_id, body, state, attempts, received_at) VALUES (1, ?, 1, ?, 1, 1, 0)"


def fill(tx: Connection) -> None:
    tx.exec_driver_sql(ADD, [(number, os.urandom(500).hex()) for number in range(ROWS)])


@pytest.fixture
def file(migrated_sqlite: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated_sqlite, tmp_path / "verstak.db"))


async def presses(db: Database, until: asyncio.Event) -> list[float]:
    """A write every few milliseconds, and how long each took, in seconds."""
    taken: list[float] = []
    while not until.is_set():
        began = time.perf_counter()
        await db.run(lambda tx: tx.execute(text("UPDATE inbox SET attempts = attempts + 1 WHERE update_id = 1")))
        taken.append(time.perf_counter() - began)
        await asyncio.sleep(0.005)
    return taken


async def test_the_bot_writes_on_while_a_backup_is_made(file: Path) -> None:
    """What a busy machine does to one press, it does not do to the longest of each of three backups."""
    url, longest = f"sqlite:///{file}", []
    db = await open_database(url)
    await db.run(fill)
    for day in (24, 25, 26):
        made = asyncio.Event()
        pressing = asyncio.ensure_future(presses(db, made))
        order = BackupOrder(
            database=SecretStr(url), data_dir=file.parent, folder=file.parent / "backups", days=7, weeks=4,
            night=date(2026, 11, day),
        )  # fmt: skip
        answer = await backup_process.carry_out(order)
        made.set()
        taken = await pressing
        assert answer.made is not None, answer.trouble
        assert len(taken) > 20, "they went on"
        longest.append(max(taken))
        if longest[-1] < MOST:
            break
    await db.close()
    assert min(longest) < MOST
