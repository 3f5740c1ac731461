"""Files on their way to our disk and back to a person: whatever Telegram says of an id, the bytes are there (K-7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from sqlalchemy import delete, insert, select

from bot import housekeeping
from bot.database import Database
from bot.delivery import stored_file_sender
from bot.jobs import fetch_job
from handlers.notices import notice_reader
from keyboards.notices.notices import single
from models.errors import NotFound
from models.jobs import FetchFile
from models.tables.documents import PaperTemplateRow
from models.tables.outbox import ScheduledRow
from models.tables.settings import SettingRow
from services import company_settings
from services.documents import paper_templates
from services.files import blobs, deal_files, folder_changes, stored_files
from services.outbox import queue
from services.unit_of_work import UnitOfWork
from tests.worlds.office import russian
from tests.worlds.outbox import notices, scheduled
from tests.worlds.stored_shop import CALL, DATA, PHOTO, PICTURE, FakeTelegram, Sent, Shop, open_shop


@pytest.fixture
async def shop(database: Database, tmp_path: Path) -> Shop:
    return await open_shop(database, tmp_path)


# --- to the disk ------------------------------------------------------------------------------------------------


async def test_k_7_the_bytes_of_a_kept_file_come_to_the_disk(shop: Shop) -> None:
    """K-7: kept by content hash under DATA_DIR, and by file id."""
    shop.telegram.held["tg-u"] = DATA
    key = await shop.put(Sent())
    await shop.errands()
    row = await shop.row(key)
    assert row is not None
    assert (row.sha, row.size, row.telegram_id) == (blobs.sha_of(DATA), len(DATA), "tg-u")
    assert blobs.read(shop.folder, blobs.sha_of(DATA)) == DATA
    assert await shop.rows() == [("fetch", "sent")]


async def test_an_errand_carried_out_twice_downloads_once(shop: Shop) -> None:
    shop.telegram.held["tg-u"] = DATA
    key = await shop.put(Sent())
    await shop.errands()
    (row,) = await shop.office.run(lambda work: scheduled(work, ScheduledRow.rule == "fetch"))
    job = FetchFile(key)
    await fetch_job.fetch(shop.context, row, job)
    assert shop.telegram.downloads == ["tg-u"]
    blobs.path_of(shop.folder, blobs.sha_of(DATA)).unlink()
    await fetch_job.fetch(shop.context, row, job)
    assert shop.telegram.downloads == ["tg-u", "tg-u"], "what was lost on the disk is had again"
    assert (await shop.row(key)).sha == blobs.sha_of(DATA)  # type: ignore[union-attr]


async def test_the_same_file_in_another_folder_of_the_deal_is_not_downloaded_again(shop: Shop) -> None:
    shop.telegram.held["tg-u"] = DATA
    await shop.put(Sent(), "design")
    await shop.errands()
    second = await shop.put(Sent(), "project")
    await shop.errands()
    assert shop.telegram.downloads == ["tg-u"]
    assert (await shop.row(second)).sha == blobs.sha_of(DATA)  # type: ignore[union-attr]


async def test_a_file_that_is_gone_is_asked_for_again_and_the_one_sent_anew_is_kept(shop: Shop) -> None:
    """K-7: after the last attempt its sender hears of it; sent again, it is the same file with its bytes."""
    key = await shop.put(Sent())
    for _ in range(queue.MOST_FAILURES):
        await shop.errands(hours=1)
    assert await shop.rows() == [("fetch", "refused")]
    told = await shop.office.run(
        lambda work: work.tx.execute(
            select(ScheduledRow).where(ScheduledRow.rule == "fetch", ScheduledRow.kind == "notice")
        ).all()
    )
    assert [(row.employee_id, row.payload["kind"], row.payload["name"]) for row in told] == [
        (shop.office.staff["manager"].id, "unsaved", "contract.pdf")
    ]
    shop.telegram.held["tg-new"] = DATA

    class Anew(Sent):
        telegram_id = "tg-new"  # type: ignore[assignment]

    assert await shop.put(Anew()) == key
    await shop.errands()
    assert (await shop.row(key)).sha == blobs.sha_of(DATA)  # type: ignore[union-attr]


async def test_while_telegram_is_out_of_reach_nobody_is_bothered(shop: Shop) -> None:
    key = await shop.put(Sent())
    shop.telegram.mood = TelegramNetworkError(CALL, "no route")
    for _ in range(queue.MOST_FAILURES + 3):
        await shop.errands(minutes=2)
    assert await shop.rows() == [("fetch", "waiting")]
    shop.telegram.mood, shop.telegram.held = None, {"tg-u": DATA}
    await shop.errands(minutes=2)
    assert await shop.rows() == [("fetch", "sent")]
    assert (await shop.row(key)).sha is not None  # type: ignore[union-attr]


async def test_the_sender_reads_which_file_was_not_saved(shop: Shop) -> None:
    key = await shop.put(Sent(name="смета.xlsx"))
    await shop.office.run(lambda work: stored_files.tell_lost(work, key))

    def letter(work: UnitOfWork) -> str:
        (row,) = notices(work, ScheduledRow.rule == "fetch")
        return single(notice_reader.read(work, row, russian()), work.now, russian()).plain

    assert "Файл «смета.xlsx» не удалось сохранить, пришлите его ещё раз" in await shop.office.run(letter)


async def test_files_from_before_are_brought_slowly_and_each_is_tried_once(shop: Shop) -> None:
    keys = [await shop.put(Sent(str(n))) for n in range(25)]
    shop.telegram.held = {f"tg-{n}": f"file {n}".encode() for n in range(25) if n != 3}
    await shop.office.run(lambda work: work.tx.execute(delete(ScheduledRow)))  # as it was before there were errands
    ask = fetch_job.ask_old
    await shop.context.units.run(ask)
    await shop.errands()
    assert shop.telegram.downloads == [], "yesterday's are left to their own errands"
    shop.clock.forward(days=2)
    await shop.context.units.run(ask)
    await shop.context.units.run(ask)
    await shop.errands()
    assert len(shop.telegram.downloads) == fetch_job.OLD_AT_ONCE, "a step, not a storm"
    await shop.errands(minutes=2)
    have = [(await shop.row(key)).sha is not None for key in keys]  # type: ignore[union-attr]
    assert have == [n != 3 for n in range(25)]
    assert shop.telegram.downloads.count("tg-3") == 1
    shop.clock.forward(days=1)
    await shop.context.units.run(ask)
    await shop.errands()
    assert shop.telegram.downloads.count("tg-3") == 1, "not every day anew"
    seen = select(SettingRow.value).where(SettingRow.name == company_settings.OLD_FILES_PASSED)
    assert await shop.office.run(lambda work: work.tx.execute(seen).scalar_one()) == keys[-1]


async def test_the_bytes_of_a_removed_file_go_when_nobody_needs_them(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        stored_files, "AFTER_REMOVAL", timedelta(seconds=-1)
    )  # else the disk's clock would have to move
    shop.telegram.held = {"tg-1": DATA, "tg-2": DATA}
    first, second = await shop.put(Sent("1")), await shop.put(Sent("2"))
    await shop.errands()
    sha = blobs.sha_of(DATA)
    await shop.office.run(lambda work: folder_changes.remove(work, first), "manager")
    await shop.errands(minutes=1)
    assert blobs.is_kept(shop.folder, sha), "the second file has the same bytes"
    await shop.office.run(lambda work: folder_changes.remove(work, second), "manager")
    await nights(shop)
    assert blobs.is_kept(shop.folder, sha), "the second file lies in the bin still"
    await nights(shop, minutes=1)
    assert not blobs.is_kept(shop.folder, sha)


async def nights(shop: Shop, **more: float) -> None:
    """The nights until what is removed now has no more time, less a minute, or so much more."""
    shop.clock.forward(**(more or {"days": 29, "hours": 23, "minutes": 59}))
    await housekeeping.empty_bin(shop.context.units)
    await shop.errands(seconds=1)


async def test_the_bytes_of_the_owner_s_template_stay_when_a_file_with_the_same_bytes_is_removed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K-11: he had put his contract into a deal's folder as well; what is printed from now on needs it."""
    monkeypatch.setattr(
        stored_files, "AFTER_REMOVAL", timedelta(seconds=-1)
    )  # else the disk's clock would have to move
    shop.telegram.held = {"tg-u": DATA}
    key = await shop.put(Sent())
    await shop.errands()
    sha = blobs.sha_of(DATA)

    def accepted(work: UnitOfWork) -> None:
        work.tx.execute(
            insert(PaperTemplateRow).values(
                process="kitchens", name="contract", file_name="Наш договор.docx", telegram_id="tg-t",
                state=paper_templates.CHECKING, at=work.now,
            )
        )  # fmt: skip
        sent = paper_templates.latest(work, "kitchens", "contract")
        assert sent is not None
        paper_templates.accept(work, sent, sha)

    await shop.office.run(accepted, "owner")
    await shop.office.run(lambda work: folder_changes.remove(work, key), "manager")
    await nights(shop, days=31)
    assert blobs.is_kept(shop.folder, sha)


# --- and back ---------------------------------------------------------------------------------------------------


async def test_a_file_goes_back_by_telegrams_own_id(shop: Shop) -> None:
    key = await shop.put(Sent())
    await shop.send(key, Sent())
    method, params, uploads = shop.telegram.calls[-1]
    assert (method, params["document"], uploads) == ("sendDocument", "tg-u", {})


async def test_every_kind_goes_by_its_own_method(shop: Shop) -> None:
    for kind, (method, name) in stored_file_sender.METHODS.items():
        sent = Sent(f"u-{kind}", kind)
        await shop.send(await shop.put(sent), sent)
        assert shop.telegram.calls[-1][0] == method
        assert shop.telegram.calls[-1][1][name] == f"tg-u-{kind}"
        assert ("caption" in shop.telegram.calls[-1][1]) == (kind != "video_note")


@pytest.mark.parametrize("sent", [Sent(), PHOTO, Sent("v", "video", "video.mp4")])
async def test_k_7_an_id_that_telegram_refuses_is_replaced_by_the_bytes_and_the_new_id_is_remembered(
    shop: Shop, sent: Sent
) -> None:
    """K-7: after a new bot token every old id is dead; the folder still gives everything back."""
    shop.telegram.held[sent.telegram_id] = PICTURE if sent.kind == "photo" else DATA
    key, same = await shop.put(sent, None), None
    if sent.kind == "document":
        same = await shop.put(sent, "design") and key
    await shop.errands()
    shop.telegram.refuses = {"tg-"}
    got = await shop.send(key, sent)
    method, _, uploads = shop.telegram.calls[-1]
    assert method == ("sendPhoto" if sent.kind == "photo" else "sendDocument")
    assert [one.data for one in uploads.values()] == [shop.telegram.held[sent.telegram_id]]
    assert [one.name for one in uploads.values()] == [sent.name]
    fresh = f"fresh-{got['message_id']}"
    row = await shop.row(key)
    assert row is not None
    assert row.telegram_id == fresh
    before = len(shop.telegram.calls)
    await shop.send(key, sent)
    assert len(shop.telegram.calls) == before + 1
    assert fresh in shop.telegram.calls[-1][1].values(), "the next time the new id serves"
    assert same in (None, key)


async def test_a_photo_that_telegram_does_not_like_goes_as_a_document(shop: Shop) -> None:
    shop.telegram.held["tg-p"] = PICTURE
    key = await shop.put(PHOTO)
    await shop.errands()

    async def picky(method: str, params: Mapping[str, Any], **more: Any) -> Any:
        if method == "sendPhoto":
            said = "Bad Request: IMAGE_PROCESS_FAILED" if more.get("files") else "Bad Request: wrong file identifier"
            raise TelegramBadRequest(CALL, said)
        return await FakeTelegram.call(shop.telegram, method, params, **more)

    shop.telegram.call = picky  # type: ignore[method-assign]
    await shop.send(key, PHOTO)
    row = await shop.row(key)
    assert row is not None
    assert (row.kind, row.telegram_id[:5]) == ("document", "fresh")


async def test_what_is_no_matter_of_the_id_is_not_sent_twice(shop: Shop) -> None:
    shop.telegram.held["tg-u"] = DATA
    key = await shop.put(Sent())
    await shop.errands()
    shop.telegram.mood = TelegramBadRequest(CALL, "Bad Request: chat not found")
    with pytest.raises(TelegramBadRequest):
        await shop.send(key, Sent())
    assert len(shop.telegram.calls) == 1


async def test_a_dead_id_without_bytes_and_a_removed_file_are_said_so(shop: Shop) -> None:
    key = await shop.put(Sent())
    shop.telegram.refuses = {"tg-"}
    with pytest.raises(blobs.BlobLost):
        await shop.send(key, Sent())
    await shop.office.run(lambda work: folder_changes.remove(work, key), "manager")
    with pytest.raises(NotFound):
        await shop.send(key, Sent())


async def test_our_own_paper_is_uploaded_once_and_then_goes_by_its_id(shop: Shop) -> None:
    sha = blobs.store(shop.folder, DATA)

    def make(work: UnitOfWork) -> int:
        from services.deals import deal_queries

        found = deal_queries.find(work, shop.deal_id)
        assert found is not None
        return deal_files.made(work, found, "Договор Д-2026-1.pdf", sha, len(DATA), "application/pdf")

    key = await shop.office.run(make)
    await shop.send(key, Sent())
    await shop.send(key, Sent())
    assert [bool(uploads) for _, _, uploads in shop.telegram.calls] == [True, False]


async def test_all_photos_come_as_albums_of_ten(shop: Shop) -> None:
    keys = [await shop.put(Sent(str(n), "photo", "photo.jpg")) for n in range(11)]
    document = await shop.put(Sent("d"))
    await shop.office.run(lambda work: work.tx.execute(delete(ScheduledRow)))
    me = shop.office.staff["manager"]
    await shop.office.run(lambda work: stored_files.ask_album(work, me.id, [*keys, document]), "manager")
    await shop.errands()
    assert [(method, len(params.get("media", ()))) for method, params, _ in shop.telegram.calls] == [
        ("sendMediaGroup", 10),
        ("sendPhoto", 0),
    ]
    assert {params["chat_id"] for _, params, _ in shop.telegram.calls} == {me.telegram_id}


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (TelegramRetryAfter(CALL, "Too Many Requests", 3), [("1", ""), ("11", ""), ("11", ""), ("21", "")]),
        (TelegramServerError(CALL, "Bad Gateway"), [("1", ""), ("11", ""), ("11", "Возможно, повтор"), ("21", "")]),
    ],
    ids=["429", "502"],
)
async def test_of_several_albums_only_the_one_that_did_not_go_is_sent_again(
    shop: Shop, failure: Exception, expected: list[tuple[str, str]]
) -> None:
    keys = [await shop.put(Sent(f"{n:02}", "photo", "photo.jpg")) for n in range(1, 31)]
    await shop.office.run(lambda work: work.tx.execute(delete(ScheduledRow)))
    await shop.office.run(lambda work: stored_files.ask_album(work, shop.office.staff["manager"].id, keys), "manager")
    shop.telegram.moods = [None, failure]
    await shop.errands()
    await shop.errands(minutes=1)
    media = [params["media"] for method, params, _ in shop.telegram.calls if method == "sendMediaGroup"]
    begun = [(one[0]["media"].removeprefix("tg-").lstrip("0"), one[0].get("caption", "")) for one in media]
    assert begun == expected


async def test_an_album_of_dead_ids_comes_photo_by_photo_from_the_disk(shop: Shop) -> None:
    shop.telegram.held = {f"tg-{n}": DATA + str(n).encode() for n in range(3)}
    keys = [await shop.put(Sent(str(n), "photo", "photo.jpg")) for n in range(3)]
    await shop.errands()
    shop.telegram.refuses = {"tg-"}
    await shop.office.run(lambda work: stored_files.ask_album(work, shop.office.staff["manager"].id, keys), "manager")
    await shop.errands()
    uploads = [one.data for _, _, uploads in shop.telegram.calls for one in uploads.values()]
    assert uploads == [DATA + str(n).encode() for n in range(3)]


async def test_photos_that_cannot_be_sent_are_not_given_up_in_silence(shop: Shop) -> None:
    """Forgotten by nobody: whoever asked for them waits, and hears of so many as did not come."""
    keys = [await shop.put(Sent(f"{n:02}", "photo", "photo.jpg")) for n in range(12)]
    await shop.office.run(lambda work: work.tx.execute(delete(ScheduledRow)))
    await shop.office.run(lambda work: stored_files.ask_album(work, shop.office.staff["manager"].id, keys), "manager")
    shop.telegram.moods = [None]
    shop.telegram.mood = TelegramBadRequest(CALL, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    for _ in range(queue.MOST_FAILURES):
        await shop.errands(minutes=10)

    def letters(work: UnitOfWork) -> list[str]:
        rows = notices(work, ScheduledRow.rule == "album")
        return [single(notice_reader.read(work, row, russian()), work.now, russian()).plain for row in rows]

    [told] = await shop.office.run(letters)
    assert "Не получилось прислать 2 фото" in told
    await shop.errands(minutes=60)
    assert len(await shop.office.run(letters)) == 1, "once"


async def test_an_album_holds_only_what_the_person_may_still_see(shop: Shop) -> None:
    keys = [await shop.put(Sent(str(n), "photo", "photo.jpg")) for n in range(2)]
    await shop.office.run(lambda work: work.tx.execute(delete(ScheduledRow)))
    await shop.office.run(lambda work: stored_files.ask_album(work, shop.office.staff["installer"].id, keys), "manager")
    await shop.errands()
    assert shop.telegram.calls == []
