"""Background work is heard of when it crashes, set going again, and awaited at the end."""

from __future__ import annotations

import asyncio

import pytest

from bot import background
from bot.background import TaskGroup


async def test_a_pump_that_crashes_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "FIRST_PAUSE", 0.0)
    starts: list[int] = []
    third = asyncio.Event()

    async def pump() -> None:
        starts.append(1)
        if len(starts) < 3:
            raise RuntimeError("crash")
        third.set()
        await asyncio.Event().wait()

    group = TaskGroup()
    group.keep("pump", pump)
    await third.wait()
    await group.close()
    assert len(starts) == 3


async def test_close_awaits_what_ends_in_time_and_cancels_the_rest() -> None:
    ended: list[str] = []
    go = asyncio.Event()

    async def quick() -> None:
        await go.wait()
        ended.append("quick")

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    group = TaskGroup()
    one = group.spawn(quick(), "quick")
    group.spawn(endless(), "endless")
    await asyncio.sleep(0)
    go.set()
    await one
    await group.close()
    assert ended == ["quick", "cancelled"]


async def test_a_crashed_task_does_not_take_the_group_down() -> None:
    async def crash() -> None:
        raise RuntimeError("crash")

    group = TaskGroup()
    task = group.spawn(crash(), "crash")
    await asyncio.wait([task])
    await group.close()
    assert isinstance(task.exception(), RuntimeError)
