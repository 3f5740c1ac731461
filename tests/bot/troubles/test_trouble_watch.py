"""Once a minute: disk, clocks, what was put aside. What was told of a database that was away ends later."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import insert, select

from bot.database import Database
from bot.database_faults import AWAY, FULL
from bot.database_state import DatabaseTrouble
from bot.jobs.job_runner import JobContext
from bot.settings import Settings
from bot.telegram_client import TelegramClient
from bot.troubles import database_note, trouble_watch
from bot.troubles.trouble_reporter import TroubleReporter
from bot.troubles.trouble_watch import TroubleWatch
from bot.unit_of_work_factory import UnitOfWorkFactory
from models.tables.outbox import ScheduledRow
from models.tables.updates import DONE, FAILED, InboxRow
from models.troubles import TroubleKind
from services.operation import troubles
from services.unit_of_work import Company
from tests.conftest import MovableClock

Hire = Callable[..., Any]
K = TroubleKind


@dataclass
class Disk:
    free: int = 50
    total: int = 100


class Place:
    """A watch with its disk and its Telegram, whose clock can be wrong."""

    def __init__(self, db: Database, watch: TroubleWatch, telegram: TelegramClient, disk: Disk, folder: Path) -> None:
        self.db, self.watch, self.telegram, self.disk, self.folder = db, watch, telegram, disk, folder
        self.sent: list[dict[str, Any]] = []
        self.date: str | None = None

    async def lasting(self) -> list[tuple[K, str]]:
        return [(one.kind, one.about) for one in await self.db.run(troubles.open_now)]


@pytest.fixture
async def place(database: Database, clock: MovableClock, company: Company, tmp_path: Path) -> AsyncIterator[Place]:
    disk = Disk()
    found: Place

    async def serve(request: web.Request) -> web.Response:
        found.sent.append(await request.json())
        answer = web.json_response({"ok": True, "result": {"message_id": 1}})
        if found.date is not None:
            answer.headers["Date"] = found.date
        return answer

    app = web.Application()
    app.router.add_post("/{tail:.*}", serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    telegram = TelegramClient("1:token", f"http://127.0.0.1:{runner.addresses[0][1]}")
    units = UnitOfWorkFactory(database, clock, company)
    url = f"sqlite:///{tmp_path / 'verstak.db'}"
    settings = Settings(_env_file=None, data_dir=tmp_path, database_url=url)
    context = JobContext(units, telegram, tmp_path, settings)
    watch = TroubleWatch(context, TroubleReporter(units), lambda _: disk)
    found = Place(database, watch, telegram, disk, tmp_path)
    yield found
    await context.close()
    await telegram.close()
    await runner.cleanup()


async def test_a_disk_with_less_than_a_tenth_free_is_told_until_there_is_more(place: Place) -> None:
    place.disk.free = 10
    await place.watch.look_around()
    assert await place.lasting() == []
    place.disk.free = 9
    await place.watch.look_around()
    assert await place.lasting() == [(K.DISK_LOW, "")]
    place.disk.free = 11  # hardly more: it would come and go
    await place.watch.look_around()
    assert await place.lasting() == [(K.DISK_LOW, "")]
    place.disk.free = 12
    await place.watch.look_around()
    assert await place.lasting() == []


async def test_a_clock_that_differs_from_telegrams_is_told_after_two_looks(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram_client.BETWEEN_CLOCKS", 0.0)
    place.date = "Mon, 23 Nov 2020 07:00:00 GMT"
    await place.telegram.call("getMe", {})
    assert place.telegram.ahead is not None and place.telegram.ahead > 86_400
    await place.watch.look_around()
    assert await place.lasting() == []
    await place.watch.look_around()
    assert await place.lasting() == [(K.CLOCK_WRONG, "telegram")]
    place.date = None
    await place.telegram.call("getMe", {})
    assert place.telegram.ahead == 0.0
    await place.watch.look_around()
    assert await place.lasting() == []


async def test_a_clock_that_differs_from_the_databases_is_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    if place.db.name != "postgresql":
        pytest.skip("a SQLite file has no clock")
    await place.watch.look_around()
    assert await place.lasting() == []
    monkeypatch.setattr(trouble_watch, "_ahead_of_database", lambda tx: -300.0)
    await place.watch.look_around()
    await place.watch.look_around()
    assert await place.lasting() == [(K.CLOCK_WRONG, "database")]


async def test_who_is_well_ends_no_trouble_of_another_machine(place: Place, clock: MovableClock) -> None:
    """Two machines on one database, one with little room: it was begun and over every minute, and told each time."""
    units = place.watch._units
    well = TroubleWatch(place.watch._context, TroubleReporter(units), lambda _: Disk(50))
    await well.look_around()
    place.disk.free = 5
    for _ in range(3):
        await place.watch.look_around()
        await well.look_around()
        assert await place.lasting() == [(K.DISK_LOW, "")]
    started_anew = TroubleWatch(place.watch._context, TroubleReporter(units), lambda _: Disk(50))
    await started_anew.look_around()
    assert await place.lasting() == [], "what a run before has left"


async def test_an_update_that_was_handled_since_is_no_trouble_any_more(place: Place, clock: MovableClock) -> None:
    for number, state in ((1, FAILED), (2, DONE)):
        values = {
            "bot_id": 1, "update_id": number, "chat_id": 1, "body": "", "state": state, "attempts": 3,
            "received_at": clock(),
        }  # fmt: skip
        await place.db.run(lambda tx, values=values: tx.execute(insert(InboxRow).values(values)))
        await place.watch._units.run(
            lambda work, number=number: troubles.begin(work, K.UPDATE_QUARANTINED, str(number), number=number)
        )
    await place.watch.look_around()
    assert await place.lasting() == [(K.UPDATE_QUARANTINED, "1")]


async def test_a_database_that_is_away_is_told_by_the_bot_to_whom_it_remembers(
    place: Place, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trouble_watch, "TOLD_AFTER", 0.0)
    owner = await hire("Сергей", "owner")
    await place.watch.look_around()
    place.disk.free = 0
    place.db.state._failed = DatabaseTrouble(K.DATABASE_AWAY, FULL, datetime.now(UTC))
    await place.watch.look()
    await place.watch.look()
    [told] = place.sent
    assert told["chat_id"] == owner.telegram_id
    assert "кончилось место" in told["text"] and "Освободите место" in told["text"]
    assert json.loads((place.folder / database_note.NOTE).read_text())["why"] == FULL
    assert [one.kind for one in place.watch.unwritten()] == [K.DATABASE_AWAY]
    place.disk.free = 50
    place.disk.total = 100
    await place.watch.look()  # it can be written to again
    await place.watch.look()
    assert place.db.state.trouble is None
    assert not (place.folder / database_note.NOTE).exists()
    assert await place.lasting() == []


async def test_a_database_that_was_away_while_nobody_could_be_told_is_told_of_after_it(
    place: Place, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network of the machine was gone: neither database nor Telegram."""
    monkeypatch.setattr(trouble_watch, "TOLD_AFTER", 0.0)
    await hire("Сергей", "owner")
    place.db.state._failed = DatabaseTrouble(K.DATABASE_AWAY, AWAY, datetime.now(UTC))
    await place.watch.look()  # it knows no owner yet, and nothing else is set
    await place.watch.look()
    assert place.sent == [] and place.db.state.trouble is None
    told = await place.db.run(lambda tx: tx.execute(select(ScheduledRow.payload)).scalars().all())
    assert [(one["kind"], one["trouble"]) for one in told] == [("trouble_over", K.DATABASE_AWAY)]


async def test_a_database_that_was_away_and_is_damaged_is_told_of_as_that_and_is_not_over(
    place: Place, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trouble_watch, "TOLD_AFTER", 0.0)
    monkeypatch.setattr(trouble_watch, "MINUTE", 0.0)
    await hire("Сергей", "owner")
    await place.watch.look_around()
    place.disk.free, state = 0, place.db.state
    state._failed = DatabaseTrouble(K.DATABASE_AWAY, FULL, datetime.now(UTC))
    await place.watch.look()
    state.failed(sqlite_error("database disk image is malformed", sqlite3.SQLITE_CORRUPT))
    await place.watch.look()
    state.failed(sqlite_error("database is locked", sqlite3.SQLITE_BUSY))
    await place.watch.look()
    assert ["повреждена" in one["text"] for one in place.sent] == [False, True]
    assert state.trouble is not None and state.trouble.kind is K.DATABASE_SPOILT
    assert (place.folder / database_note.NOTE).exists(), "nothing is over"


def sqlite_error(said: str, code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError(said)
    error.sqlite_errorcode = code
    return error


async def test_what_was_told_of_the_database_is_over_with_the_next_start(place: Place, hire: Hire) -> None:
    await hire("Сергей", "owner")
    found = DatabaseTrouble(K.DATABASE_SPOILT, "", datetime.now(UTC))
    database_note.leave(place.folder, found)
    await place.watch.begin()
    assert not (place.folder / database_note.NOTE).exists()
    assert await place.lasting() == []
