"""A small company with a disk and a Telegram of its own: files on their way to the one and back from the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from aiogram.exceptions import TelegramBadRequest
from sqlalchemy import select

from bot.database import Database
from bot.delivery import stored_file_sender
from bot.jobs.job_runner import JobContext, JobRunner
from bot.telegram_client import BotApiCall, FileUpload
from bot.unit_of_work_factory import UnitOfWorkFactory
from keyboards.screen import DealFile, Screen, line
from models.tables.outbox import ScheduledRow
from services.files import deal_files, stored_files
from services.outbox import queue
from tests.conftest import MovableClock
from tests.worlds.office import NOON, Office, open_office

DATA = b"%PDF the signed contract"
PICTURE = b"\xff\xd8\xff a picture, as far as anybody looks"
CALL = BotApiCall(name="x")
DEAD = TelegramBadRequest(CALL, "Bad Request: wrong file identifier/HTTP URL specified")


@dataclass
class FakeTelegram:
    """Has some files by id; takes or refuses ids; keeps what was sent."""

    held: dict[str, bytes] = field(default_factory=dict)
    mood: Exception | None = None
    moods: list[Exception | None] = field(default_factory=list)  # of the next calls
    refuses: set[str] = field(default_factory=set)
    downloads: list[str] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any], dict[str, FileUpload]]] = field(default_factory=list)

    async def download(self, file_id: str) -> bytes:
        self.downloads.append(file_id)
        if self.mood is not None:
            raise self.mood
        if file_id not in self.held:
            raise TelegramBadRequest(CALL, "Bad Request: invalid file_id")
        return self.held[file_id]

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        files: Mapping[str, FileUpload] | None = None,
        paced: bool = False,
        **how: Any,
    ) -> Any:
        self.calls.append((method, dict(params), dict(files or {})))
        if (mood := self.moods.pop(0) if self.moods else self.mood) is not None:
            raise mood
        named = [str(value) for key, value in params.items() if key in ("photo", "document", "video", "media")]
        if any(one in name for one in self.refuses for name in named):
            raise DEAD
        if method == "sendMediaGroup":
            return [{"message_id": len(self.calls)} for _ in params["media"]]
        kind = "photo" if method == "sendPhoto" else "document"
        made = {"file_id": f"fresh-{len(self.calls)}"}
        return {"message_id": len(self.calls), kind: [made] if kind == "photo" else made}


@dataclass(frozen=True)
class Sent:
    unique_id: str = "u"
    kind: str = "document"
    name: str = "contract.pdf"
    size: int | None = None
    mime: str | None = None
    caption: str = ""

    @property
    def telegram_id(self) -> str:
        return f"tg-{self.unique_id}"


PHOTO = Sent("p", "photo", "photo.jpg")


@dataclass
class Shop:
    """An office, its disk, its Telegram, and the errands of its bot."""

    office: Office
    database: Database
    clock: MovableClock
    telegram: FakeTelegram
    folder: Path
    deal_id: int = 0

    @property
    def context(self) -> JobContext:
        units = UnitOfWorkFactory(self.database, self.clock, self.office.company)
        return JobContext(units, self.telegram, self.folder, SimpleNamespace())  # type: ignore[arg-type]

    async def put(self, sent: Sent, name: str | None = None) -> int:
        return await self.office.run(lambda work: deal_files.attach(work, self.deal_id, name, sent), "manager")

    async def row(self, key: int) -> stored_files.StoredFile | None:
        return await self.office.run(lambda work: stored_files.find(work, key))

    async def rows(self) -> list[tuple[str, str]]:
        query = (
            select(ScheduledRow.rule, ScheduledRow.delivery_state)
            .where(ScheduledRow.kind == "job")
            .order_by(ScheduledRow.id)
        )
        return [tuple(row) for row in await self.office.run(lambda work: work.tx.execute(query).all())]

    async def errands(self, **later: float) -> None:
        """Carry out what is due, after so long, and what that brings."""
        self.clock.forward(**later)
        self.office.now = self.clock()
        errands = JobRunner(self.context)
        while found := await self.context.units.run(queue.claim):
            for row in found:
                if row.kind == "job":
                    errands.start(row)
            await errands.settle()
        await errands.close()

    async def send(self, key: int, sent: Sent, **how: bool) -> dict[str, Any]:
        held = DealFile(key, sent.name)
        screen = Screen((line("Договор"),), photo=held) if sent.kind == "photo" else Screen(document=held)
        return await stored_file_sender.send_stored(self.telegram, self.context.units, self.folder, 77, screen, **how)


async def open_shop(database: Database, folder: Path) -> Shop:
    """The company with one deal."""
    office = await open_office(database)
    made = Shop(office, database, MovableClock(NOON), FakeTelegram(), folder)
    made.deal_id = (await office.deal()).id
    return made
