"""Files are what their bytes are, and what goes back to people tells nothing beside what it shows (safety 21, 23)."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from sqlalchemy import delete, select

from bot.database import Database
from bot.jobs import fetch_job
from handlers.notices import notice_reader
from keyboards.notices.notices import single
from models.errors import NotFound
from models.fields.groups import FileLike
from models.tables.files import FileRow
from models.tables.outbox import ScheduledRow
from services import company_settings
from services.deals import deal_queries
from services.files import blobs, folder_changes, stored_files
from services.unit_of_work import UnitOfWork
from tests.worlds.office import russian
from tests.worlds.outbox import notices
from tests.worlds.stored_shop import DATA, PICTURE, Sent, Shop, open_shop

PAGE = b"<!DOCTYPE html><script>steal()</script>"


@pytest.fixture
async def shop(database: Database, tmp_path: Path) -> Shop:
    return await open_shop(database, tmp_path)


def photographed() -> bytes:
    """As a telephone sends it as a file: with the place."""
    made, out = Image.Exif(), io.BytesIO()
    made[ExifTags.Base.Artist] = "Petrov"
    made.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (55.0, 45.0, 21.0)
    Image.new("RGB", (40, 30), "red").save(out, "JPEG", exif=made)
    return out.getvalue()


def tells(data: bytes) -> bool:
    with Image.open(io.BytesIO(data)) as opened:
        return bool(opened.getexif()) or b"Petrov" in data


def with_field(shop: Shop, field: str, change: Callable[[FileLike], FileLike]) -> None:
    office = shop.office
    process = office.company.processes["furniture"]
    described = process.fields[field]
    assert isinstance(described, FileLike)
    fields = {**process.fields, field: change(described)}
    office.company = replace(office.company, processes={"furniture": process.model_copy(update={"fields": fields})})


async def told(shop: Shop) -> list[str]:
    def letters(work: UnitOfWork) -> list[str]:
        rows = notices(work, ScheduledRow.rule == "fetch")
        return [single(notice_reader.read(work, row, russian()), work.now, russian()).plain for row in rows]

    return await shop.office.run(letters)


async def kept(shop: Shop) -> int:
    return len(await shop.office.run(lambda work: work.tx.execute(select(FileRow.id)).all()))


# --- what it is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "mime", "data", "why"),
    [
        ("план.pdf", "application/pdf", b"MZ" + bytes(70), "это программа или скрипт"),
        ("фото.jpg", "image/jpeg", b"#!/bin/sh\n", "это программа или скрипт"),
        ("договор.pdf", "application/pdf", PAGE, "внутри веб-страница"),
        ("эскиз.png", "image/png", b"<svg onload='x()'>", "внутри веб-страница"),
        ("план.png", "image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff", "слишком много точек"),
    ],
)
async def test_what_is_something_else_inside_is_not_kept_and_its_sender_hears_why(
    shop: Shop, name: str, mime: str, data: bytes, why: str
) -> None:
    shop.telegram.held["tg-u"] = data
    key = await shop.put(Sent(name=name, mime=mime))
    await shop.office.run(lambda work: folder_changes.move(work, key, "documents"), "manager")
    await shop.errands()
    (said,) = await told(shop)
    assert f"Файл «{name}» не сохранён" in said and why in said
    assert await kept(shop) == 0
    assert list(blobs.every(shop.folder)) == [], "nor are its bytes"
    deal = await shop.office.run(lambda work: deal_queries.get(work, shop.deal_id), "manager")
    assert "documents" not in deal.fields, "the field is empty again"
    with pytest.raises(NotFound):
        await shop.send(key, Sent())


async def test_a_page_that_says_what_it_is_is_kept_and_goes_as_a_file(shop: Shop) -> None:
    shop.telegram.held["tg-u"] = PAGE
    key = await shop.put(Sent(name="отчёт.html", mime="image/png"))
    await shop.errands()
    row = await shop.row(key)
    assert row is not None and row.content == "text/html"
    await shop.send(key, Sent())
    assert shop.telegram.calls[-1][0] == "sendDocument"


async def test_a_paper_among_the_photos_is_refused_and_elsewhere_kept_as_what_it_is(shop: Shop) -> None:
    shop.telegram.held |= {"tg-1": DATA, "tg-2": DATA}
    await shop.put(Sent("1", name="акт.jpg", mime="image/jpeg"), "act_photo")
    second = await shop.put(Sent("2", name="акт.jpg", mime="image/jpeg"))
    await shop.errands()
    assert ["это не картинка, а здесь нужно фото" in one for one in await told(shop)] == [True]
    row = await shop.row(second)
    assert row is not None and row.content == "text/plain"


async def test_what_calls_itself_a_photo_and_is_none_is_never_sent_as_one(shop: Shop) -> None:
    shop.telegram.held["tg-u"] = DATA
    sent = Sent(kind="photo", name="photo.jpg")
    key = await shop.put(sent)
    await shop.errands()
    shop.telegram.refuses = {"tg-"}
    await shop.send(key, sent)
    assert [method for method, _, files in shop.telegram.calls if files] == ["sendDocument"]


async def test_a_file_in_the_bin_is_refused_there_too(shop: Shop) -> None:
    shop.telegram.held["tg-u"] = b"MZ" + bytes(70)
    key = await shop.put(Sent())
    await shop.office.run(lambda work: folder_changes.remove(work, key), "manager")
    await shop.errands()
    assert await kept(shop) == 0


# --- what it tells ----------------------------------------------------------------------------------------------


async def test_a_picture_sent_as_a_file_comes_back_without_its_place_and_not_by_telegrams_copy(shop: Shop) -> None:
    shop.telegram.held["tg-u"] = photographed()
    sent = Sent(name="IMG_1.jpg", mime="image/jpeg")
    key = await shop.put(sent)
    other = await shop.put(sent, "design")
    await shop.errands()
    for one in (key, other):
        await shop.send(one, sent)
        _, params, files = shop.telegram.calls[-1]
        assert not [value for value in params.values() if str(value).startswith("tg-")]
        assert not [file for file in files.values() if tells(file.data)]
    assert [tells(path.read_bytes()) for _, path in blobs.every(shop.folder)] == [False], "nor does our own copy tell"
    assert shop.telegram.downloads == ["tg-u"]


async def test_before_the_errand_was_run_it_is_looked_at_on_its_way(shop: Shop) -> None:
    shop.telegram.held["tg-u"] = photographed()
    sent = Sent(name="IMG_1.jpg", mime="image/jpeg")
    await shop.send(await shop.put(sent), sent)
    (upload,) = shop.telegram.calls[-1][2].values()
    assert not tells(upload.data)


async def test_one_that_cannot_be_cleaned_or_looked_at_stays_in_the_chat(shop: Shop) -> None:
    """TIFF and GIF are not read by us; a file that neither the disk nor Telegram has can be sent by its id only."""
    out = io.BytesIO()
    Image.new("RGB", (4, 3)).save(out, "TIFF")
    shop.telegram.held = {"tg-t": out.getvalue(), "tg-d": DATA}
    protected = []
    for name in ("t", "lost", "d"):
        await shop.send(await shop.put(Sent(name)), Sent(name))
        protected.append(shop.telegram.calls[-1][1]["protect_content"])
    assert protected == [True, True, None]


async def test_pictures_of_before_are_cleaned_by_and_by(shop: Shop) -> None:
    """Files that an older version kept with all that they tell: once a day some are gone through."""
    key = await shop.put(Sent(name="IMG_1.jpg", mime="image/jpeg"))
    await shop.office.run(lambda work: work.tx.execute(delete(ScheduledRow)))
    old = blobs.store(shop.folder, photographed())
    await shop.office.run(lambda work: stored_files.mark(work, key, old, 1))
    await shop.office.run(lambda work: company_settings.remove(work.tx, company_settings.OLD_FILES_PASSED))
    shop.clock.forward(days=2)
    await shop.context.units.run(fetch_job.ask_old)
    await shop.errands()
    row = await shop.row(key)
    assert row is not None and row.sha not in (None, old)
    assert not tells(blobs.read(shop.folder, row.sha or ""))
    forgotten = select(ScheduledRow.payload).where(ScheduledRow.rule == "forget")
    assert await shop.office.run(lambda work: work.tx.execute(forgotten).scalar_one()) == {"sha": old}


# --- who may pass it on -----------------------------------------------------------------------------------------


async def test_a_personal_file_that_is_kept_from_somebody_is_not_passed_on(shop: Shop) -> None:
    """Proof 34: a passport may not be forwarded; a drawing, and what the process calls not personal, may."""
    with_field(shop, "design", lambda one: one.model_copy(update={"hidden_from": ("installer",)}))
    with_field(shop, "project", lambda one: one.model_copy(update={"hidden_from": ("installer",), "personal": False}))
    shop.telegram.held = {f"tg-{n}": DATA + n.encode() for n in "abc"}
    protected = []
    for name, field in (("a", "design"), ("b", "project"), ("c", "documents")):
        await shop.send(await shop.put(Sent(name), field), Sent(name))
        protected.append(shop.telegram.calls[-1][1]["protect_content"])
    assert protected == [True, None, None]


async def test_an_album_with_such_a_photo_is_not_passed_on(shop: Shop) -> None:
    with_field(shop, "act_photo", lambda one: one.model_copy(update={"hidden_from": ("installer",)}))
    photos = [Sent(str(n), "photo", "photo.jpg", mime="image/jpeg") for n in range(3)]
    shop.telegram.held = {one.telegram_id: PICTURE for one in photos}
    keys = [await shop.put(one, "act_photo" if place == 2 else None) for place, one in enumerate(photos)]
    me = shop.office.staff["manager"].id
    for some, expected in ((keys[:2], None), (keys, True)):
        await shop.office.run(lambda work, some=some: stored_files.ask_album(work, me, some), "manager")
        await shop.errands()
        assert shop.telegram.calls[-1][0] == "sendMediaGroup"
        assert shop.telegram.calls[-1][1]["protect_content"] is expected
