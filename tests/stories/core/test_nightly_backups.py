"""A backup every night by itself: proven, kept, encrypted into the owner's chat, and opened again with his key."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.backup import backup
from bot.backup.backup_order import BackupAnswer, BackupOrder
from bot.backup.nightly_backups import NightlyBackups
from bot.cli.cli_error import CliError
from services.operation import backup_keys, backups
from tests.stories.conftest import close_shop, open_shop
from tests.stories.driver import Phone, Seen, Shop

KEY = re.compile(r"AGE-SECRET-KEY-1\w+")


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    opened, http = await open_shop(tmp_path / "data", backup_to_owner=True)
    yield opened
    await close_shop(opened, http)


@pytest.fixture
async def owner(shop: Shop) -> Phone:
    return await shop.hire("Сергей Воронов", "owner")


def nightly(shop: Shop, **more: Any) -> NightlyBackups:
    """What the bot has, with the shop's clock."""
    return NightlyBackups(shop.app.units, shop.app.telegram, shop.app.settings, **more)


async def night(shop: Shop, **more: Any) -> None:
    """The day's housekeeping asks."""
    await nightly(shop, **more).look()
    await shop.settle()


async def documents(phone: Phone) -> list[Seen]:
    return [one for one in await phone.from_bot() if one.media]


def save_all(shop: Shop, folder: Path) -> list[Path]:
    """The owner downloads every document of the chat."""
    folder.mkdir()
    saved = []
    for file in shop.sandbox.world.files.by_number.values():
        saved.append(folder / str(file.name))
        saved[-1].write_bytes(file.data)
    return sorted(saved)


async def restored(file: Path, key: Path | None, to: Path) -> str:
    """`verstak restore` on another machine."""
    return str(await asyncio.to_thread(backup._restore, f"sqlite:///{to}/verstak.db", to, file, key, False))


def deals(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "verstak.db")) as db:
        return int(db.execute("SELECT count(*) FROM deal").fetchone()[0])


async def test_the_owner_gets_the_backup_and_its_key_and_a_new_machine_is_made_of_both(
    shop: Shop, owner: Phone, tmp_path: Path
) -> None:
    await shop.lead(name="Мария Иванова", phone="+79123456789")
    await night(shop)
    (sent,) = await documents(owner)
    assert "Резервная копия: пн, 23 ноября 2026" in sent.text and "ноябрь 2026" in sent.text

    asked = await owner.sees("Сохраните ключ резервных копий: ноябрь 2026")
    assert not KEY.search(asked.text)
    await owner.tap("Показать ключ", asked)
    found = KEY.search((await owner.sees("AGE-SECRET-KEY")).text)
    assert found is not None
    await owner.tap("Сохранил")
    await owner.sees_no("AGE-SECRET-KEY")
    await owner.sees("Вы сохранили его")

    (file,) = save_all(shop, tmp_path / "downloads")
    key = tmp_path / "key.txt"
    key.write_text(f"ключ от копий: {found[0]}\n", "utf-8")
    assert b"SQLite" not in file.read_bytes()
    assert "restored" in await restored(file, key, tmp_path / "new")
    assert deals(tmp_path / "new") == 1
    assert found[0].encode() not in (tmp_path / "new" / "verstak.db").read_bytes()  # no backup holds a key
    key.write_text(str(backup_keys.x25519.Identity.generate()), "utf-8")
    with pytest.raises(CliError, match="not opened by this key"):
        await restored(file, key, tmp_path / "other")


async def test_one_night_has_one_backup_however_often_the_bot_asks_or_starts(shop: Shop, owner: Phone) -> None:
    for _ in range(3):
        await night(shop)
    assert len(await documents(owner)) == 1
    await shop.until("2026-11-24T02:50")
    await night(shop)
    assert len(await documents(owner)) == 1
    await shop.until("2026-11-24T03:00")
    await asyncio.gather(*(nightly(shop).look() for _ in range(3)))  # three replicas
    names = [str(one.name) for one in shop.sandbox.world.files.by_number.values()]
    assert names == ["verstak-2026-11-23.zip.age", "verstak-2026-11-24.zip.age"]
    folder = nightly(shop).folder
    assert sorted(one.name for one in folder.iterdir()) == ["verstak-2026-11-23.zip", "verstak-2026-11-24.zip"]
    assert [oct(stat.S_IMODE(one.stat().st_mode)) for one in (folder, *folder.iterdir())] == ["0o700", "0o600", "0o600"]


async def test_a_big_backup_comes_in_parts_and_is_opened_from_any_of_them(
    shop: Shop, owner: Phone, tmp_path: Path
) -> None:
    await night(shop, part_size=3_000)
    parts = save_all(shop, tmp_path / "downloads")
    assert len(parts) > 2
    assert [re.search(r"часть (\d)", one.text)[1] for one in await documents(owner)] == [  # type: ignore[index]
        str(n + 1) for n in range(len(parts))
    ]
    key = tmp_path / "key.txt"
    key.write_text(str((await shop.app.units.run(backup_keys.known))[0].secret), "utf-8")
    await restored(parts[1], key, tmp_path / "new")
    parts[0].unlink()
    with pytest.raises(CliError, match=r"parts of the backup are missing .*1of"):
        await restored(parts[1], key, tmp_path / "other")


async def test_an_outage_of_telegram_puts_the_rest_off_and_what_is_unsure_comes_marked(
    shop: Shop, owner: Phone
) -> None:
    faults = shop.sandbox.faults
    faults.add("502", ["sendDocument"])
    await night(shop, part_size=3_000)
    assert await documents(owner) == []
    faults.add("drop_after", ["sendDocument"])  # it arrives, and nobody knows
    await night(shop, part_size=3_000)
    await night(shop, part_size=3_000)
    parts = [one.text for one in await documents(owner)]
    assert ["часть 1" in one for one in parts[:3]] == [True, True, False]
    assert ["Возможно, повтор" in one for one in parts[:3]] == [True, True, False]
    assert (await shop.app.units.run(backups.newest_made)).is_sent
    assert [one.suffix for one in nightly(shop).folder.iterdir()] == [".zip"]


async def test_a_chat_that_takes_no_backup_is_told_of_and_tried_again_later(shop: Shop, owner: Phone) -> None:
    shop.sandbox.faults.add("403", ["sendDocument"])
    await night(shop)
    await night(shop)
    assert await documents(owner) == []
    await owner.sees_only("Резервная копия не отправлена в чат")
    await shop.later(hours=6)
    await night(shop)
    assert len(await documents(owner)) == 1
    await owner.sees_only("Резервная копия снова сделана и проверена")


async def test_one_too_big_for_the_chat_stays_in_the_folder(shop: Shop, owner: Phone) -> None:
    await night(shop, part_size=500)
    assert await documents(owner) == []
    assert [one.name for one in nightly(shop).folder.iterdir()] == ["verstak-2026-11-23.zip"]
    await owner.sees_only("Резервная копия слишком велика для чата (1 МБ), она осталась в папке копий")


async def test_a_failure_is_tried_again_after_an_hour_and_three_times_a_night(shop: Shop, owner: Phone) -> None:
    folder = nightly(shop).folder
    folder.write_text("no folder")
    for _ in range(5):
        await night(shop)
        await shop.later(minutes=61)
    found = await shop.app.units.run(backups.newest)
    assert (found.state, found.tries) == ("failed", 3)
    await owner.tap("Резервные копии", await owner.text("/settings"))
    await owner.sees("Последняя копия не удалась")
    await owner.sees_only("Резервная копия не сделана: ")
    folder.unlink()
    await shop.until("2026-11-24T03:10")
    await night(shop)
    assert (await shop.app.units.run(backups.newest)).state == "made"
    await shop.until("2026-11-24T10:00")
    await owner.sees_only("Резервная копия снова сделана и проверена")


async def test_a_backup_that_cannot_even_be_begun_is_a_failure_too(shop: Shop, owner: Phone) -> None:
    async def make(order: BackupOrder) -> BackupAnswer:
        raise OSError(12, "Cannot allocate memory")

    await night(shop, make=make)
    await owner.sees_only("Резервная копия не сделана: OSError")


async def test_nobody_but_the_owner_sees_a_key(shop: Shop, owner: Phone) -> None:
    await night(shop)
    boss = await shop.hire("Ирина Белова", "supervisor")
    key = (await shop.app.units.run(backup_keys.known))[0]
    await owner.tap("Показать ключ")
    shown = await owner.sees("AGE-SECRET-KEY")
    copy = next(one for one in shown.labels if "Сохранил" in one)
    assert shown.button(copy) is not None
    message = await boss.last()
    for data in (shown.button(copy)["data"], "v1:bkp_key:1", "v1:backups"):  # type: ignore[index]
        await boss.press(message.id, data, forged=True)
    await boss.sees_no(str(key.secret))
    assert (await shop.app.units.run(lambda work: backup_keys.get(work, key.id))).saved_at is None


async def test_a_bot_that_stops_in_the_middle_ends_the_work_and_begins_it_anew(shop: Shop, owner: Phone) -> None:
    sha = "0" * 64
    blob = shop.app.settings.data_dir / "files" / "00" / sha
    blob.parent.mkdir(parents=True)
    os.mkfifo(blob)  # whoever reads it waits for ever
    running = nightly(shop)
    running.ask(shop.app.tasks)
    folder = running.folder
    async with asyncio.timeout(30):
        while not any(folder.glob("*.part")):  # noqa: ASYNC110 — another process has no event for it
            await asyncio.sleep(0.05)
    await shop.app.tasks.close()
    found = await shop.app.units.run(backups.newest)
    assert (found.state, found.tries) == ("failed", 0)
    blob.unlink()
    await night(shop)
    assert (await shop.app.units.run(backups.newest)).state == "made"
