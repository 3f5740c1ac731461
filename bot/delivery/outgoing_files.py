"""Screens that carry a file which Telegram may not have yet: from our disk, or made on the spot."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot import log
from bot.delivery import outgoing_messages, stored_file_sender
from bot.delivery.stored_file_sender import FileCalls
from bot.telegram_client import FileUpload
from bot.unit_of_work_factory import UnitOfWorkFactory
from keyboards.screen import BlobFile, InlineFile, Screen
from models.errors import NotFound
from services.files import blobs
from services.files.blobs import BlobLost

logger = log.get("bot.delivery.outgoing_files")


def holds_file(screen: Screen) -> bool:
    """Whether the screen shows a file that is more than an id of Telegram's."""
    return stored_file_sender.of_screen(screen) is not None or isinstance(screen.document, InlineFile | BlobFile)


async def send(
    telegram: FileCalls,
    units: UnitOfWorkFactory,
    data_dir: Path,
    chat_id: int,
    screen: Screen,
    *,
    silent: bool = False,
    paced: bool = False,
) -> dict[str, Any]:
    """Send such a screen and give Telegram's message. Raises what `Telegram.call` raises.

    A file that is gone leaves its text and buttons: who opens the deal sees what there still is.
    """
    try:
        if isinstance(screen.document, InlineFile | BlobFile):
            return await _upload(telegram, data_dir, chat_id, screen, screen.document, silent=silent, paced=paced)
        return await stored_file_sender.send_stored(
            telegram, units, data_dir, chat_id, screen, silent=silent, paced=paced
        )
    except (NotFound, BlobLost) as error:
        logger.error("a file cannot be sent", failure=log.describe(error))
        bare = replace(screen, photo=None, document=None)
        return dict(await telegram.call(*outgoing_messages.message(chat_id, bare, silent=silent), paced=paced))


async def _upload(
    telegram: FileCalls,
    data_dir: Path,
    chat_id: int,
    screen: Screen,
    document: InlineFile | BlobFile,
    *,
    silent: bool,
    paced: bool,
) -> dict[str, Any]:
    if isinstance(document, BlobFile):
        data = await asyncio.to_thread(blobs.read, data_dir, document.sha)
    else:
        data = document.data
    method, params = outgoing_messages.message(chat_id, screen, silent=silent)
    del params["document"]
    files = {"document": FileUpload(data, document.name)}
    return dict(await telegram.call(method, params, files=files, paced=paced))
