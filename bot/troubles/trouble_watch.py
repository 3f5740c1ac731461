"""Looks every second whether the database can be used, and every minute at disk, clocks and what was put aside.

A database that is away cannot keep that it is: what was told is noted in a file of the data folder, told by the bot
itself to the owners whom it remembers, else by SMS and e-mail, and written down when it is over.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiogram.exceptions import TelegramAPIError
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot import data_marker, log, sqlite_lock
from bot.database_faults import FULL, DatabaseAway
from bot.database_state import DatabaseTrouble
from bot.jobs.job_runner import JobContext
from bot.telegram_client import TelegramClient
from bot.troubles import alarms, database_note, trouble_limits
from bot.troubles.alarms import AlarmNotSent
from bot.troubles.trouble_limits import DiskUsage
from bot.troubles.trouble_reporter import TroubleReporter
from bot.updates import quarantine_alerts
from keyboards import translator
from keyboards import troubles as words
from models.troubles import Trouble, TroubleKind
from services import company_settings
from services.operation import troubles
from services.unit_of_work import UnitOfWork

EVERY = 1.0  # seconds
MINUTE = 60.0
TOLD_AFTER = 10.0  # seconds: a hiccup is none of anybody's business
PROBE = 4.0  # seconds for a write to succeed
DATABASE_CLOCK = text("SELECT extract(epoch FROM clock_timestamp())")
logger = log.get("bot.troubles.trouble_watch")


@dataclass(frozen=True, slots=True)
class OwnerContact:
    """Where an owner is written to when the database cannot be asked."""

    chat_id: int
    locale: str


class TroubleWatch:
    """Notices troubles that nobody else meets, and tells those of the database."""

    def __init__(
        self, context: JobContext, reporter: TroubleReporter, disk: Callable[[Path], DiskUsage] = shutil.disk_usage
    ) -> None:
        self._context, self._reporter, self._disk = context, reporter, disk
        self._units, self._db = context.units, context.units.db
        self._owners: list[OwnerContact] = []
        self._lasting: DatabaseTrouble | None = None  # of the database; its end is told, also if nobody heard of it yet
        self._told: DatabaseTrouble | None = None
        self._tried_at = self._minute_at = float("-inf")
        self._off: dict[str, bool] = {}
        self._ours: set[tuple[TroubleKind, str]] | None = None  # of disk and clocks, which this run may end

    @property
    def _telegram(self) -> TelegramClient:
        return self._context.telegram

    def unwritten(self) -> list[Trouble]:
        """What ails the database now, which it cannot say itself."""
        found = self._db.state.trouble
        return [] if found is None else [Trouble(0, found.kind, "", found.since, None, {"why": found.why})]

    async def begin(self) -> None:
        """At start: what was told of the database before is over, for it has been opened."""
        told = database_note.read(self._context.settings.data_dir)
        if told is not None:
            await self._write_down(told)

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """One look; once a minute at everything."""
        await self._look_at_database()
        now = time.monotonic()
        if self._db.state.trouble is None and now - self._minute_at >= MINUTE:
            self._minute_at = now
            await self.look_around()

    # --- the database -----------------------------------------------------------------------------------------------

    async def _look_at_database(self) -> None:
        found = self._db.state.trouble
        if found is None:
            if self._lasting is not None and await self._write_down(self._lasting):
                self._lasting = self._told = None
            return
        if (datetime.now(UTC) - found.since).total_seconds() >= TOLD_AFTER:
            await self._note_lasting(found)
        await self._probe(found)

    async def _note_lasting(self, found: DatabaseTrouble) -> None:
        """It is no hiccup: somebody is told; again, if what was away turns out to be damaged."""
        if self._lasting is None or self._lasting.kind is not found.kind:
            self._lasting, self._told = found, None
        if self._told is None and time.monotonic() - self._tried_at >= MINUTE:
            self._tried_at = time.monotonic()
            if await self._tell_of_database(found):
                self._told = found

    async def _probe(self, found: DatabaseTrouble) -> None:
        """Whether it can be written to again."""
        if found.why == FULL and not self._has_room():
            return
        at = datetime.now(UTC).isoformat()
        try:
            async with asyncio.timeout(PROBE):
                await self._db.run(lambda tx: company_settings.put(tx, company_settings.WRITTEN_AT, at))
        except (OSError, SQLAlchemyError, sqlite3.Error, DatabaseAway) as error:
            logger.info("the database is still away", failure=log.describe(error))
            return
        self._db.state.wrote()

    def _has_room(self) -> bool:
        usage = self._disk(self._database_folder())
        return usage.free > min(trouble_limits.ROOM, usage.total // 20)

    def _database_folder(self) -> Path:
        file = sqlite_lock.sqlite_path(self._context.settings.database)
        return trouble_limits.existing(file.parent if file is not None else self._context.settings.data_dir)

    async def _tell_of_database(self, found: DatabaseTrouble) -> bool:
        """By the bot to the owners that it remembers, else by SMS and e-mail; whether anybody was told."""
        logger.error("the database cannot be used", kind=found.kind.value, why=found.why, alert=True)
        reached = [await self._write_to(one, found) for one in self._owners]
        told = any(reached) or await self._tell_by_alarms(found.kind, found.why)
        if told:
            database_note.leave(self._context.settings.data_dir, found)
        return told

    async def _write_to(self, owner: OwnerContact, found: DatabaseTrouble) -> bool:
        t = translator.translator(owner.locale, self._units.company.calendar.zone)
        said = f"⚠️ {words.plain(found.kind, '', {'why': found.why}, t)}"
        try:
            await self._telegram.call("sendMessage", {"chat_id": owner.chat_id, "text": said})
        except TelegramAPIError as error:
            logger.warning("an owner could not be told", reason=type(error).__name__)
            return False
        return True

    async def _tell_by_alarms(self, kind: TroubleKind, why: str) -> bool:
        company = self._units.company
        t = translator.translator(company.locale, company.calendar.zone)
        channels = alarms.channels_of(self._context.settings, lambda: self._context.http)
        if not channels:
            return False
        try:
            key = f"{kind.value}-{datetime.now(UTC):%Y%m%d%H%M}"
            await alarms.send(channels, key, words.plain(kind, "", {"why": why}, t))
        except AlarmNotSent as error:
            logger.warning("a trouble could not be told", trouble=kind.value, failure=log.describe(error))
            return False
        return True

    async def _write_down(self, found: DatabaseTrouble) -> bool:
        """It is over, and the owner hears so; False if even that cannot be written yet."""
        try:
            await self._units.run(lambda work: troubles.record(work, found.kind, "", found.since, why=found.why))
        except Exception as error:
            logger.error("the end of a trouble cannot be written down", trouble=found.kind.value, exc_info=error)
            return False
        database_note.remove(self._context.settings.data_dir)
        return True

    async def tell_refused_token(self) -> None:
        """The bot does not start because its token is not known: the owners of a shop that ran hear of it, once."""
        if await self._units.run(troubles.reachable_owners) and await self._reporter.begin(TroubleKind.TOKEN_REVOKED):
            await self._tell_by_alarms(TroubleKind.TOKEN_REVOKED, "")

    # --- once a minute ----------------------------------------------------------------------------------------------

    async def look_around(self) -> None:
        """At disk, clocks, updates that were put aside; and whom to write to is remembered."""
        try:
            self._owners = await self._units.run(_contacts)
            await self._reporter.refresh()
            if self._ours is None:
                self._ours = self._reporter.lasting
            await self._units.run(quarantine_alerts.settle)
            await self._look_at_disk()
            await self._look_at_clocks()
            await self._db.run(lambda tx: data_marker.note(tx, self._context.settings))
        except Exception as error:
            logger.error("a look at the surroundings failed", failure=log.describe(error), exc_info=error)

    async def _look_at_disk(self) -> None:
        usage = self._disk(self._database_folder())
        if trouble_limits.is_low(usage):
            await self._begin(TroubleKind.DISK_LOW, "", **trouble_limits.disk_details(usage))
        elif trouble_limits.is_ample(usage):
            await self._end(TroubleKind.DISK_LOW, "")

    async def _look_at_clocks(self) -> None:
        if self._telegram.ahead is not None:
            await self._compare("telegram", self._telegram.ahead)
        if self._db.name == "postgresql":
            await self._compare("database", await self._db.run(_ahead_of_database))

    async def _compare(self, about: str, ahead: float) -> None:
        """A clock is wrong when two looks say so: one answer may have been held up somewhere."""
        off, before = trouble_limits.is_off(ahead), self._off.get(about, False)
        self._off[about] = off
        if off and before:
            await self._begin(TroubleKind.CLOCK_WRONG, about, seconds=round(ahead))
        elif trouble_limits.is_right(ahead):
            await self._end(TroubleKind.CLOCK_WRONG, about)

    async def _begin(self, kind: TroubleKind, about: str, **data: str | int) -> None:
        self._ours = {*(self._ours or ()), (kind, about)}
        await self._reporter.begin(kind, about, **data)

    async def _end(self, kind: TroubleKind, about: str) -> None:
        """It is over where this bot has met it, or has found it left by a run before: the disk and the clock of another
        machine are no better for ours."""
        if (kind, about) in (self._ours or ()):
            await self._reporter.end(kind, about)


def _contacts(work: UnitOfWork) -> list[OwnerContact]:
    people = troubles.reachable_owners(work)
    return [OwnerContact(one.telegram_id, one.locale) for one in people if one.telegram_id is not None]


def _ahead_of_database(tx: Connection) -> float:
    asked = time.time()
    theirs = float(tx.execute(DATABASE_CLOCK).scalar_one())
    return (asked + time.time()) / 2 - theirs
