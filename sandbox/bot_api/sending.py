"""Bot API methods that put a new message into a chat."""

from sandbox.bot_api import group_calls, message_text
from sandbox.bot_api import reply_markup as markups
from sandbox.bot_api.api_error import bad
from sandbox.bot_api.call_params import Params, UploadedPart
from sandbox.bot_api.method_registry import get_chat, method
from sandbox.world.file_store import PHOTO_LIMIT, SandboxFile, measure
from sandbox.world.world import Chat, Json, Message, SandboxBot, World

_SEND = "chat_id disable_notification reply_parameters reply_markup reply_to_message_id allow_sending_without_reply"
_CAPTION = "caption parse_mode caption_entities"


@method("sendMessage", f"{_SEND} text parse_mode entities")
def send_message(world: World, bot: SandboxBot, params: Params) -> Json:
    """A text."""
    if (group := group_calls.find_group(bot, params)) is not None:
        return group_calls.say(world, bot, group, params)
    chat = get_chat(world, bot, params)
    text, entities = message_text.read_text(params)
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    return _send(world, chat, params, content)


@method("sendDocument", f"{_SEND} {_CAPTION} document thumbnail")
def send_document(world: World, bot: SandboxBot, params: Params) -> Json:
    """A file of any kind."""
    return _send_file(world, bot, params, "document")


@method("sendPhoto", f"{_SEND} {_CAPTION} photo")
def send_photo(world: World, bot: SandboxBot, params: Params) -> Json:
    """A picture."""
    return _send_file(world, bot, params, "photo")


@method("sendVoice", f"{_SEND} {_CAPTION} voice duration")
def send_voice(world: World, bot: SandboxBot, params: Params) -> Json:
    """A voice message."""
    return _send_file(world, bot, params, "voice")


@method("sendLocation", f"{_SEND} latitude longitude horizontal_accuracy")
def send_location(world: World, bot: SandboxBot, params: Params) -> Json:
    """A point on the map."""
    chat = get_chat(world, bot, params)
    return _send(world, chat, params, {"location": _point(params)})


@method("sendVenue", f"{_SEND} latitude longitude title address foursquare_id foursquare_type google_place_id")
def send_venue(world: World, bot: SandboxBot, params: Params) -> Json:
    """A point on the map with a name and an address."""
    chat = get_chat(world, bot, params)
    point, title, address = _point(params), params.text("title"), params.text("address")
    if not title:
        raise bad("title is empty")
    if not address:
        raise bad("address is empty")
    venue = {"location": point, "title": title, "address": address}
    return _send(world, chat, params, {"location": point, "venue": venue})


@method("sendContact", f"{_SEND} phone_number first_name last_name vcard")
def send_contact(world: World, bot: SandboxBot, params: Params) -> Json:
    """A phone number with a name."""
    chat = get_chat(world, bot, params)
    if not params.text("phone_number"):
        raise bad("phone number must be non-empty")
    if not params.text("first_name"):
        raise bad("first name must be non-empty")
    names = ("phone_number", "first_name", "last_name", "vcard")
    return _send(world, chat, params, {"contact": {n: params.text(n) for n in names if params.text(n)}})


@method("sendMediaGroup", "chat_id media disable_notification reply_parameters reply_to_message_id")
def send_media_group(world: World, bot: SandboxBot, params: Params) -> list[Json]:
    """An album of two to ten photos, or of two to ten documents."""
    chat = get_chat(world, bot, params)
    media = params.json("media", "can't parse media JSON object")
    if not isinstance(media, list) or not all(isinstance(item, dict) for item in media):
        raise bad("expected an Array of InputMedia")
    if not 2 <= len(media) <= 10:
        raise bad("there must be from 2 to 10 media in the album" if media else "media is empty")
    kinds = {str(item.get("type")) for item in media}
    if len(kinds) != 1 or not kinds <= {"photo", "document"}:
        raise bad("document can't be mixed with other media types" if "document" in kinds else "wrong media type")
    prepared = [_album_item(world, bot, params, item) for item in media]
    group = str(world.rev + 13_000_000_000_000)
    return [_send(world, chat, params, {"media_group_id": group, **c}, file) for c, file in prepared]


def _album_item(world: World, bot: SandboxBot, params: Params, item: Json) -> tuple[Json, SandboxFile]:
    known = {"type", "media", "caption", "parse_mode", "caption_entities", "thumbnail"}
    known |= {"has_spoiler", "show_caption_above_media", "disable_content_type_detection"}
    if unknown := item.keys() - known:
        raise bad(f'unknown field "{min(unknown)}" of InputMedia')
    file = get_file(world, bot, Params(item, params.uploads), item["type"], "media")
    return {**world.files.describe(file), **message_text.read_caption(Params(item))}, file


@method("copyMessage", f"{_SEND} {_CAPTION} from_chat_id message_id")
def copy_message(world: World, bot: SandboxBot, params: Params) -> Json:
    """The same content anew, without a word of where it came from."""
    chat = get_chat(world, bot, params)
    source = _source(world, bot, params, "copy")
    content = content_of(source)
    if "caption" in params.values and source.file:
        content.pop("caption", None)
        content.pop("caption_entities", None)
        content.update(message_text.read_caption(params))
    return {"message_id": _send(world, chat, params, content, source.file)["message_id"]}


@method("forwardMessage", "chat_id from_chat_id message_id disable_notification")
def forward_message(world: World, bot: SandboxBot, params: Params) -> Json:
    """The same content with a word of who wrote it."""
    chat = get_chat(world, bot, params)
    source = _source(world, bot, params, "forward")
    return _send(world, chat, params, {**content_of(source), "forward_origin": origin(source)}, source.file)


def origin(source: Message) -> Json:
    """Who wrote a forwarded message, and when."""
    return source.body.get("forward_origin") or {
        "type": "user",
        "sender_user": source.body["from"],
        "date": source.body["date"],
    }


def _source(world: World, bot: SandboxBot, params: Params, verb: str) -> Message:
    chat = get_chat(world, bot, params, "from_chat_id")
    source = chat.messages.get(params.integer("message_id"))
    if source is None:
        raise bad(f"message to {verb} not found")
    return source


_CONTENT = ("text", "entities", "caption", "caption_entities", "photo", "document", "voice", "location", "contact")


def content_of(source: Message) -> Json:
    """What a copy of a message carries over."""
    return {name: source.body[name] for name in (*_CONTENT, "venue") if name in source.body}


def _point(params: Params) -> Json:
    latitude, longitude = params.number("latitude"), params.number("longitude")
    if latitude is None or not -90 <= latitude <= 90:
        raise bad("latitude is empty" if latitude is None else "wrong latitude specified")
    if longitude is None or not -180 <= longitude <= 180:
        raise bad("longitude is empty" if longitude is None else "wrong longitude specified")
    return {"latitude": latitude, "longitude": longitude}


def _send_file(world: World, bot: SandboxBot, params: Params, kind: str) -> Json:
    chat = get_chat(world, bot, params)
    caption = message_text.read_caption(params)
    file = get_file(world, bot, params, kind, kind)
    return _send(world, chat, params, {**world.files.describe(file), **caption}, file)


def get_file(world: World, bot: SandboxBot, params: Params, kind: str, field: str) -> SandboxFile:
    """The file that parameter `field` names: a part, attach://part or a file_id. Refused if none."""
    value = params.text(field)
    part = params.uploads.get(value.removeprefix("attach://") if value.startswith("attach://") else field)
    if part is not None:
        return _upload(world, bot, kind, part)
    if not value:
        raise bad(f"there is no {field} in the request")
    if value.startswith(("http://", "https://")):
        raise bad("failed to get HTTP URL content")
    file = world.files.find(bot.serial, value)
    if file is None:
        raise bad("wrong file identifier/HTTP URL specified")
    if file.kind != kind:
        raise bad(f"can't use file of type {file.kind.capitalize()} as {kind.capitalize()}")
    return file


def _upload(world: World, bot: SandboxBot, kind: str, part: UploadedPart) -> SandboxFile:
    if not part.data:
        raise bad("file must be non-empty")
    if kind == "photo":
        if len(part.data) > PHOTO_LIMIT:
            raise bad(
                f"file of size {len(part.data)} bytes is too big for a photo; the maximum size is {PHOTO_LIMIT} bytes"
            )
        size = measure(part.data)
        if size is None:
            raise bad("IMAGE_PROCESS_FAILED")
        if sum(size) > 10_000 or not min(size) or max(size) > 20 * min(size):
            raise bad("PHOTO_INVALID_DIMENSIONS")
    return world.files.add(bot.serial, kind, part.data, part.name)


def _send(world: World, chat: Chat, params: Params, content: Json, file: SandboxFile | None = None) -> Json:
    markup = None
    if "reply_markup" in params.values:
        value = params.json("reply_markup", "can't parse reply keyboard markup JSON object")
        markup = markups.check(value)
    reply = _reply(chat, params)
    if reply is not None:
        content = {"reply_to_message": reply, **content}
    if markup and "inline_keyboard" in markup:
        content = {**content, "reply_markup": markup}
    if params.flag("protect_content"):
        content = {**content, "has_protected_content": True}
    message = world.write(chat, content, out=False, file=file)
    message.silent = params.flag("disable_notification")
    message.fixed = "forward_origin" in content
    if markup:
        _show_keyboard(chat, message, markup)
    return message.body


def _show_keyboard(chat: Chat, message: Message, markup: Json) -> None:
    if markup.get("force_reply"):
        chat.reply_to = message.id
    if "inline_keyboard" in markup:
        return
    message.fixed = True
    chat.keyboard = None if "remove_keyboard" in markup else markup


def _reply(chat: Chat, params: Params) -> Json | None:
    values = params.values
    if "reply_parameters" not in values and "reply_to_message_id" not in values:
        return None
    given = params.json("reply_parameters", "can't parse reply parameters JSON object")
    if given is None:
        given = {"message_id": params.integer("reply_to_message_id")}
    if not isinstance(given, dict):
        raise bad("reply parameters must be an Object")
    number = given.get("message_id")
    target = chat.messages.get(number) if isinstance(number, int) else None
    if target is not None:
        return {key: value for key, value in target.body.items() if key != "reply_to_message"}
    if given.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
        return None
    raise bad("message to be replied not found")
