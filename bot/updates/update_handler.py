"""From an update to an answer: one transaction for its effects and its inbox mark, then, after the commit, the screen.

Nobody sees what was rolled back: a refusal rolls back, marks the update in a transaction of its own, and is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from aiogram import Dispatcher
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from sqlalchemy import Connection

from bot import log
from bot.database import Database
from bot.delivery import outgoing_files, outgoing_messages, telegram_render
from bot.telegram_client import TelegramClient
from bot.unit_of_work_factory import UnitOfWorkFactory
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

SERVED = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
logger = log.get("bot.updates.update_handler")


class InboxMark(Protocol):
    """The inbox row of an update."""

    update: dict[str, Any]

    def mark_done(self, tx: Connection) -> None: ...

    def committed(self) -> None: ...

    def pressed_again(self, message: int, /) -> bool: ...


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
    ) -> None:
        self.db, self.api, self.company, self.clock, self.username = db, api, company, clock, username
        self.data_dir = data_dir
        self._overtaken: dict[int, tuple[int, Screen]] = {}  # by chat: the screen of a message that is pressed again
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
        await self._quietly("answerCallbackQuery", callback_query_id=item.update["callback_query"].get("id"))

    async def serve(self, incoming: Incoming, item: InboxMark) -> None:
        """Carry out and show."""
        try:
            answer, person = await self._carry_out(incoming, item)
            item.committed()
            await self.show(incoming, answer, person, item)
        except Exception:
            await self._show_overtaken(incoming.chat_id, item)
            raise
        await self._show_overtaken(incoming.chat_id, item)

    async def _carry_out(self, incoming: Incoming, item: InboxMark) -> tuple[Reply, Employee | None]:
        try:
            return await self.db.run(lambda tx: self._act(tx, incoming, item))
        except (CrmError, InvalidValue) as error:
            refusal = error
            return await self.db.run(lambda tx: self._refuse(tx, incoming, item, refusal))

    def _act(self, tx: Connection, incoming: Incoming, item: InboxMark) -> tuple[Reply, Employee | None]:
        item.mark_done(tx)
        work = UnitOfWork(tx, self.clock(), self.company)
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

    def _refuse(
        self, tx: Connection, incoming: Incoming, item: InboxMark, error: CrmError | InvalidValue
    ) -> tuple[Reply, Employee | None]:
        item.mark_done(tx)
        work = UnitOfWork(tx, self.clock(), self.company)
        person = employees.find_by_telegram(work, incoming.telegram_id)
        if person is None:
            t = translator.translator(self._language(incoming), self.company.calendar.zone)
            return start.stranger(work, t, incoming), None
        return refusals.answer(self._request(work, incoming, person), error), person

    def _request(self, work: UnitOfWork, incoming: Incoming, person: Employee) -> Request:
        work.actor = person
        t = translator.translator(person.locale, self.company.calendar.zone)
        return Request(work, t, incoming, person, self.username)

    def _language(self, incoming: Incoming) -> str:
        known = incoming.language[:2]
        return known if known in ("ru", "en") else self.company.locale

    # --- showing ------------------------------------------------------------------------------------------------

    async def show(self, incoming: Incoming, answer: Reply, person: Employee | None, item: InboxMark) -> None:
        """Show an answer. What has been done is committed: a message that cannot be shown undoes nothing."""
        if incoming.query_id:
            await self._quietly(
                "answerCallbackQuery",
                callback_query_id=incoming.query_id,
                text=answer.toast[:200] if answer.toast else None,
                show_alert=answer.alert or None,
            )
        stranger = person is None
        if answer.edit is not None:
            message_id, screen = answer.edit
            await self._edit(incoming.chat_id, message_id, screen)
        shown = await self._show_main(incoming, answer, item, stranger) if answer.screen else None
        if answer.remember_form and shown is not None and person is not None:
            number, key, at = shown, person.id, self.clock()
            await self.db.run(lambda tx: drafts.remember_message(UnitOfWork(tx, at, self.company), number, key))
        if answer.remember_heap and shown is not None and person is not None:
            number, key, at, heap = shown, person.id, self.clock(), answer.remember_heap
            await self.db.run(lambda tx: uploads.remember_message(UnitOfWork(tx, at, self.company), heap, number, key))
        for screen in answer.also:
            await self.send(incoming.chat_id, screen, stranger=stranger)

    async def _show_main(self, incoming: Incoming, answer: Reply, item: InboxMark, stranger: bool) -> int | None:
        assert answer.screen is not None
        chat, screen = incoming.chat_id, answer.screen
        pressed = incoming.message_id if incoming.kind == "tap" and not answer.new else None
        if pressed is not None and not screen.photo and not screen.document:
            if item.pressed_again(pressed):  # the newest screen is enough
                self._overtaken[chat] = pressed, screen
                return pressed
            if self._overtaken.get(chat, (0, screen))[0] == pressed:
                self._overtaken.pop(chat, None)
            if await self._edit(chat, pressed, screen, stranger=stranger):
                return pressed
        return await self.send(chat, screen, stranger=stranger)

    async def _show_overtaken(self, chat_id: int, item: InboxMark) -> None:
        """A press that was to overtake a screen has come, and has not drawn that message anew."""
        message_id, screen = self._overtaken.get(chat_id, (0, None))
        if screen is not None and not item.pressed_again(message_id):
            del self._overtaken[chat_id]
            if not await self._edit(chat_id, message_id, screen):
                await self.send(chat_id, screen)

    async def _edit(self, chat_id: int, message_id: int, screen: Screen, *, stranger: bool = False) -> bool:
        params = {
            "chat_id": chat_id,
            "message_id": message_id,
            "text": telegram_render.html(screen),
            "parse_mode": "HTML",
            "reply_markup": telegram_render.keyboard(screen),
            "link_preview_options": {"is_disabled": True},
        }
        try:
            await self.api.call("editMessageText", params, stranger=stranger)
        except TelegramBadRequest as error:  # deleted, too old or a photo: a fresh message takes its place
            logger.info("a message could not be edited", reason=error.message)
            return False
        except TelegramAPIError as error:
            logger.warning("an answer was not shown", reason=type(error).__name__)
        return True

    async def send(self, chat_id: int, screen: Screen, *, stranger: bool = False) -> int | None:
        """A new message; its id, or None if it could not be sent."""
        try:
            if outgoing_files.holds_file(screen):
                units = UnitOfWorkFactory(self.db, self.clock, self.company)
                sent = await outgoing_files.send(self.api, units, self.data_dir, chat_id, screen)
            else:
                sent = await self.api.call(*outgoing_messages.message(chat_id, screen), stranger=stranger)
        except TelegramForbiddenError:
            at = self.clock()
            await self.db.run(
                lambda tx: employees.mark_reachable(UnitOfWork(tx, at, self.company), chat_id, reachable=False)
            )
            return None
        except TelegramAPIError as error:
            logger.warning("a message was not sent", reason=type(error).__name__)
            return None
        return int(sent["message_id"]) if isinstance(sent, dict) else None

    async def _quietly(self, method: str, **params: Any) -> None:
        try:
            await self.api.call(method, params)
        except TelegramAPIError as error:  # «query is too old» after an outage: what it asked for is done all the same
            logger.info("a press was answered too late", reason=type(error).__name__)
