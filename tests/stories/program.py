"""The real program, as a process of its own: `python -m bot …`, with nothing out of this environment.

A program that is stopped, killed or played with is born in a cradle, which spares it the imports; what is claimed of
the command line, the package and a start is told of a true start (`run`, `born=False`).
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import Settings
from tests.stories import cradle
from tests.stories.cradle import Born

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("bot", "handlers", "keyboards", "locales", "models", "processes", "sandbox", "scheduler", "services")
COMMAND = (sys.executable, "-m", "bot")
MAIN = {"bot": "bot.__main__"}  # what `python -m` runs of a package
PATIENCE = 60.0  # seconds for a program to say what it has to say, on a busy machine
OURS = {name.upper() for name in Settings.model_fields}


def environment(**given: str) -> dict[str, str]:
    """The environment without any setting of Verstak, and then the given ones; one business unless told otherwise."""
    plain = {key: value for key, value in os.environ.items() if key not in OURS}
    quiet = {"BACKUP_DAYS": "0"}  # another process, which would count as the program's own work
    return {**plain, "PYTHONUTF8": "1", "PROCESSES": "furniture", **quiet, **given}


@dataclass
class Said:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return [line.removeprefix("verstak: ") for line in self.err.splitlines()]


async def run(
    arguments: Sequence[str | Path], cwd: Path = ROOT, command: Sequence[str] = COMMAND, **settings: str
) -> Said:
    """Run a command to its end."""
    process = await asyncio.create_subprocess_exec(
        *command, *map(str, arguments), cwd=cwd, env=environment(**settings),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE):
            out, err = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    return Said(process.returncode or 0, out.decode(), err.decode())


def copy_of_the_program(folder: Path) -> Path:
    """The program in another folder, to be tampered with."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, dirs_exist_ok=True)
    return folder


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Program:
    """A program that keeps running until it is stopped or killed."""

    arguments: Sequence[str]
    settings: dict[str, str]
    cwd: Path = ROOT
    command: Sequence[str] = COMMAND
    born: bool = True  # in the cradle, where the program of this repository is started from its root
    process: asyncio.subprocess.Process | Born | None = field(default=None, repr=False)

    async def start(self) -> None:
        """Start it. What it logs goes to its data folder, for whoever looks at a failed test."""
        given = environment(**self.settings)
        with (Path(self.settings["DATA_DIR"]) / "log.txt").open("ab") as log:
            if self.born and self.cwd == ROOT and self.command[:2] == COMMAND[:2]:
                self.process = await cradle.bear(
                    MAIN.get(self.command[2], self.command[2]), self.arguments, given, log.fileno()
                )
                return
            self.process = await asyncio.create_subprocess_exec(
                *self.command, *self.arguments, cwd=self.cwd, env=given, stdout=asyncio.subprocess.PIPE, stderr=log
            )

    async def line(self) -> str:
        """The next line that it prints."""
        assert self.process is not None and self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            return (await self.process.stdout.readline()).decode()

    def strike(self) -> None:
        """SIGKILL, now: nothing that it is doing gets finished."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)

    async def buried(self) -> None:
        """Wait until the killed process is gone."""
        assert self.process is not None
        if self.process.returncode is None:
            await self.process.wait()

    async def stop(self) -> int:
        """SIGTERM, and wait for its end; the exit status."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.terminate()
            async with asyncio.timeout(PATIENCE):
                await self.process.wait()
        return self.process.returncode or 0
