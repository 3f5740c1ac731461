"""Messages on their way: how a screen becomes a call, and what a failed call means."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from bot.delivery import telegram_render
from bot.telegram_client import FileUpload, NotConnected
from handlers.notices.compose import OutgoingMessage
from keyboards.screen import Screen
from models.outbox import Scheduled
from services.unit_of_work import UnitOfWork

LONGEST_CAPTION = 1024
GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "can't initiate conversation", "user not found")


class Compose(Protocol):
    """The messages for one person's claimed notices; obsolete ones are finished."""

    def __call__(
        self, work: UnitOfWork, rows: Sequence[Scheduled], *, repeat: bool = False
    ) -> Sequence[OutgoingMessage]: ...


@dataclass(frozen=True)
class DeliveryHooks:
    """What is done with due rows: the verbs that delivery calls.

    `lost`: rows were given up, with the reason; `away`: Telegram has not been reached since then; `back`: it was away
    from when to when; None if only an earlier run may know.
    """

    fire: Callable[[UnitOfWork, Scheduled], None]
    compose: Compose
    undeliverable: Callable[[UnitOfWork, Sequence[Scheduled], str], None]
    lost: Callable[[UnitOfWork, Sequence[Scheduled], str], None]
    away: Callable[[UnitOfWork, datetime], None]
    back: Callable[[UnitOfWork, datetime | None, datetime], None]


class TelegramCalls(Protocol):
    """Who makes the calls."""

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        files: Mapping[str, FileUpload] | None = None,
        paced: bool = False,
        begin: Callable[[], Awaitable[None]] | None = None,
    ) -> Any: ...

    async def download(self, file_id: str) -> bytes: ...


def message(chat_id: int, screen: Screen, *, silent: bool = False) -> tuple[str, dict[str, Any]]:
    """The method and parameters that show a screen as a new message; a file that is no id: `outgoing_files`."""
    params: dict[str, Any] = {
        "chat_id": chat_id,
        "parse_mode": "HTML",
        "reply_markup": telegram_render.keyboard(screen),
        "disable_notification": silent or None,
        "protect_content": screen.protect or None,
    }
    if screen.photo:
        return "sendPhoto", {**params, "photo": screen.photo, "caption": telegram_render.html(screen)}
    if screen.document:
        return "sendDocument", {**params, "document": screen.document, "caption": telegram_render.html(screen)}
    return "sendMessage", {
        **params,
        "text": telegram_render.html(screen),
        "link_preview_options": {"is_disabled": True},
    }


def plain(chat_id: int, screen: Screen) -> tuple[str, dict[str, Any]]:
    """The same as bare text with bare buttons: what is left when Telegram takes offence at the form."""
    rows = [
        [{key: value for key, value in button.items() if key != "style"} for button in row]
        for row in (telegram_render.keyboard(screen) or {}).get("inline_keyboard", [])
    ]
    params: dict[str, Any] = {"chat_id": chat_id, "text": screen.plain[: telegram_render.LONGEST] or "…"}
    if rows:
        params["reply_markup"] = {"inline_keyboard": rows}
    return "sendMessage", params


def verdict(error: Exception) -> str:
    """What a failed send means.

    «later»: this chat is to be left alone for a while; «down»: Telegram was not reached, or does not take our calls;
    «gone»: it does not deliver to this person; «refused»: it does not like the message; «doubt»: it may have been sent.
    """
    match error:
        case TelegramRetryAfter():
            return "later"
        case NotConnected() | TelegramUnauthorizedError() | TelegramNotFound():
            return "down"
        case TelegramForbiddenError():
            return "gone"
        case TelegramBadRequest():
            return "gone" if any(word in error.message.lower() for word in GONE) else "refused"
        case _:
            return "doubt"


def reason(error: Exception) -> str:
    """The failure in a few words, for the row."""
    said = error.message if isinstance(error, TelegramAPIError) else str(error)
    return f"{type(error).__name__}: {said}"[:200]
