"""An encrypted backup goes into the owner's chat, part after part; what Telegram does not take waits."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from aiogram.exceptions import TelegramAPIError

from bot import log
from bot.backup import backup_encryption, backup_troubles
from bot.delivery import outgoing_messages, telegram_render
from bot.telegram_client import FileUpload, TelegramClient
from bot.unit_of_work_factory import UnitOfWorkFactory
from keyboards import backups as screens
from keyboards import translator
from models.backups import BackupKey, NightBackup
from models.entities import Employee
from services.operation import backup_keys, backups
from services.people import employees
from services.unit_of_work import UnitOfWork

PART_SIZE = 45 * 1024 * 1024  # bytes; Telegram takes 50 MB from a bot
MOST_PARTS = 10  # more would flood the chat: such a one stays in the folder
UPLOAD_TIMEOUT = 900.0  # seconds for a part
PAUSE = timedelta(hours=6)  # before a part that Telegram has refused is uploaded once more
logger = log.get("bot.backup.backup_sender")


class BackupSender:
    """Sends what is to be sent of the newest backup, out of `folder`, in parts of so many bytes."""

    def __init__(
        self, units: UnitOfWorkFactory, telegram: TelegramClient, folder: Path, part_size: int = PART_SIZE
    ) -> None:
        self._units, self._telegram, self._folder, self._size = units, telegram, folder, part_size

    def parts_for(self, size: int) -> int:
        """In how many documents so many bytes go."""
        return -(-size // self._size)

    async def send(self) -> None:
        """Send the parts that have not arrived; the encrypted file goes when all have."""
        while (found := await self._units.run(backups.newest_made)) is not None:
            if found.is_sent:
                await asyncio.to_thread(self._file(found).unlink, missing_ok=True)
                return
            if not await self._next_part(found):
                return

    async def _next_part(self, found: NightBackup) -> bool:
        """Send it; False if it is to be tried later, or by the machine that has the file."""
        reader = await self._units.run(_reader)
        if reader is None:
            return False  # nobody has joined as owner yet
        try:
            data = await asyncio.to_thread(_slice, self._file(found), found.sent, self._size)
        except FileNotFoundError:
            return False
        if not await self._units.run(lambda work: backups.claim_part(work, found)):
            return False
        try:
            await self._upload(found, reader, data)
        except TelegramAPIError as error:
            failure = error
            await self._units.run(lambda work: self._failed(work, found, failure))
            return False
        await self._units.run(lambda work: self._arrived(work, found))
        return True

    async def _upload(self, found: NightBackup, reader: Employee, data: bytes) -> None:
        key = await self._units.run(lambda work: _key_of(work, found))
        t = translator.translator(reader.locale, self._units.company.calendar.zone)
        screen = screens.caption(found, key, t)
        params = {
            "chat_id": reader.telegram_id,
            "caption": telegram_render.html(screen),
            "parse_mode": "HTML",
            "disable_notification": True,  # it comes at night
        }
        name = backup_encryption.part_name(self._file(found).name, found.sent + 1, found.parts)
        files = {"document": FileUpload(data, name)}
        await self._telegram.call("sendDocument", params, files=files, timeout=UPLOAD_TIMEOUT, paced=True)

    def _failed(self, work: UnitOfWork, found: NightBackup, error: TelegramAPIError) -> None:
        verdict = outgoing_messages.verdict(error)
        logger.warning("a part of the backup did not go", verdict=verdict, failure=log.describe(error))
        # one that may be there is sent once more, and says so
        shut = verdict in ("gone", "refused")
        pause = PAUSE if shut else timedelta()
        backups.part_ended(work, found.night, found.sent, unsure=verdict == "doubt", pause=pause)
        if shut:
            backup_troubles.begin(work, backup_troubles.NOT_SENT, reason=outgoing_messages.reason(error))

    def _arrived(self, work: UnitOfWork, found: NightBackup) -> None:
        backups.part_ended(work, found.night, found.sent + 1)
        if found.sent + 1 >= found.parts:
            backup_troubles.end(work, backup_troubles.NOT_SENT)

    def _file(self, found: NightBackup) -> Path:
        return self._folder / f"{found.name}{backup_encryption.SUFFIX}"


def _slice(file: Path, place: int, size: int) -> bytes:
    with file.open("rb") as source:
        source.seek(place * size)
        return source.read(size)


def _reader(work: UnitOfWork) -> Employee | None:
    """The owner who has been here the longest, of those whom Telegram reaches."""
    found = [one for one in employees.of_role(work, "owner") if one.telegram_id is not None]
    return next((one for one in found if one.unreachable_at is None), found[0] if found else None)


def _key_of(work: UnitOfWork, found: NightBackup) -> BackupKey | None:
    return next((one for one in backup_keys.known(work) if one.recipient == found.recipient), None)
