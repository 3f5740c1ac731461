"""`python -m tests.bench.flood`: what a crowd, a flooding stranger and a standing backlog cost whoever presses now."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import Connection, bindparam, select

from bot.database import open_database
from models.tables.deals import DealRow
from models.tables.people import EmployeeRow
from sandbox.server import Sandbox
from tests.bench import fill, proc, telling
from tests.bench.__main__ import Options, whole
from tests.bench.crowd import Crowd
from tests.bench.people import Card
from tests.bench.postgres import Server

PEOPLE, DEALS, EACH = 200, 4_000, 5
PARTS = ("colleagues", "burst", "strangers", "backlog")
TAPS, LOOKS = 50_000, 5  # of the part `memory`
DAYS, HOURLY = 14, 60  # of the part `week`, which fills its caches for a week; taps in each hour of the day
ASKED = ("memory", "week")  # parts that are only measured when they are asked for
SATURATING = 32  # people, as in the bench of the tap
RATE = 8.0  # presses a second of the company during a flood
SLACK = 1.2
CARDS = select(DealRow.id, DealRow.version, DealRow.stage, EmployeeRow.telegram_id).join(
    EmployeeRow, EmployeeRow.id == DealRow.responsible_id
)
VERSIONS = select(DealRow.id, DealRow.version).where(DealRow.id.in_(bindparam("ids", expanding=True)))
BARS = {
    "colleagues: after the press began, p99 ms": 50.0,
    "memory: growth over 50,000 taps, of it": 0.05, "week: growth, of it": 0.05,
    "burst: of 1.2 x saturation": 1.0, "burst: lost": 0, "burst: not committed": 0, "burst: outdated screens": 0,
    "one stranger: p99 s": 1.0, "40 strangers: p99 s": 1.0, "backlog: stored s": 10.0,
}  # fmt: skip


class Round:
    """One database, one bot after the other on it."""

    def __init__(self, url: str, folder: Path, parts: Collection[str]) -> None:
        self.url, self.folder, self.parts = url, folder, parts
        self.token = f"{random.randrange(1, 2**40)}:flood"
        self.found: dict[str, float] = {}

    @asynccontextmanager
    async def bot(self, sandbox: Sandbox, *how: str) -> AsyncIterator[int]:
        """A bot that polls; gives its pid."""
        command = [sys.executable, "-m", "tests.bench.product", sandbox.url, self.token, self.url, str(self.folder)]
        with (self.folder / "bot.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(*command, *how, stdout=log, stderr=log)
        try:
            yield process.pid
        finally:
            process.terminate()
            await process.wait()

    async def run(self) -> dict[str, float]:
        """Measure everything."""
        sandbox = Sandbox(journal=False, web=False)
        await sandbox.start()
        sandbox.world.find_bot(self.token)
        crowd = Crowd(sandbox, await self._cards())
        try:
            async with self.bot(sandbox) as pid:
                await crowd.gather()
                await crowd.warm_up(SATURATING)
                before = proc.cpu_seconds(pid)
                pace = self.found["saturation /s"] = await crowd.saturate(SATURATING, 5.0)
                self.found["saturation: CPU ms a press"] = (proc.cpu_seconds(pid) - before) * 1000 / (pace * 5.0)
            async with self.bot(sandbox, "paced") as pid:
                await crowd.warm_up(SATURATING)
                if "burst" in self.parts:
                    before = proc.cpu_seconds(pid)
                    await self._burst(crowd)
                    spent = proc.cpu_seconds(pid) - before
                    self.found["burst: CPU ms a press"] = spent * 1000 / (PEOPLE * EACH)
                if "strangers" in self.parts:
                    await self._floods(crowd)
                self.found["RSS MB"] = proc.rss_megabytes(pid)
            if "colleagues" in self.parts:
                async with self.bot(sandbox, "paced", "bell"):
                    await crowd.warm_up(SATURATING)
                    await crowd.quiet()
                    self.found |= await telling.measure(crowd, self.url)
            if "memory" in self.parts:
                async with self.bot(sandbox, "bell") as pid:
                    await self._memory(crowd, pid)
            if "week" in self.parts:
                async with self.bot(sandbox, "bell", "stepped") as pid:
                    await crowd.warm_up(SATURATING)  # it serves, and a signal does not end it
                    await self._week(crowd, pid)
            if "backlog" in self.parts:
                await self._backlog(sandbox, crowd)
        finally:
            await sandbox.close()
        return self.found

    async def _memory(self, crowd: Crowd, pid: int) -> None:
        """Fifty thousand taps, one after the other by 32 people: what the process holds after each fifth of them; the
        first fifth fills its caches."""
        held: list[float] = []
        for look in range(1, LOOKS + 1):
            await crowd.press_often(SATURATING, TAPS // LOOKS)
            held.append(proc.rss_megabytes(pid))
            self.found[f"memory: RSS MB after {look * TAPS // LOOKS} taps"] = held[-1]
        self.found["memory: growth over 50,000 taps, of it"] = (held[-1] - held[0]) / held[0]

    async def _week(self, crowd: Crowd, pid: int) -> None:
        """Two weeks by the clock, an hour after the other, people pressing by day and reminders falling due: what the
        process holds at the end of each day of the second."""
        held: list[float] = []
        for day in range(1, DAYS + 1):
            for hour in range(24):
                os.kill(pid, signal.SIGUSR1)
                await asyncio.sleep(0.2)  # what has come due goes out
                if 9 <= hour < 18:
                    await crowd.press_often(SATURATING, HOURLY)
            held.append(proc.rss_megabytes(pid))
            if day * 2 >= DAYS:
                self.found[f"week: RSS MB after {day} days"] = held[-1]
        self.found["week: growth, of it"] = held[-1] / held[DAYS // 2 - 1] - 1

    async def _burst(self, crowd: Crowd) -> None:
        seen = await crowd.burst(EACH, 1.0)
        fair = len(seen.pressed) / self.found["saturation /s"]
        db = await open_database(self.url)
        versions = await db.run(lambda tx: _versions(tx, [one.id for one in seen.pressed]))
        await db.close()
        self.found |= {
            "burst: s": seen.took,
            "burst: of 1.2 x saturation": seen.took / (SLACK * fair),
            "burst: lost": seen.lost,
            "burst: not committed": sum(versions[one.id] != one.version for one in seen.pressed),
            "burst: screens drawn": seen.edits,
            "burst: outdated screens": seen.outdated,
        }

    async def _floods(self, crowd: Crowd) -> None:
        for name, count, messages, pace in (("one stranger", 1, 10_000, 300.0), ("40 strangers", 40, 1_200, 1e9)):
            strangers = crowd.strangers(count)
            took = await crowd.while_pressing(RATE, strangers, messages, pace)
            await crowd.quiet()
            self.found[f"{name}: presses"] = len(took)
            self.found[f"{name}: p50 s"] = took[len(took) // 2]
            self.found[f"{name}: p99 s"] = took[min(len(took) * 99 // 100, len(took) - 1)]
            answers = [sum(not one.out for one in chat.messages.values()) for chat in strangers]
            self.found[f"{name}: answers, most"] = max(answers)

    async def _backlog(self, sandbox: Sandbox, crowd: Crowd) -> None:
        """10,000 messages of the company wait when the bot starts; then somebody presses who has none of them."""
        await crowd.pile(crowd.pressers[1:], 10_000 // (PEOPLE - 1) + 1)
        self.found["backlog"] = len(crowd.queue.entries)
        async with self.bot(sandbox, "paced"):
            self.found["backlog: stored s"] = await crowd.stored()
            took = [await crowd.press(crowd.pressers[0]) for _ in range(8)]
            self.found["backlog: a press after it, worst s"] = max(took)

    async def _cards(self) -> dict[int, list[Card]]:
        found: dict[int, list[Card]] = {}

        def read(tx: Connection) -> None:
            for row in tx.execute(CARDS):
                found.setdefault(row.telegram_id, []).append(Card(row.id, row.version, row.stage))

        db = await open_database(self.url)
        await db.run(read)
        await db.close()
        return found


def _versions(tx: Connection, ids: list[int]) -> dict[int, int]:
    return {row.id: row.version for row in tx.execute(VERSIONS, {"ids": ids})}


def verdict(name: str, value: float) -> str:
    """Beside a figure that has a bar."""
    bar = BARS.get(name)
    return "" if bar is None else f"   bar <= {bar:g}{'' if value <= bar else '   MISSED'}"


async def main() -> None:
    """Fill, measure, print."""
    parser = Options(prog="python -m tests.bench.flood", description=__doc__, allow_abbrev=False)
    parser.add_argument("--engine", action="append", choices=["sqlite", "postgresql"], help="default: both")
    parser.add_argument("--part", action="append", choices=[*PARTS, *ASKED], help="default: all but memory and week")
    parser.add_argument("--rounds", type=whole, default=1)
    parser.add_argument("--json", type=Path, help="write what was measured to this file")
    await measure(parser.parse_args())


async def measure(given: argparse.Namespace) -> None:
    """One database after the other, as often as wished."""
    folder = Path(tempfile.mkdtemp(prefix="verstak-flood-"))
    engines: list[str] = given.engine or ["sqlite", "postgresql"]
    rounds: list[dict[str, Any]] = []
    try:
        server = Server(folder) if "postgresql" in engines else None
        for number in range(given.rounds):
            for engine in engines:
                name = f"flood{number}"
                url = server.create(name) if server and engine == "postgresql" else f"sqlite:///{folder}/{name}.db"
                await fill.fill(url, DEALS, PEOPLE)
                found = await Round(url, folder, given.part or PARTS).run()
                rounds.append({"engine": engine, **found})
                print(f"{engine}, round {number + 1}", flush=True)
                for key, value in found.items():
                    print(f"  {key:46}{value:10.2f}{verdict(key, value)}", flush=True)
        if given.json:
            given.json.write_text(json.dumps(rounds, indent=1))
    except BaseException:
        log = folder / "bot.log"
        print(log.read_text(errors="replace")[-3000:] if log.exists() else "", file=sys.stderr)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    uvloop.run(main())
