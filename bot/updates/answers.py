"""What was answered is shown: after the commit, the newest screen of a message only, and later if it cannot be now."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError

from bot import log
from bot.background import TaskGroup
from bot.delivery import outgoing_files, outgoing_messages
from bot.telegram_client import TelegramClient
from bot.unit_of_work_factory import UnitOfWorkFactory
from bot.updates import screen_calls
from bot.updates.owed_screens import OwedScreens
from bot.updates.screen_calls import ScreenCall
from handlers.request import Incoming
from keyboards.screen import Reply, Screen
from models.entities import Employee
from services import drafts
from services.files import uploads
from services.people import employees
from services.unit_of_work import UnitOfWork

SCREENS = 4096  # of the newest that are known to be such
HEARD = 1.0  # seconds that a toast may hold up what this person does next
logger = log.get("bot.updates.answers")


@dataclass(frozen=True, slots=True)
class Answered:
    """What a press or a message led to: the answer, to whom, and the calls that show it."""

    reply: Reply
    person: Employee | None = None
    calls: Sequence[ScreenCall] = ()
    wakes: bool = False


class Press(Protocol):
    """The update that is answered."""

    id: int

    def pressed_again(self, message: int, /) -> bool: ...


class Answers:
    """Shows answers."""

    def __init__(self, units: UnitOfWorkFactory, api: TelegramClient, owed: OwedScreens, data_dir: Path) -> None:
        self._units, self.api, self.owed, self.data_dir = units, api, owed, data_dir
        self.tasks = TaskGroup()
        self._overtaken: dict[int, tuple[int, ScreenCall]] = {}  # by chat: what a message pressed again showed
        # chat and message of screens that this run has sent: no notice was ever there, and nothing need be noted of
        # a press on one
        self._screens: OrderedDict[tuple[int, int], None] = OrderedDict()

    async def show(self, incoming: Incoming, shown: Answered, item: Press) -> None:
        """Show an answer. What has been done is committed: a message that cannot be shown undoes nothing.

        The toast is sent beside the screen, and holds it up for a moment at most.
        """
        chat = incoming.chat_id
        heard = self.tasks.spawn(self._toast(incoming, shown.reply), "a press is heard") if incoming.query_id else None
        try:
            for call in shown.calls:
                if not self._is_overtaken(chat, call, item):
                    await self._show(chat, call, shown)
        except TelegramForbiddenError:
            await self._write(lambda work: employees.mark_reachable(work, chat, reachable=False))
        except TelegramAPIError as error:
            logger.warning("an answer was not shown", reason=type(error).__name__)
            self.owed.missed(chat, item.id, unsure=outgoing_messages.verdict(error) == "doubt")
        else:
            self.owed.seen(chat, item.id)
            if any("message_id" not in call.params for call in shown.calls):
                self.tasks.spawn(self.owed.forget_shown(), "a message is known to be shown")
        if heard is not None:
            await asyncio.wait([heard], timeout=HEARD)

    def _is_overtaken(self, chat: int, call: ScreenCall, item: Press) -> bool:
        """Whether the message is pressed again already: the newest screen is enough."""
        pressed = call.params.get("message_id") if call.main else None
        if pressed is None:
            return False
        if item.pressed_again(pressed):
            self._overtaken[chat] = pressed, call
            return True
        if self._overtaken.get(chat, (0, call))[0] == pressed:
            self._overtaken.pop(chat, None)
        return False

    async def show_overtaken(self, chat: int, item: Press) -> None:
        """A press that was to overtake a screen has come, and has not drawn that message anew."""
        pressed, call = self._overtaken.get(chat, (0, None))
        if call is None or item.pressed_again(pressed):
            return
        del self._overtaken[chat]
        try:
            await screen_calls.carry_out(self.api, call)
        except (TelegramBadRequest, TelegramForbiddenError) as error:
            logger.warning("a screen can never be shown", reason=log.describe(error))
        except TelegramAPIError as error:
            logger.warning("a screen was not shown", reason=type(error).__name__)
            await self.owed.overtaken(chat, item.id, call)

    async def _show(self, chat: int, call: ScreenCall, shown: Answered) -> None:
        stranger = shown.person is None
        try:
            if call.file is not None:
                number = await self._with_file(chat, call.file)
            else:
                number = await screen_calls.carry_out(self.api, call, stranger=stranger)
        except TelegramBadRequest as error:
            logger.warning("a message was not sent", reason=log.describe(error))
            return
        if number is not None and number != call.params.get("message_id"):
            self._sent(chat, number)
        if call.main and number is not None and shown.person is not None:
            await self._remember(shown.reply, number, shown.person.id)

    def is_screen(self, chat: int, message: int) -> bool:
        """Whether the message is known to be a screen from the beginning, and no notice that a press has turned."""
        return (chat, message) in self._screens

    def _sent(self, chat: int, number: int) -> None:
        self._screens[chat, number] = None
        if len(self._screens) > SCREENS:
            self._screens.popitem(last=False)

    async def _remember(self, reply: Reply, number: int, who: int) -> None:
        heap = reply.remember_heap
        if reply.remember_form:
            await self._write(lambda work: drafts.remember_message(work, number, who))
        if heap:
            await self._write(lambda work: uploads.remember_message(work, heap, number, who))

    async def _with_file(self, chat_id: int, screen: Screen) -> int | None:
        if outgoing_files.holds_file(screen):
            sent: Any = await outgoing_files.send(self.api, self._units, self.data_dir, chat_id, screen)
        else:
            sent = await self.api.call(*outgoing_messages.message(chat_id, screen))
        return int(sent["message_id"]) if isinstance(sent, dict) else None

    async def _toast(self, incoming: Incoming, reply: Reply) -> None:
        given = {
            "callback_query_id": incoming.query_id,
            "text": reply.toast[:200] if reply.toast else None,
            "show_alert": reply.alert or None,
        }
        await self.answer_press(given)

    async def answer_press(self, given: dict[str, Any]) -> None:
        """A press is heard."""
        try:
            await self.api.call("answerCallbackQuery", given)
        except TelegramAPIError as error:  # «query is too old» after an outage: what it asked for is done all the same
            logger.info("a press was answered too late", reason=type(error).__name__)

    async def _write(self, write: Callable[[UnitOfWork], object]) -> None:
        await self._units.run(write)
