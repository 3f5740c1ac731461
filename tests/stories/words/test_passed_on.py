"""What people naturally send is not lost: a client's message passed on, words with a number in them, captions, a voice
note (day 4; door A2, A10, A12)."""

from __future__ import annotations

from tests.stories.acts import begin, do, fields
from tests.stories.driver import Phone, Seen, Shop, plain

ORDER = ("Новый заказ", "Кухня", "150 000")
PHOTO = ("one.jpg", b"\xff\xd8\xff\xe0 one")
MORE = ("two.jpg", b"\xff\xd8\xff\xe0 two")
VOICE = ("voice.ogg", b"OggS voice")


async def client_says(shop: Shop, text: str) -> tuple[Phone, Seen]:
    """Somebody outside has written these words (to his own copy of the bot, which is as good as to Anna)."""
    olga = await shop.stranger("Ольга К.")
    await olga.text(text)
    return olga, await olga.said()


async def history(phone: Phone, number: str = "0001") -> str:
    await phone.open(number)
    return plain((await phone.tap("История")).text)


async def test_A10_a_number_with_words_is_a_lead_by_one_tap(shop: Shop, anna: Phone) -> None:
    """Name, number and wish: nothing is asked that was said."""
    await anna.text("Ольга 8 922 777-88-99 кухня угловая, ул Мира 5 кв 7")
    await anna.tap("➕ Новый лид")
    assert anna.toast == "Создано: № 2026-0001"
    assert "Ольга · +7 922 777-88-99" in plain(anna.screen.text)
    assert (await fields(shop))["comment"] == "кухня угловая, ул Мира 5 кв 7"


async def test_A10_twice_the_same_words_begin_one_lead(shop: Shop, anna: Phone) -> None:
    found = await anna.text("Пётр 8 903 111-22-33 шкаф купе")
    await anna.tap("➕ Новый лид", found)
    await anna.tap_old("➕ Новый лид", found)
    assert anna.toast == "Это уже сохранено."
    assert "№ 2026-0001" in anna.screen.text


async def test_a_number_and_a_wish_without_a_name_asks_the_name_alone(shop: Shop, anna: Phone) -> None:
    await anna.text("8 903 111-22-33 нужен шкаф купе")
    asked = await anna.tap("➕ Новый лид")
    assert "Имя клиента" in asked.text
    card = await anna.text("Пётр")
    assert "Пётр" in card.text
    assert (await fields(shop))["comment"] == "нужен шкаф купе"


async def test_a_contact_brings_its_name_along(shop: Shop, anna: Phone) -> None:
    await anna.contact("+79031112233", "Пётр Ильин")
    await anna.tap("➕ Новый лид")
    assert "Пётр Ильин · +7 903 111-22-33" in plain(anna.screen.text)


async def test_day_4_a_client_s_message_passed_on_begins_a_lead_with_its_words(shop: Shop, anna: Phone) -> None:
    olga, said = await client_says(shop, "Здравствуйте! Нужна белая кухня, мой номер 8 922 777-88-99")
    asked = await anna.pass_on(said, olga)
    assert "📨 Переслано: Ольга К." in asked.text
    assert "Нужна белая кухня" in asked.text
    name = await anna.tap("➕ Новый лид с этим", asked)
    assert "Имя клиента" in name.text
    await anna.text("Ольга")
    assert "белая кухня" in (await fields(shop))["comment"]
    assert "переслано (Ольга К.): «Здравствуйте! Нужна белая кухня" in await history(anna)


async def test_day_4_a_client_s_message_passed_on_finds_his_deal(shop: Shop, anna: Phone) -> None:
    """By the number in it; one tap, and the words stand in the history as his."""
    await begin(anna, *ORDER)
    olga, said = await client_says(shop, "Это Мария, 8 912 345-67-89. Ручки чёрные, пожалуйста")
    asked = await anna.pass_on(said, olga)
    await anna.tap("Кухня", asked)
    assert "Ручки чёрные, пожалуйста" in await history(anna)


async def test_day_4_a_message_passed_on_is_no_answer_unless_one_says_so(shop: Shop, anna: Phone) -> None:
    await begin(anna, *ORDER)
    await anna.tap("💬 Слово")
    olga, said = await client_says(shop, "Ручки чёрные, пожалуйста")
    asked = await anna.pass_on(said, olga)
    assert "Это ответ на вопрос" in asked.text
    where = await anna.tap("📨 Нет, это от клиента", asked)
    assert "📨 Переслано: Ольга К." in where.text
    await anna.tap("Кухня", where)
    assert "переслано (Ольга К.): «Ручки чёрные, пожалуйста»" in await history(anna)


async def test_A2_captions_stay_with_their_files_and_in_the_history(shop: Shop, anna: Phone) -> None:
    await begin(anna, *ORDER)
    asked = await anna.send_files(PHOTO, MORE, caption="Скол на фасаде, клиент просит замену")
    assert "Скол на фасаде" in asked.text
    await anna.tap("Кухня", asked)
    assert "«Скол на фасаде, клиент просит замену»" in await history(anna)
    await anna.open("0001")
    assert "«Скол на фасаде, клиент просит замену»" in (await anna.tap("Файлы")).text


async def test_A12_a_voice_note_is_no_answer_and_the_question_is_asked_again(shop: Shop, anna: Phone) -> None:
    await anna.start()
    await anna.tap("Новый заказ")
    asked = await anna.send_files(VOICE, kind="voice")
    assert "Ответьте, пожалуйста, словами." in asked.text
    assert "Имя клиента" in asked.text
    await do(anna, "Мария Иванова")
    assert "Телефон" in (await anna.last()).text


async def test_a_voice_note_for_a_deal_s_question_lies_in_its_folder(shop: Shop, anna: Phone) -> None:
    await begin(anna, *ORDER)
    await anna.tap("💬 Слово")
    asked = await anna.send_files(VOICE, kind="voice")
    assert "Голосовое сообщение сохранил в файлах сделки" in asked.text
    await anna.text("хочет чёрные ручки")
    await anna.open("0001")
    assert "Голосовое 1" in (await anna.tap("Файлы")).text


async def test_a_voice_note_without_a_question_is_called_so(shop: Shop, anna: Phone) -> None:
    await begin(anna, *ORDER)
    asked = await anna.send_files(VOICE, kind="voice")
    assert "🎙 Голосовое сообщение. Куда положить?" in asked.text
    await anna.tap("Кухня", asked)
    assert "Голосовое 1" in (await anna.tap("Файлы")).text
