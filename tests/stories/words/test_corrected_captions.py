"""The words under a photo or a paper are corrected in Telegram: they are corrected where the file lies (door A1)."""

from __future__ import annotations

from tests.stories.acts import begin, do
from tests.stories.driver import Phone, Seen, Shop, plain

ORDER = ("Новый заказ", "Кухня", "150 000")
PHOTO = ("one.jpg", b"\xff\xd8\xff\xe0 one")
MORE = ("two.jpg", b"\xff\xd8\xff\xe0 two")


async def photo_in_the_deal(anna: Phone) -> Seen:
    """A photo with words, put into her order; the message that brought it."""
    await begin(anna, *ORDER)
    asked = await anna.send_files(PHOTO, caption="Скол на фосаде")
    sent = await anna.said()
    await anna.tap("Кухня", asked)
    return sent


async def files(anna: Phone) -> str:
    await anna.open("0001")
    await anna.tap("Файлы 1")
    await anna.tap(next(one for one in anna.screen.labels if "🖼" in one or "jpg" in one), anna.screen)
    return plain((await anna.last()).text + anna.screen.text)


async def history(anna: Phone) -> str:
    await anna.open("0001")
    return plain((await anna.tap("История")).text)


async def test_A1_the_caption_is_corrected_with_its_file_and_said_so(shop: Shop, anna: Phone) -> None:
    sent = await photo_in_the_deal(anna)
    told = await anna.edit(sent, "Скол на фасаде")
    assert "✏️ Исправил подпись к файлу: «Скол на фасаде»" in plain(told.text)
    assert told.labels == ["Открыть", "🏠 Меню"]
    said = await history(anna)
    assert "подпись к файлу photo.jpg исправлена: «Скол на фасаде»" in said
    assert "Скол на фосаде" in said, "the line before it stays"
    assert "«Скол на фасаде»" in await files(anna)


async def test_A1_it_still_waits_for_its_deal(shop: Shop, anna: Phone) -> None:
    """The question that stands shows the new words; they go along."""
    await begin(anna, *ORDER)
    asked = await anna.send_files(PHOTO, caption="Скол на фосаде")
    told = await anna.edit(await anna.said(), "Скол на фасаде")
    assert "Исправил подпись" in told.text
    now = await anna.as_it_is(asked)
    assert "«Скол на фасаде»" in now.text and "фосаде" not in now.text
    await anna.tap("Кухня", now)
    said = await history(anna)
    assert "Скол на фасаде" in said and "фосаде" not in said


async def test_twice_it_is_corrected_again_and_the_same_words_say_nothing(shop: Shop, anna: Phone) -> None:
    sent = await photo_in_the_deal(anna)
    await anna.edit(sent, "Скол на фасаде")
    await anna.edit(sent, "Скол на дверце")
    n = len(await anna.from_bot())
    await anna.edit(sent, "Скол на дверце")
    assert len(await anna.from_bot()) == n
    assert "«Скол на дверце»" in await files(anna)


async def test_bad_input_a_caption_that_is_taken_away_is_taken_away(shop: Shop, anna: Phone) -> None:
    sent = await photo_in_the_deal(anna)
    told = await anna.edit(sent, "")
    assert "Убрал подпись к файлу" in told.text
    assert "убрана подпись к файлу photo.jpg" in await history(anna)


async def test_a_caption_that_comes_later_is_kept_too(shop: Shop, anna: Phone) -> None:
    await begin(anna, *ORDER)
    asked = await anna.send_files(PHOTO)
    sent = await anna.said()
    await anna.tap("Кухня", asked)
    await anna.edit(sent, "это до монтажа")
    assert "«это до монтажа»" in await files(anna)


async def test_an_album_s_caption_is_its_first_photo_s(shop: Shop, anna: Phone) -> None:
    await begin(anna, *ORDER)
    asked = await anna.send_files(PHOTO, MORE, caption="фосад")
    sent = next(one for one in await anna.messages() if one.out and one.text == "фосад")
    await anna.tap("Кухня", asked)
    assert "Исправил подпись к файлу: «фасад»" in plain((await anna.edit(sent, "фасад")).text)


async def test_changed_a_question_that_stands_is_not_answered_by_it(shop: Shop, anna: Phone) -> None:
    """She is asked for a note meanwhile; the corrected caption is no note, and the question stands."""
    sent = await photo_in_the_deal(anna)
    await anna.open("0001")
    await anna.tap("💬")
    await anna.edit(sent, "Скол на фасаде")
    await anna.text("клиент звонил")
    said = await history(anna)
    assert "клиент звонил" in said


async def test_gone_the_file_was_removed(shop: Shop, anna: Phone) -> None:
    sent = await photo_in_the_deal(anna)
    await files(anna)
    await anna.tap("Убрать из папки")
    await anna.tap("Убрать", "Убрать файл из папки?")
    told = await anna.edit(sent, "Скол на фасаде")
    assert "Этого файла в папке уже нет" in told.text


async def test_gone_the_deal_was_deleted(shop: Shop, anna: Phone, boss: Phone) -> None:
    sent = await photo_in_the_deal(anna)
    await boss.open("0001")
    await do(boss, "[Заполнить]", "[🗑 Удалить сделку]", "[Да, удалить]")
    told = await anna.edit(sent, "Скол на фасаде")
    assert "Этого файла в папке уже нет" in told.text


async def test_forgotten_last_week_s_photo(shop: Shop, anna: Phone) -> None:
    sent = await photo_in_the_deal(anna)
    await shop.later(days=7)
    assert "старше двух дней" in (await anna.edit(sent, "Скол на фасаде")).text


async def test_a_photo_that_was_put_nowhere_says_so(shop: Shop, anna: Phone) -> None:
    await begin(anna, *ORDER)
    asked = await anna.send_files(PHOTO, caption="Скол")
    sent = await anna.said()
    await anna.tap("Никуда", asked)
    assert "ничего не изменилось" in (await anna.edit(sent, "Скол на фасаде")).text
