"""What the page sees: phones, their messages and keyboards, as plain JSON."""

from typing import Any

from sandbox.bot_api import chatting
from sandbox.bot_api.text_entities import Entity
from sandbox.control import page_render
from sandbox.world.world import Chat, Json, Message, Person, PhoneSms, World, digits


def phone(world: World, person: Person) -> Json:
    """One phone in the list."""
    chat = world.chat(person)
    return {
        "id": person.id,
        "name": person.name,
        "title": person.title,
        "username": person.username,
        "language": person.language,
        "blocked": chat.blocked,
        "started": chat.started,
        "sms": person.sms,
        "number": person.number,
        "unread": chat.unread,
    }


def sms_of(world: World, person: Person) -> list[PhoneSms]:
    """The text messages that came to this phone."""
    number = digits(person.number or "")
    return [sms for sms in world.sms if number and digits(sms.to) == number]


def screen(world: World, person: Person, chat: Chat, after: int) -> Json:
    """The messages changed after revision `after`, those gone since, and what is under the input field."""
    if person.sms:
        arrived = [_sms(sms) for sms in sms_of(world, person) if sms.rev > after]
        return {"rev": world.rev, "messages": arrived, "deleted": [], "keyboard": None, "commands": []}
    return {
        "rev": world.rev,
        "messages": [message(m) for m in chat.messages.values() if m.rev > after],
        "deleted": [number for rev, number in chat.deleted if rev > after],
        "keyboard": _keyboard(chat),
        "reply_to": chat.reply_to,
        "commands": chatting.shown_commands(chat.bot, person.id, person.language),
    }


def _sms(sms: PhoneSms) -> Json:
    shown: Json = {"id": sms.id, "out": False, "text": sms.text, "entities": [], "date": sms.date}
    return {**shown, "html": page_render.to_html(sms.text, []), **_plain(), "media": None, "rows": []}


def _plain() -> Json:
    return {"edited": False, "pinned": False, "silent": False, "reaction": None, "reply_to": None}


def message(m: Message) -> Json:
    """One bubble."""
    body = m.body
    text: str = body.get("text") or body.get("caption") or ""
    marks: list[Entity] = body.get("entities") or body.get("caption_entities") or []
    return {
        "id": m.id,
        "out": m.out,
        "text": text,
        "entities": marks,
        "html": page_render.to_html(text, marks),
        "date": body["date"],
        "edited": "edit_date" in body,
        "pinned": m.pinned,
        "silent": m.silent,
        "reaction": m.reaction,
        "reply_to": body.get("reply_to_message", {}).get("message_id"),
        "forwarded": "forward_origin" in body,
        "media": _media(m),
        "rows": [[button(b) for b in row] for row in _inline(m)],
    }


def _inline(m: Message) -> list[list[Json]]:
    rows: list[list[Json]] = m.body.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def button(source: Json) -> Json:
    """One inline button, its action boiled down to a kind."""
    shown: Json = {
        "text": source["text"],
        "style": source.get("style"),
        "kind": kind_of(source),
        "data": source.get("callback_data"),
        "url": source.get("url"),
        "copy": source.get("copy_text", {}).get("text"),
    }
    for name in ("web_app", "login_url"):
        if name in source:
            shown["url"] = source[name].get("url")
    return shown


def kind_of(source: Json) -> str:
    """callback, url, copy, inline or disabled."""
    if "callback_data" in source:
        return "callback"
    if "copy_text" in source:
        return "copy"
    if "disabled" in source:
        return "disabled"
    return "inline" if any(name.startswith("switch_inline") for name in source) else "url"


def _media(m: Message) -> Json | None:
    body = m.body
    shown: Json = {"group": body.get("media_group_id")}
    if m.file is not None:
        shown.update(kind=m.file.kind, name=m.file.name, size=len(m.file.data))
        shown.update(url=f"/sandbox/files/{m.file.number}", mime=m.file.mime)
        return shown
    if "venue" in body:
        shown.update(name=body["venue"]["title"], address=body["venue"]["address"])
    if "location" in body:
        return {**shown, "kind": "location", **body["location"]}
    if "contact" in body:
        contact: dict[str, Any] = body["contact"]
        names = {key: contact.get(key) for key in ("first_name", "last_name", "user_id")}
        return {**shown, "kind": "contact", "phone": contact["phone_number"], **names}
    return None


def _keyboard(chat: Chat) -> Json | None:
    if chat.keyboard is None:
        return None
    rows = chat.keyboard.get("keyboard", [])
    return {
        "rows": [[{"text": b["text"], "kind": _request(b)} for b in row] for row in rows],
        "placeholder": chat.keyboard.get("input_field_placeholder"),
    }


def _request(source: Json) -> str:
    if source.get("request_contact"):
        return "contact"
    return "location" if source.get("request_location") else "text"
