"""The remaining Bot API methods: taps, files, commands, reactions, who is who."""

import re
from datetime import timedelta
from typing import Any

from sandbox.bot_api.api_error import bad, chat_not_found
from sandbox.bot_api.call_params import Params
from sandbox.bot_api.method_registry import find_started, get_chat, method
from sandbox.bot_api.text_entities import units
from sandbox.world.file_store import DOWNLOAD_LIMIT
from sandbox.world.world import Json, SandboxBot, World

ANSWERABLE_FOR = timedelta(seconds=150)
ANSWER_LIMIT = 200
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_ACTION_NAMES = (
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document "
    "choose_sticker find_location record_video_note upload_video_note"
)
_ACTIONS = frozenset(_ACTION_NAMES.split())
_EMOJI = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 "
    "🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 "
    "🤷‍♂ 🤷 🤷‍♀ 😡"
)
REACTIONS = frozenset(_EMOJI.split())
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat"})


@method("getMe")
def get_me(world: World, bot: SandboxBot, params: Params) -> Json:
    """Who the bot is."""
    return {
        **bot.user(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("logOut")
@method("close")
def leave(world: World, bot: SandboxBot, params: Params) -> bool:
    """Nothing to do: there is one server only."""
    return True


@method("answerCallbackQuery", "callback_query_id text show_alert url cache_time")
def answer_callback_query(world: World, bot: SandboxBot, params: Params) -> bool:
    """Answer a tap, once and in time."""
    text = params.text("text")
    if units(text) > ANSWER_LIMIT:
        raise bad("MESSAGE_TOO_LONG")
    query = bot.queries.pop(params.text("callback_query_id"), None)
    if query is None or world.clock.now() - query.at > ANSWERABLE_FOR:
        raise bad(_TOO_OLD)
    answer: Json = {"answered": True, "text": text, "alert": params.flag("show_alert")}
    if url := params.text("url"):
        answer["url"] = url
    if query.answer is not None and not query.answer.done():
        query.answer.set_result(answer)
    if text:
        world.publish("toast", query.chat.person.id, text=text, alert=answer["alert"])
    return True


@method("getFile", "file_id")
def get_file(world: World, bot: SandboxBot, params: Params) -> Json:
    """Where a file can be downloaded; at most 20 MB."""
    file = world.files.find(bot.serial, params.text("file_id"))
    if file is None:
        raise bad("invalid file_id")
    if len(file.data) > DOWNLOAD_LIMIT:
        raise bad("file is too big")
    return {**file.card(), "file_path": file.path}


@method("setMessageReaction", "chat_id message_id reaction is_big")
def set_message_reaction(world: World, bot: SandboxBot, params: Params) -> bool:
    """Put one emoji under a message, or take it away."""
    chat = get_chat(world, bot, params)
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad("message to react not found")
    value = params.json("reaction", "can't parse reaction types JSON object") or []
    if not isinstance(value, list) or len(value) > 1:
        raise bad("REACTIONS_TOO_MANY")
    emoji = next((_emoji(item) for item in value), None)
    if message.reaction != emoji:
        message.reaction = emoji
        world.touch(chat, message)
    return True


def _emoji(item: Any) -> str:
    emoji = item.get("emoji") if isinstance(item, dict) and item.get("type") == "emoji" else None
    if not isinstance(emoji, str) or emoji not in REACTIONS:
        raise bad("REACTION_INVALID")
    return emoji


@method("sendChatAction", "chat_id action")
def send_chat_action(world: World, bot: SandboxBot, params: Params) -> bool:
    """«is typing…»; checked and not shown."""
    get_chat(world, bot, params)
    if params.text("action") not in _ACTIONS:
        raise bad("wrong parameter action in request")
    return True


@method("getChat", "chat_id")
def get_chat_info(world: World, bot: SandboxBot, params: Params) -> Json:
    """What the bot may know about a person who has started it."""
    chat = find_started(world, bot, params)
    if chat is None:
        raise chat_not_found()
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    info: Json = {
        **chat.card,
        "accent_color_id": chat.person.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, True),
    }
    if chat.person.username:
        info["active_usernames"] = [chat.person.username]
    pinned = [message for message in chat.messages.values() if message.pinned]
    if pinned:
        info["pinned_message"] = pinned[-1].body
    return info


@method("setMyCommands", "commands scope language_code")
def set_my_commands(world: World, bot: SandboxBot, params: Params) -> bool:
    """The list behind the «Menu» button, for everyone or for one chat."""
    commands = params.json("commands", "can't parse commands JSON object")
    if not isinstance(commands, list) or not all(isinstance(item, dict) for item in commands):
        raise bad("expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for item in commands:
        name, description = item.get("command"), item.get("description")
        if not isinstance(name, str) or not _COMMAND.fullmatch(name.removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not isinstance(description, str) or not 1 <= len(description) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    kept = [{**item, "command": item["command"].removeprefix("/")} for item in commands]
    bot.commands[_scope(world, bot, params)] = kept
    world.publish("state", None)
    return True


@method("deleteMyCommands", "scope language_code")
def delete_my_commands(world: World, bot: SandboxBot, params: Params) -> bool:
    """Take such a list away; a wider one shows then."""
    bot.commands.pop(_scope(world, bot, params), None)
    world.publish("state", None)
    return True


@method("getMyCommands", "scope language_code")
def get_my_commands(world: World, bot: SandboxBot, params: Params) -> list[Json]:
    """The list of exactly this scope and language."""
    return bot.commands.get(_scope(world, bot, params), [])


def shown_commands(bot: SandboxBot, person: int, language: str) -> list[Json]:
    """The list that this person sees: the narrowest there is, in his language if possible."""
    for scope in (("chat", person), ("all_private_chats", 0), ("default", 0)):
        for code in (language, ""):
            commands = bot.commands.get((*scope, code))
            if commands:
                return commands
    return []


def _scope(world: World, bot: SandboxBot, params: Params) -> tuple[str, int, str]:
    scope = params.json("scope", "can't parse BotCommandScope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if not isinstance(kind, str) or kind not in _SCOPES:
        raise bad("can't parse BotCommandScope: unsupported type specified")
    chat = 0
    if kind == "chat":
        started = find_started(world, bot, Params({"chat_id": scope.get("chat_id")}))
        if started is None:
            raise chat_not_found()
        chat = started.person.id
    return kind, chat, params.text("language_code")


@method("setChatMenuButton", "chat_id menu_button")
def set_chat_menu_button(world: World, bot: SandboxBot, params: Params) -> bool:
    """What the button left of the input field does."""
    button: Any = params.json("menu_button", "can't parse menu button JSON object") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in ("default", "commands", "web_app"):
        raise bad("can't parse menu button: unsupported type specified")
    chat = get_chat(world, bot, params).person.id if params.values.get("chat_id") else 0
    bot.menus[chat] = button
    return True


@method("getChatMenuButton", "chat_id")
def get_chat_menu_button(world: World, bot: SandboxBot, params: Params) -> Json:
    """The same, asked."""
    chat = get_chat(world, bot, params).person.id if params.values.get("chat_id") else 0
    return bot.menus.get(chat) or bot.menus.get(0) or {"type": "default"}
