"""A backup every night by itself: made by another process, proven, rotated, and sent to the owner if that is wished.

The day's housekeeping asks every few minutes; the table of backups knows whether a night's is there, so it is made once
however often the bot starts and however many of it run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

from pydantic import SecretStr

from bot import log
from bot.background import TaskGroup
from bot.backup import backup_folder, backup_process, backup_sender, backup_troubles
from bot.backup.backup_order import BackupAnswer, BackupOrder
from bot.backup.backup_sender import BackupSender
from bot.settings import Settings
from bot.telegram_client import TelegramClient
from bot.unit_of_work_factory import UnitOfWorkFactory
from models import backups as nights
from models.backups import BackupKey
from services.operation import backup_keys, backups
from services.unit_of_work import UnitOfWork

Maker = Callable[[BackupOrder], Awaitable[BackupAnswer]]
MEGABYTE = 1024 * 1024
logger = log.get("bot.backup.nightly_backups")


class NightlyBackups:
    """Makes the backup that is due, and sends what waits. `make` carries an order out."""

    def __init__(
        self,
        units: UnitOfWorkFactory,
        telegram: TelegramClient,
        settings: Settings,
        *,
        make: Maker = backup_process.carry_out,
        part_size: int = backup_sender.PART_SIZE,
    ) -> None:
        self._units, self._settings, self._make = units, settings, make
        self._sender = BackupSender(units, telegram, self.folder, part_size)
        self._running: asyncio.Task[None] | None = None

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self._settings.backup_dir or self._settings.data_dir / "backups"

    def ask(self, tasks: TaskGroup) -> None:
        """Look in the background, unless that is going on already: a backup may take long, and nobody waits for it."""
        if self._running is None or self._running.done():
            self._running = tasks.spawn(self.look(), "nightly backup")

    async def look(self) -> None:
        """Make what is due and send what waits; keys are forgotten and asked about in time."""
        await self._units.run(backup_keys.forget)
        night = self._due()
        if night is not None and await self._units.run(lambda work: backups.claim(work, night)):
            await self._make_one(night)
        if self._settings.backup_to_owner:
            await self._units.run(backup_keys.ask_again)
            await self._sender.send()

    def _due(self) -> date | None:
        if not self._settings.backup_days:
            return None
        zone = self._units.company.calendar.zone
        return nights.due_night(self._units.clock(), zone, self._settings.backup_hour)

    async def _make_one(self, night: date) -> None:
        key = None
        try:
            key = await self._units.run(lambda work: self._key_for(work, night))
            answer = await self._make(self._order(night, key))
        except asyncio.CancelledError:
            await self._units.run(lambda work: backups.give_back(work, night))
            raise
        except Exception as error:  # no memory for another process, for example
            logger.error("a backup could not be begun", exc_info=error)
            answer = BackupAnswer(trouble=log.reason(error))
        await self._units.run(lambda work: self._write_down(work, night, key, answer))

    def _key_for(self, work: UnitOfWork, night: date) -> BackupKey | None:
        return backup_keys.of_month(work, nights.month_of(night)) if self._settings.backup_to_owner else None

    def _order(self, night: date, key: BackupKey | None) -> BackupOrder:
        settings = self._settings
        return BackupOrder(
            database=SecretStr(settings.database), data_dir=settings.data_dir, folder=self.folder, night=night,
            days=settings.backup_days, weeks=settings.backup_weeks, recipient=key.recipient if key else None,
            secret=SecretStr(key.secret) if key and key.secret else None,
        )  # fmt: skip

    def _write_down(self, work: UnitOfWork, night: date, key: BackupKey | None, answer: BackupAnswer) -> None:
        made = answer.made
        if made is None:
            backups.failed(work, night, answer.trouble)
            backup_troubles.begin(work, backup_troubles.NOT_MADE, reason=answer.trouble)
            return
        parts = self._sender.parts_for(answer.encrypted)
        name = backup_folder.name_of(night)
        if parts > backup_sender.MOST_PARTS:
            backup_troubles.begin(work, backup_troubles.TOO_BIG, megabytes=max(1, answer.encrypted // MEGABYTE))
            parts = 0
        else:
            backup_troubles.end(work, backup_troubles.TOO_BIG)
        recipient = key.recipient if key is not None and parts else None
        backups.made(work, night, name, made.size, made.rows, restored=made.restored, recipient=recipient, parts=parts)
        backup_troubles.end(work, backup_troubles.NOT_MADE)
        logger.info("backup made", file=name, rows=made.rows, files=made.files, bytes=made.size, parts=parts)
