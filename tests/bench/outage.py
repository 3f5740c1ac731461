"""`python -m tests.bench.outage`: Telegram is away for minutes in four ways; two hundred reminders fall due meanwhile.

Real processes, real time: the bot polls, the outage begins, reminders fall due in it, it ends; then the messages on
the phones are read. What stands there is judged, and nothing that the bot says of itself.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import Connection, bindparam, select, update

from bot.database import open_database
from keyboards import callback_data
from keyboards.callbacks.notice_callbacks import ExplainNotice, OpenNotice
from models.tables.outbox import ScheduledRow
from models.tables.people import EmployeeRow
from sandbox.server import Sandbox
from scheduler.clock import utc_now
from tests.bench import fill
from tests.bench.crowd import Crowd
from tests.bench.flood import Round
from tests.bench.postgres import Server

PEOPLE, DUE = 20, 200
LEAD = 10.0  # seconds from the planning until the first one is due
ALL_METHODS = 1_000_000
WAYS = ("502", "closed", "hanging", "refused")
SOON = update(ScheduledRow).where(ScheduledRow.id == bindparam("key")).values(
    run_at=bindparam("at"), scheduled_for=bindparam("at")
)  # fmt: skip
PENDING = (
    select(ScheduledRow.id)
    .where(ScheduledRow.done_at.is_(None), ScheduledRow.kind == "timer", ScheduledRow.rule.contains("stuck"))
    .order_by(ScheduledRow.run_at)
    .limit(DUE)
)
NOTICES = select(ScheduledRow.id, ScheduledRow.run_at).where(
    ScheduledRow.kind == "notice", ScheduledRow.id > bindparam("after")
)
NEWEST = select(ScheduledRow.id).order_by(ScheduledRow.id.desc()).limit(1)
OWNER = update(EmployeeRow).where(EmployeeRow.id == 1).values(role="owner")


class Outage(Round):
    """One bot, one outage after the other."""

    def __init__(self, url: str, folder: Path, minutes: float) -> None:
        super().__init__(url, folder, ())
        self.minutes = minutes

    async def run_ways(self, ways: list[str]) -> None:
        """Each of them, with what was seen."""
        sandbox = Sandbox(journal=False, web=False)
        await sandbox.start()
        port = int(sandbox.url.rsplit(":", 1)[1])
        sandbox.world.find_bot(self.token)
        crowd = Crowd(sandbox, await self._cards())
        await self._write(lambda tx: tx.execute(OWNER))
        try:
            async with self.bot(sandbox, "paced", "bell"):
                await crowd.gather()
                for way in ways:
                    print(f"{way}:", await self._one(sandbox, crowd, way, port), flush=True)
        finally:
            await sandbox.close()

    async def _one(self, sandbox: Sandbox, crowd: Crowd, way: str, port: int) -> dict[str, Any]:
        newest = await self._write(_plan)
        before = {one.chat.person.id: len(one.chat.messages) for one in crowd.pressers}
        await self._begin(sandbox, way)
        await asyncio.sleep(60 * self.minutes)
        during = sum(len(one.chat.messages) - before[one.chat.person.id] for one in crowd.pressers)
        if way == "refused":
            await sandbox.start(port=port)
        sandbox.faults.clear()
        over = time.perf_counter()
        first, last = await self._heard(crowd, before, over)
        rows = await self._write(lambda tx: tx.execute(NOTICES, {"after": newest}).all())
        wanted = {row.id: row.run_at for row in rows}
        heard = [_notices(one.chat.messages, before[one.chat.person.id]) for one in crowd.pressers]
        every = [key for keys in heard for key in keys if key in wanted]
        texts = [one.body.get("text", "") for p in crowd.pressers for one in p.chat.messages.values()]
        return {
            "arrived while away": during, "due": DUE, "arrived": len(set(every)), "twice": len(every) - len(set(every)),
            "out of order": sum(_inversions([wanted[key] for key in keys if key in wanted]) for keys in heard),
            "first after s": round(first, 1), "all after s": round(last, 1),
            "owner told": sum("Связь с Telegram восстановлена" in text for text in texts),
        }  # fmt: skip

    async def _begin(self, sandbox: Sandbox, way: str) -> None:
        if way == "refused":
            await sandbox.close()
            return
        kind = {"502": "502", "closed": "drop", "hanging": "slow"}[way]
        for methods in (None, ["getUpdates"]):
            sandbox.faults.add(kind, methods, times=ALL_METHODS, seconds=60 * self.minutes)

    async def _heard(self, crowd: Crowd, before: dict[int, int], over: float) -> tuple[float, float]:
        """Seconds after the end of the outage until the first and the last message came."""
        first = last = 0.0
        known = sum(len(one.chat.messages) for one in crowd.pressers)
        while time.perf_counter() - over < 90:
            await asyncio.sleep(0.1)
            now = sum(len(one.chat.messages) for one in crowd.pressers)
            if now > known:
                first, last, known = first or time.perf_counter() - over, time.perf_counter() - over, now
            elif last and time.perf_counter() - over - last > 15:
                break
        return first, last

    async def _write(self, work: Callable[[Connection], Any]) -> Any:
        db = await open_database(self.url)
        try:
            return await db.run(work)
        finally:
            await db.close()


def _plan(tx: Connection) -> int:
    """Have two hundred reminders fall due soon, a tenth of a second apart; gives the newest row before them."""
    now = utc_now()
    for place, key in enumerate(tx.execute(PENDING).scalars().all()):
        tx.execute(SOON, {"key": key, "at": now + timedelta(seconds=LEAD + place / 10)})
    return int(tx.execute(NEWEST).scalar_one())


def _notices(messages: dict[int, Any], seen: int) -> list[int]:
    """The reminders that came, in the order in which they stand in the chat."""
    found: list[int] = []
    for one in list(messages.values())[seen:]:
        rows = one.body.get("reply_markup", {}).get("inline_keyboard", [])
        pressed = [callback_data.unpack(button.get("callback_data", "")) for row in rows for button in row]
        found += [int(press.notice) for press in pressed if isinstance(press, OpenNotice | ExplainNotice)]
    return found


def _inversions(moments: list[Any]) -> int:
    return sum(after < before for before, after in pairwise(moments))


async def main() -> None:
    """Fill, and have an outage after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.outage", description=__doc__)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--way", action="append", choices=WAYS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="verstak-outage-") as name:
        folder = Path(name)
        server = Server(folder) if given.engine == "postgresql" else None
        url = server.create("outage") if server is not None else f"sqlite:///{folder}/outage.db"
        await fill.fill(url, 4 * DUE * len(WAYS), PEOPLE)
        try:
            await Outage(url, folder, given.minutes).run_ways(given.way or list(WAYS))
        except BaseException:
            print((folder / "bot.log").read_text(errors="replace")[-3000:], file=sys.stderr)
            raise


if __name__ == "__main__":
    uvloop.run(main())
