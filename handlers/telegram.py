"""aiogram's side: an update becomes an `Incoming` in plain words and goes to the desk that serves it."""

from __future__ import annotations

from typing import Any, Protocol

from aiogram import Router
from aiogram.types import (
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    Message,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    User,
)

from handlers.request import Incoming, SharedContact
from models.states import FileKind
from models.values.clean_text import one_line
from services.files.incoming_files import IncomingFile
from services.operation.group_chats import GroupChat

# the kinds of file beside photos, and what one without a name is called
NAMES: dict[FileKind, str] = {
    "animation": "animation.mp4",
    "document": "file",
    "video": "video.mp4",
    "video_note": "video.mp4",
    "voice": "voice.ogg",
    "audio": "audio.mp3",
}


class UpdateServer(Protocol):
    """Who serves an update: opens its transaction, finds the handler, shows the answer."""

    async def serve(self, incoming: Incoming, item: Any) -> None: ...


def router() -> Router:
    """The routes of a bot: presses, messages, and people who block it or come back. It serves private chats; out of
    groups and channels it goes."""
    found = Router(name="verstak")
    found.callback_query.register(tapped)
    found.message.register(written)
    found.edited_message.register(written)
    found.channel_post.register(written)
    found.my_chat_member.register(membership)
    return found


async def tapped(query: CallbackQuery, desk: UpdateServer, item: Any) -> None:
    """A button was pressed; its message may be too old to be had."""
    message = query.message
    if message is None or message.chat.type != "private":
        return
    await desk.serve(
        Incoming(
            **_person(query.from_user),
            kind="tap",
            chat_id=message.chat.id,
            message_id=message.message_id,
            query_id=query.id,
            data=query.data,
            protected=bool(getattr(message, "has_protected_content", None)),
        ),
        item,
    )


async def written(message: Message, desk: UpdateServer, item: Any) -> None:
    """A text, a file, a contact, a location."""
    if message.chat.type != "private":
        await _heard_in_group(message, desk, item)
        return
    if message.from_user is None:
        return
    file = _file(message)
    if message.edit_date and file is None and not (message.text or message.caption):  # a live place that moves
        return
    await desk.serve(
        Incoming(
            **_person(message.from_user),
            kind="message",
            chat_id=message.chat.id,
            message_id=message.message_id,
            text=_posted_card(message) or message.text or message.caption,
            file=file,
            contact=_contact(message),
            location=(message.location.latitude, message.location.longitude) if message.location else None,
            album=message.media_group_id,
            sent_at=message.date,
            reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
            forwarded=_forwarded(message),
            edited=bool(message.edit_date),
        ),
        item,
    )


async def membership(change: ChatMemberUpdated, desk: UpdateServer, item: Any) -> None:
    """Somebody blocked the bot, or let it in again; or put it into a group, or took it out of one."""
    out = change.new_chat_member.status in ("kicked", "left")
    person = _person(change.from_user)
    if change.chat.type == "private":
        await desk.serve(Incoming(**person, kind="membership", chat_id=change.chat.id, blocked=out), item)
    elif not out and getattr(change.new_chat_member, "is_member", True):
        added = change.old_chat_member.status in ("kicked", "left")
        group = _group(change.chat, change.chat.id)
        await desk.serve(Incoming(**person, kind="group", chat_id=change.chat.id, group=group, added=added), item)


async def _heard_in_group(message: Message, desk: UpdateServer, item: Any) -> None:
    """Where a message comes from, the bot is; of a group that became a supergroup it is in the latter."""
    person = _person(message.from_user) if message.from_user else {"telegram_id": 0, "name": "", "language": ""}
    where = message.migrate_to_chat_id or message.chat.id
    former = message.migrate_from_chat_id or (message.chat.id if message.migrate_to_chat_id else None)
    group = _group(message.chat, where, former)
    await desk.serve(Incoming(**person, kind="group", chat_id=message.chat.id, group=group), item)


def _group(chat: Chat, number: int, former: int | None = None) -> GroupChat:
    return GroupChat(number, one_line(chat.title or "", limit=100), chat.type == "channel", former)


def _person(user: User) -> dict[str, Any]:
    return {
        "telegram_id": user.id,
        "name": one_line(user.full_name, limit=100) or str(user.id),
        "language": user.language_code or "",
    }


def _posted_card(message: Message) -> str | None:
    """Of a deal that was found inline (`@bot 1042`) and posted here, in the bot itself: the command behind its button.
    It is no answer to a question that happens to be open, and nobody has to press to see the card."""
    via, us = message.via_bot, message.bot
    if via is None or us is None or via.id != us.id or message.reply_markup is None:
        return None
    links = (button.url for row in message.reply_markup.inline_keyboard for button in row if button.url)
    found = (one.partition("?start=")[2] for one in links)
    return next((f"/start {word}" for word in found if word), None)


def _forwarded(message: Message) -> str | None:
    """Whose message was passed on, as his account is called; an account that hides itself has a name too. None for
    what is nobody's of outside: the bot's own messages."""
    origin = message.forward_origin
    if isinstance(origin, MessageOriginUser):
        return None if origin.sender_user.is_bot else one_line(origin.sender_user.full_name, limit=100)
    if isinstance(origin, MessageOriginHiddenUser):
        return one_line(origin.sender_user_name, limit=100)
    if isinstance(origin, MessageOriginChat):
        return one_line(origin.sender_chat.title or "", limit=100)
    return one_line(origin.chat.title or "", limit=100) if isinstance(origin, MessageOriginChannel) else None


def _file(message: Message) -> IncomingFile | None:
    words = (message.caption or "").strip()
    if message.photo:
        best, name = message.photo[-1], "photo.jpg"
        return IncomingFile("photo", best.file_id, best.file_unique_id, name, best.file_size, "image/jpeg", words)
    for kind, unnamed in NAMES.items():  # an animation comes as a document too; its file id is the animation's
        held = getattr(message, kind)
        if held is not None:
            name = one_line(getattr(held, "file_name", None) or unnamed, limit=150)
            mime = getattr(held, "mime_type", None)
            return IncomingFile(kind, held.file_id, held.file_unique_id, name, held.file_size, mime, words)
    return None


def _contact(message: Message) -> SharedContact | None:
    shared = message.contact
    if shared is None:
        return None
    name = one_line(" ".join(part for part in (shared.first_name, shared.last_name) if part), limit=120)
    return SharedContact(shared.phone_number, name, shared.user_id)
