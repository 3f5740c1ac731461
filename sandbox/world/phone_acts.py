"""What the owners of the phones do: write, tap, share, block. Each act reaches the bot as an update."""

import asyncio
from typing import Any

from sandbox.bot_api import text_entities as found
from sandbox.bot_api.sending import content_of, origin
from sandbox.world.file_store import SandboxFile
from sandbox.world.world import Chat, Json, Message, Query, World


class NotPossible(ValueError):
    """The person cannot do this on his phone; the sentence says why."""


def write(world: World, chat: Chat, content: Json, file: SandboxFile | None = None) -> Message:
    """Send anything to the bot."""
    if chat.blocked:
        raise NotPossible("the bot is blocked on this phone: unblock it first")
    message = world.write(chat, content, out=True, file=file)
    if chat.keyboard and (chat.keyboard.get("one_time_keyboard") or chat.keyboard.get("force_reply")):
        chat.keyboard = None
    chat.reply_to = None
    chat.bot.queue.put("message", message.body)
    return message


def say(world: World, chat: Chat, text: str, reply_to: int | None = None) -> Message:
    """Type a text. NotPossible if it is empty or longer than a message can be."""
    clean, marks = found.finish(text, [])
    if not clean:
        raise NotPossible("the text is empty")
    if found.units(clean) > 4096:
        raise NotPossible("the text is longer than 4096 characters")
    content: Json = {"text": clean}
    if marks:
        content["entities"] = marks
    return write(world, chat, content | _answered(chat, reply_to))


def _answered(chat: Chat, reply_to: int | None) -> Json:
    """The message that is replied to."""
    target = chat.messages.get(reply_to if reply_to is not None else chat.reply_to or 0)
    if target is not None:
        return {"reply_to_message": {key: value for key, value in target.body.items() if key != "reply_to_message"}}
    if reply_to is not None:
        raise NotPossible(f"there is no message {reply_to} to reply to")
    return {}


def share_contact(world: World, chat: Chat, contact: Json) -> Message:
    """Send a contact card."""
    return write(world, chat, {"contact": contact})


def share_location(world: World, chat: Chat, latitude: float, longitude: float, reply_to: int | None = None) -> Message:
    """Send a place."""
    place: Json = {"location": {"latitude": latitude, "longitude": longitude}}
    return write(world, chat, place | _answered(chat, reply_to))


def send_files(
    world: World, chat: Chat, kind: str, parts: list[tuple[str, bytes, str | None]], caption: str
) -> list[Message]:
    """Send files as `kind`; several make an album, whose caption stands under the first."""
    group = {"media_group_id": str(world.rev + 14_000_000_000_000)} if len(parts) > 1 else {}
    sent: list[Message] = []
    for name, data, mime in parts:
        file = world.files.add(chat.bot.serial, kind, data, name, mime)
        content = {**group, **world.files.describe(file)}
        if caption and not sent:
            text, marks = found.finish(caption, [])
            content["caption"] = text
            if marks:
                content["caption_entities"] = marks
        sent.append(write(world, chat, content, file))
    return sent


def forward(world: World, chat: Chat, source: Message) -> Message:
    """Pass on a message seen in another chat with the same bot."""
    content = {**content_of(source), "forward_origin": origin(source)}
    return write(world, chat, content, source.file)


def edit(world: World, chat: Chat, message: Message, text: str) -> None:
    """Rewrite one's own text or caption; a caption can be taken away."""
    if not message.out:
        raise NotPossible("this message is not the phone owner's own")
    field = "caption" if message.file else "text"
    if field == "text" and "text" not in message.body:
        raise NotPossible("this message has no text to edit")
    clean, marks = found.finish(text, [])
    if not clean and field == "text":
        raise NotPossible("the text is empty")
    marked = "caption_entities" if message.file else "entities"
    body = {key: value for key, value in message.body.items() if key not in (marked, field)}
    words = {field: clean} if clean else {}
    message.body = {**body, **words, "edit_date": world.date(), **({marked: marks} if marks else {})}
    world.touch(chat, message)
    chat.bot.queue.put("edited_message", message.body)


def set_blocked(world: World, chat: Chat, blocked: bool) -> None:
    """Block the bot or let it write again; nothing happens if it is so already."""
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    member = {"user": chat.bot.user(), "status": "member"}
    kicked = {"user": chat.bot.user(), "status": "kicked", "until_date": 0}
    old, new = (member, kicked) if blocked else (kicked, member)
    world.publish("state", chat.person.id)
    change = {"chat": chat.card, "from": chat.person.user(), "date": world.date()}
    chat.bot.queue.put("my_chat_member", {**change, "old_chat_member": old, "new_chat_member": new})


def find_button(message: Message, data: str | None, label: str | None, place: tuple[int, int] | None) -> Json:
    """The inline button meant by its data, its label (exact, else a part that only one has) or its place."""
    rows: list[list[Json]] = message.body.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    if place is not None:
        row, column = place
        if not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
            raise NotPossible(f"there is no button in row {row}, column {column}")
        return rows[row][column]
    if data is not None:
        matching = [button for button in buttons if button.get("callback_data") == data]
    else:
        matching = [button for button in buttons if button["text"] == label]
        matching = matching or [button for button in buttons if label and label in button["text"]]
        if len(matching) > 1 and len({repr(button) for button in matching}) > 1:
            raise NotPossible(f"several buttons have {label!r}: {_labels(matching)}")
    if not matching:
        wanted = f"with data {data!r}" if data is not None else f"{label!r}"
        raise NotPossible(f"there is no button {wanted}; there are: {_labels(buttons)}")
    return matching[0]


def _labels(buttons: list[Json]) -> str:
    return ", ".join(f"«{button['text']}»" for button in buttons) or "none"


async def tap(world: World, chat: Chat, number: int, data: str, patience: float) -> Json:
    """Press a callback button, and wait up to `patience` seconds of real time for the bot's answer."""
    if chat.blocked:
        raise NotPossible("the bot is blocked on this phone: unblock it first")
    identifier = str(next(chat.bot.query_numbers))
    future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
    chat.bot.queries[identifier] = Query(identifier, chat, world.clock.now(), future)
    message = chat.messages.get(number)
    shown: Any = message.body if message else {"chat": chat.card, "message_id": number, "date": 0}
    query = {"id": identifier, "from": chat.person.user(), "message": shown, "data": data}
    chat.bot.queue.put("callback_query", {**query, "chat_instance": chat.instance})
    unanswered: Json = {"answered": False, "text": "", "alert": False}
    if patience <= 0:
        return unanswered
    try:
        return await asyncio.wait_for(future, patience)
    except TimeoutError:
        return unanswered
