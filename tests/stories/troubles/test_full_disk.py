"""A disk that is really full, under the real program (safety 9): presses are refused in words, a
lead is asked to come again, who looks is shown, nothing is half-written, and all goes on once there is room."""

from __future__ import annotations

import errno
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.server import Sandbox
from tests.stories.core.test_kill import Struck, running
from tests.stories.driver import Phone, Seen
from tests.stories.program import PATIENCE

SIZE = "24m"
MARIA, PETER, LENA = (
    ("Мария Иванова", "79123456701"),
    ("Пётр Сидоров", "79123456702"),
    ("Елена Краснова", "79123456703"),
)
ZOYA = ("Зоя Белова", "79123456704")
NO_ROOM = "На сервере нет места: записать не могу"
TOKEN = "story-intake-token"


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path_factory.mktemp("disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("nobody may mount a disk here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture(scope="module")
async def shop(disk: Path) -> AsyncIterator[Struck]:
    """The program on that disk: database, files, and its log."""
    sandbox = Sandbox(web=False)
    await sandbox.start()
    async with aiohttp.ClientSession() as http:
        found = Struck(sandbox, disk, http)
        found.settings |= {"INTAKE_TOKEN": TOKEN, "OPENING_HOURS": "0-24"}
        async with running(found):
            yield found
    await sandbox.close()


@pytest.fixture(scope="module")
async def anna(shop: Struck) -> Phone:
    """A manager."""
    return await shop.hire("Анна", "Соколова", "manager")


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Somebody else has taken all the room, to the last byte."""
    other = disk / "other"
    with other.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 1):
            try:
                while file.write(b"\0" * size):
                    continue
            except OSError as error:
                assert error.errno == errno.ENOSPC
    try:
        yield
    finally:
        other.unlink()


async def send(shop: Struck, name: str, phone: str, comment: str = "Кухня") -> tuple[int, str]:
    """A lead of the site: the status, and when to come again."""
    headers, given = {"Authorization": f"Bearer {TOKEN}"}, {"name": name, "phone": phone, "comment": comment}
    url = f"http://127.0.0.1:{shop.port}/intake/leads"
    async with shop.http.post(url, json=given, headers=headers) as answer:
        return answer.status, answer.headers.get("Retry-After", "")


async def card_of_lead(shop: Struck, anna: Phone, name: str, phone: str) -> Seen:
    """The card of a new lead, which is nobody's yet. The database's own log has no room left over."""
    assert (await send(shop, name, phone))[0] == 201
    await until_seen(shop, anna, name, "Открыть")
    await anna.tap("Открыть", name)
    await shop.settle()
    assert shop.query("PRAGMA wal_checkpoint(TRUNCATE)") == [(0, 0, 0)]
    return anna.screen


async def until_seen(shop: Struck, phone: Phone, text: str, label: str) -> Seen:
    """The newest message that contains the text and has that button, once it is there."""
    began = time.monotonic()
    while time.monotonic() < began + PATIENCE:
        for one in reversed(await phone.from_bot()):
            if text in one.text and one.button(label):
                return one
    raise AssertionError(f"no «{text}» with «{label}»:\n{await phone.dump()}")


async def press(shop: Struck, phone: Phone, message: Seen, label: str) -> dict[str, Any]:
    """Press and wait for the answer, up to ten seconds; not until all is done."""
    button = message.button(label)
    assert button is not None
    answer: dict[str, Any] = await shop.post(
        f"phones/{phone.key}/tap", {"message_id": message.id, "data": button["data"]}
    )
    return answer


def standing(shop: Struck) -> list[tuple[Any, ...]]:
    """What a move would change."""
    return shop.query("SELECT id, stage, version, responsible_id FROM deal ORDER BY id") + shop.query(
        "SELECT count(*), max(id) FROM event"
    )


async def test_a_full_disk_is_told_of_refuses_nobody_for_good_and_spoils_nothing(
    shop: Struck, anna: Phone, disk: Path
) -> None:
    assert (await send(shop, *PETER))[0] == 201
    card = await card_of_lead(shop, anna, *MARIA)
    before, process = standing(shop), shop.bot.process
    with full(disk):
        began = time.monotonic()
        answer = await press(shop, anna, card, "Взять себе")
        assert NO_ROOM in answer["text"] and answer["alert"]
        assert time.monotonic() - began < 5.0
        status, again = await send(shop, *LENA, comment="о" * 4_000)
        assert status == 503 and again.isdigit()
        other = await until_seen(shop, anna, PETER[0], "Открыть")
        await press(shop, anna, other, "Открыть")
        await until_seen(shop, anna, PETER[0], "Взять себе")
        assert standing(shop) == before
        assert shop.query("PRAGMA integrity_check") == [("ok",)]
    freed = time.monotonic()
    while (await anna.as_it_is(card)).button("Взять себе"):
        assert time.monotonic() - freed < 5.0, "it goes on within five seconds"
    assert (await send(shop, *LENA, comment="о" * 4_000))[0] == 201
    await shop.settle()
    assert shop.bot.process is process and process is not None and process.returncode is None, "without a restart"
    assert len(standing(shop)) == len(before) + 1, "Lena's deal"
    assert version_of(shop, MARIA[0]) == [(2, 1)], "once"


async def test_a_full_disk_does_not_keep_the_program_from_ending(shop: Struck, anna: Phone, disk: Path) -> None:
    """SIGTERM, and it is gone within ten seconds; what was pressed takes effect after the next start."""
    card = await card_of_lead(shop, anna, *ZOYA)
    with full(disk):
        assert NO_ROOM in (await press(shop, anna, card, "Взять себе"))["text"]
        told = time.monotonic()
        assert await shop.bot.stop() == 0
        assert time.monotonic() - told <= 10.0
    await shop.up()
    await shop.settle()
    assert version_of(shop, ZOYA[0]) == [(2, 1)]
    assert shop.query("PRAGMA integrity_check") == [("ok",)]


def version_of(shop: Struck, name: str) -> list[tuple[Any, ...]]:
    """Of somebody's deal, and whether it is somebody's."""
    return shop.query("SELECT version, responsible_id IS NOT NULL FROM deal WHERE title LIKE ?", f"%{name}%")
