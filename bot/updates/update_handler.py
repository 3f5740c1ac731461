"""From an update to an answer: one transaction for its effects and its inbox mark, then, after the commit, the screen.

Nobody sees what was rolled back: a refusal rolls back, marks the update in a transaction of its own, and is shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from aiogram import Dispatcher
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from sqlalchemy import Connection

from bot import log
from bot.background import TaskGroup
from bot.database import Database
from bot.delivery import outgoing_files, outgoing_messages
from bot.telegram_client import TelegramClient
from bot.unit_of_work_factory import CommitBell, UnitOfWorkFactory
from bot.updates import screen_calls
from bot.updates.owed_screens import OwedScreens
from bot.updates.screen_calls import ScreenCall
from handlers import refusals, routes, telegram
from handlers.people import start
from handlers.request import Incoming, Request
from keyboards import translator
from keyboards.screen import Reply, Screen
from models.entities import Employee
from models.errors import CrmError
from models.values.invalid_value import InvalidValue
from services import drafts
from services.files import uploads
from services.people import employees
from services.unit_of_work import Company, UnitOfWork

HEARD = 1.0  # seconds that a toast may hold up what this person does next
SERVED = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
logger = log.get("bot.updates.update_handler")


class InboxMark(Protocol):
    """The inbox row of an update."""

    id: int  # 0: it is not stored
    update: dict[str, Any]

    def mark_done(self, tx: Connection) -> None: ...

    def committed(self) -> None: ...

    def pressed_again(self, message: int, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class Answered:
    """What a press or a message led to: the answer, to whom, and the calls that show it."""

    reply: Reply
    person: Employee | None = None
    calls: Sequence[ScreenCall] = ()
    wakes: bool = False


class UpdateHandler:
    """Serves updates, one at a time per chat."""

    def __init__(
        self,
        db: Database,
        api: TelegramClient,
        company: Company,
        clock: Callable[[], datetime],
        username: str = "",
        data_dir: Path = Path("data"),
        bell: CommitBell | None = None,
        owed: OwedScreens | None = None,
    ) -> None:
        self.bell = bell
        self.owed = owed or OwedScreens(UnitOfWorkFactory(db, clock, company), api)
        self.tasks = TaskGroup()
        self.db, self.api, self.company, self.clock, self.username = db, api, company, clock, username
        self.data_dir = data_dir
        self._overtaken: dict[int, tuple[int, ScreenCall]] = {}  # by chat: what a message pressed again showed
        self.dispatcher = Dispatcher()
        self.dispatcher.include_router(telegram.router())

    async def handle(self, item: InboxMark) -> None:
        """Decode an update and serve it; raises what goes wrong, so that the inbox tries again or puts it aside."""
        if SERVED.isdisjoint(item.update):  # of tomorrow's Telegram, or of a kind that we never asked for
            logger.info("an update of a kind that nobody serves", kinds=sorted(item.update.keys() - {"update_id"}))
            return
        await self.dispatcher.feed_raw_update(self.api.bot, item.update, desk=self, item=item)

    async def hush(self, item: InboxMark) -> None:
        """A press that is not served: its button need not turn for a minute."""
        await self._answer_press({"callback_query_id": item.update["callback_query"].get("id")})

    async def serve(self, incoming: Incoming, item: InboxMark) -> None:
        """Carry out and show."""
        try:
            answered = await self._carry_out(incoming, item)
            item.committed()
            if answered.wakes and self.bell is not None:
                self.bell.ring()
            await self.show(incoming, answered, item)
        except Exception:
            await self._show_overtaken(incoming.chat_id, item)
            raise
        await self._show_overtaken(incoming.chat_id, item)

    async def _carry_out(self, incoming: Incoming, item: InboxMark) -> Answered:
        try:
            return await self.db.run(lambda tx: self._act(tx, incoming, item))
        except (CrmError, InvalidValue) as error:
            refusal = error
            return await self.db.run(lambda tx: self._refuse(tx, incoming, item, refusal))

    def _act(self, tx: Connection, incoming: Incoming, item: InboxMark) -> Answered:
        item.mark_done(tx)
        work = UnitOfWork(tx, self.clock(), self.company)
        reply, person = self._answer(work, incoming)
        return self._owed(tx, incoming, item, Answered(reply, person, wakes=work.wakes))

    def _owed(self, tx: Connection, incoming: Incoming, item: InboxMark, answered: Answered) -> Answered:
        calls = screen_calls.calls_of(incoming, answered.reply)
        if item.id:
            self.owed.owe(tx, incoming.chat_id, item.id, calls, answered.person)
        return replace(answered, calls=calls)

    def _answer(self, work: UnitOfWork, incoming: Incoming) -> tuple[Reply, Employee | None]:
        person = employees.find_by_telegram(work, incoming.telegram_id)
        if incoming.kind == "membership":
            employees.mark_reachable(work, incoming.telegram_id, reachable=not incoming.blocked)
            return Reply(), person
        if person is None:
            t = translator.translator(self._language(incoming), self.company.calendar.zone)
            answer = start.stranger(work, t, incoming)
            joins = incoming.kind == "message" and start.token_in(incoming.text) is not None
            return answer, employees.find_by_telegram(work, incoming.telegram_id) if joins else None
        if person.unreachable_at is not None:
            employees.mark_reachable(work, incoming.telegram_id, reachable=True)
        return routes.handle(self._request(work, incoming, person)), person

    def _refuse(self, tx: Connection, incoming: Incoming, item: InboxMark, error: CrmError | InvalidValue) -> Answered:
        item.mark_done(tx)
        work = UnitOfWork(tx, self.clock(), self.company)
        person = employees.find_by_telegram(work, incoming.telegram_id)
        if person is None:
            t = translator.translator(self._language(incoming), self.company.calendar.zone)
            return self._owed(tx, incoming, item, Answered(start.stranger(work, t, incoming)))
        reply = refusals.answer(self._request(work, incoming, person), error)
        return self._owed(tx, incoming, item, Answered(reply, person))

    def _request(self, work: UnitOfWork, incoming: Incoming, person: Employee) -> Request:
        work.actor = person
        t = translator.translator(person.locale, self.company.calendar.zone)
        return Request(work, t, incoming, person, self.username)

    def _language(self, incoming: Incoming) -> str:
        known = incoming.language[:2]
        return known if known in ("ru", "en") else self.company.locale

    # --- showing ------------------------------------------------------------------------------------------------

    async def show(self, incoming: Incoming, shown: Answered, item: InboxMark) -> None:
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
            self.owed.missed(chat)
        else:
            self.owed.seen(chat, item.id)
        if heard is not None:
            await asyncio.wait([heard], timeout=HEARD)

    def _is_overtaken(self, chat: int, call: ScreenCall, item: InboxMark) -> bool:
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

    async def _show_overtaken(self, chat: int, item: InboxMark) -> None:
        """A press that was to overtake a screen has come, and has not drawn that message anew."""
        pressed, call = self._overtaken.get(chat, (0, None))
        if call is None or item.pressed_again(pressed):
            return
        del self._overtaken[chat]
        try:
            await screen_calls.carry_out(self.api, call)
        except TelegramAPIError as error:
            logger.warning("a screen was not shown", reason=type(error).__name__)

    async def _show(self, chat: int, call: ScreenCall, shown: Answered) -> None:
        stranger = shown.person is None
        try:
            if call.file is not None:
                number = await self._with_file(chat, call.file)
            else:
                number = await screen_calls.carry_out(self.api, call, stranger=stranger)
        except TelegramBadRequest as error:
            logger.warning("a message was not sent", reason=error.message)
            return
        if call.main and number is not None and shown.person is not None:
            await self._remember(shown.reply, number, shown.person.id)

    async def _remember(self, reply: Reply, number: int, who: int) -> None:
        heap = reply.remember_heap
        if reply.remember_form:
            await self._write(lambda work: drafts.remember_message(work, number, who))
        if heap:
            await self._write(lambda work: uploads.remember_message(work, heap, number, who))

    async def _with_file(self, chat_id: int, screen: Screen) -> int | None:
        if outgoing_files.holds_file(screen):
            units = UnitOfWorkFactory(self.db, self.clock, self.company)
            sent: Any = await outgoing_files.send(self.api, units, self.data_dir, chat_id, screen)
        else:
            sent = await self.api.call(*outgoing_messages.message(chat_id, screen))
        return int(sent["message_id"]) if isinstance(sent, dict) else None

    async def _toast(self, incoming: Incoming, reply: Reply) -> None:
        given = {
            "callback_query_id": incoming.query_id,
            "text": reply.toast[:200] if reply.toast else None,
            "show_alert": reply.alert or None,
        }
        await self._answer_press(given)

    async def _answer_press(self, given: dict[str, Any]) -> None:
        try:
            await self.api.call("answerCallbackQuery", given)
        except TelegramAPIError as error:  # «query is too old» after an outage: what it asked for is done all the same
            logger.info("a press was answered too late", reason=type(error).__name__)

    async def _write(self, write: Callable[[UnitOfWork], object]) -> None:
        at = self.clock()
        await self.db.run(lambda tx: write(UnitOfWork(tx, at, self.company)))
