"""A program born by forking: one process has imported everything, and makes each in a moment, as a process of its own.

What it forks has its own memory, files, signals and exit status, as a program that was started has; all that it is
spared is the loading of the interpreter and of a thousand modules. The cradle is started by itself, so it has neither
a thread nor a loop to copy. What a start itself claims is told of a true start: see `Program.born`.
"""

from __future__ import annotations

import asyncio
import atexit
import importlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ORDER = 1 << 16  # bytes that an order has at most


class Born:
    """Such a process, with what a program of asyncio's own making is asked."""

    def __init__(self, pid: int, stdout: asyncio.StreamReader, ended: asyncio.Task[int]) -> None:
        self.pid, self.stdout, self._ended = pid, stdout, ended

    @property
    def returncode(self) -> int | None:
        return self._ended.result() if self._ended.done() else None

    async def wait(self) -> int:
        """Its exit status, below zero for the signal that ended it."""
        return await asyncio.shield(self._ended)

    def send_signal(self, number: int) -> None:
        if not self._ended.done():
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


async def bear(module: str, arguments: Sequence[str], settings: dict[str, str], err: int) -> Born:
    """Have `python -m module …` begin with exactly these settings; what it complains of goes to `err`."""
    ours, theirs = socket.socketpair()
    reads, writes = os.pipe()
    try:
        order = json.dumps({"module": module, "arguments": [*map(str, arguments)], "environment": settings}).encode()
        assert len(order) < ORDER, "an order goes out in one piece"
        socket.send_fds(_cradle(), [order], [theirs.fileno(), writes, err])
    finally:
        theirs.close()
        os.close(writes)
    told, line = await asyncio.open_connection(sock=ours)
    pid = int(await told.readline())
    said = asyncio.StreamReader()
    pipe = os.fdopen(reads, "rb", 0)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(said), pipe)
    return Born(pid, said, asyncio.ensure_future(_end(told, line)))


async def _end(told: asyncio.StreamReader, line: asyncio.StreamWriter) -> int:
    try:
        return int(await told.readline())
    finally:
        line.close()


@cache
def _cradle() -> socket.socket:
    """The cradle of this process of tests, begun when it is first asked; it ends with it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-m", "tests.stories.cradle", str(theirs.fileno())]
    actions = [(os.POSIX_SPAWN_DUP2, theirs.fileno(), theirs.fileno())]
    os.set_inheritable(theirs.fileno(), True)
    pid = os.posix_spawn(
        sys.executable, command, {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}, file_actions=actions
    )
    theirs.close()
    atexit.register(os.waitpid, pid, 0)
    atexit.register(ours.close)
    return ours


# --- inside it ---------------------------------------------------------------------------------------------------


def serve(orders: socket.socket) -> None:
    """Bear what is ordered until nobody orders any more; each has a keeper, which tells how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the keepers
    while True:
        order, fds, _, _ = socket.recv_fds(orders, ORDER, 3)
        if not order:
            return
        if not os.fork():
            orders.close()
            _keep(json.loads(order), *fds)
        for fd in fds:
            os.close(fd)


def _keep(order: dict[str, Any], told: int, out: int, err: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if not pid:
        os.close(told)
        _become(order, out, err)
    for fd in (0, 1, 2, out, err):
        os.close(fd)
    os.write(told, f"{pid}\n".encode())
    ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.write(told, f"{ended}\n".encode())
    os._exit(0)


def _become(order: dict[str, Any], out: int, err: int) -> None:
    """The program itself; it leaves as every Python program does."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for fd, place in ((nothing, 0), (out, 1), (err, 2)):
        os.dup2(fd, place)
        os.close(fd)
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    sys.argv = [order["module"], *order["arguments"]]
    importlib.import_module(order["module"]).main()
    sys.exit(0)


def main() -> None:
    """Import what programs need, and wait."""
    from bot import features
    from bot.cli import command_line, run_command, sandbox_command, small_commands  # noqa: F401

    features.load()
    serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    main()
