"""A cancelled caller cuts no transaction in half, and leaves no lock behind (proof 23)."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, insert, select, text

from bot.database import Database
from models.tables.settings import SettingRow

LOCK = 1.0  # seconds that a write lock may last after its caller is gone


def put(name: str) -> Callable[[Connection], object]:
    return lambda tx: tx.execute(insert(SettingRow).values(name=name, value=1))


def names(tx: Connection) -> set[str]:
    return set(tx.execute(select(SettingRow.name)).scalars())


async def in_the_middle(database: Database) -> tuple[asyncio.Task[object], threading.Event]:
    """A transaction that has written and not committed, and what lets it go on."""
    written, go_on = threading.Event(), threading.Event()

    def work(tx: Connection) -> object:
        done = put("cut")(tx)
        written.set()
        if tx.dialect.name == "sqlite":  # in its own thread; on PostgreSQL it runs in the loop's, which must not stand
            assert go_on.wait(10)
        else:
            tx.execute(text("SELECT pg_sleep(0.2)"))
        return done

    doing = asyncio.ensure_future(database.run(work))
    while not written.is_set():  # noqa: ASYNC110 — the event is of a thread
        await asyncio.sleep(0)
    return doing, go_on


async def test_a_transaction_whose_caller_was_cancelled_ends_as_it_would_have(database: Database) -> None:
    """It is committed, whole; and the next write need not wait for anybody's garbage collection."""
    doing, go_on = await in_the_middle(database)
    doing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await doing
    go_on.set()
    began = time.monotonic()
    await database.run(put("next"))
    while await database.run(names) != {"cut", "next"}:  # on PostgreSQL the next one need not wait for it
        assert time.monotonic() - began < LOCK
        await asyncio.sleep(0.01)
    assert time.monotonic() - began < LOCK


async def test_cancelling_at_any_moment_gives_all_or_nothing(database: Database) -> None:
    """Two rows of one transaction: wherever the axe falls, both are there or neither; and then one can write."""

    def both(number: int) -> Callable[[Connection], object]:
        return lambda tx: (put(f"{number}a")(tx), put(f"{number}b")(tx))

    for number in range(40):
        doing = asyncio.ensure_future(database.run(both(number)))
        for _ in range(number // 2):
            await asyncio.sleep(0)
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
    began = time.monotonic()
    await database.run(put("last"))
    assert time.monotonic() - began < LOCK
    found = await database.run(names)
    assert "last" in found
    assert all((f"{number}a" in found) == (f"{number}b" in found) for number in range(40))


async def test_an_error_in_a_transaction_leaves_nothing_and_no_lock(database: Database) -> None:
    def fails(tx: Connection) -> None:
        put("half")(tx)
        raise RuntimeError

    for _ in range(10):  # more often than there are connections in the pool
        with pytest.raises(RuntimeError):
            await database.run(fails)
    await database.run(put("after"))
    assert await database.run(names) == {"after"}
