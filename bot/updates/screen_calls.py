"""How an answer is shown: as calls that are plain data, so that they can be kept until they are carried out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from aiogram.exceptions import TelegramBadRequest

from bot import log
from bot.delivery import telegram_render
from bot.telegram_client import TelegramClient
from handlers.request import Incoming
from keyboards.screen import Reply, Screen

logger = log.get("bot.updates.screen_calls")


@dataclass(frozen=True, slots=True)
class ScreenCall:
    """One call that shows one screen: an edit if `params` name a message.

    `fresh`: if that cannot be edited, a new message takes its place; `form`: the message is the open form's; `file`:
    the screen itself, if it shows a file. What is kept of it then is its text and buttons, and they open the file.
    """

    params: dict[str, Any]
    fresh: bool = True
    form: bool = False
    main: bool = False
    file: Screen | None = field(default=None, compare=False)

    def to_data(self) -> dict[str, Any]:
        """As JSON, without the file."""
        return {"params": self.params, "fresh": self.fresh, "form": self.form}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> ScreenCall:
        """Out of JSON."""
        return cls(dict(data["params"]), bool(data.get("fresh", True)), bool(data.get("form")))


def calls_of(incoming: Incoming, answer: Reply) -> list[ScreenCall]:
    """The calls that show an answer, in their order."""
    calls = []
    if answer.edit is not None:
        number, screen = answer.edit
        calls.append(ScreenCall({**_params(incoming.chat_id, screen), "message_id": number}, fresh=False))
    if answer.screen is not None:
        calls.append(_main(incoming, answer, answer.screen))
    return [*calls, *(ScreenCall(_params(incoming.chat_id, one), file=_file(one)) for one in answer.also)]


def marked(call: ScreenCall, mark: str) -> ScreenCall:
    """The call with a last line of its own, unless it draws a message anew, or there is no room for a line."""
    text = str(call.params.get("text", ""))
    if not mark or "message_id" in call.params or len(text) + len(mark) + 2 > telegram_render.LONGEST:
        return call
    return replace(call, params={**call.params, "text": f"{text}\n\n{mark}"})


async def carry_out(api: TelegramClient, call: ScreenCall, *, stranger: bool = False) -> int | None:
    """Show a screen without its file; the id of the message that shows it. Raises what `TelegramClient.call` raises."""
    params = dict(call.params)
    number = params.get("message_id")
    if number is not None:
        try:
            edit = {key: value for key, value in params.items() if key != "protect_content"}
            await api.call("editMessageText", edit, stranger=stranger)
            return int(number)
        except TelegramBadRequest as error:  # deleted, too old or a photo: a fresh message takes its place
            logger.info("a message could not be edited", reason=log.describe(error))
            if not call.fresh:
                return None
            del params["message_id"]
    sent = await api.call("sendMessage", params, stranger=stranger)
    return int(sent["message_id"]) if isinstance(sent, dict) else None


def _main(incoming: Incoming, answer: Reply, screen: Screen) -> ScreenCall:
    params, file = _params(incoming.chat_id, screen), _file(screen)
    may_edit = not answer.new and file is None and (incoming.protected or not screen.protect)
    if incoming.kind == "tap" and may_edit and incoming.message_id is not None:
        params["message_id"] = incoming.message_id  # only a new message can be protected: an edit leaves that as it is
    return ScreenCall(params, form=answer.remember_form, main=True, file=file)


def _file(screen: Screen) -> Screen | None:
    return screen if screen.photo or screen.document else None


def _params(chat_id: int, screen: Screen) -> dict[str, Any]:
    params: dict[str, Any] = {
        "chat_id": chat_id,
        "text": telegram_render.html(screen),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    keys = telegram_render.keyboard(screen)
    if keys is not None:
        params["reply_markup"] = keys
    if screen.protect:
        params["protect_content"] = True
    return params
