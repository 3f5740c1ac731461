"""The deal's folder: whatever is sent to the bot, in whatever form, lies there once, is listed, found and sent back."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, join, select

from bot import app as root
from bot.delivery.rate_limits import RateLimits
from models.tables.deals import DealRow
from models.tables.files import FileRow
from services.files import blobs
from tests.stories.acts import do
from tests.stories.conftest import close_shop, settings_for
from tests.stories.driver import Phone, Shop
from tests.stories.kitchen import DEAL, PICTURE, given_a_job, lead_to_deal, open_kitchens, task

TITLE = "Кухня угловая · Мария Иванова"
MEGABYTE = 1024 * 1024


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The kitchen shop, running."""
    opened, http = await open_kitchens(tmp_path)
    yield opened
    await close_shop(opened, http)


def pictures(n: int) -> list[tuple[str, bytes]]:
    """So many photos, all different."""
    return [(f"p{at}.png", PICTURE + bytes([at])) for at in range(n)]


async def files_of(shop: Shop, number: str = DEAL) -> int:
    """How many rows the folder has."""
    query = (
        select(func.count())
        .select_from(join(FileRow, DealRow, DealRow.id == FileRow.deal_id))
        .where(DealRow.number == number)
    )
    (row,) = await shop.rows(query)
    return int(row[0])


async def folder(phone: Phone) -> str:
    """Open the deal's folder by the button of its card; what it says."""
    await phone.open(DEAL)
    await phone.tap("Файлы")
    return phone.screen.text


# --- K-7 --------------------------------------------------------------------------------------------------------


async def test_k_7_the_deal_has_a_folder_of_its_own_from_the_first_minute(shop: Shop, anna: Phone) -> None:
    """K-7: made with the deal, named after it, told of in the timeline, opened by a button of the card."""
    await lead_to_deal(shop, anna)
    said = await folder(anna)
    assert f"Папка: {TITLE}" in said and f"№ {DEAL}" in said and "Пока ничего нет" in said
    await anna.open(DEAL)
    await do(anna, "[История]")
    assert "Создана папка сделки" in anna.screen.text


async def test_k_7_every_paper_has_its_place_with_kind_author_and_time(shop: Shop, anna: Phone) -> None:
    """K-7: layout, specification, accounts, transport papers and act each lie under their name."""
    await lead_to_deal(shop, anna)
    await shop.later(minutes=5)
    places = {
        "Дизайн-макет": "maket.pdf",
        "Спецификации": "spec.xlsx",
        "Бухгалтерские документы": "platezhka.pdf",
        "Складские и транспортные": "nakladnaya.pdf",
    }
    for at, (field, name) in enumerate(places.items()):
        await anna.open(DEAL)
        await do(anna, "[Заполнить]", "[Документы]", f"[{field}]")
        await anna.send_files((name, bytes([65 + at]) * 3000), kind="document")
        await do(anna, "[Готово]")
    said = await folder(anna)
    for title, name in (
        ("Дизайн-макет", "maket.pdf"),
        ("Спецификации", "spec.xlsx"),
        ("Бухгалтерия", "platezhka.pdf"),
        ("Склад и доставка", "nakladnaya.pdf"),
    ):
        assert f"{title}\n📎 {name} · 3 КБ · Анна Соколова · 23.11.26 10:05" in said.replace("\u00a0", " "), said


@pytest.mark.parametrize("kind", ["photo", "document", "voice"])
async def test_k_7_a_file_of_any_kind_sent_by_itself_is_put_by_one_tap(shop: Shop, anna: Phone, kind: str) -> None:
    """K-7: nobody asked for it: «Куда положить?» names the deal; one tap, and it lies there and comes back whole."""
    await lead_to_deal(shop, anna)
    data = PICTURE if kind == "photo" else b"contents of " + kind.encode()
    asked = await anna.send_files((f"a.{'png' if kind == 'photo' else 'bin'}", data), kind=kind)
    assert "Куда положить" in asked.text and asked.button(f"{TITLE[:20]}")
    await anna.tap(TITLE[:20], asked)
    assert anna.toast == "Добавлен 1 файл"
    await folder(anna)
    (label,) = [one for one in anna.screen.labels if one[0] in "📎🖼🎙"]
    await anna.tap(label, anna.screen)
    back = await anna.last()
    assert back.media is not None, back.text
    async with shop.http.get(f"{shop.sandbox.url}{back.media['url']}") as answer:
        assert await answer.read() == data


async def test_k_7_an_album_of_ten_is_one_question_and_ten_files(shop: Shop, anna: Phone) -> None:
    """K-7: ten photos at once, asked about once; all ten lie in the folder and come back as an album."""
    await lead_to_deal(shop, anna)
    before = len(await anna.from_bot())
    asked = await anna.send_files(*pictures(10))
    assert len(await anna.from_bot()) == before + 1, "one question for all ten"
    assert "Получено 10 фото" in asked.text and "Куда их положить?" in asked.text
    await anna.tap(TITLE[:20], asked)
    assert anna.toast == "Добавлено 10 файлов"
    assert await files_of(shop) == 10
    assert "Фото 10" in await folder(anna)
    await do(anna, "[Прислать все фото]")
    album = [one for one in (await anna.from_bot())[-10:] if one.media]
    assert len(album) == 10 and len({one.media["group"] for one in album if one.media}) == 1


async def test_k_7_the_same_file_sent_twice_lies_there_once(shop: Shop, anna: Phone) -> None:
    """K-7: the same bytes under another name are one blob on the disk; the same file forwarded again is one row."""
    await lead_to_deal(shop, anna)
    await anna.tap(TITLE[:20], await anna.send_files(("a.pdf", b"same bytes"), kind="document"))
    await shop.later(minutes=2)
    await anna.tap(TITLE[:20], await anna.send_files(("b.pdf", b"same bytes"), kind="document"))
    rows = await shop.rows(select(FileRow.sha, FileRow.name).order_by(FileRow.id))
    assert len({row.sha for row in rows}) == 1 and rows[0].sha
    data_dir = shop.app.settings.data_dir
    assert blobs.read(data_dir, rows[0].sha) == b"same bytes"
    assert sum(len(names) for _, _, names in os.walk(data_dir / "files")) == 1, "kept by content, once"


async def test_k_7_files_are_found_by_name_folder_and_author(shop: Shop, anna: Phone) -> None:
    """K-7: with many files there is a search: by a part of the name, by the folder, by who sent them."""
    await lead_to_deal(shop, anna)
    await anna.open(DEAL)
    await do(anna, "[Заполнить]", "[Документы]", "[Дизайн-макет]")
    await anna.send_files(("Макет кухни.pdf", b"layout"), kind="document")
    await do(anna, "[Готово]")
    await anna.tap(TITLE[:20], await anna.send_files(*pictures(10)))
    await anna.tap(TITLE[:20], await anna.send_files(("nakladnaya 17.pdf", b"list"), kind="document"))
    for asked, found in (("макет", "Макет кухни.pdf"), ("накладная", ""), ("nakl", "nakladnaya 17.pdf")):
        await folder(anna)
        await do(anna, "[🔎 Найти]", asked)
        assert f"Найдено по «{asked}»" in anna.screen.text
        assert (found in anna.screen.text) if found else ("Ничего не нашлось" in anna.screen.text), anna.screen.text
    await folder(anna)
    await do(anna, "[🔎 Найти]", "Соколова")
    assert "Показаны последние 10" in anna.screen.text and "nakladnaya 17.pdf" in anna.screen.text
    await folder(anna)
    await do(anna, "[🔎 Найти]", "фото 7")
    assert "Фото 7" in anna.screen.text and "Фото 1 ·" not in anna.screen.text, "as the folder calls it"
    await folder(anna)
    await do(anna, "[🔎 Найти]", "дизайн-макет соколова")
    assert "Макет кухни.pdf" in anna.screen.text and "nakladnaya" not in anna.screen.text


async def test_k_7_a_file_put_wrong_is_moved_or_taken_out(shop: Shop, anna: Phone) -> None:
    """K-7, K-8: «это договор»: a photo that came by itself becomes the signed copy by two taps; a wrong one goes."""
    await lead_to_deal(shop, anna)
    await anna.tap(TITLE[:20], await anna.send_files(("a.png", PICTURE)))
    assert "Прочее\n🖼 Фото 1" in await folder(anna)
    await do(anna, "[Фото 1]", "[Переложить в…]")
    assert (await anna.sees("Прочее · 1 КБ")).text.startswith("Фото 1\n"), "called as in the list"
    asked = await anna.sees("Что это за файл?")
    assert "🖼 Фото 1" in asked.text
    await anna.tap("Подписанный договор", asked)
    assert "Договор\n🖼 Фото 1" in await folder(anna)
    (row,) = await shop.rows(select(DealRow.fields).where(DealRow.number == DEAL))
    assert row.fields["contract_copy"], "the stage has its copy"
    await do(anna, "[Фото 1]", "[Убрать из папки]", "[Убрать]")
    assert "Пока ничего нет" in await folder(anna)
    (row,) = await shop.rows(select(DealRow.fields).where(DealRow.number == DEAL))
    assert not row.fields.get("contract_copy"), "and is without it again"


async def test_k_7_a_file_of_25_mb_is_refused_with_the_reason(shop: Shop, anna: Phone) -> None:
    """K-7: Telegram gives a bot no file above 20 MB: the bot says so and what to do, in a form and without one;
    19 MB are taken, and lie on the disk."""
    await lead_to_deal(shop, anna)
    told = await anna.send_files(("film.mp4", b"0" * 25 * MEGABYTE), kind="document")
    assert "25 МБ" in told.text and "не больше 20 МБ" in told.text
    assert not told.button(TITLE[:20])
    await task(anna, "Подготовить и подписать")
    await do(anna, "[Приложить подписанную копию]")
    told = await anna.send_files(("scan.tiff", b"0" * 25 * MEGABYTE), kind="document")
    assert "не больше 20 МБ" in told.text and "Подписанный договор" in told.text, "the question stays"
    await anna.send_files(("scan.pdf", b"1" * 19 * MEGABYTE), kind="document")
    await do(anna, "[Готово]")
    (row,) = await shop.rows(select(FileRow.sha, FileRow.size, FileRow.field))
    assert (row.size, row.field) == (19 * MEGABYTE, "contract_copy")
    assert blobs.size(shop.app.settings.data_dir, row.sha) == 19 * MEGABYTE


# --- the bot goes down in between -------------------------------------------------------------------------------


async def restarted(shop: Shop) -> None:
    """The bot starts anew on the same database; Telegram has kept what was sent meanwhile."""
    folder_ = shop.app.settings.data_dir
    shop.sandbox.clock.listeners.clear()
    shop.app = await root.build(
        settings_for(folder_, shop.sandbox.url, processes=("kitchens",)),
        clock=shop.sandbox.clock.now, limits=RateLimits.none(),
    )  # fmt: skip
    await shop.app.start()
    shop.sandbox.clock.listeners.append(shop.app.tick_and_settle)


async def send_while_down(shop: Shop, anna: Phone, *sent: tuple[str, bytes]) -> None:
    """The phone sends, and nobody answers."""
    form = aiohttp.FormData()
    for name, data in sent:
        form.add_field("file", data, filename=name)
    form.add_field("as", "photo")
    async with shop.http.post(shop.url(f"phones/{anna.key}/files"), data=form) as answer:
        assert answer.status == 200, await answer.text()


async def send_in_two_parts(shop: Shop, anna: Phone, n: int, first: int) -> list[Any]:
    """An album of which the bot gets the first photos before it goes down again; gives the updates still to come."""
    await shop.app.stop()
    await send_while_down(shop, anna, *pictures(n))
    queue = shop.sandbox.world.home.queue
    late = list(queue.entries)[first:]
    assert len(late) == n - first
    for one in late:
        queue.entries.remove(one)
    await restarted(shop)
    await shop.settle()
    return late


async def the_rest_comes(shop: Shop, late: list[Any]) -> None:
    """The bot was down once more; it starts, and the rest of the album comes."""
    await shop.app.stop()
    shop.sandbox.world.home.queue.entries.extend(late)
    await restarted(shop)
    await shop.settle()


async def test_k_7_an_album_interrupted_by_a_restart_lands_whole_and_once(shop: Shop, anna: Phone) -> None:
    """K-7: four of ten photos are handled, the bot goes down, six come after the start: one question for all ten, one
    tap puts ten files into one deal; none is lost, none is there twice."""
    await lead_to_deal(shop, anna)
    late = await send_in_two_parts(shop, anna, 10, 4)
    assert "Получено 4 фото" in (await anna.last()).text
    await the_rest_comes(shop, late)
    assert await anna.count("Куда их положить?") == 1
    asked = await anna.sees("Получено 10 фото")
    await anna.tap(TITLE[:20], asked)
    assert await files_of(shop) == 10
    rows = await shop.rows(select(FileRow.unique_id, FileRow.sha))
    assert len({row.unique_id for row in rows}) == 10 and all(row.sha for row in rows)


async def test_k_7_the_rest_of_an_album_follows_what_was_put_already(shop: Shop, anna: Phone) -> None:
    """K-7: she has put the first four into the deal when the other six come: they go the same way, unasked."""
    await lead_to_deal(shop, anna)
    late = await send_in_two_parts(shop, anna, 10, 4)
    await anna.tap(TITLE[:20], await anna.sees("Получено 4 фото"))
    await the_rest_comes(shop, late)
    assert await files_of(shop) == 10
    assert await anna.count("Куда их положить?") == 0, "the question has become the deal's card"


async def test_k_8_pages_of_the_copy_that_come_after_the_answer_belong_to_it(shop: Shop, anna: Phone) -> None:
    """K-8, K-7: «Готово» is pressed after two of five pages: the other three are pages of the contract's copy too."""
    await lead_to_deal(shop, anna)
    await task(anna, "Подготовить и подписать")
    await do(anna, "[Приложить подписанную копию]")
    late = await send_in_two_parts(shop, anna, 5, 2)
    await anna.tap("Готово")
    await the_rest_comes(shop, late)
    rows = await shop.rows(select(FileRow.field))
    assert [row.field for row in rows] == ["contract_copy"] * 5
    await anna.sees_no("Куда их положить?")


async def test_k_8_an_album_of_copies_answers_the_question_across_a_restart(shop: Shop, anna: Phone) -> None:
    """K-8, K-7: the contract's pages sent as an album while the bot is down answer the question that stood open."""
    await lead_to_deal(shop, anna)
    await task(anna, "Подготовить и подписать")
    await do(anna, "[Приложить подписанную копию]")
    await shop.app.stop()
    await send_while_down(shop, anna, *pictures(3))
    await restarted(shop)
    await shop.settle()
    await anna.tap("Готово")
    (row,) = await shop.rows(select(DealRow.fields).where(DealRow.number == DEAL))
    assert len(row.fields["contract_copy"]) == 3
    assert await files_of(shop) == 3
    assert anna.screen.button("☑ Приложить подписанную копию") or (await anna.last()).button("☑ Приложить")


# --- who may see it ---------------------------------------------------------------------------------------------


async def test_k_7_what_is_not_the_installers_stays_out_of_his_folder(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """K-7, C-8: on his job he opens the folder: layout and transport papers are there, contract copy and accounts not,
    nor by the buttons of them."""
    await lead_to_deal(shop, anna)
    for field, name in (
        ("Подписанный договор", "dogovor.pdf"),
        ("Дизайн-макет", "maket.pdf"),
        ("Бухгалтерские", "b.pdf"),
    ):
        await anna.open(DEAL)
        await do(anna, "[Заполнить]", "[Документы]", f"[{field}]")
        await anna.send_files((name, name.encode()), kind="document")
        await do(anna, "[Готово]")
    await given_a_job(shop)
    await nikolay.start()
    await do(nikolay, "[Ближайшие дни]", "[Мария Иванова]", "[Открыть сделку]", "[Файлы 1]")
    assert "maket.pdf" in nikolay.screen.text
    assert "dogovor" not in nikolay.screen.text and "b.pdf" not in nikolay.screen.text
    for key in (1, 3):
        await nikolay.press(nikolay.screen.id, f"v1:file:{key}", forged=True)
        assert nikolay.toast and "нет доступа" in nikolay.toast.lower(), nikolay.toast
    assert all(one.media is None for one in await nikolay.from_bot())
