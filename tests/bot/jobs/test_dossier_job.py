"""«Выгрузить всё»: an archive for each job, a bad line costs one of them; the owner hears if one cannot come."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from aiogram.exceptions import TelegramBadRequest
from sqlalchemy import select

from bot.jobs import dossier_job
from models.jobs import GiveDossier
from models.tables.outbox import ScheduledRow
from services.outbox import jobs
from tests.worlds.stored_shop import CALL, Sent, Shop, open_shop

BROKEN = TelegramBadRequest(CALL, "Bad Request: file is too big")


@pytest.fixture
async def shop(database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A client with three files, of which two do not go into one archive."""
    monkeypatch.setattr(dossier_job, "PART", 100)
    made = await open_shop(database, tmp_path)
    for name in ("one", "two", "three"):
        made.telegram.held[f"tg-{name}"] = b"%PDF " + name.encode() * 20
        await made.put(Sent(name, name=f"{name}.pdf"))
    await made.errands()
    return made


async def ask(shop: Shop) -> None:
    owner = shop.office.staff["owner"].id
    await shop.office.run(lambda work: jobs.ask(work, GiveDossier(lead=shop.deal_id), employee_id=owner), "owner")


def archives(shop: Shop) -> list[tuple[str, list[str]]]:
    found = [files["document"] for method, _, files in shop.telegram.calls if method == "sendDocument"]
    return [(one.name, [Path(name).name for name in ZipFile(io.BytesIO(one.data)).namelist()]) for one in found]


async def test_each_archive_is_a_job_of_its_own_and_one_that_fails_comes_again_alone(shop: Shop) -> None:
    await ask(shop)
    shop.telegram.moods = [None, BROKEN]
    await shop.errands()
    await shop.errands(minutes=1)
    assert [name for name, _ in archives(shop)] == [
        "Данные клиента 1 из 3.zip", "Данные клиента 2 из 3.zip", "Данные клиента 2 из 3.zip",
        "Данные клиента 3 из 3.zip",
    ]  # fmt: skip
    assert [len(names) for _, names in archives(shop)] == [2, 1, 1, 1]


async def test_the_owner_hears_that_a_part_cannot_come(shop: Shop) -> None:
    await ask(shop)
    shop.telegram.moods, shop.telegram.mood = [None], BROKEN
    for _ in range(6):
        await shop.errands(hours=1)

    def said(work: Any) -> list[Any]:
        wanted = select(ScheduledRow.payload).where(ScheduledRow.kind == "notice", ScheduledRow.rule == "dossier")
        return list(work.tx.execute(wanted).scalars())

    assert await shop.office.run(said) == [{"kind": "dossier_unsent", "lead": shop.deal_id, "part": 2, "of": 3}]
