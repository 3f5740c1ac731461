"""A file's bytes come to our disk: downloaded, looked through, cleaned of what a picture tells, or refused.

What goes out of the firm is what lies on the disk: of a picture that was cleaned, Telegram's own copy is never sent.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

from bot import log
from bot.unit_of_work_factory import UnitOfWorkFactory
from services.files import blobs, file_contents, received_files, stored_files
from services.files.blobs import BlobLost
from services.files.file_contents import FileContent
from services.files.stored_files import StoredFile
from services.unit_of_work import UnitOfWork

logger = log.get("bot.delivery.file_bytes")


class FileSource(Protocol):
    """Who fetches a file from Telegram: bot.telegram_client.TelegramClient."""

    async def download(self, file_id: str) -> bytes: ...


async def bring(telegram: FileSource, units: UnitOfWorkFactory, data_dir: Path, one: StoredFile) -> StoredFile | None:
    """Have a file's bytes on the disk, looked through; the file as it is known then, None if it was refused or removed.

    BlobLost if neither the disk nor Telegram has them; else what `TelegramClient.download` raises.
    """
    if one.is_looked_at and one.sha is not None and await asyncio.to_thread(blobs.is_kept, data_dir, one.sha):
        return one
    twin = await units.run(lambda work: stored_files.twin(work, one)) if one.sha is None else None
    if twin is not None and await asyncio.to_thread(blobs.is_kept, data_dir, twin.sha or ""):
        return await units.run(lambda work: stored_files.mark_like(work, one, twin))
    data = await _bytes(telegram, data_dir, one)
    found = await asyncio.to_thread(file_contents.look_through, data, one.kind, one.name)
    if await units.run(lambda work: _refused(work, one, found)):
        logger.warning("a file was refused", file_id=one.id, content=found.mime)
        return None
    sha = await asyncio.to_thread(blobs.store, data_dir, found.data)

    def took(work: UnitOfWork) -> StoredFile | None:
        received_files.took(work, one, found, sha, changed=found.data != data)
        return stored_files.find_also_removed(work, one.id)

    return await units.run(took)


def _refused(work: UnitOfWork, one: StoredFile, found: FileContent) -> bool:
    why = received_files.refusal_of(work, one, found)
    if why is not None:
        received_files.refuse(work, one, why)
    return why is not None


async def _bytes(telegram: FileSource, data_dir: Path, one: StoredFile) -> bytes:
    if one.sha is not None and await asyncio.to_thread(blobs.is_kept, data_dir, one.sha):
        return await asyncio.to_thread(blobs.read, data_dir, one.sha)
    if not one.telegram_id:
        raise BlobLost(one.sha or "", "is not on the disk, and Telegram never had it")
    return await telegram.download(one.telegram_id)


async def forget(
    units: UnitOfWorkFactory, data_dir: Path, sha: str, *, young: timedelta | None = None
) -> Literal["used", "gone", "young"]:
    """Take bytes off the disk if no row needs them. Those that were stored (again) a short while ago stay: somebody may
    be about to write the row of his file, which has the same bytes."""
    if await units.run(lambda work: stored_files.is_used(work, sha)):
        return "used"
    age = stored_files.AFTER_REMOVAL / 2 if young is None else young
    older_than = datetime.now().astimezone() - age  # by the disk's clock
    return "gone" if await asyncio.to_thread(blobs.remove, data_dir, sha, older_than) else "young"
