"""Bot API methods that change or remove what was sent."""

from datetime import timedelta

from sandbox.bot_api import message_text
from sandbox.bot_api import reply_markup as markups
from sandbox.bot_api.api_error import bad
from sandbox.bot_api.call_params import Params
from sandbox.bot_api.method_registry import get_chat, method
from sandbox.world.world import Chat, Json, Message, SandboxBot, World

DELETABLE_FOR = timedelta(hours=48)
_MESSAGE = "chat_id message_id reply_markup"
_SAME = (
    "message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)


@method("editMessageText", f"{_MESSAGE} text parse_mode entities")
def edit_message_text(world: World, bot: SandboxBot, params: Params) -> Json:
    """Another text; a keyboard that is not given again goes away."""
    chat = get_chat(world, bot, params)
    text, entities = message_text.read_text(params)
    message = _editable(chat, params)
    if "text" not in message.body:
        raise bad("there is no text in the message to edit")
    changes: Json = {"text": text, "entities": entities or None, "reply_markup": _markup(params)}
    return _change(world, chat, message, changes)


@method("editMessageCaption", f"{_MESSAGE} caption parse_mode caption_entities")
def edit_message_caption(world: World, bot: SandboxBot, params: Params) -> Json:
    """Another caption under a file."""
    chat = get_chat(world, bot, params)
    caption = {"caption": None, "caption_entities": None, **message_text.read_caption(params)}
    message = _editable(chat, params)
    if message.file is None:
        raise bad("there is no caption in the message to edit")
    return _change(world, chat, message, {**caption, "reply_markup": _markup(params)})


@method("editMessageReplyMarkup", _MESSAGE)
def edit_message_reply_markup(world: World, bot: SandboxBot, params: Params) -> Json:
    """Another keyboard under the same message."""
    chat = get_chat(world, bot, params)
    markup = _markup(params)
    return _change(world, chat, _editable(chat, params), {"reply_markup": markup})


@method("deleteMessage", "chat_id message_id")
def delete_message(world: World, bot: SandboxBot, params: Params) -> bool:
    """Take a message away, also one that the person wrote; at most 48 hours old."""
    chat = get_chat(world, bot, params)
    message = chat.messages.get(_message_id(params))
    if message is None:
        raise bad("message to delete not found")
    if not _is_fresh(world, message):
        raise bad("message can't be deleted for everyone")
    world.erase(chat, message)
    return True


@method("deleteMessages", "chat_id message_ids")
def delete_messages(world: World, bot: SandboxBot, params: Params) -> bool:
    """The same for up to a hundred messages; those that cannot be found are passed over."""
    chat = get_chat(world, bot, params)
    numbers = params.json("message_ids", "can't parse message identifiers JSON object")
    if not isinstance(numbers, list) or not all(isinstance(n, int) for n in numbers):
        raise bad("can't parse message identifiers JSON object")
    if not 1 <= len(numbers) <= 100:
        raise bad("message identifiers are not specified")
    for message in [chat.messages[n] for n in numbers if n in chat.messages]:
        if _is_fresh(world, message):
            world.erase(chat, message)
    return True


@method("pinChatMessage", "chat_id message_id disable_notification")
def pin_chat_message(world: World, bot: SandboxBot, params: Params) -> bool:
    """Pin a message."""
    chat = get_chat(world, bot, params)
    message = chat.messages.get(_message_id(params))
    if message is None:
        raise bad("message to pin not found")
    if not message.pinned:
        message.pinned = True
        world.touch(chat, message)
    return True


@method("unpinChatMessage", "chat_id message_id")
def unpin_chat_message(world: World, bot: SandboxBot, params: Params) -> bool:
    """Unpin a message, by default the last pinned one."""
    chat = get_chat(world, bot, params)
    pinned = [message for message in chat.messages.values() if message.pinned]
    number = params.integer("message_id") or (pinned[-1].id if pinned else 0)
    for message in pinned:
        if message.id == number:
            message.pinned = False
            world.touch(chat, message)
            return True
    raise bad("message to unpin not found")


@method("unpinAllChatMessages", "chat_id")
def unpin_all_chat_messages(world: World, bot: SandboxBot, params: Params) -> bool:
    """Unpin everything."""
    chat = get_chat(world, bot, params)
    for message in [message for message in chat.messages.values() if message.pinned]:
        message.pinned = False
        world.touch(chat, message)
    return True


def _message_id(params: Params) -> int:
    number = params.integer("message_id")
    if not number:
        raise bad("message identifier is not specified")
    return number


def _markup(params: Params) -> Json | None:
    if "reply_markup" not in params.values:
        return None
    value = params.json("reply_markup", "can't parse reply keyboard markup JSON object")
    return markups.check(value, inline_only=True)


def _editable(chat: Chat, params: Params) -> Message:
    message = chat.messages.get(_message_id(params))
    if message is None:
        raise bad("message to edit not found")
    if message.out or message.fixed:
        raise bad("message can't be edited")
    return message


def _change(world: World, chat: Chat, message: Message, changes: Json) -> Json:
    """Put the changes in, None meaning away. Refused if nothing would change."""
    body = message.body
    if all(body.get(name) == value for name, value in changes.items()):
        raise bad(_SAME)
    body = {**body, "edit_date": world.date(), **changes}
    message.body = {name: value for name, value in body.items() if value is not None}
    world.touch(chat, message)
    return message.body


def _is_fresh(world: World, message: Message) -> bool:
    return world.date() - int(message.body["date"]) <= DELETABLE_FOR.total_seconds()
