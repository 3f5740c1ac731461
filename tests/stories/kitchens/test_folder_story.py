"""The deal's folder as people use it: an album put once, kept on our disk, given back though its ids are dead."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

from sandbox.world import phone_acts as sandbox_people
from services.files import blobs
from tests.stories.acts import begin, do
from tests.stories.core.test_reminders import down, up
from tests.stories.driver import Phone, Shop

PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 40, 30) + b"0" * 200


async def test_k_7_an_album_lands_once_and_comes_back_from_the_disk(shop: Shop, anna: Phone, tmp_path: Path) -> None:
    """K-7: ten photos, one question; kept by content hash; sent back by one tap though a new token killed the ids."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    pictures = [PICTURE + str(n).encode() for n in range(10)]
    await anna.send_files(*[(f"{n}.png", data) for n, data in enumerate(pictures)])
    asked = await anna.sees_only("Куда их положить?")
    assert "Получено 10 фото" in asked.text
    await anna.tap("Кухня", asked)
    await shop.later(seconds=1)
    assert {sha for sha, _ in blobs.every(tmp_path)} == {blobs.sha_of(data) for data in pictures}
    await anna.open("2026-0001")
    listed = await anna.tap("Файлы 10")
    assert "Папка: Кухня · Мария Иванова" in listed.text
    shop.sandbox.world.files.by_id.clear()  # as a new token would: no old id is any good
    back = await anna.tap("Фото 7")
    assert back.media is not None
    async with shop.http.get(f"{shop.sandbox.url}{back.media['url']}") as answer:
        assert await answer.read() == pictures[6]
    assert back.media["kind"] == "photo"
    again = await anna.tap("Фото 7", "Папка: Кухня")
    assert again.id != back.id
    assert again.media is not None


async def test_k_7_all_photos_come_back_as_albums(shop: Shop, anna: Phone) -> None:
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await anna.send_files(*[(f"{n}.png", PICTURE + str(n).encode()) for n in range(3)])
    await anna.tap("Кухня", "Куда их положить?")
    await anna.open("2026-0001")
    await anna.tap("Файлы 3")
    await anna.tap("Прислать все фото")
    sent = [one for one in await anna.from_bot() if one.media and one.media.get("kind") == "photo"]
    assert [one.media["group"] is not None for one in sent if one.media] == [True] * 3


async def test_k_22_photos_out_of_the_cellar_land_in_the_job_once(shop: Shop, anna: Phone, nikolay: Phone) -> None:
    """K-22, C-5: photos that nobody asked for go straight into today's job, under what its checklist fills."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await do(anna, "✔ Предоплата", "✔ Изготовление мебели", "75 000", "[Сегодня]", "[Перевод на счёт]", "✔ Доставка")
    await do(anna, "[Этапы…]", "[Монтаж]", "[Да]", "24.11 12:00")
    await do(anna, "25.11 в 10", "[Николай Громов]")
    await shop.until("2026-11-25T12:00")
    await nikolay.send_files(("1.png", PICTURE + b"1"), ("2.png", PICTURE + b"2"))
    said = await nikolay.sees_only("Добавил")
    assert "2 фото: Кухня · Мария Иванова" in said.text
    await nikolay.send_files(("1.png", PICTURE + b"1"))
    await anna.open("2026-0001")
    listed = await anna.tap("Файлы 2")
    assert "Монтаж" in listed.text
    assert "Николай Громов" in listed.text


async def test_k_7_an_album_interrupted_by_a_restart_lands_whole(shop: Shop, anna: Phone, tmp_path: Path) -> None:
    """K-7: «положить» was pressed after five of ten; the bot went down and came back; the rest follows, unasked."""
    await begin(anna, "Новый заказ", "Кухня", "150 000")
    await album(shop, anna, range(5))
    await anna.tap("Кухня", "Получено 5 фото")
    assert anna.toast
    await down(shop)
    await album(shop, anna, reversed(range(3, 10)), settle=False)
    await up(shop, tmp_path)
    assert await anna.count("Куда") == 0, await anna.dump()
    await anna.open("2026-0001")
    await anna.tap("Файлы 10")
    await shop.later(minutes=1)
    assert len(list(blobs.every(tmp_path))) == 10


async def album(shop: Shop, phone: Phone, numbers: Iterable[int], *, settle: bool = True) -> None:
    """Some photos of one album, as updates of their own."""
    world = shop.sandbox.world
    chat = next(one for one in world.home.chats.values() if one.person.id == phone.key)
    for n in numbers:
        file = world.files.add(chat.bot.serial, "photo", PICTURE + str(n).encode(), f"{n}.png")
        sandbox_people.write(world, chat, {"media_group_id": "7", **world.files.describe(file)}, file)
    if settle:
        await shop.settle()
