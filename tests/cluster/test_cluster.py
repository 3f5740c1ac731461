"""The short form of `make cluster`, by polling: one bot is killed, one stands still, the database is restarted."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.cluster import storm
from tests.cluster.strikes import Striker

SECONDS = 18.0
SLOW = ("takeover", "back:")  # figures that a busy machine may miss; the long form has their bars


async def strikes(striker: Striker) -> None:
    """One of each that matters most."""
    await asyncio.sleep(2.0)
    await striker.kill(again=False)
    await striker.freeze(9.0)
    await striker.restart()


async def test_three_bots_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    found = await storm.run(tmp_path, webhook=False, seconds=SECONDS, seed=1, strikes=strikes)
    assert found["strikes"] == 3
    assert found["presses"] > 0 and found["leads"] > 0 and found["messages planned"] > 0
    missed = {name: found[name] for name in storm.missed(found) if not name.startswith(SLOW)}
    assert missed == {}
    assert found["undone at the end"] == 0
