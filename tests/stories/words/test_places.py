"""A place on the map is never lost: asked about where a question was left, offered to an address where none waits
(K-22, day 1)."""

from __future__ import annotations

from tests.stories.acts import begin, do
from tests.stories.driver import Phone, Shop, plain

ORDER = ("Новый заказ", "Кухня", "150 000")
KAZAN = (55.796127, 49.108936)
POINT = "55.796127 49.108936"
NOT_ASKED = "Сейчас её никто не спрашивал"


async def ask_the_address(anna: Phone) -> None:
    """Her order's card asks where the client lives."""
    await begin(anna, *ORDER)
    await do(anna, "[Заполнить]", "[Проект]", "[Адрес]")


async def address_of(phone: Phone) -> str:
    await phone.open("0001")
    await phone.tap("Заполнить")
    return plain(phone.screen.text)


async def finish_the_address(anna: Phone) -> None:
    """What the address lacks is typed, and a yes said."""
    await do(anna, "Казань, ул. Баумана, 9, кв. 4")
    while (yes := (await anna.last()).button("Верно")) is None:
        await anna.tap((await anna.last()).labels[0])
    assert yes
    await anna.tap("Верно")


async def test_day_1_a_place_sent_after_one_went_elsewhere_is_asked_about(shop: Shop, anna: Phone) -> None:
    await ask_the_address(anna)
    await anna.text("/menu")
    asked = await anna.location(*KAZAN)
    assert "55.79613, 49.10894" in asked.text
    assert "Это ответ на вопрос «Адрес»?" in plain(asked.text)
    await anna.tap("✍️ Да, это ответ", asked)
    await finish_the_address(anna)
    assert POINT in await address_of(anna)


async def test_forgotten_an_hour_later_it_is_asked_about_too(shop: Shop, anna: Phone) -> None:
    await ask_the_address(anna)
    await shop.later(minutes=61)
    assert "Это ответ на вопрос" in (await anna.location(*KAZAN)).text


async def test_day_1_a_place_that_was_no_answer_is_offered_to_an_address_and_the_question_waits(
    shop: Shop, anna: Phone
) -> None:
    await ask_the_address(anna)
    await anna.text("/menu")
    await anna.tap("Нет, это другое", await anna.location(*KAZAN))
    assert NOT_ASKED in anna.screen.text
    assert anna.screen.button("Кухня · Мария Иванова"), anna.screen.labels
    home = await anna.text("/menu")
    assert any(one.startswith("✍️ Закончить") for one in home.labels)


async def test_what_can_be_no_answer_is_not_asked_about(shop: Shop, anna: Phone) -> None:
    """A note is asked for, and left: a place is no note."""
    await begin(anna, *ORDER)
    await anna.tap("💬")
    await anna.text("/menu")
    said = await anna.location(*KAZAN)
    assert "Это ответ" not in said.text
    assert NOT_ASKED in said.text


async def test_a_place_that_nobody_asked_for_goes_into_an_address_by_one_tap(shop: Shop, anna: Phone) -> None:
    await begin(anna, *ORDER)
    await anna.start()
    offered = await anna.location(*KAZAN)
    assert "📍 Геопозиция: 55.79613, 49.10894" in plain(offered.text)
    await anna.tap("Кухня · Мария Иванова", offered)
    await finish_the_address(anna)
    assert POINT in await address_of(anna)


async def test_twice_and_changed_the_address_that_is_there_stays_and_has_the_place_once(
    shop: Shop, anna: Phone
) -> None:
    await ask_the_address(anna)
    await finish_the_address(anna)
    for _ in range(2):
        offered = await anna.location(*KAZAN)
        await anna.tap("Кухня · Мария Иванова", offered)
        await anna.tap("Верно")
    told = await address_of(anna)
    assert "Баумана" in told
    assert told.partition("Вся карточка")[0].count(POINT) == 1


async def test_a_place_passed_on_from_the_client_while_another_question_stands(shop: Shop, anna: Phone) -> None:
    """It is no answer to the note; it is the client's, and goes where it belongs."""
    olga = await shop.stranger("Ольга")
    await olga.location(*KAZAN)
    await begin(anna, *ORDER)
    await anna.tap("💬")
    said = await anna.pass_on(await olga.said(), olga)
    assert NOT_ASKED in said.text


async def test_a_place_that_answers_a_message_is_that_deal_s_first(shop: Shop, anna: Phone) -> None:
    """By itself it is the newest deal's."""
    await begin(anna, *ORDER)
    told = await anna.sees("Новая сделка")
    await begin(anna, *ORDER, client=("Зоя Фадеева", "8 912 345-67-99"))
    deals = [one for one in (await anna.location(*KAZAN)).labels if "Кухня" in one]
    assert "Зоя Фадеева" in deals[0]
    deals = [one for one in (await anna.location(*KAZAN, to=told)).labels if "Кухня" in one]
    assert "Мария Иванова" in deals[0]


async def test_gone_the_deal_was_deleted_before_the_place_was_put(shop: Shop, anna: Phone, owner: Phone) -> None:
    await begin(anna, *ORDER)
    offered = await anna.location(*KAZAN)
    await owner.open("0001")
    await do(owner, "[Заполнить]", "[🗑 Удалить сделку]", "[Да, удалить]")
    await anna.tap("Кухня · Мария Иванова", offered)
    assert "Баумана" not in anna.screen.text
    assert anna.toast


async def test_nothing_open_says_so(shop: Shop, anna: Phone) -> None:
    said = await anna.location(*KAZAN)
    assert "записать пока некуда" in said.text
    assert said.button("🗺 Карта")


async def test_who_drives_out_is_shown_his_tasks(shop: Shop, nikolay: Phone) -> None:
    said = await nikolay.location(*KAZAN)
    assert NOT_ASKED in said.text
    await nikolay.tap("📋 Мои задачи", said)
    assert "адачи" in nikolay.screen.text
