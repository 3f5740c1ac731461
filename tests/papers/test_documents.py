"""Files on their way to Telegram: from our disk, made on the spot, gone (K-7, K-11)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import insert, select

from bot.database import Database
from bot.delivery import outgoing_files
from bot.delivery.rate_limits import RateLimits
from bot.telegram_client import TelegramClient
from bot.unit_of_work_factory import UnitOfWorkFactory
from keyboards.screen import BlobFile, Button, DealFile, InlineFile, Screen, bold, line
from models.tables.files import FileRow
from sandbox.server import Sandbox
from sandbox.world.shifted_clock import ShiftedClock
from services.files import blobs
from services.unit_of_work import Company
from tests.conftest import MovableClock

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PDF = b"%PDF-1.7 a paper"


@pytest.fixture
async def desk(
    database: Database, clock: MovableClock, company: Company, tmp_path: Path
) -> AsyncIterator[tuple[TelegramClient, UnitOfWorkFactory, Path, int, Sandbox]]:
    """A bot on a sandbox with one phone that has pressed /start."""
    sandbox = Sandbox(clock=ShiftedClock(AT, frozen=True), web=False)
    await sandbox.start()
    telegram = TelegramClient("1:documents", sandbox.url, limits=RateLimits.none())
    await telegram.call("getMe", {})
    async with aiohttp.ClientSession() as http:
        made = await (await http.post(f"{sandbox.url}/sandbox/phones", json={"first_name": "Анна"})).json()
        await http.post(f"{sandbox.url}/sandbox/phones/{made['id']}/start", json={})
    yield telegram, UnitOfWorkFactory(database, clock, company), tmp_path, made["id"], sandbox
    await telegram.close()
    await sandbox.close()


def screen(document: Any) -> Screen:
    return Screen((line(bold("Договор")),), ((Button("Открыть", "v1:home"),),), document=document)


async def test_an_attachment_goes_as_an_upload_with_caption_and_buttons(desk: Any) -> None:
    telegram, units, folder, chat, _ = desk
    sent = await outgoing_files.send(telegram, units, folder, chat, screen(InlineFile("Договор.pdf", PDF)))
    assert (sent["document"]["file_name"], sent["caption"]) == ("Договор.pdf", "Договор")
    assert sent["reply_markup"]["inline_keyboard"][0][0]["text"] == "Открыть"
    assert await telegram.download(sent["document"]["file_id"]) == PDF


async def test_a_stored_file_goes_from_the_disk_once_and_by_its_id_from_then_on(
    desk: Any, order: Any, database: Database
) -> None:
    telegram, units, folder, chat, _ = desk
    deal, sha = await order(), blobs.store(desk[2], PDF)
    row = {
        "deal_id": deal.id, "kind": "document", "name": "Договор.pdf", "telegram_id": "", "unique_id": f"sha:{sha}",
        "sha": sha, "at": AT,
    }  # fmt: skip
    key = await database.run(lambda tx: tx.execute(insert(FileRow).values(**row).returning(FileRow.id)).scalar_one())
    first = await outgoing_files.send(telegram, units, folder, chat, screen(DealFile(key, "Договор.pdf")))
    kept = await database.run(lambda tx: tx.execute(select(FileRow.telegram_id)).scalar_one())
    assert kept == first["document"]["file_id"]
    blobs.path_of(folder, sha).unlink()  # not needed any more
    again = await outgoing_files.send(telegram, units, folder, chat, screen(DealFile(key, "Договор.pdf")))
    assert again["document"]["file_unique_id"] == first["document"]["file_unique_id"]


async def test_bytes_kept_by_their_hash_go_as_an_upload(desk: Any) -> None:
    telegram, units, folder, chat, _ = desk
    sha = blobs.store(folder, PDF)
    sent = await outgoing_files.send(telegram, units, folder, chat, screen(BlobFile(sha, "Проба.docx")))
    assert sent["document"]["file_name"] == "Проба.docx"


@pytest.mark.parametrize("gone", [BlobFile("a" * 64, "Проба.docx"), DealFile(12345, "Договор.pdf")])
async def test_a_file_that_is_gone_leaves_its_text_and_buttons(desk: Any, gone: Any) -> None:
    telegram, units, folder, chat, _ = desk
    sent = await outgoing_files.send(telegram, units, folder, chat, screen(gone))
    assert sent["text"] == "Договор" and sent["reply_markup"]["inline_keyboard"]
