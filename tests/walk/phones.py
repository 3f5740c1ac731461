"""Telegram without a network: every chat as its phone shows it, each message with the moment at which it came."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.delivery.rate_limits import RateLimits
from bot.telegram_client import FileUpload, TelegramClient
from tests.conftest import MovableClock

TAG = re.compile(r"<[^>]+>")
PHOTO = b"\x89PNG\r\n\x1a\n" + b"0" * 200
CHAT_METHODS = ("sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup", "sendVideo", "sendAudio", "sendVoice")
NEWEST = 12  # of a chat's messages people press


@dataclass
class Message:
    """A message of the bot as it stands; `told_at` is when it came or was last changed."""

    id: int
    text: str
    told_at: datetime
    buttons: list[tuple[str, str]] = field(default_factory=list)
    is_answer: bool = False  # it came, or was changed, because its reader pressed or wrote


@dataclass
class Told:
    """Something that a phone was shown: `fresh` is a new message, else one was changed."""

    chat_id: int
    message: Message
    fresh: bool


class Phones(TelegramClient):
    """The Bot API as far as the bot uses it, kept in memory."""

    def __init__(self, clock: MovableClock) -> None:
        super().__init__("1:walk", "http://127.0.0.1:1", limits=RateLimits.none())
        self.clock = clock
        self.chats: dict[int, dict[int, Message]] = {}
        self.news: list[Told] = []
        self.toasts: list[str] = []
        self.acting: int | None = None  # whose update is just being handled
        self.listen: Callable[[int], Awaitable[None]] | None = None  # asked before anything goes to a chat
        self._number = 0

    def next_number(self) -> int:
        """The number of the next message of any chat."""
        self._number += 1
        return self._number

    def messages(self, chat_id: int) -> list[Message]:
        """What stands in the chat, the newest first, as far back as people look."""
        return list(reversed(self.chats.get(chat_id, {}).values()))[:NEWEST]

    async def download(self, file_id: str) -> bytes:
        """Every file is the same small picture, but for its last bytes."""
        return PHOTO + file_id.encode()

    async def _post(
        self, method: str, given: dict[str, Any], files: Mapping[str, FileUpload] | None, patience: float
    ) -> Any:
        if method == "getMe":
            return {"id": 1, "is_bot": True, "first_name": "Верстак", "username": "verstak_bot"}
        if method in CHAT_METHODS:
            if self.listen is not None:
                await self.listen(given["chat_id"])
            return self._send(method, given)
        if method in ("editMessageText", "editMessageCaption", "editMessageReplyMarkup"):
            return self._edit(given)
        if method == "answerCallbackQuery" and given.get("text"):
            self.toasts.append(given["text"])
        if method == "deleteMessage":
            self.chats.get(given["chat_id"], {}).pop(given["message_id"], None)
        return True

    def _send(self, method: str, given: dict[str, Any]) -> Any:
        if method == "sendMediaGroup":
            return [self._shown(given, self.next_number(), "album") for _ in range(2)]
        return self._shown(given, self.next_number(), "file")

    def _shown(self, given: dict[str, Any], number: int, file_id: str) -> dict[str, Any]:
        made = Message(number, _plain(given), self.clock(), _buttons(given), self.acting == given["chat_id"])
        self.chats.setdefault(given["chat_id"], {})[number] = made
        self.news.append(Told(given["chat_id"], made, fresh=True))
        sent: dict[str, Any] = {"message_id": number, "date": int(self.clock().timestamp())}
        file = {"file_id": f"{file_id}{number}", "file_unique_id": f"u{number}", "file_size": len(PHOTO)}
        return {**sent, "chat": {"id": given["chat_id"], "type": "private"}, "document": file, "photo": [file]}

    def _edit(self, given: dict[str, Any]) -> Any:
        known = self.chats.get(given["chat_id"], {}).get(given["message_id"])
        if known is None:
            return True
        if "text" in given or "caption" in given:
            known.text = _plain(given)
        known.buttons, known.told_at, known.is_answer = _buttons(given), self.clock(), True
        self.news.append(Told(given["chat_id"], known, fresh=False))
        return {"message_id": known.id, "chat": {"id": given["chat_id"], "type": "private"}}


def _plain(given: dict[str, Any]) -> str:
    return html.unescape(TAG.sub("", str(given.get("text") or given.get("caption") or "")))


def _buttons(given: dict[str, Any]) -> list[tuple[str, str]]:
    markup = given.get("reply_markup") or {}
    markup = json.loads(markup) if isinstance(markup, str) else markup
    rows = markup.get("inline_keyboard", [])
    return [(one["text"], one["callback_data"]) for row in rows for one in row if "callback_data" in one]
