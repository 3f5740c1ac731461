"""One cell of the table: a bot in a process of its own, loaded by another one."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.database import open_database
from models.tables.deals import DealRow
from models.tables.people import EmployeeRow
from tests.bench.people import Card, Order

SAMPLE = 4_000  # deals that are moved in one cell: all of a small shop, spread over the whole of a big one
PATIENCE = 240.0
FOUND = (
    select(DealRow.id, DealRow.version, DealRow.stage, EmployeeRow.telegram_id)
    .join(EmployeeRow, EmployeeRow.id == DealRow.responsible_id)
    .where(DealRow.id.in_(bindparam("ids", expanding=True)))
)


@dataclass(frozen=True)
class Cell:
    """What is measured: the echo (no database), or Verstak on a filled database. `server` is PostgreSQL's pid."""

    name: str
    url: str | None = None
    deals: int = 0
    server: int | None = None
    bell: bool = False

    def command(self, api: str, token: str, folder: Path) -> list[str]:
        """How the bot is started."""
        if self.url is None:
            return [sys.executable, "-m", "tests.bench.echo", api, token]
        more = ["bell"] if self.bell else []
        return [sys.executable, "-m", "tests.bench.product", api, token, self.url, str(folder), *more]


@dataclass
class Pace:
    """How long and how fast."""

    warm: float = 3.0
    seconds: float = 12.0
    saturate: float = 3.0
    rate: float = 60.0


async def measure(cell: Cell, pace: Pace, folder: Path) -> dict[str, Any]:
    """Run one cell; what the load measured. RuntimeError with the bot's last words if it failed."""
    cards = await _cards(cell) if cell.url else {key: [] for key in range(200_001, 200_033)}
    token = f"{random.randrange(1, 2**40)}:bench"  # another bot each time: its updates are numbered from the start
    order = Order(pace.warm, pace.seconds, pace.saturate, pace.rate, cards)
    load = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.load", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        url = (await _line(load))["url"]
        with (folder / f"{cell.name}.log").open("wb") as log:
            bot = await asyncio.create_subprocess_exec(*cell.command(url, token, folder), stdout=log, stderr=log)
        try:
            _say(load, {"order": order.to_data(), "pid": bot.pid, "server": cell.server})
            return await _line(load)
        except RuntimeError as error:
            raise RuntimeError(f"{cell.name}: {error}\n{_tail(folder / f'{cell.name}.log')}") from error
        finally:
            if bot.returncode is None:
                bot.terminate()
            await bot.wait()
    finally:
        _say(load, {})
        await load.wait()


async def _cards(cell: Cell) -> dict[int, list[Card]]:
    """Deals drawn at random, as they stand, by whose they are."""
    assert cell.url is not None
    ids = random.sample(range(1, cell.deals + 1), min(SAMPLE, cell.deals))
    db = await open_database(cell.url)
    found: dict[int, list[Card]] = {}

    def read(tx: Connection) -> None:
        for row in tx.execute(FOUND, {"ids": ids}):
            found.setdefault(row.telegram_id, []).append(Card(row.id, row.version, row.stage))

    await db.run(read)
    await db.close()
    return found


async def _line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        line = await process.stdout.readline()
    if not line:
        raise RuntimeError("the load gave up")
    found: dict[str, Any] = json.loads(line)
    return found


def _say(process: asyncio.subprocess.Process, what: dict[str, Any]) -> None:
    assert process.stdin is not None
    if process.returncode is None:
        process.stdin.write(json.dumps(what).encode() + b"\n")


def _tail(path: Path) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-15:])
