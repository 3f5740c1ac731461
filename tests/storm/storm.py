"""One storm over one database."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.server import Sandbox
from tests.stories.program import free_port
from tests.storm import fixture_shop, judge
from tests.storm.eye import Eye
from tests.storm.figures import Figures
from tests.storm.lives import Lives
from tests.storm.nursery import Nursery
from tests.storm.people import TOKEN, Crowd
from tests.storm.record import Record

LIFE = 12.0  # seconds, at most, that a life with all that belongs to it takes in the mean
REMINDERS = 2.0  # a second
PAYMENTS = 0.3  # a second and cashier, at most
SETTLING = 150.0  # seconds for the last life to do all that is left
LEFT = (
    "SELECT count(*) FROM inbox WHERE state = 0",
    "SELECT count(*) FROM scheduled WHERE done_at IS NULL AND run_at <= {now}",
    "SELECT count(*) FROM owed_screen",
)


@dataclass(frozen=True)
class Wanted:
    """What is asked for: so many kills of a bot on that database, or so many seconds of them."""

    engine: str
    url: str
    kills: int
    seconds: float | None
    chance: random.Random

    @property
    def longest(self) -> float:
        """Seconds for which there is work to do."""
        return self.seconds or 60.0 + self.kills * LIFE


@asynccontextmanager
async def stand_in() -> AsyncIterator[Record]:
    """Telegram, watched."""
    sandbox = Sandbox(journal=False, web=False)
    record = Record(sandbox)
    await sandbox.start()
    try:
        yield record
    finally:
        await sandbox.close()


async def run(wanted: Wanted, nursery: Nursery, folder: Path) -> Figures:
    """Storm, and judge."""
    figures, began = Figures(), time.monotonic()
    shop = await fixture_shop.open_shop(
        wanted.url, wanted.longest, REMINDERS, int(wanted.longest * PAYMENTS) + 10
    )  # fmt: skip
    async with stand_in() as record:
        eye = Eye(wanted.url, folder)
        lives = Lives(nursery, record, settings(wanted.url, record, folder), shop, eye, wanted.chance, figures)
        crowd = Crowd(record, shop, f"http://127.0.0.1:{lives.settings['HTTP_PORT']}/intake/leads", wanted.chance)
        await _weather(wanted, lives, crowd)
        figures.minutes = (time.monotonic() - began) / 60
        await judge.judge(figures, record, lives, crowd, eye)
    return figures


async def _weather(wanted: Wanted, lives: Lives, crowd: Crowd) -> None:
    """A quiet life first, so that everybody has begun; then life after life; at last a long one that ends in order."""
    await lives.begin()
    await lives.ready()
    await crowd.arrive()
    crowd.begin()
    await lives.die()
    ends = time.monotonic() + (wanted.seconds or float("inf"))
    while lives.figures.kills < wanted.kills and time.monotonic() < ends:
        await lives.live()
        if lives.record.life % 25 == 0:
            print(f"{wanted.engine}: {lives.figures.kills} kills", flush=True)
    await lives.begin()
    await lives.ready()
    await crowd.leave()
    await settle(lives)
    await lives.stop()


async def settle(lives: Lives, pause: float = 1.0) -> None:
    """Until nothing is left to do, or for as long as that may take: what is left then is judged as lost."""
    queue, ends, quiet = lives.record.sandbox.world.home.queue, time.monotonic() + SETTLING, 0
    lives.over_at = time.time()
    while quiet < 3 and time.monotonic() < ends:
        now = int(lives.over_at * 1_000_000)
        left = await lives.eye.rows(*(one.format(now=now) for one in LEFT))
        quiet = 0 if queue.entries or any(rows[0][0] for rows in left) else quiet + 1
        await asyncio.sleep(pause)


def settings(url: str, record: Record, folder: Path) -> dict[str, str]:
    """Of a bot on that database that speaks with the stand-in."""
    return {
        "BOT_TOKEN": "1:storm", "BOT_API_URL": record.sandbox.url, "DATABASE_URL": url,
        "DATA_DIR": str(folder), "HTTP_PORT": str(free_port()), "INTAKE_TOKEN": TOKEN,
        # reminders fall due at any hour at which the storm is let loose
        "OPENING_HOURS": "0-24",
    }  # fmt: skip
