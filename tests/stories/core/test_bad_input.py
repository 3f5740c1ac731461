"""Bad input, through the phone: each is answered in plain words, and nothing is lost or half-done."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from models.tables.clients import ClientRow
from models.tables.deals import DealRow, HistoryRow
from models.tables.files import FileRow
from models.tables.people import EmployeeRow
from models.tables.updates import DONE, FAILED, InboxRow
from tests.stories.acts import fields
from tests.stories.driver import Phone, Seen, Shop, plain
from tests.worlds import wire

GONE = "Эта кнопка больше не действует."


async def stage_of(shop: Shop, key: int = 1) -> str:
    return str((await shop.rows(select(DealRow.stage).where(DealRow.id == key)))[0].stage)


async def moves_of(shop: Shop, key: int = 1) -> int:
    """How often the deal has been moved."""
    found = await shop.rows(select(func.count()).where(HistoryRow.deal_id == key, HistoryRow.kind == "moved"))
    return int(found[0][0])


async def how_many(shop: Shop, table: Any) -> int:
    return int((await shop.rows(select(func.count()).select_from(table)))[0][0])


async def every_update_is_done(shop: Shop) -> bool:
    """Nothing was put aside or left lying: the bot had an answer to all of it."""
    return all(row.state == DONE for row in await shop.rows(select(InboxRow.state)))


async def new_order(phone: Phone) -> Seen:
    """«Новый заказ»: the first question."""
    await phone.text("/menu")
    return await phone.tap("➕ Новый заказ")


async def order(phone: Phone) -> Seen:
    """A deal in «Изготовление заказа»; its card."""
    await new_order(phone)
    await phone.fill("Пётр Сидоров", "+7 916 111-22-33", "Шкаф-купе", "150 000")
    return await phone.sees("Заключение договора · 1-й день")


# --- who may come in: more of it in test_who_may ----------------------------------------------------------------


async def test_an_unknown_user_is_told_in_his_language_that_this_is_not_for_him(shop: Shop) -> None:
    """Bad input: an unknown user. One sentence, no menu, nobody written down."""
    vasya = await shop.stranger("Вася")
    seen = await vasya.text("Здравствуйте, сколько стоит кухня?")
    assert seen.text == "Это рабочий бот компании. Доступ только для сотрудников."
    assert not seen.rows
    assert await how_many(shop, EmployeeRow) == 0
    assert await every_update_is_done(shop)


async def test_an_invitation_that_does_not_work_says_why(shop: Shop) -> None:
    """Bad input: unknown, used and expired invitations: each its own sentence, and what to do."""
    used, expired = await shop.invitation("manager"), await shop.invitation("manager")
    vera, vasya = await shop.stranger("Вера"), await shop.stranger("Вася")
    await vera.start(used)
    await vera.sees("Вы в команде")
    await vasya.start(used)
    await vasya.sees("Этим приглашением уже воспользовались. Попросите новое.")
    await vasya.start("x" * 32)
    await vasya.sees("Такого приглашения нет. Попросите у руководителя новую ссылку.")
    await shop.later(hours=48)
    await vasya.start(expired)
    await vasya.sees("Приглашение просрочено: оно действует двое суток. Попросите новое.")
    assert await how_many(shop, EmployeeRow) == 1


# --- wrong answers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("сто тысяч", "Пожалуйста, напишите сумму цифрами, не словами."),
        ("-5", "Сумма не может быть отрицательной."),
        ("0", "Здесь должно быть больше нуля."),
        ("1000000000000", "Слишком много: можно не больше 999 999 999,99 ₽."),
        ("12,345", "Непонятно, «12,345» — это тысячи или доли рубля."),
        ("150 или 200", "Не получилось понять сумму"),
    ],
)
async def test_a_wrong_amount_is_explained_with_an_example_and_asked_again(
    shop: Shop, anna: Phone, typed: str, said: str
) -> None:
    """Bad input: wrong amounts. What was answered before is not asked again."""
    await new_order(anna)
    await anna.fill("Пётр Сидоров", "+7 916 111-22-33", "Шкаф-купе")
    seen = await anna.text(typed)
    assert said in plain(seen.text)
    assert "Например: 150 000" in plain(seen.text)
    assert "Бюджет" in seen.text, "the same question stands there again"
    assert await how_many(shop, DealRow) == 0
    await anna.text("150 000")
    found = (await shop.rows(select(DealRow.fields)))[0].fields
    assert (found["name"], found["comment"]) == ("Пётр Сидоров", "Шкаф-купе")


async def test_a_prepayment_above_the_budget_is_asked_about(shop: Shop, anna: Phone) -> None:
    """Bad input: an amount that contradicts another one names that one."""
    await order(anna)
    await anna.tap("✔ Предоплата")
    await anna.tap("✔ Изготовление мебели")
    seen = await anna.text("200 000")
    assert "200 000 ₽ — на 50 000 ₽ больше, чем по договору" in plain(seen.text)
    assert await stage_of(shop) == "prepayment"
    await anna.fill("75 000", "[Сегодня]", "[Перевод на счёт]")
    assert await stage_of(shop) == "making"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31.02.2027", "Даты 31.02.2027 не бывает"),
        ("32 декабря в 10:00", "Даты 32.12 не бывает: последний день этого месяца — 31-е число."),
        ("завтра в 25:00", "Времени 25:00 не бывает"),
        ("14.13.2026 10:00", "Месяца с номером 13 не бывает"),
        ("как-нибудь потом", "Не получилось понять"),
        ("01.01.9999 10:00", "Год должен быть"),
    ],
)
async def test_an_impossible_date_is_explained_and_asked_again(shop: Shop, anna: Phone, typed: str, said: str) -> None:
    """Bad input: impossible dates and times."""
    await order(anna)
    await anna.press((await anna.last()).id, wire.data("fill", 1, "delivery_at"), forged=True)
    seen = await anna.text(typed)
    assert said in seen.text
    assert "Дата и время доставки" in seen.text
    assert "delivery_at" not in await fields(shop)
    await anna.text("26.11.2026 12:00")
    assert (await fields(shop))["delivery_at"]


async def test_somebody_elses_contact_is_the_clients_phone_and_no_key_to_the_bot(shop: Shop, anna: Phone) -> None:
    """Bad input: a foreign contact. For a manager it is an answer; for a stranger, an employee's contact opens
    nothing; a contact without a number is asked again."""
    await new_order(anna)
    await anna.text("Пётр Сидоров")
    seen = await anna.contact("---", "Пётр")
    assert "Телефон" in seen.text and "нет номера телефона" in seen.text
    await anna.contact("+49 30 901820", "Пётр", 424242)
    await anna.fill("Шкаф-купе", "150 000")
    assert (await shop.rows(select(DealRow.fields)))[0].fields["phone"] == "+4930901820"
    assert await how_many(shop, EmployeeRow) == 1, "the owner of the contact has not become an employee"
    vasya = await shop.stranger("Вася")
    seen = await vasya.contact("+7 916 000-00-00", "Анна Соколова", anna.key)
    assert seen.text == "Это рабочий бот компании. Доступ только для сотрудников."


async def test_a_contact_where_a_sum_is_asked_is_no_answer(shop: Shop, anna: Phone) -> None:
    """Bad input: another kind of thing than was asked for; the question stays open."""
    await new_order(anna)
    await anna.fill("Пётр Сидоров", "+7 916 111-22-33", "Шкаф-купе")
    for sent in (anna.contact("+7 916 000-00-00", "Олег"), anna.location(55.7, 37.6)):
        seen = await sent
        assert "Бюджет" in seen.text and seen.button("Отмена"), seen.text
    await anna.text("150 000")
    assert await how_many(shop, DealRow) == 1


async def test_an_oversized_file_is_refused_with_the_limit(shop: Shop, anna: Phone) -> None:
    """Bad input: 25 MB, in a form and by itself. Bots get 20 MB at most."""
    await order(anna)
    big = b"\0" * (25 * 1024 * 1024)
    said = "Файл слишком большой: 25 МБ. Telegram отдаёт ботам файлы не больше 20 МБ"
    seen = await anna.send_files(("договор.pdf", big), kind="document")
    assert said in seen.text
    await anna.press((await anna.last()).id, wire.data("fill", 1, "documents"), forged=True)
    seen = await anna.send_files(("договор.pdf", big), kind="document")
    assert said in seen.text and "Прочие документы" in seen.text
    assert await how_many(shop, FileRow) == 0
    await anna.send_files(("договор.pdf", b"%PDF small"), kind="document")
    await anna.tap("Готово")
    assert [one.name for one in await shop.rows(select(FileRow.name))] == ["договор.pdf"]


async def test_five_thousand_characters_are_too_long_and_say_so(shop: Shop, anna: Phone) -> None:
    """Bad input: a 5,000-character text: in a form, as a search, and from the site."""
    long = "шкаф " * 1000
    await new_order(anna)
    await anna.fill("Пётр Сидоров", "+7 916 111-22-33")
    seen = await type_raw(shop, anna, long)
    assert "Слишком длинно" in seen.text and "Что нужно клиенту" in seen.text
    assert len(seen.text) < 1000, "the text is not thrown back at whoever wrote it"
    assert await how_many(shop, DealRow) == 0
    await anna.tap("Отмена")
    seen = await type_raw(shop, anna, long)
    assert seen.rows, "a search for five thousand characters has an answer with a way on"
    assert await every_update_is_done(shop)
    status, body = await shop.lead(phone="8 912 345-67-89", comment=long)
    assert status == 201, body
    assert plain((await shop.rows(select(DealRow.fields)))[0].fields["comment"]).startswith("шкаф шкаф")
    status, body = await shop.lead(phone="8 912 345-67-89", comment=long + "x")
    assert status == 400 and body["errors"][0]["field"] == "comment"


async def type_raw(shop: Shop, phone: Phone, text: str) -> Seen:
    """A message longer than Telegram's own apps send, as another client could."""
    person = {"id": phone.key, "is_bot": False, "first_name": "Анна"}
    chat = {"id": phone.key, "type": "private", "first_name": "Анна"}
    said = {"message_id": 900_000 + len(text), "date": 1_795_420_800, "chat": chat, "from": person, "text": text}
    await shop.post("updates", {"update": {"message": said}})
    await shop.settle()
    return await phone.last()


async def test_a_name_of_emoji_alone_is_not_a_name(shop: Shop, anna: Phone) -> None:
    """Bad input: emoji-only names, of a client and of an employee."""
    await new_order(anna)
    seen = await anna.text("🙂🪑🛋")
    assert "Здесь нужны буквы или цифры, не только значки." in seen.text
    assert "Например: Мария Иванова" in seen.text
    await anna.text("Пётр 🙂")
    await anna.fill("+7 916 111-22-33", "Шкаф-купе", "150 000")
    assert (await shop.rows(select(ClientRow.name)))[0].name == "Пётр 🙂"

    newcomer = await shop.stranger("🦄🦄")
    await newcomer.start(await shop.invitation("installer"))
    await newcomer.sees("Здравствуйте, Сотрудник!")


async def test_markup_in_names_is_shown_as_it_was_typed(shop: Shop, anna: Phone) -> None:
    """Bad input: HTML in names: on the card, in the reminder, in the list, in the search and on the client's card."""
    name = "<b>Иван</b> & <a href='x'>Ко</a> </i> &amp;"
    await new_order(anna)
    await anna.fill(name, "+7 916 111-22-33", "Шкаф <script>", "150 000")
    card = await anna.sees("Заключение договора · 1-й день")
    assert name in card.text and "Шкаф <script>" in card.text
    assert name in (await anna.sees("🔔 Новая сделка")).text
    assert name in (await anna.tap("👤 Клиент", card)).text
    await anna.text("/menu")
    listed = await anna.tap("Мои сделки · 1")
    assert any(one.startswith("Шкаф <script> · <b>Иван</b>") for one in listed.labels)
    found = await anna.text("Иван")
    assert any("<b>Иван</b>" in one for one in found.labels)
    assert (await shop.rows(select(ClientRow.name)))[0].name == name
    assert await every_update_is_done(shop)


# --- buttons ----------------------------------------------------------------------------------------------------


FORGED = (
    "v1", "v1:", "v1:move", "v1:move:1", "v1:move:1:0", "v1:move:1:0:nowhere:more:and:more", "v1:dea", "v2:deal:1",
    "v1:deal:", "v1:deal:zzzzzzzzzzzzzzzz", "v1:deal:-1", "v1:deal:1; DROP TABLE deal", "v1:deal:\u0661", "💥", "{}",
    "v1:form", "v1:form:1", "v1:form:x:y", "v1:tick:1", "v1:outcome:1", "v1:list:x:y", "v1:list:d:m:s:0:furniture:x:0",
    "v1:new:furniture", "v1:new:x:y", "v1:quiet:zz", "v1:lang:xx", "v1:lang", "v1:hand:1:zz", "v1:snooze:1:9",
    "v1:file:9", "v1:task:9", "v1:client:9", "v1:notice:9", "v1:why:9", "v1:answer:9", "v1:calls:9", "x" * 64,
    "v1:jobs:1:2:3:4:5", "v1:team:1:2:3", "v1:section:1:nothing", "v1:fill:1:nothing", "v1:robot:1:zz", "null",
)  # fmt: skip


async def test_a_forged_or_cut_button_changes_nothing_and_says_so(shop: Shop, boss: Phone) -> None:
    """Bad input: forged and truncated callback data: an answer in words, no change, nothing put aside."""
    await order(boss)
    before = await shop.rows(select(DealRow.stage, DealRow.version, DealRow.fields, DealRow.deleted_at))
    menu = await boss.text("/menu")
    for data in FORGED:
        seen = await boss.press(menu.id, data, forged=True)
        assert boss.toast, f"{data}: the press is answered; on the screen: {seen.text}"
        assert any(word in boss.toast for word in ("больше не", "больше нет", "нет", "закрыт")), (data, boss.toast)
    assert await shop.rows(select(DealRow.stage, DealRow.version, DealRow.fields, DealRow.deleted_at)) == before
    assert await every_update_is_done(shop)


async def test_a_move_to_a_stage_that_is_not_there_is_refused(shop: Shop, anna: Phone) -> None:
    """Bad input: a forged stage: of another direction, of none, the one it stands on."""
    card = await order(anna)
    for to in ("nowhere", "consult", "contract", "won", "making"):
        await anna.press(card.id, wire.data("move", 1, "~", to), forged=True)
        assert anna.toast, to
        assert await stage_of(shop) == "contract", to
    assert await every_update_is_done(shop)


async def test_the_buttons_of_a_deleted_deal_say_that_it_is_gone(shop: Shop, anna: Phone, boss: Phone) -> None:
    """Bad input: a button of a deleted deal, on its card, in its reminder and in the middle of a form."""
    card = await order(anna)
    reminder = await anna.sees("🔔 Новая сделка")
    await anna.press(reminder.id, wire.data("fill", 1, "address"), forged=True)
    await anna.sees("Напишите одной строкой — разберу сам")
    menu = await boss.text("/menu")
    asked = await boss.press(menu.id, wire.data("delete", 1), forged=True)
    assert "Удалить сделку?" in asked.text
    await boss.tap("Да, удалить")
    assert boss.toast == "Сделка удалена"

    await anna.tap("✔ Предоплата", card)
    assert anna.toast == "Этой сделки больше нет." and anna.alert
    assert "Мои сделки · 0" in anna.screen.labels, "instead of the card, the menu"
    answered = await anna.text("Москва, ул. Лесная, д. 5")
    assert answered.text == "Эти вопросы больше не нужны: сделки нет или она вам больше не видна."
    assert await stage_of(shop) == "contract"
    heard = len(await anna.from_bot())
    await shop.later(days=3, hours=2)
    assert len(await anna.from_bot()) == heard, "a deleted deal reminds nobody"
    await boss.sees_no("Договор не подписан")
    assert await every_update_is_done(shop)


async def test_the_same_button_twice_at_once_moves_once(shop: Shop, anna: Phone) -> None:
    """Bad input, promise 3: a double press. One move in the history; the second press is told that it was too late."""
    card = await order(anna)
    button = card.button("✔ Предоплата")
    assert button
    press = {"message_id": card.id, "data": button["data"]}
    first, second = await asyncio.gather(*(shop.post(f"phones/{anna.key}/tap", press) for _ in range(2)))
    await shop.settle()
    assert {first["text"], second["text"]} == {
        "Готово: «Предоплата»",
        "Карточка изменилась: Анна Соколова, 10:00. Показываю свежую.",
    }
    assert await moves_of(shop) == 1
    assert await anna.count("Дождитесь предоплаты по сделке") == 1, "and it is announced once"
    await anna.sees("●●○○○○ Предоплата")


async def test_of_two_people_who_press_at_once_one_wins_and_the_other_sees_who(
    shop: Shop, anna: Phone, boss: Phone
) -> None:
    """Bad input, promise 3: manager and supervisor move one deal at the same moment."""
    card = await order(anna)
    await boss.text("2026-0001")
    his = await boss.tap("Шкаф-купе")
    button = card.button("✔ Предоплата")
    assert button and his.button("✔ Предоплата") == button
    pressed = await asyncio.gather(
        shop.post(f"phones/{anna.key}/tap", {"message_id": card.id, "data": button["data"]}),
        shop.post(f"phones/{boss.key}/tap", {"message_id": his.id, "data": button["data"]}),
    )
    await shop.settle()
    said = sorted(one["text"] for one in pressed)
    assert said[0] == "Готово: «Предоплата»"[: len(said[0])] or said[1] == "Готово: «Предоплата»"
    loser = next(one for one in said if one.startswith("Карточка изменилась"))
    assert loser in (
        "Карточка изменилась: Анна Соколова, 10:00. Показываю свежую.",
        "Карточка изменилась: Ирина Белова, 10:00. Показываю свежую.",
    )
    assert await moves_of(shop) == 1
    for phone in (anna, boss):
        assert "Предоплата · 1-й день" in plain((await phone.sees("●●○○○○")).text), "both look at the deal as it is"


async def test_of_two_managers_who_take_a_lead_at_once_one_gets_it(shop: Shop, anna: Phone) -> None:
    """Bad input, promise 3: «Взять себе» by two: one has it, the other learns who."""
    pavel = await shop.hire("Павел Егоров", "manager")
    await shop.lead(name="Мария Иванова", phone="8 912 345-67-89")
    both_cards = {phone.name: await phone.tap("Открыть") for phone in (anna, pavel)}
    both = []
    for phone in (anna, pavel):
        card = both_cards[phone.name]
        button = card.button("Взять себе")
        assert button
        both.append(shop.post(f"phones/{phone.key}/tap", {"message_id": card.id, "data": button["data"]}))
    said = [one["text"] for one in await asyncio.gather(*both)]
    await shop.settle()
    names = {one.id: one.name for one in await shop.rows(select(EmployeeRow.id, EmployeeRow.name))}
    holder = names[(await shop.rows(select(DealRow.responsible_id)))[0].responsible_id]
    loser = said[1] if holder == "Анна Соколова" else said[0]
    assert "Теперь это ваш лид" in said
    assert loser == f"Это уже сделано: {holder}."
    late = anna if holder == "Павел Егоров" else pavel
    await late.press(both_cards[late.name].id, wire.data("deal", 1), forged=True)
    assert late.toast == f"Это ведёт {holder}. У вас нет доступа."


# --- updates ----------------------------------------------------------------------------------------------------


async def test_an_update_of_an_unknown_kind_holds_up_nothing(shop: Shop, anna: Phone, owner: Phone) -> None:
    """Bad input: kinds that Telegram may invent tomorrow, and ones that we do not serve: passed over in silence."""
    heard = len(await anna.from_bot()), len(await owner.from_bot())
    for update in (
        {"quantum_message": {"id": 1}},
        {"poll": {"id": "1", "question": "?", "options": []}},
        {
            "edited_channel_post": {
                "message_id": 1,
                "date": 1,
                "chat": {"id": -100, "type": "channel"},
                "text": "Привет",
            }
        },
        {},
    ):
        await shop.post("updates", {"update": update})
    await shop.settle()
    assert await every_update_is_done(shop)
    assert (len(await anna.from_bot()), len(await owner.from_bot())) == heard
    assert "Менеджер" in (await anna.text("/menu")).text


async def test_an_update_that_cannot_be_read_is_put_aside_and_the_owner_is_told(
    shop: Shop, anna: Phone, owner: Phone
) -> None:
    """Bad input: a known kind with nonsense in it. Its sender is answered, the owner learns the command that repeats
    it, and the next message is served."""
    broken = {"message_id": 7, "date": 1, "chat": {"id": anna.key, "type": "private"}, "from": {"id": anna.key}}
    await shop.post("updates", {"update": {"message": broken}})
    await shop.settle()
    await anna.sees("Не получилось: ошибка на нашей стороне. Владелец уже знает.")
    said = await owner.sees("не удалось обработать")
    number = (await shop.rows(select(InboxRow.id).where(InboxRow.state == FAILED)))[0].id
    assert said.text.endswith(f"verstak replay {number}")
    assert "Менеджер" in (await anna.text("/menu")).text


async def test_a_duplicate_update_takes_effect_once(shop: Shop, anna: Phone) -> None:
    """Bad input: Telegram delivers the same update again; nothing happens twice, nothing is said twice."""
    card = await order(anna)
    await anna.tap("✔ Предоплата", card)
    heard = len(await anna.from_bot())
    for _ in range(3):
        await shop.post("updates/duplicate", {})
        await shop.settle()
    assert await moves_of(shop) == 1
    assert len(await anna.from_bot()) == heard
    assert GONE not in (await anna.last()).text
