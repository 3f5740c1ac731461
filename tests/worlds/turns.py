"""Two transactions at once, of which the second has to wait for the end of the first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.util import await_only

from bot.database import Database

LOOK = 0.5  # seconds in which a second one that does not wait would have looked
PATIENCE = 20  # seconds

T = TypeVar("T")
S = TypeVar("S")


async def in_turn(
    one: Database, first: Callable[[Connection], T], other: Database, second: Callable[[Connection], S], early: str
) -> tuple[T, asyncio.Future[S]]:
    """Begin `second` while `first` has done its work and is not committed: it must not be through, else AssertionError
    with `early`. Gives what the first one gave, and the second one, which may go on now."""
    worked, goes_on = asyncio.Event(), asyncio.Event()

    def slowly(tx: Connection) -> T:
        found = first(tx)
        worked.set()
        await_only(goes_on.wait())
        return found

    try:
        async with asyncio.timeout(PATIENCE):
            slow = asyncio.ensure_future(one.run(slowly))
            await worked.wait()
            later = asyncio.ensure_future(other.run(second))
            done, _ = await asyncio.wait([later], timeout=LOOK)
            assert not done, early
            goes_on.set()
            found = await slow
            await asyncio.wait([later])
            return found, later
    finally:
        goes_on.set()
