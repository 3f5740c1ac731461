"""Telegram and the people who press, in one process of its own: `Load` measures a bot that polls it.

Presses come at a fixed rate whatever the bot does (an open loop, Poisson), so that a slow bot cannot slow its own
measurement down. A press is over when both its answer and the changed message have arrived.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any

import uvloop

from sandbox.server import Sandbox
from sandbox.world import phone_acts
from sandbox.world.world import Person, World
from tests.bench import proc
from tests.bench.people import Order, Presser

PATIENCE = 30.0
GAUGE_EVERY = 0.25


@dataclass
class Measured:
    """One window: `cpu`, `server_cpu` and latencies are milliseconds, `saturated` presses/s, `gauge` see `proc`."""

    presses: int = 0
    cpu: float = 0.0
    server_cpu: float = 0.0
    gauge: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    saturated: float = 0.0
    saturated_cpu: float = 0.0
    rss: float = 0.0


@dataclass
class Load:
    """The people at their phones."""

    world: World
    order: Order
    pid: int
    server: int | None
    pressers: list[Presser] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._free: asyncio.Queue[Presser] = asyncio.Queue()
        self._written = asyncio.Event()
        self._edits: dict[tuple[int, int], asyncio.Future[None]] = {}
        self.world.watchers.append(self._notice)

    def _notice(self, event: dict[str, Any]) -> None:
        if event["kind"] == "message":
            self._written.set()
        waiting = self._edits.pop((event["phone"], event.get("message", 0)), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    async def gather(self) -> None:
        """Everybody starts the bot and has a message with buttons under his thumb."""
        for key, cards in self.order.cards.items():
            chat = self.world.chat(self.world.add_person(Person(key, "Анна", "Соколова")))
            phone_acts.say(self.world, chat, "/start")
            presser = Presser(chat, cards)
            async with asyncio.timeout(PATIENCE):
                while not presser.find_message():
                    self._written.clear()
                    await self._written.wait()
            self.pressers.append(presser)
            self._free.put_nowait(presser)

    async def press(self, since: float) -> None:
        """One press by whoever is free; raises if the bot did anything else than it should."""
        presser = await self._free.get()
        data = presser.choose()
        edited = asyncio.get_running_loop().create_future()
        self._edits[presser.chat.person.id, presser.message] = edited
        answer = await phone_acts.tap(self.world, presser.chat, presser.message, data, PATIENCE)
        await asyncio.wait_for(edited, PATIENCE)
        self.latencies.append(time.perf_counter() - since)
        presser.check(answer)
        self._free.put_nowait(presser)

    async def open_loop(self, seconds: float) -> int:
        """Press at the fixed rate for a while, until the last press is over; how many there were."""
        self.latencies.clear()
        loop = asyncio.get_running_loop()
        ends = at = loop.time()
        ends += seconds
        async with asyncio.TaskGroup() as group:
            while (at := at + random.expovariate(self.order.rate)) < ends:
                await asyncio.sleep(max(0.0, at - loop.time()))
                group.create_task(self.press(time.perf_counter()))
        return len(self.latencies)

    async def closed_loop(self, seconds: float) -> int:
        """Everybody presses again as soon as he can."""
        self.latencies.clear()
        ends = time.perf_counter() + seconds

        async def again() -> None:
            while (now := time.perf_counter()) < ends:
                await self.press(now)

        async with asyncio.TaskGroup() as group:
            for _ in self.pressers:
                group.create_task(again())
        return len(self.latencies)

    async def measure(self) -> Measured:
        """Warm up, then the window at the fixed rate, then as fast as it goes."""
        await self.open_loop(self.order.warm)
        gauges: list[float] = []
        watching = asyncio.ensure_future(self._gauge(gauges))
        before = self._cpu()
        presses = await self.open_loop(self.order.seconds)
        bot, server = (now - then for now, then in zip(self._cpu(), before, strict=True))
        watching.cancel()
        ordered = sorted(self.latencies)
        found = Measured(
            presses,
            cpu=bot * 1000 / presses,
            server_cpu=server * 1000 / presses,
            gauge=sorted(gauges)[len(gauges) // 2],
            p50=ordered[presses // 2] * 1000,
            p99=ordered[presses * 99 // 100] * 1000,
        )
        before, began = self._cpu(), time.perf_counter()
        presses = await self.closed_loop(self.order.saturate)
        found.saturated = presses / (time.perf_counter() - began)
        found.saturated_cpu = (sum(self._cpu()) - sum(before)) * 1000 / presses
        found.rss = proc.rss_megabytes(self.pid)
        return found

    def _cpu(self) -> tuple[float, float]:
        return proc.cpu_seconds(self.pid), proc.tree_cpu_seconds(self.server) if self.server else 0.0

    async def _gauge(self, into: list[float]) -> None:
        while True:
            into.append(proc.gauge())
            await asyncio.sleep(GAUGE_EVERY)


async def main() -> None:
    """Speak with the bench by lines of JSON: the address; then the order and the bot's pid; then what was measured."""
    sandbox = Sandbox(journal=False, web=False)
    await sandbox.start()
    print(json.dumps({"url": sandbox.url}), flush=True)
    given = json.loads(await asyncio.to_thread(sys.stdin.readline))
    load = Load(sandbox.world, Order.of(given["order"]), given["pid"], given["server"])
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
    async with asyncio.timeout(PATIENCE * 2):
        await sandbox.world.home.queue.polled.wait()
    await load.gather()
    print(json.dumps(asdict(await load.measure())), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await sandbox.close()


if __name__ == "__main__":
    uvloop.run(main())
