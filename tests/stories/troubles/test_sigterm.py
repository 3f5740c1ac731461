"""SIGTERM ends the real program within ten seconds, whatever the database does (safety 9)."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import aiohttp

from sandbox.server import Sandbox
from tests.stories.program import PATIENCE, Program, free_port


async def test_sigterm_ends_the_program_while_another_one_holds_its_database(tmp_path: Path) -> None:
    sandbox, port = Sandbox(web=False), free_port()
    await sandbox.start()
    settings = {
        "BOT_TOKEN": "1:story", "BOT_API_URL": sandbox.url, "DATA_DIR": str(tmp_path), "HTTP_PORT": str(port),
        "INTAKE_TOKEN": "story-intake-token",
    }  # fmt: skip
    program = Program(["run"], settings, born=False)
    await program.start()
    try:
        async with aiohttp.ClientSession() as http:
            await until_live(http, port)
            with closing(sqlite3.connect(tmp_path / "verstak.db", isolation_level=None)) as other:
                other.execute("BEGIN EXCLUSIVE")
                lead = asyncio.ensure_future(send_lead(http, port))
                await asyncio.sleep(1.0)
                assert program.process is not None
                told = time.monotonic()
                program.process.send_signal(signal.SIGTERM)
                async with asyncio.timeout(20):
                    await program.process.wait()
                took = time.monotonic() - told
                await asyncio.gather(lead, return_exceptions=True)
        assert took <= 10.0
        assert program.process.returncode == 0
    finally:
        if program.process is not None and program.process.returncode is None:
            program.process.kill()
        await sandbox.close()


async def until_live(http: aiohttp.ClientSession, port: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                async with http.get(f"http://127.0.0.1:{port}/health/live") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.2)


async def send_lead(http: aiohttp.ClientSession, port: int) -> int:
    headers = {"Authorization": "Bearer a-long-secret"}
    given = {"name": "Мария", "phone": "8 912 345-67-89"}
    async with http.post(f"http://127.0.0.1:{port}/intake/leads", json=given, headers=headers) as answer:
        return answer.status
