"""The processes: Telegram's stand-in with the proxy, and the bots."""

from __future__ import annotations

import asyncio
import json
import signal
import struct
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.cluster.replica import CLOCK
from tests.stories.program import PATIENCE, ROOT, Program, free_port

BOTS = 3
TOKEN, INTAKE, SECRET = "1:cluster", "a-long-secret-of-the-site", "a-long-secret-of-telegram"
REPLICA = (sys.executable, "-m", "tests.cluster.replica")


@dataclass
class Bot:
    """One of the bots; since when it is gone or stands still, in Unix seconds."""

    number: int
    program: Program
    port: int
    clock: Path
    gone: list[list[float]] = field(default_factory=list)  # from when to when it could do nothing

    @property
    def is_away(self) -> bool:
        return bool(self.gone) and self.gone[-1][1] == float("inf")

    def was_away(self, at: float) -> bool:
        """Whether it could do nothing at that moment."""
        return any(since <= at <= until for since, until in self.gone)

    def signal(self, number: signal.Signals) -> None:
        assert self.program.process is not None
        self.program.process.send_signal(number)

    async def kill(self) -> None:
        """kill -9."""
        self.gone.append([time.time(), float("inf")])
        self.program.strike()
        await self.program.buried()

    async def start(self) -> None:
        """Start it, anew too."""
        await self.program.start()
        self._back()

    def freeze(self) -> None:
        """It stands still, as a machine that is moved to another host."""
        self.gone.append([time.time(), float("inf")])
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on, and does not know for how long it stood."""
        self._back()
        self.signal(signal.SIGCONT)

    def set_clock(self, ahead: float) -> None:
        """Its machine's clock goes wrong by so many seconds."""
        self.clock.write_bytes(struct.pack("d", ahead))

    def _back(self) -> None:
        if self.is_away:
            self.gone[-1][1] = time.time()


class Cluster:
    """Everything that runs besides the database; `async with` it."""

    def __init__(self, url: str, folder: Path, *, webhook: bool) -> None:
        self._url, self._folder, self._webhook = url, folder, webhook
        self._ports = [free_port() for _ in range(BOTS)]
        self._stand_in: asyncio.subprocess.Process | None = None
        self.bots: list[Bot] = []
        self.sandbox = self.proxy = ""
        self.http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20))
        self.calls: list[dict[str, Any]] = []

    async def __aenter__(self) -> Self:
        try:
            await self._begin()
        except BaseException:
            await self._end()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()

    async def _begin(self) -> None:
        command = [sys.executable, "-m", "tests.cluster.stand_in", *map(str, self._ports)]
        self._stand_in = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
        assert self._stand_in.stdout is not None
        async with asyncio.timeout(PATIENCE):
            said = json.loads(await self._stand_in.stdout.readline())
        self.sandbox, self.proxy = said["url"], f"http://127.0.0.1:{said['proxy']}"
        for number, door in enumerate(said["doors"]):
            self.bots.append(self._bot(number, door))
            await self.bots[-1].start()
        for bot in self.bots:
            await self.until_ready(bot)

    def _bot(self, number: int, door: int) -> Bot:
        folder = self._folder / f"bot{number}"
        folder.mkdir()
        settings = {
            "BOT_TOKEN": TOKEN, "BOT_API_URL": f"http://127.0.0.1:{door}", "DATABASE_URL": self._url,
            "DATA_DIR": str(folder), "HTTP_PORT": str(self._ports[number]), "INTAKE_TOKEN": INTAKE,
            "OPENING_HOURS": "0-24", CLOCK: str(folder / "clock"),
        }  # fmt: skip
        if self._webhook:
            settings |= {"WEBHOOK_URL": self.proxy, "WEBHOOK_SECRET": SECRET}
        bot = Bot(number, Program(["run"], settings, command=REPLICA), self._ports[number], folder / "clock")
        bot.set_clock(0.0)
        return bot

    async def _end(self) -> None:
        for bot in self.bots:
            process = bot.program.process
            if process is not None and process.returncode is None:
                process.kill()  # one that stands still too
                await process.wait()
        await self.http.close()
        if self._stand_in is not None:
            if self._stand_in.returncode is None:
                self._stand_in.terminate()
            await self._stand_in.wait()

    # --- asking

    async def until_ready(self, bot: Bot) -> None:
        """It serves. TimeoutError if it does not within a minute."""
        async with asyncio.timeout(PATIENCE):
            while not await self._is_ready(bot):
                assert bot.program.process is None or bot.program.process.returncode is None, self.log_of(bot)
                await asyncio.sleep(0.1)

    async def _is_ready(self, bot: Bot) -> bool:
        try:
            async with self.http.get(f"http://127.0.0.1:{bot.port}/health/ready") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    def log_of(self, bot: Bot) -> str:
        """The end of what it logged."""
        return (self._folder / f"bot{bot.number}" / "log.txt").read_text("utf-8")[-3000:]

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """Do something at the stand-in."""
        async with self.http.post(f"{self.sandbox}/sandbox/{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def get(self, path: str) -> Any:
        """Ask the stand-in."""
        async with self.http.get(f"{self.sandbox}/{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def gather_calls(self) -> None:
        """Take over what the stand-in has written down since; it keeps the last ones only."""
        after = self.calls[-1]["n"] if self.calls else 0
        self.calls += (await self.get(f"sandbox/journal?after={after}"))["calls"]

    async def record(self) -> dict[str, Any]:
        """Polls and presses, as the stand-in saw them."""
        found: dict[str, Any] = await self.get("cluster/record")
        return found

    async def poller(self) -> int | None:
        """Which bot asked for updates last."""
        polls = (await self.record())["polls"]
        return polls[-1]["door"] if polls else None
