"""What happens to the bots and to the database, one after the other."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.cluster.cluster import Bot, Cluster
from tests.cluster.postgres import PostgresServer

LONGER_THAN_A_LEASE = 11.0  # seconds
SKEW = (-3600.0, -20.0, 20.0)  # seconds by which a clock goes wrong
BOTS_OWN, DATABASES = ("kill", "freeze"), ("frozen", "restart", "crash")


@dataclass(frozen=True)
class Strike:
    """What was done, to which bot (None: to the database), whether that one polled; from when to when, Unix seconds."""

    kind: str
    bot: int | None
    polled: bool
    began: float
    ended: float


class Striker:
    """Does them, and writes them down."""

    def __init__(self, cluster: Cluster, server: PostgresServer, chance: random.Random) -> None:
        self._cluster, self._server, self._chance = cluster, server, chance
        self.done: list[Strike] = []
        self.kinds: dict[str, Callable[[], Awaitable[None]]] = {
            "kill": self.kill, "freeze": self.freeze, "frozen": self.frozen, "clock": self.clock,
            "connections": self.connections, "restart": self.restart, "crash": self.crash,
        }  # fmt: skip

    async def run(self, until: float, pause: float) -> None:
        """All kinds in turn, in an order by chance, with `pause` seconds of quiet after each."""
        todo: list[str] = []
        while time.time() < until:
            if not todo:
                todo = list(self.kinds)
                self._chance.shuffle(todo)
            await self.kinds[todo.pop()]()
            await asyncio.sleep(pause)
        for bot in self._cluster.bots:
            bot.set_clock(0.0)

    async def kill(self, *, again: bool = True) -> None:
        """One bot dies and is, if `again`, started anew a while later, as a supervisor does."""
        bot, polled, began = *await self._one(), time.time()
        await bot.kill()
        self._note("kill", bot, polled, began)
        if not again:
            return
        await asyncio.sleep(3.0)
        await bot.start()
        await self._cluster.until_ready(bot)

    async def freeze(self, seconds: float = LONGER_THAN_A_LEASE) -> None:
        """One bot stands still for longer than its leases last."""
        bot, polled, began = *await self._one(), time.time()
        bot.freeze()
        await asyncio.sleep(seconds)
        bot.thaw()
        self._note("freeze", bot, polled, began)

    async def clock(self) -> None:
        """One bot's clock goes wrong for a while."""
        bot, polled, began = *await self._one(), time.time()
        bot.set_clock(self._chance.choice(SKEW))
        await asyncio.sleep(8.0)
        bot.set_clock(0.0)
        self._note("clock", bot, polled, began)

    async def connections(self) -> None:
        """The database throws every bot out."""
        began = time.time()
        assert await self._server.end_connections()
        self._note("connections", None, False, began)

    async def frozen(self) -> None:
        """The database does not answer, and closes nothing."""
        began = time.time()
        self._server.freeze()
        await asyncio.sleep(self._chance.choice((2.0, 6.0, 12.0)))
        self._server.thaw()
        self._note("frozen", None, False, began)

    async def restart(self) -> None:
        """The database is stopped and started."""
        began = time.time()
        await asyncio.to_thread(self._server.stop)
        await asyncio.sleep(2.0)
        await asyncio.to_thread(self._server.start)
        await self._server.until_open()
        self._note("restart", None, False, began)

    async def crash(self) -> None:
        """One of the database's processes is killed: it ends all connections and recovers."""
        began = time.time()
        self._server.crash()
        await asyncio.sleep(0.2)
        await self._server.until_open()
        self._note("crash", None, False, began)

    async def _one(self) -> tuple[Bot, bool]:
        """A bot that runs: every other time the one that polls."""
        poller = await self._cluster.poller()
        running = [one for one in self._cluster.bots if not one.is_away]
        if (
            poller is not None
            and poller >= 0
            and self._chance.random() < 0.5
            and not self._cluster.bots[poller].is_away
        ):
            return self._cluster.bots[poller], True
        bot = self._chance.choice(running)
        return bot, bot.number == poller

    def _note(self, kind: str, bot: Bot | None, polled: bool, began: float) -> None:
        self.done.append(Strike(kind, bot.number if bot else None, polled, began, time.time()))
