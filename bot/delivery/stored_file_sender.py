"""Files of a folder on their way back: by Telegram's file id, or, if Telegram does not take it, from our disk.

A file id is good for one bot only and may expire; the bytes on the disk are always good. The id that an upload gives is
remembered for the next time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from aiogram.exceptions import TelegramBadRequest

from bot import log
from bot.delivery import file_bytes, outgoing_messages, telegram_render
from bot.telegram_client import FileUpload
from bot.unit_of_work_factory import UnitOfWorkFactory
from keyboards.screen import DealFile, Screen
from models.errors import NotFound
from models.states import FileKind
from services.files import blobs, content_types, stored_files
from services.files.blobs import BlobLost
from services.files.stored_files import StoredFile

# method and parameter of each kind; a round video cannot have a caption
METHODS: dict[FileKind, tuple[str, str]] = {
    "photo": ("sendPhoto", "photo"),
    "document": ("sendDocument", "document"),
    "video": ("sendVideo", "video"),
    "animation": ("sendAnimation", "animation"),
    "audio": ("sendAudio", "audio"),
    "voice": ("sendVoice", "voice"),
    "video_note": ("sendVideoNote", "video_note"),
}
LARGEST_PHOTO = 10 * 1024 * 1024  # a bigger one goes as a document
# how Telegram says that it does not take a file id; anything else about a message is not cured by the disk
DEAD = ("file identifier", "file_id", "file reference", "file_reference", "can't use file of type", "file is empty")
logger = log.get("bot.delivery.stored_file_sender")


class FileCalls(Protocol):
    """Who makes the calls: bot.telegram_client.Telegram."""

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        files: Mapping[str, FileUpload] | None = None,
        paced: bool = False,
    ) -> Any: ...

    async def download(self, file_id: str) -> bytes: ...


def of_screen(screen: Screen) -> DealFile | None:
    """The stored file that the screen shows; None if it shows none."""
    for one in (screen.photo, screen.document):
        if isinstance(one, DealFile):
            return one
    return None


async def send_stored(
    telegram: FileCalls,
    units: UnitOfWorkFactory,
    data_dir: Path,
    chat_id: int,
    screen: Screen,
    *,
    silent: bool = False,
    paced: bool = False,
) -> dict[str, Any]:
    """Send a screen whose photo or document is a `Stored`, and give Telegram's message.

    NotFound if the file was removed meanwhile; BlobLost if Telegram does not take its id and the disk does not have it;
    else what `Telegram.call` raises.
    """
    stored = of_screen(screen)
    if stored is None:
        raise ValueError("the screen shows no stored file")
    one = await units.run(lambda work: stored_files.find(work, stored.file_id))
    if one is None:
        raise NotFound("file")
    one, protected = await _as_it_may_go(telegram, units, data_dir, one)
    params = {
        "chat_id": chat_id,
        "parse_mode": "HTML",
        "reply_markup": telegram_render.keyboard(screen),
        "disable_notification": silent or None,
        "protect_content": screen.protect or protected or None,
        "caption": telegram_render.html(screen)[: outgoing_messages.LONGEST_CAPTION] or None,
    }
    if one.telegram_id:
        try:
            return await _by_id(telegram, one, params, paced=paced)
        except TelegramBadRequest as error:
            if not is_dead(error):
                raise
            logger.info("Telegram does not take a file id", file_id=one.id, reason=log.describe(error))
    return await _from_disk(telegram, units, data_dir, one, params, paced=paced)


async def _as_it_may_go(
    telegram: FileCalls, units: UnitOfWorkFactory, data_dir: Path, one: StoredFile
) -> tuple[StoredFile, bool]:
    """The file, looked through and cleaned, and whether it may not be passed on. NotFound if it is refused then.

    What cannot be looked through, because nobody has its bytes, stays in the chat that it is sent to.
    """
    unseen = False
    if not one.is_looked_at and one.kind == "document":
        try:
            seen = await file_bytes.bring(telegram, units, data_dir, one)
        except (TelegramBadRequest, BlobLost) as error:
            logger.warning("a file goes out unseen", file_id=one.id, failure=log.describe(error))
            seen, unseen = one, True
        if seen is None:
            raise NotFound("file")
        one = seen
    return one, unseen or await units.run(lambda work: stored_files.is_protected(work, one))


def is_dead(error: TelegramBadRequest) -> bool:
    """Whether the refusal is about the file's id, so that sending the bytes anew helps."""
    said = error.message.lower()
    return any(word in said for word in DEAD)


async def _by_id(telegram: FileCalls, one: StoredFile, params: dict[str, Any], *, paced: bool) -> dict[str, Any]:
    method, name = METHODS.get(one.kind, METHODS["document"])
    given = {
        key: value for key, value in params.items() if name != "video_note" or key not in ("caption", "parse_mode")
    }
    sent: dict[str, Any] = await telegram.call(method, {**given, name: one.telegram_id}, paced=paced)
    return sent


async def _from_disk(
    telegram: FileCalls,
    units: UnitOfWorkFactory,
    data_dir: Path,
    one: StoredFile,
    params: dict[str, Any],
    *,
    paced: bool,
) -> dict[str, Any]:
    if one.sha is None:
        raise BlobLost("", f"file {one.id} was never brought to the disk")
    data = await asyncio.to_thread(blobs.read, data_dir, one.sha)
    upload = FileUpload(data, one.name)
    as_photo = one.kind == "photo" and len(data) <= LARGEST_PHOTO and content_types.look(data).is_picture
    sent: dict[str, Any] | None = None
    if as_photo:
        try:
            sent = await telegram.call("sendPhoto", params, files={"photo": upload}, paced=paced)
        except TelegramBadRequest as error:  # dimensions, format: as a document it goes all the same
            logger.info("a photo goes as a document", file_id=one.id, reason=log.describe(error))
    if sent is None:
        sent = await telegram.call("sendDocument", params, files={"document": upload}, paced=paced)
    fresh = new_id(sent)
    if fresh is not None:
        kind, telegram_id = fresh
        await units.run(lambda work: stored_files.remember_id(work, one, telegram_id, kind))
    return sent


def new_id(message: Mapping[str, Any]) -> tuple[FileKind, str] | None:
    """(kind, file id) of what a message shows; None if it shows no file."""
    if photo := message.get("photo"):
        return "photo", str(photo[-1]["file_id"])
    for kind in METHODS:
        held = message.get(kind)
        if isinstance(held, dict) and held.get("file_id"):
            return kind, str(held["file_id"])
    return None
