"""Files of deals by phones: the bin, what is refused, what may not be passed on, and who else can read the disk (safety
21, 23; proof 34)."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import ExifTags, Image
from sqlalchemy import select
from structlog.testing import capture_logs

from models.tables.files import FileRow
from services.files import blobs
from tests.stories.core.test_reminders import down, up
from tests.stories.driver import Phone, Seen, Shop

MARIA = ("Мария Иванова", "+7 916 123-45-67")


def photographed() -> bytes:
    """A picture with the place where it was taken, as a telephone sends it as a file."""
    made, out = Image.Exif(), io.BytesIO()
    made.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (55.0, 45.0, 21.0)
    made[ExifTags.Base.Artist] = "Petrov"
    Image.new("RGB", (40, 30), "red").save(out, "JPEG", exif=made)
    return out.getvalue()


async def order(phone: Phone, client: tuple[str, str] = MARIA) -> None:
    await phone.text("/menu")
    await phone.tap("➕ Новый заказ")
    await phone.fill(*client, "Кухня", "150 000")


async def put(phone: Phone, name: str, data: bytes) -> Seen:
    """A file into the deal's folder; the folder as it is then."""
    await phone.send_files((name, data), kind="document")
    await phone.tap("Кухня", "Куда положить")
    await phone.shop.later(seconds=1)
    await phone.open("2026-0001")
    return await phone.tap("Файлы")


def everything(folder: Path) -> list[Path]:
    return [folder, *folder.rglob("*")]


async def test_a_file_removed_by_mistake_waits_in_the_bin_and_is_destroyed_after_thirty_days(
    shop: Shop, boss: Phone, anna: Phone, tmp_path: Path
) -> None:
    await order(anna)
    await put(anna, "договор.pdf", b"%PDF-1.7 contract")
    for again in (True, False):
        await anna.tap("📎 договор.pdf")
        await anna.tap("Убрать из папки")
        await anna.tap("Убрать", "Убрать файл из папки?")
        await shop.later(days=20)
        if again:
            await boss.open("2026-0001")
            await boss.tap("Файлы")
            seen = await boss.tap("🗑 Корзина · 1")
            assert "Убрано: Анна Соколова" in seen.text
            back = await boss.tap("↩️ Вернуть: договор.pdf")
            assert back.button("📎 договор.pdf"), "twenty days later it is there"
            await anna.open("2026-0001")
            await anna.tap("Файлы")
    await shop.later(days=11)
    await shop.app._daily()
    assert await shop.rows(select(FileRow.id)) == []
    await anna.press((await anna.last()).id, "v1:fback:1", forged=True)
    assert "Этого файла больше нет" in (anna.toast or "")


async def test_a_picture_comes_back_without_its_place_and_a_program_does_not_come_in(
    shop: Shop, anna: Phone, tmp_path: Path
) -> None:
    await order(anna)
    await put(anna, "IMG_0001.jpg", photographed())
    back = await anna.tap("📎 IMG_0001.jpg")
    assert back.media is not None
    async with shop.http.get(f"{shop.sandbox.url}{back.media['url']}") as answer:
        given = await answer.read()
    with Image.open(io.BytesIO(given)) as opened:
        assert (opened.size, dict(opened.getexif())) == ((40, 30), {})
    assert b"Petrov" not in given
    await anna.send_files(("чертёж.exe", b"MZ"), kind="document")
    assert "Программы, скрипты и ярлыки бот не хранит" in (await anna.last()).text
    await put(anna, "чертёж.pdf", b"MZ" + bytes(70))
    told = await anna.sees_only("Файл «чертёж.pdf» не сохранён")
    assert "это программа или скрипт" in told.text
    assert len(list(blobs.every(tmp_path))) == 1


async def test_a_list_of_clients_cannot_be_passed_on_by_an_employee(shop: Shop, owner: Phone, anna: Phone) -> None:
    await order(anna)
    await order(anna, ("Мария Сидорова", "+7 916 111-22-33"))
    protected = {}
    for phone in (anna, owner):
        await phone.text("Мария")
        await phone.sees("Нашлись 4 записи")
        chats = [one for one in shop.sandbox.world.home.chats.values() if one.person.id == phone.key]
        bodies = [one.messages[max(one.messages)].body for one in chats]
        protected[phone.name] = [bool(one.get("has_protected_content")) for one in bodies]
    assert list(protected.values()) == [[True], [False]]


async def test_what_others_could_read_is_closed_at_start_and_said(shop: Shop, tmp_path: Path) -> None:
    await down(shop)
    (tmp_path / "files" / "ab").mkdir(parents=True, exist_ok=True)
    (tmp_path / "files" / "ab" / "left.part").write_bytes(b"x")
    for one in everything(tmp_path):
        one.chmod(0o777)
    with capture_logs() as logged:
        await up(shop, tmp_path)
    assert [one for one in everything(tmp_path) if one.stat().st_mode & 0o077] == []
    (said,) = [one for one in logged if "ours alone now" in one["event"]]
    assert str(said["first"]).startswith(str(tmp_path)), "by name"
