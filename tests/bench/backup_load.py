"""How long a backup takes, and how long the bot's own transactions and its event loop wait meanwhile.

`python -m tests.bench.backup_load FOLDER [--rows 250000] [--files 200]`: the folder is filled, and may be used again.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import SecretStr
from pyrage import x25519
from sqlalchemy import Connection

from bot.backup import backup_process
from bot.backup.backup_order import BackupOrder
from bot.database import Database, migrate, open_database
from services.files import blobs

ADD = "INSERT INTO inbox (bot_id, update_id, chat_id, body, state, attempts, received_at) VALUES (1, ?, 1, ?, 1, 1, 0)"
FILE = 1 << 20  # bytes


@dataclass
class Waits:
    """Seconds that transactions took, and by which the loop came late."""

    db: Database
    next: int
    taken: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)

    async def press(self) -> None:
        """Fifty transactions a second, for ever."""
        while True:
            began = time.perf_counter()
            self.next += 1
            row = (self.next, "x")
            await self.db.run(lambda tx, row=row: tx.exec_driver_sql(ADD, row))  # type: ignore[misc]
            self.taken.append(time.perf_counter() - began)
            await asyncio.sleep(0.02)

    async def listen(self) -> None:
        """How late the loop is, two hundred times a second."""
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            self.late.append(time.perf_counter() - began - 0.005)

    def report(self, name: str) -> None:
        """Print, and begin anew."""
        found = sorted(one * 1000 for one in self.taken)
        middle, most = found[len(found) // 2], found[int(len(found) * 0.99)]
        print(
            f"{name}: {len(found)} transactions, p50 {middle:.1f}, p99 {most:.1f}, longest {found[-1]:.1f} ms;"
            f" loop late by {max(self.late) * 1000:.1f} ms at most"
        )
        self.taken.clear()
        self.late.clear()


def _fill(tx: Connection, rows: int) -> int:
    known = int(tx.exec_driver_sql("SELECT coalesce(max(update_id), 0) FROM inbox").scalar_one())
    if known < rows:
        tx.exec_driver_sql(ADD, [(n, os.urandom(400).hex()) for n in range(known + 1, rows + 1)])
    return max(known, rows)


async def measure(folder: Path, rows: int, files: int) -> None:
    """Quietly, then with a backup, then with an encrypted one."""
    url = f"sqlite:///{folder}/verstak.db"
    db = await open_database(url)
    await db.run(migrate)
    waits = Waits(db, await db.run(lambda tx: _fill(tx, rows)))
    for _ in range(files - sum(1 for _ in blobs.every(folder))):
        blobs.store(folder, os.urandom(FILE))
    running = [asyncio.ensure_future(waits.press()), asyncio.ensure_future(waits.listen())]
    await asyncio.sleep(10)
    waits.report("quiet")
    pair = x25519.Identity.generate()
    for recipient, secret in ((None, None), (str(pair.to_public()), SecretStr(str(pair)))):
        began = time.perf_counter()
        order = BackupOrder(
            database=SecretStr(url), data_dir=folder, folder=folder / "backups", night=date(2026, 11, 26), days=7,
            weeks=4, recipient=recipient, secret=secret,
        )  # fmt: skip
        answer = await backup_process.carry_out(order)
        took = time.perf_counter() - began
        print(answer.trouble or f"{answer.made}")
        waits.report(f"backup{', encrypted' if recipient else ''}, {took:.1f} s")
    for one in running:
        one.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await db.close()


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser("python -m tests.bench.backup_load")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=250_000)
    parser.add_argument("--files", type=int, default=200)
    given = parser.parse_args()
    asyncio.run(measure(given.folder, given.rows, given.files))


if __name__ == "__main__":
    main()
