"""Sending and editing through a real aiogram Bot: answers parse, refusals are Telegram's own."""

from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    CopyTextButton,
    DisabledButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MenuButtonCommands,
    Message,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)

from sandbox import Sandbox

ANNA, CLIENT = 100_001, 100_002


def keyboard(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[button] for button in buttons])


YES = InlineKeyboardButton(text="Да", callback_data="yes", style="success")


async def test_the_bot_knows_itself(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (42, True, "verstak_bot")


async def test_a_sent_message_comes_back_whole(started: Any, bot: Bot, sandbox: Sandbox) -> None:
    sent = await bot.send_message(ANNA, "<b>Кухня</b> /start", parse_mode="HTML", reply_markup=keyboard(YES))
    assert (sent.chat.id, sent.chat.username, sent.chat.type) == (ANNA, "anna", "private")
    assert sent.from_user is not None and sent.from_user.is_bot
    assert sent.date == sandbox.clock.now()
    assert sent.text == "Кухня /start"
    assert [entity.type for entity in sent.entities or []] == ["bold", "bot_command"]
    assert sent.reply_markup is not None
    assert sent.reply_markup.model_dump() == keyboard(YES).model_dump()
    assert (await bot.send_message(ANNA, "вторая")).message_id == sent.message_id + 1


@pytest.mark.parametrize(
    ("text", "parse_mode", "reason"),
    [
        ("", None, "message text is empty"),
        (" \n ", None, "text must be non-empty"),
        ("<b></b>", "HTML", "text must be non-empty"),
        ("я" * 4097, None, "message is too long"),
        ("😀" * 2049, None, "message is too long"),
        ("<b>x", "HTML", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("x", "Maple", "unsupported parse_mode"),
        ("\ud83d", None, "strings must be encoded in UTF-8"),
    ],
)
async def test_bad_texts_are_refused(started: Any, text: str, parse_mode: str | None, reason: str) -> None:
    answer = await started.bot("sendMessage", chat_id=ANNA, text=text, parse_mode=parse_mode or "")
    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {reason}"}


async def test_length_counts_after_the_tags_are_gone(started: Any, bot: Bot) -> None:
    sent = await bot.send_message(ANNA, f"<b>{'я' * 4096}</b>", parse_mode="HTML")
    assert len(sent.text or "") == 4096


async def test_who_cannot_be_written_to(desk: Any, bot: Bot) -> None:
    with pytest.raises(TelegramForbiddenError, match="bot can't initiate conversation with a user"):
        await bot.send_message(ANNA, "здравствуйте")
    for nobody in (CLIENT, 999, "@anna"):
        with pytest.raises(TelegramBadRequest, match="chat not found"):
            await bot.send_message(nobody, "здравствуйте")
    await desk.anna("start")
    await desk.anna("block")
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(ANNA, "здравствуйте")
    await desk.anna("unblock")
    assert await bot.send_message(ANNA, "здравствуйте")


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "x"}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "я" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "a", "url": "https://a.ru"}, "exactly one action"),
        ({"text": "", "callback_data": "a"}, "button text must be non-empty"),
        ({"text": "x", "callback_data": "a", "style": "pink"}, "BUTTON_STYLE_INVALID"),
        ({"text": "x", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "copy_text": {"text": "a" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "url": "ftp://a.ru"}, "Unsupported URL protocol"),
        ({"text": "x", "url": "http://localhost/x"}, "Wrong HTTP URL"),
        ({"text": "x", "callback_data": "a", "colour": 1}, 'unknown field "colour"'),
        ("x", "must be an Object"),
    ],
)
async def test_misshapen_buttons_are_refused(started: Any, button: Any, reason: str) -> None:
    markup = {"inline_keyboard": [[button]]}
    answer = await started.bot("sendMessage", chat_id=ANNA, text="x", reply_markup=markup)
    assert answer["error_code"] == 400
    assert reason in answer["description"]


async def test_every_kind_of_button_arrives_on_the_page(started: Any, bot: Bot) -> None:
    buttons = [
        YES,
        InlineKeyboardButton(text="Адрес", copy_text=CopyTextButton(text="Тверская, 1")),
        InlineKeyboardButton(text="Карта", url="https://yandex.ru/maps"),
        InlineKeyboardButton(text="Найти", switch_inline_query_current_chat="кухня "),
        InlineKeyboardButton(text="1/9", disabled=DisabledButton()),
    ]
    await bot.send_message(ANNA, "x", reply_markup=keyboard(*buttons))
    (shown,) = [m for m in await started.seen() if not m["out"]]
    kinds = [(b["kind"], b["style"], b["data"], b["url"], b["copy"]) for row in shown["rows"] for b in row]
    assert kinds == [
        ("callback", "success", "yes", None, None),
        ("copy", None, None, None, "Тверская, 1"),
        ("url", None, None, "https://yandex.ru/maps", None),
        ("inline", None, None, None, None),
        ("disabled", None, None, None, None),
    ]


@pytest.mark.parametrize("shape", [[1] * 101, [9], [8] * 13])
async def test_keyboards_have_a_hundred_buttons_and_eight_in_a_row_at_most(started: Any, shape: list[int]) -> None:
    rows = [[{"text": "x", "callback_data": "x"}] * width for width in shape]
    answer = await started.bot("sendMessage", chat_id=ANNA, text="x", reply_markup={"inline_keyboard": rows})
    assert answer["description"] == "Bad Request: REPLY_MARKUP_TOO_LONG"


async def test_an_edit_changes_text_and_drops_a_keyboard_not_given_again(
    started: Any, bot: Bot, sandbox: Sandbox
) -> None:
    sent = await bot.send_message(ANNA, "раз", reply_markup=keyboard(YES))
    await sandbox.clock.advance(timedelta(days=400))
    edited = await sent.edit_text("два")
    assert isinstance(edited, Message)
    assert (edited.text, edited.reply_markup, edited.date) == ("два", None, sent.date)
    assert edited.edit_date == int(sandbox.clock.now().timestamp())
    (shown,) = [m for m in await started.seen() if not m["out"]]
    assert (shown["text"], shown["rows"], shown["edited"]) == ("два", [], True)


async def test_an_edit_that_changes_nothing_is_refused(started: Any, bot: Bot) -> None:
    sent = await bot.send_message(ANNA, "<b>раз</b>", parse_mode="HTML", reply_markup=keyboard(YES))
    same = "message is not modified: specified new message content and reply markup are exactly the same as a"
    with pytest.raises(TelegramBadRequest, match=same):
        await sent.edit_text(" <strong>раз</strong>", parse_mode="HTML", reply_markup=keyboard(YES))
    with pytest.raises(TelegramBadRequest, match=same):
        await sent.edit_reply_markup(reply_markup=keyboard(YES))
    assert await sent.edit_text("раз", reply_markup=keyboard(YES))
    assert await sent.edit_reply_markup(reply_markup=None)


async def test_what_cannot_be_edited(started: Any, bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("x", chat_id=ANNA, message_id=777)
    with pytest.raises(TelegramBadRequest, match="message identifier is not specified"):
        await bot.edit_message_text("x", chat_id=ANNA)
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("x", chat_id=ANNA, message_id=1)
    menu = await bot.send_message(ANNA, "меню", reply_markup=ReplyKeyboardRemove())
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await menu.edit_text("x")
    text = await bot.send_message(ANNA, "текст")
    with pytest.raises(TelegramBadRequest, match="there is no caption in the message to edit"):
        await text.edit_caption(caption="x")
    place = await bot.send_location(ANNA, 55.75, 37.62)
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await place.edit_text("x")


async def test_a_message_can_be_deleted_once_and_for_two_days(started: Any, bot: Bot, sandbox: Sandbox) -> None:
    sent, old = await bot.send_message(ANNA, "раз"), await bot.send_message(ANNA, "два")
    assert await sent.delete()
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await sent.delete()
    await sandbox.clock.advance(timedelta(hours=48, seconds=1))
    with pytest.raises(TelegramBadRequest, match="message can't be deleted for everyone"):
        await old.delete()
    screen = await started.get(f"/phones/{ANNA}/messages?after=1")
    assert screen["deleted"] == [sent.message_id]


async def test_replies_show_what_they_reply_to(started: Any, bot: Bot) -> None:
    sent = await bot.send_message(ANNA, "да", reply_parameters=ReplyParameters(message_id=1))
    assert sent.reply_to_message is not None and sent.reply_to_message.text == "/start"
    missing = ReplyParameters(message_id=777)
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await bot.send_message(ANNA, "да", reply_parameters=missing)
    lenient = ReplyParameters(message_id=777, allow_sending_without_reply=True)
    assert (await bot.send_message(ANNA, "да", reply_parameters=lenient)).reply_to_message is None


async def test_pins_and_reactions(started: Any, bot: Bot) -> None:
    sent = await bot.send_message(ANNA, "доска")
    assert await bot.pin_chat_message(ANNA, sent.message_id)
    assert await bot.set_message_reaction(ANNA, 1, reaction=[ReactionTypeEmoji(emoji="👀")])
    first, board = await started.seen()
    assert (first["reaction"], board["pinned"]) == ("👀", True)
    info = await bot.get_chat(ANNA)
    assert info.pinned_message is not None and info.pinned_message.message_id == sent.message_id
    assert await bot.unpin_chat_message(ANNA)
    assert not (await started.seen())[1]["pinned"]
    with pytest.raises(TelegramBadRequest, match="REACTION_INVALID"):
        await bot.set_message_reaction(ANNA, 1, reaction=[ReactionTypeEmoji(emoji="✅")])
    with pytest.raises(TelegramBadRequest, match="message to unpin not found"):
        await bot.unpin_chat_message(ANNA)


async def test_reply_keyboards_stay_until_taken_away(started: Any, bot: Bot) -> None:
    rows = [[KeyboardButton(text="Мой номер", request_contact=True), KeyboardButton(text="Отмена")]]
    await bot.send_message(ANNA, "Ваш номер?", reply_markup=ReplyKeyboardMarkup(keyboard=rows))
    await started.anna("text", text="минуту")
    shown = await started.get(f"/phones/{ANNA}/messages")
    assert shown["keyboard"]["rows"] == [[{"text": "Мой номер", "kind": "contact"}, {"text": "Отмена", "kind": "text"}]]
    await bot.send_message(ANNA, "готово", reply_markup=ReplyKeyboardRemove())
    assert (await started.get(f"/phones/{ANNA}/messages"))["keyboard"] is None


async def test_a_forced_reply_is_a_reply_without_further_ado(started: Any, bot: Bot) -> None:
    asked = await bot.send_message(ANNA, "Сумма?", reply_markup=ForceReply(input_field_placeholder="150 000"))
    shown = await started.get(f"/phones/{ANNA}/messages")
    assert shown["keyboard"] == {"rows": [], "placeholder": "150 000"}
    await started.anna("text", text="90 000")
    (update,) = await started.updates()
    assert update["message"]["reply_to_message"]["message_id"] == asked.message_id
    assert (await started.get(f"/phones/{ANNA}/messages"))["keyboard"] is None


async def test_commands_come_from_the_narrowest_scope(started: Any, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand(command="start", description="Начать")])
    await bot.set_my_commands(
        [BotCommand(command="deals", description="Мои сделки")], scope=BotCommandScopeChat(chat_id=ANNA)
    )
    shown = await started.get(f"/phones/{ANNA}/messages")
    assert shown["commands"] == [{"command": "deals", "description": "Мои сделки"}]
    assert [c.command for c in await bot.get_my_commands()] == ["start"]
    await bot.delete_my_commands(scope=BotCommandScopeChat(chat_id=ANNA))
    shown = await started.get(f"/phones/{ANNA}/messages")
    assert [c["command"] for c in shown["commands"]] == ["start"]
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand(command="Сделки", description="Мои сделки")])
    assert await bot.set_chat_menu_button(ANNA, menu_button=MenuButtonCommands())


async def test_places_contacts_and_people(started: Any, bot: Bot) -> None:
    venue = await bot.send_venue(ANNA, 55.75, 37.62, "Цех", "Тверская, 1")
    assert venue.venue is not None and venue.venue.address == "Тверская, 1"
    contact = await bot.send_contact(ANNA, "+79120000002", "Пётр")
    assert contact.contact is not None and contact.contact.first_name == "Пётр"
    with pytest.raises(TelegramBadRequest, match="wrong latitude specified"):
        await bot.send_location(ANNA, 155.75, 37.62)
    info = await bot.get_chat(ANNA)
    assert (info.first_name, info.type) == ("Анна", "private")
    assert await bot.send_chat_action(ANNA, "typing")


async def test_copies_forget_their_source_and_forwards_do_not(started: Any, bot: Bot) -> None:
    copied = await bot.copy_message(ANNA, ANNA, 1)
    forwarded = await bot.forward_message(ANNA, ANNA, 1)
    shown = {m["id"]: m for m in await started.seen()}
    assert (shown[copied.message_id]["text"], shown[copied.message_id]["forwarded"]) == ("/start", False)
    assert forwarded.forward_origin is not None and forwarded.forward_origin.type == "user"
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await forwarded.edit_text("x")


async def test_the_unknown_is_refused_loudly(started: Any) -> None:
    assert (await started.bot("sendMesage", chat_id=ANNA))["error_code"] == 404
    answer = await started.bot("sendMessage", chat_id=ANNA, text="x", txet="y")
    assert answer["description"] == 'Bad Request: unknown parameter "txet" of sendMessage'
    answer = await started.bot("sendMessage", chat_id=ANNA, text="x", rich_message={})
    assert "does not play" in answer["description"]
    assert (await started.bot("getMe", token="42:other-token"))["error_code"] == 401
    assert (await started.bot("getMe", token="nonsense"))["error_code"] == 404


async def test_parameters_come_in_any_of_telegrams_forms(started: Any) -> None:
    session, url = started.session, "/bot42:test-token/sendMessage"
    async with session.get(url, params={"chat_id": ANNA, "text": "из запроса"}) as response:
        assert (await response.json())["result"]["text"] == "из запроса"
    async with session.post(url, params={"chat_id": ANNA}, data={"text": "из формы"}) as response:
        assert (await response.json())["result"]["text"] == "из формы"
    async with session.post(url, data=b"{", headers={"Content-Type": "application/json"}) as response:
        assert response.status == 400


async def test_bots_have_chats_of_their_own(started: Any) -> None:
    answer = await started.bot("sendMessage", token="43:second", chat_id=ANNA, text="x")
    assert answer["error_code"] == 403
    await started.post(f"/phones/{ANNA}/start?bot=43")
    assert (await started.bot("sendMessage", token="43:second", chat_id=ANNA, text="x"))["ok"]
    assert [m["text"] for m in await started.seen()] == ["/start"]


async def test_forms_are_decoded_letter_by_letter(started: Any) -> None:
    text = "Кухня + 100 % & «ёлочки» = 😀\nвторая строка%2"
    async with started.session.post("/bot42:test-token/sendMessage", data={"chat_id": ANNA, "text": text}) as got:
        assert (await got.json())["result"]["text"] == text
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with started.session.post("/bot42:test-token/sendMessage", data=b"text=%ff", headers=headers) as got:
        assert (await got.json())["description"] == "Bad Request: strings must be encoded in UTF-8"
