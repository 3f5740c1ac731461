"""Control side: phones and what their owners do."""

from typing import Any
from urllib.parse import quote, unquote

from aiohttp import BodyPartReader, web

from sandbox.control import page_view
from sandbox.control.control import (
    BadRequest,
    answer,
    body,
    chat_of,
    integer,
    message_of,
    number,
    optional,
    person_of,
    telegram_chat,
    text,
)
from sandbox.world import phone_acts
from sandbox.world.file_store import UPLOAD_LIMIT
from sandbox.world.phone_acts import NotPossible
from sandbox.world.world import Json, Message, Person, World

PATIENCE = 10.0
KINDS = ("photo", "document", "voice")
_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "audio/ogg"})
_PDF = "application/pdf"  # browsers show it in a viewer of their own, where nothing of ours can be reached


class PhoneRoutes:
    """The routes under /sandbox/phones."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[tuple[str, str, Any]]:
        """Method, path, handler."""
        one = "/phones/{id}"
        return [
            ("POST", "/phones", self.add),
            ("GET", f"{one}/messages", self.messages),
            ("POST", f"{one}/text", self.text),
            ("POST", f"{one}/start", self.start),
            ("POST", f"{one}/contact", self.contact),
            ("POST", f"{one}/location", self.location),
            ("POST", f"{one}/files", self.files),
            ("POST", f"{one}/forward", self.forward),
            ("POST", f"{one}/edit", self.edit),
            ("POST", f"{one}/block", self.block),
            ("POST", f"{one}/unblock", self.unblock),
            ("POST", f"{one}/read", self.read),
            ("POST", f"{one}/tap", self.tap),
            ("GET", "/files/{number}", self.file),
        ]

    async def add(self, request: web.Request) -> web.Response:
        """A new phone."""
        given = await body(request)
        person = Person(
            id=integer(given, "id", self.world.next_person()),
            first_name=text(given, "first_name"),
            last_name=optional(given, "last_name"),
            username=optional(given, "username"),
            title=optional(given, "title") or "",
            language=optional(given, "language") or "ru",
            number=optional(given, "number"),
            sms=bool(given.get("sms")),
        )
        if person.sms and not person.number:
            raise BadRequest("a phone for SMS needs a number")
        return answer(page_view.phone(self.world, self.world.add_person(person)))

    async def messages(self, request: web.Request) -> web.Response:
        """What the phone shows, or what changed since `after`."""
        chat = chat_of(self.world, request)
        after = integer(dict(request.query), "after", 0)
        return answer(page_view.screen(self.world, chat.person, chat, after))

    async def text(self, request: web.Request) -> web.Response:
        """Type and send."""
        chat, given = telegram_chat(self.world, request), await body(request)
        return _done(phone_acts.say(self.world, chat, text(given, "text"), _reply_to(given)))

    async def start(self, request: web.Request) -> web.Response:
        """Press «Start», by a deep link if there is a payload. Unblocks the bot, as Telegram does."""
        chat, given = telegram_chat(self.world, request), await body(request)
        phone_acts.set_blocked(self.world, chat, False)
        payload = optional(given, "payload")
        return _done(phone_acts.say(self.world, chat, f"/start {payload}" if payload else "/start"))

    async def contact(self, request: web.Request) -> web.Response:
        """Share a contact: one's own unless `user_id` says otherwise (null: somebody without Telegram)."""
        chat, given = telegram_chat(self.world, request), await body(request)
        person = chat.person
        if given.get("user_id", person.id) == person.id:
            given = {"phone_number": person.number, "first_name": person.first_name, "user_id": person.id, **given}
            given.setdefault("last_name", person.last_name)
        contact: Json = {"phone_number": text(given, "phone_number"), "first_name": text(given, "first_name")}
        if last_name := optional(given, "last_name"):
            contact["last_name"] = last_name
        if given.get("user_id") is not None:
            contact["user_id"] = integer(given, "user_id")
        return _done(phone_acts.share_contact(self.world, chat, contact))

    async def location(self, request: web.Request) -> web.Response:
        """Share a place."""
        chat, given = telegram_chat(self.world, request), await body(request)
        latitude, longitude = number(given, "latitude"), number(given, "longitude")
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise BadRequest("there is no such place on Earth")
        return _done(phone_acts.share_location(self.world, chat, latitude, longitude, _reply_to(given)))

    async def files(self, request: web.Request) -> web.Response:
        """Send one file, or an album of two to ten."""
        chat = telegram_chat(self.world, request)
        fields, parts = await _parts(request)
        kind = fields.get("as", "document")
        if kind not in KINDS:
            raise BadRequest(f"`as` must be one of {', '.join(KINDS)}")
        if not 1 <= len(parts) <= 10:
            raise BadRequest("send from 1 to 10 files in parts named `file`")
        return _done(*phone_acts.send_files(self.world, chat, kind, parts, fields.get("caption", "")))

    async def forward(self, request: web.Request) -> web.Response:
        """Forward a message that another phone (or this one) shows."""
        chat, given = telegram_chat(self.world, request), await body(request)
        other = person_of(self.world, str(integer(given, "from_chat", chat.person.id)))
        source = message_of(self.world.chat(other, chat.bot), given)
        return _done(phone_acts.forward(self.world, chat, source))

    async def edit(self, request: web.Request) -> web.Response:
        """Rewrite one's own message."""
        chat, given = telegram_chat(self.world, request), await body(request)
        message = message_of(chat, given)
        phone_acts.edit(self.world, chat, message, optional(given, "text") or "")
        return _done(message)

    async def block(self, request: web.Request) -> web.Response:
        """Block the bot."""
        phone_acts.set_blocked(self.world, telegram_chat(self.world, request), True)
        return _done()

    async def unblock(self, request: web.Request) -> web.Response:
        """Let the bot write again."""
        phone_acts.set_blocked(self.world, telegram_chat(self.world, request), False)
        return _done()

    async def read(self, request: web.Request) -> web.Response:
        """The owner has looked at the phone."""
        chat = chat_of(self.world, request)
        if chat.unread:
            chat.unread = 0
            self.world.publish("state", chat.person.id)
        return _done()

    async def tap(self, request: web.Request) -> web.Response:
        """Tap a button under a message and wait for the bot's answer."""
        chat, given = telegram_chat(self.world, request), await body(request)
        patience = number({"timeout": PATIENCE, **given}, "timeout") if given.get("wait", True) else 0.0
        if given.get("forged"):
            data = text(given, "data")
            return answer(await phone_acts.tap(self.world, chat, integer(given, "message_id"), data, patience))
        message = message_of(chat, given)
        button = _button(message, given)
        kind = page_view.kind_of(button)
        if kind == "callback":
            data = button["callback_data"]
            return answer(await phone_acts.tap(self.world, chat, message.id, data, patience))
        return answer(_without_bot(kind, button))

    async def file(self, request: web.Request) -> web.Response:
        """The bytes of a file for the page. Only pictures, sounds and PDF open in place: another document could
        carry a script."""
        wanted = request.match_info["number"]
        file = self.world.files.by_number.get(int(wanted)) if wanted.isdecimal() else None
        if file is None:
            raise BadRequest("there is no such file", 404)
        pdf = file.mime == _PDF and file.data.startswith(b"%PDF-")
        safe = pdf or file.mime in _INLINE
        headers = {
            "Content-Type": file.mime if safe else "application/octet-stream",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": _disposition("inline" if safe else "attachment", file.name),
        }
        if not pdf:  # a sandboxed page may not start the viewer
            headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return web.Response(body=file.data, headers=headers)


def _reply_to(given: Json) -> int | None:
    """The message that is replied to, if one is."""
    return None if given.get("reply_to") is None else integer(given, "reply_to")


def _done(*messages: Message) -> web.Response:
    return answer({"ok": True, "message_ids": [message.id for message in messages]})


def _button(message: Message, given: Json) -> Json:
    place = None
    if "row" in given or "column" in given:
        place = integer(given, "row", 0), integer(given, "column", 0)
    data, label = optional(given, "data"), optional(given, "label")
    if place is None and data is None and label is None:
        raise BadRequest("say which button: data, label, or row and column")
    try:
        return phone_acts.find_button(message, data, label, place)
    except NotPossible as wrong:
        raise BadRequest(str(wrong), 404) from None


def _without_bot(kind: str, button: Json) -> Json:
    shown: Json = {"answered": False, "text": "", "alert": False, "kind": kind}
    if kind == "copy":
        shown["copied"] = button["copy_text"]["text"]
    elif kind == "url":
        shown["url"] = page_view.button(button)["url"]
    elif kind == "inline":
        value = next(value for name, value in button.items() if name.startswith("switch_inline"))
        shown["inline"] = value if isinstance(value, str) else value.get("query", "")
    return shown


async def _parts(request: web.Request) -> tuple[dict[str, str], list[tuple[str, bytes, str | None]]]:
    if request.content_type != "multipart/form-data":
        raise BadRequest("send the files as multipart/form-data")
    fields: dict[str, str] = {}
    files: list[tuple[str, bytes, str | None]] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            raise BadRequest("each part needs a name")
        data = bytes(await part.read(decode=True))
        if part.name == "file":
            if len(data) > UPLOAD_LIMIT:
                raise BadRequest("a file may have at most 50 MB here", 413)
            # Some clients percent-encode names in forms, browsers do not.
            files.append((unquote(part.filename or "file"), data, part.headers.get("Content-Type")))
        else:
            fields[part.name] = data.decode()
    return fields, files


def _disposition(how: str, name: str) -> str:
    return f"{how}; filename*=UTF-8''{quote(name)}"
