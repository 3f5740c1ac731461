"""One storm: the shop, the bots, the load, the strikes, and then quiet until everything is done."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import asyncpg

from tests.cluster import shop, verdict
from tests.cluster.cluster import Cluster
from tests.cluster.load import Load
from tests.cluster.postgres import PostgresServer
from tests.cluster.strikes import Strike, Striker
from tests.cluster.verdict import Run

EACH = 0.5  # seconds between two planned messages
PRESSES, LEADS = 4.0, 0.25  # a second
QUIET = 5.0  # seconds between two strikes
DRAIN = 60.0  # seconds until the last effect must have come
BARS = {
    "presses: lost": 0, "leads: lost or doubled": 0, "leads: nobody was told": 0, "leads: 503 without Retry-After": 0,
    "messages: lost": 0, "messages: unmarked repeats": 0, "messages: not delivered": 0, "messages: out of order": 0,
    "polls: two at a time": 0, "takeover of polling: max s": 10.0, "takeover of messages: max s": 10.0,
    "takeover of presses: max s": 10.0,
    "back: presses go on: max s": 5.0, "back: messages go on: max s": 5.0,
}  # fmt: skip
UNDONE = (
    "SELECT (SELECT count(*) FROM inbox WHERE state = 0) + "
    "(SELECT count(*) FROM scheduled WHERE done_at IS NULL AND run_at <= $1)"
)
Strikes = Callable[[Striker], Awaitable[None]]


def missed(found: dict[str, float]) -> list[str]:
    """The bars that were not held."""
    return [name for name, bar in BARS.items() if found.get(name, 0) > bar]


async def run(
    folder: Path, *, webhook: bool, seconds: float, seed: int, strikes: Strikes | None = None
) -> dict[str, float]:
    """Strike for so many seconds (or do what `strikes` does) while people work; gives the figures."""
    random.seed(seed)
    with PostgresServer() as server:
        await shop.prepare(server.url, int(seconds / EACH))
        async with Cluster(server.url, folder, webhook=webhook) as cluster:
            load, striker = Load(cluster), Striker(cluster, server, random.Random(seed))
            await load.gather()
            begins = time.time() + 2.0
            due = await shop.plan(server.url, begins, seconds, EACH)
            watching = asyncio.ensure_future(_watch(cluster))
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(load.run(begins + seconds, presses=PRESSES, leads=LEADS))
                    group.create_task(strikes(striker) if strikes else striker.run(begins + seconds - 10.0, QUIET))
                left = await _drained(server.url)
                ended = time.time()
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
            await cluster.gather_calls()
            found = await verdict.judge(Run(due, load, cluster, striker.done, server.url, ended))
            await asyncio.to_thread(_keep, folder, {
                "due": [asdict(one) for one in due], "strikes": [asdict(one) for one in striker.done],
                "calls": cluster.calls, **await cluster.record(),
            })  # fmt: skip
    return {"strikes": len(striker.done), **_kinds(striker.done), **found, "undone at the end": left}


def _kinds(done: list[Strike]) -> dict[str, float]:
    return {f"strikes: {kind}": sum(one.kind == kind for one in done) for kind in sorted({one.kind for one in done})}


def _keep(folder: Path, record: dict[str, Any]) -> None:
    """For whoever wants to know why."""
    (folder / "record.json").write_text(json.dumps(record, ensure_ascii=False), "utf-8")


async def _watch(cluster: Cluster) -> None:
    while True:
        await cluster.gather_calls()
        await asyncio.sleep(2.0)


async def _drained(url: str) -> int:
    """Wait until nothing is left to do; what still is after a minute."""
    connection = await asyncpg.connect(url)
    ends = time.time() + DRAIN
    try:
        while (left := int(await connection.fetchval(UNDONE, int(time.time() * 1e6)))) and time.time() < ends:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        await asyncio.sleep(3.0)  # what was committed is shown
        return left
    finally:
        await connection.close()
