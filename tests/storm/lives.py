"""The bot's lives: born, ready, struck at a moment drawn by lot, dead for a while, born again."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.storm.eye import Eye
from tests.storm.figures import Figures
from tests.storm.fixture_shop import Shop
from tests.storm.nursery import Nursery
from tests.storm.record import Record

LONGEST_START = 60.0  # seconds; more is no start any more
LONGEST_LIFE = 6.0
LOOK = 0.03
STOPPED, ABSENT, EARLY = 0.08, 0.05, 0.12  # the chance of SIGTERM, of being dead for long, of a kill while it starts
DOUBTFUL = (
    "SELECT DISTINCT employee_id FROM scheduled WHERE done_at IS NULL AND kind = 'notice' "
    "AND (delivery_state IN ('sending', 'unsure') OR tries > 0)"
)
OWED = "SELECT chat_id, calls FROM owed_screen"


@dataclass
class Lives:
    """All lives of one bot. `doubtful`: by life, to how many people something was under way as the last one ended."""

    nursery: Nursery
    record: Record
    settings: Mapping[str, str]
    shop: Shop
    eye: Eye
    chance: random.Random
    figures: Figures
    doubtful: dict[int, int] = field(default_factory=dict)
    born_at: dict[int, float] = field(default_factory=dict)
    ready_at: dict[int, float] = field(default_factory=dict)
    ended_at: dict[int, float] = field(default_factory=dict)
    pid: int = 0
    over_at: float = 0.0  # what falls due later is nobody's concern

    async def begin(self) -> None:
        """A new life."""
        self.record.life += 1
        notices, owed = await self.eye.rows(DOUBTFUL, OWED)
        messages = [chat for chat, calls in owed if any("message_id" not in one["params"] for one in json.loads(calls))]
        self.doubtful[self.record.life] = len(notices) + len(messages)
        self.figures.under_way_at_kills += len(notices) + len(messages)
        self.born_at[self.record.life] = time.time()
        self.pid = await self.nursery.start(self.settings)

    async def ready(self) -> None:
        """Wait until it says that it is. RuntimeError with its last words if it never does."""
        life, where = self.record.life, f"http://127.0.0.1:{self.settings['HTTP_PORT']}/health/ready"
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as http:
            while not await _is_good(http, where):
                if time.time() - self.born_at[life] > LONGEST_START:
                    raise RuntimeError(f"not ready:\n{self.last_words()}")
                await asyncio.sleep(LOOK)
        self.ready_at[life] = time.time()
        self.figures.ready_seconds.append(self.ready_at[life] - self.born_at[life])

    async def live(self) -> None:
        """One life from birth to death, and the time until the next."""
        await self.begin()
        if self.chance.random() < EARLY:
            await asyncio.sleep(self.chance.uniform(0.0, 2.0))
            await self.die()
        else:
            await self.ready()
            if self.chance.random() < STOPPED:
                await asyncio.sleep(self.chance.uniform(0.2, LONGEST_LIFE))
                await self.stop()
            else:
                await self._strike()
        long = self.chance.random() < ABSENT
        await asyncio.sleep(self.chance.uniform(8.0, 15.0) if long else self.chance.uniform(0.0, 1.0))

    async def _strike(self) -> None:
        """At a moment of the clock, or as something happens for the so-manieth time."""
        struck, doors = asyncio.Event(), self.record.doors
        door = self.chance.choice(("clock", "clock", "taken", "called", "handed out"))
        left = self.chance.randrange(1, 12)

        def knock(where: str) -> None:
            nonlocal left
            left -= where == door
            if not left and not struck.is_set():
                self.strike()
                struck.set()

        doors.knock = knock
        try:
            async with asyncio.timeout(self.chance.uniform(0.2, LONGEST_LIFE) if door == "clock" else LONGEST_LIFE):
                await struck.wait()
        except TimeoutError:
            pass
        finally:
            doors.knock = lambda _: None
        await self.die()

    async def die(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self.strike()
        await self._buried(-signal.SIGKILL)
        self.figures.kills += 1

    async def stop(self) -> None:
        """SIGTERM, and wait for its end."""
        began = time.monotonic()
        os.kill(self.pid, signal.SIGTERM)
        await self._buried(0)
        self.figures.stops += 1
        self.figures.stop_seconds.append(time.monotonic() - began)

    def strike(self) -> None:
        """SIGKILL, now: nothing that it is doing gets finished."""
        os.kill(self.pid, signal.SIGKILL)

    def gone(self) -> None:
        """It is dead, however that came."""
        self.pid = 0
        self.ended_at[self.record.life] = time.time()
        self.record.sandbox.world.home.queue.release()  # Telegram notices that the line is dead

    async def _buried(self, expected: int) -> None:
        status = await self.nursery.buried(self.pid)
        self.gone()
        if status != expected:
            self.figures.died_by_itself += 1
            self.figures.examples.append(f"life {self.record.life} ended with {status}: {self.last_words()}")

    def last_words(self) -> str:
        """The end of its log."""
        log = Path(self.settings["DATA_DIR"]) / "log.txt"
        return log.read_text("utf-8", "replace")[-2000:] if log.exists() else "(no log)"


async def _is_good(http: aiohttp.ClientSession, where: str) -> bool:
    try:
        async with http.get(where) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False
