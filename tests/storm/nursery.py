"""Bots born by forking: one process has imported everything and makes each in a moment, as a process of its own.

It is forked off before there is a loop or a thread, and never has either: what it forks starts as clean as a program.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot import app, features  # noqa: F401 — imported once, for every bot that will be born
from bot.cli import command_line, run_command  # noqa: F401
from tests.stories.program import environment
from tests.storm import crash_points

CRASH_AT = "STORM_CRASH_AT"  # which point the bot does not pass (`crash_points`)


class Nursery:
    """Starts bots with the settings given, and tells how they ended. RuntimeError if there is a thread already."""

    def __init__(self) -> None:
        if threading.active_count() > 1:
            raise RuntimeError("a nursery is made before any thread: a fork would copy their locks, held for ever")
        features.load()
        ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if not self.pid:
            ours.close()
            _serve(theirs)
        theirs.close()
        self._socket, self._answers = ours, ours.makefile("r")
        self._one = asyncio.Lock()

    async def start(self, settings: Mapping[str, str]) -> int:
        """Start the bot, as `python -m bot run` would; its process."""
        return int(await self._ask({"start": dict(settings)}))

    async def buried(self, pid: int) -> int:
        """Wait for the end of a bot; its exit status, below zero for the signal that ended it."""
        return int(await self._ask({"wait": pid}))

    def close(self) -> None:
        """Nobody is born any more."""
        self._answers.close()
        self._socket.close()
        os.waitpid(self.pid, 0)

    async def _ask(self, what: dict[str, Any]) -> Any:
        async with self._one:
            return await asyncio.to_thread(self._say, what)

    def _say(self, what: dict[str, Any]) -> Any:
        self._socket.sendall(json.dumps(what).encode() + b"\n")
        return json.loads(self._answers.readline())


def _serve(asked: socket.socket) -> None:
    """The nursery itself: does what it is told until nobody tells it any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    living: set[int] = set()
    with asked.makefile("r") as orders:
        for line in orders:
            order = json.loads(line)
            if "start" in order:
                found = _bear(order["start"], asked)
                living.add(found)
            else:
                found = os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1])
                living.discard(order["wait"])
            asked.sendall(json.dumps(found).encode() + b"\n")
    for pid in living:
        os.kill(pid, signal.SIGKILL)
    os._exit(0)


def _bear(settings: dict[str, str], asked: socket.socket) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        asked.close()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.chdir(settings["DATA_DIR"])
        log = os.open(Path(settings["DATA_DIR"]) / "log.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(log, 1)
        os.dup2(log, 2)
        wanted = environment(**settings)
        os.environ.clear()
        os.environ.update(wanted)
        if settings.get(CRASH_AT):
            crash_points.arm(int(settings[CRASH_AT]))
        status = command_line.run(["run"])
    finally:
        os._exit(status)
