"""Files: byte for byte both ways, albums, limits."""

import io
import struct
import zlib
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, InputMediaDocument, InputMediaPhoto, Message, Update

from sandbox.world import file_store

ANNA = 100_001


def png(width: int = 3, height: int = 2) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * (width + 1) * height))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")


async def attach(desk: Any, kind: str, *parts: tuple[str, bytes], caption: str = "") -> dict[str, Any]:
    form = aiohttp.FormData({"as": kind, "caption": caption})
    for name, data in parts:
        form.add_field("file", data, filename=name)
    async with desk.session.post(f"/sandbox/phones/{ANNA}/files", data=form) as response:
        body: dict[str, Any] = await response.json()
        return body


async def messages(bot: Bot) -> list[Message]:
    updates: list[Update] = await bot.get_updates(timeout=5)
    return [update.message for update in updates if update.message]


async def test_a_document_comes_and_goes_byte_for_byte(started: Any, bot: Bot) -> None:
    data = bytes(range(256)) * 300
    sent = await bot.send_document(
        ANNA, BufferedInputFile(data, "Договор № 7.pdf"), caption="<b>x</b>", parse_mode="HTML"
    )
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size, sent.document.mime_type) == (
        "Договор № 7.pdf",
        len(data),
        "application/pdf",
    )
    assert (sent.caption, [e.type for e in sent.caption_entities or []]) == ("x", ["bold"])
    loaded = await bot.download(sent.document.file_id, io.BytesIO())
    assert loaded is not None and loaded.read() == data
    (shown,) = [m for m in await started.seen() if not m["out"]]
    assert (shown["media"]["kind"], shown["media"]["size"]) == ("document", len(data))
    async with started.session.get(shown["media"]["url"]) as response:
        assert await response.read() == data
        assert response.headers["Content-Disposition"].startswith("attachment")


async def test_a_pdf_opens_in_the_browser_and_what_only_says_so_is_saved(started: Any, bot: Bot) -> None:
    """A paper is read at one press; a page with a script that calls itself a PDF is saved, as any other file."""
    for data, how in ((b"%PDF-1.7 paper", "inline"), (b"<script>1</script>", "attachment")):
        await bot.send_document(ANNA, BufferedInputFile(data, "Договор.pdf"))
        shown = (await started.seen())[-1]
        async with started.session.get(shown["media"]["url"]) as response:
            assert await response.read() == data
            assert response.headers["Content-Disposition"].startswith(f"{how}; filename*=UTF-8''%D0%94")
            opened = response.headers["Content-Type"] == "application/pdf"
            assert opened is (how == "inline") is ("Content-Security-Policy" not in response.headers)
            assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_file_can_be_sent_again_by_its_id(started: Any, bot: Bot) -> None:
    first = await bot.send_document(ANNA, BufferedInputFile(b"x", "a.txt"))
    assert first.document is not None
    again = await bot.send_document(ANNA, first.document.file_id)
    assert again.document == first.document
    with pytest.raises(TelegramBadRequest, match="can't use file of type Document as Photo"):
        await bot.send_photo(ANNA, first.document.file_id)
    with pytest.raises(TelegramBadRequest, match="wrong file identifier/HTTP URL specified"):
        await bot.send_document(ANNA, "BQACnonsense")
    answer = await started.bot("getFile", token="43:second", file_id=first.document.file_id)
    assert answer["description"] == "Bad Request: invalid file_id"


async def test_the_unique_id_of_the_same_bytes_is_the_same(started: Any, bot: Bot) -> None:
    one = await bot.send_document(ANNA, BufferedInputFile(b"x", "a.txt"))
    two = await bot.send_document(ANNA, BufferedInputFile(b"x", "b.txt"))
    other = await bot.send_document(ANNA, BufferedInputFile(b"y", "a.txt"))
    assert one.document and two.document and other.document
    assert one.document.file_unique_id == two.document.file_unique_id != other.document.file_unique_id
    assert one.document.file_id != two.document.file_id


async def test_photos_have_sizes_and_must_be_pictures(started: Any, bot: Bot) -> None:
    sent = await bot.send_photo(ANNA, BufferedInputFile(png(300, 200), "a.png"), caption="эскиз")
    assert sent.photo is not None
    assert [(size.width, size.height) for size in sent.photo] == [(90, 60), (300, 200)]
    loaded = await bot.download(sent.photo[-1], io.BytesIO())
    assert loaded is not None and loaded.read() == png(300, 200)
    edited = await sent.edit_caption(caption="чертёж")
    assert isinstance(edited, Message) and edited.caption == "чертёж"
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await bot.send_photo(ANNA, BufferedInputFile(b"not a picture", "a.png"))
    with pytest.raises(TelegramBadRequest, match="PHOTO_INVALID_DIMENSIONS"):
        await bot.send_photo(ANNA, BufferedInputFile(png(2100, 100), "a.png"))
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await bot.send_photo(ANNA, BufferedInputFile(png(), "a.png"), caption="я" * 1025)


async def test_an_album_from_the_bot(started: Any, bot: Bot) -> None:
    media: list[Any] = [InputMediaPhoto(media=BufferedInputFile(png(), f"{n}.png"), caption=f"№ {n}") for n in range(3)]
    sent = await bot.send_media_group(ANNA, media)
    assert len({m.media_group_id for m in sent}) == 1 and sent[0].media_group_id
    assert [m.caption for m in sent] == ["№ 0", "№ 1", "№ 2"]
    with pytest.raises(TelegramBadRequest, match="there must be from 2 to 10 media in the album"):
        await bot.send_media_group(ANNA, media[:1])
    mixed: list[Any] = [media[0], InputMediaDocument(media=BufferedInputFile(b"x", "a.txt"))]
    with pytest.raises(TelegramBadRequest, match="document can't be mixed with other media types"):
        await bot.send_media_group(ANNA, mixed)


async def test_an_album_from_a_person_is_several_messages_of_one_group(started: Any, bot: Bot) -> None:
    sent = await attach(started, "photo", ("1.png", png()), ("2.png", png(4, 4)), caption="до и после")
    first, second = await messages(bot)
    assert [first.message_id, second.message_id] == sent["message_ids"]
    assert first.media_group_id == second.media_group_id is not None
    assert (first.caption, second.caption) == ("до и после", None)
    assert second.photo is not None
    loaded = await bot.download(second.photo[-1], io.BytesIO())
    assert loaded is not None and loaded.read() == png(4, 4)


async def test_a_single_file_is_no_album(started: Any, bot: Bot) -> None:
    await attach(started, "document", ("Смета.xlsx", b"PK"))
    await attach(started, "voice", ("v.ogg", b"OggS"))
    document, voice = await messages(bot)
    assert document.media_group_id is None
    assert document.document is not None and document.document.file_name == "Смета.xlsx"
    assert voice.voice is not None


async def test_more_than_twenty_megabytes_cannot_be_downloaded(started: Any, bot: Bot) -> None:
    await attach(started, "document", ("video.bin", b"\0" * (file_store.DOWNLOAD_LIMIT + 1)))
    (message,) = await messages(bot)
    assert message.document is not None
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(message.document.file_id)


async def test_an_empty_file_is_refused(started: Any, bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="file must be non-empty"):
        await bot.send_document(ANNA, BufferedInputFile(b"", "a.txt"))


def test_pictures_are_measured_by_their_headers() -> None:
    assert file_store.measure(png(7, 5)) == (7, 5)
    assert file_store.measure(b"GIF89a" + struct.pack("<HH", 9, 4)) == (9, 4)
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + struct.pack(">HH", 20, 30) + b"\0" * 10
    assert file_store.measure(jpeg) == (30, 20)
    assert file_store.measure(b"%PDF") is None
