"""From an update to an answer: one transaction for its effects and its inbox mark, then, after the commit, the screen.

Nobody sees what was rolled back: a refusal rolls back, marks the update in a transaction of its own, and is shown.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from aiogram import Dispatcher
from sqlalchemy import Connection

from bot import log
from bot.database import Database
from bot.telegram_client import TelegramClient
from bot.unit_of_work_factory import CommitBell, UnitOfWorkFactory
from bot.updates import screen_calls
from bot.updates.answers import Answered, Answers
from bot.updates.owed_screens import OwedScreens
from bot.updates.screen_calls import ScreenCall
from handlers import refusals, routes, telegram
from handlers.people import start
from handlers.request import Incoming, Request
from keyboards import translator
from keyboards.screen import Reply
from models.entities import Employee
from models.errors import CrmError
from models.values.invalid_value import InvalidValue
from services.operation import group_chats
from services.outbox import turned_notices
from services.people import employees
from services.unit_of_work import Company, UnitOfWork

SERVED = frozenset({"message", "edited_message", "callback_query", "my_chat_member", "channel_post"})
logger = log.get("bot.updates.update_handler")


async def _never(_: dict[str, Any]) -> bool:
    return False


class InboxMark(Protocol):
    """The inbox row of an update."""

    id: int  # 0: it is not stored
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
        bell: CommitBell | None = None,
        owed: OwedScreens | None = None,
        *,
        refuses: bool = True,
    ) -> None:
        """Whoever only shows what there is does not refuse (`refuses`): the error is raised."""
        self._refuses = refuses
        self.bell = bell
        units = UnitOfWorkFactory(db, clock, company)
        self.owed = owed or OwedScreens(units, api)
        self.answers = Answers(units, api, self.owed, data_dir)
        self.db, self.api, self.company, self.clock, self.username = db, api, company, clock, username
        self.data_dir = data_dir
        # of each update: whether it was shown what it asked for before it could be stored
        self.is_shown: Callable[[dict[str, Any]], Awaitable[bool]] = _never
        self.is_unsure: Callable[[dict[str, Any]], bool] = lambda _: False  # the same: it may have been
        self.dispatcher = Dispatcher()
        self.dispatcher.include_router(telegram.router())

    async def handle(self, item: InboxMark) -> None:
        """Decode an update and serve it; raises what goes wrong, so that the inbox tries again or puts it aside."""
        if SERVED.isdisjoint(item.update):  # of tomorrow's Telegram, or of a kind that we never asked for
            logger.info("an update of a kind that nobody serves", kinds=sorted(item.update.keys() - {"update_id"}))
            return
        if await self.is_shown(item.update):
            return
        await self.dispatcher.feed_raw_update(self.api.bot, item.update, desk=self, item=item)

    async def hush(self, item: InboxMark) -> None:
        """A press that is not served: its button need not turn for a minute."""
        await self.answers.answer_press({"callback_query_id": item.update["callback_query"].get("id")})

    async def serve(self, incoming: Incoming, item: InboxMark) -> None:
        """Carry out and show."""
        try:
            answered = await self._carry_out(incoming, item)
            item.committed()
            if answered.wakes and self.bell is not None:
                self.bell.ring()
            await self.answers.show(incoming, answered, item)
        except Exception:
            await self.answers.show_overtaken(incoming.chat_id, item)
            raise
        await self.answers.show_overtaken(incoming.chat_id, item)

    async def _carry_out(self, incoming: Incoming, item: InboxMark) -> Answered:
        try:
            return await self.db.run(lambda tx: self._act(tx, incoming, item))
        except (CrmError, InvalidValue) as error:
            refusal = error
            if not self._refuses:
                raise
            return await self.db.run(lambda tx: self._refuse(tx, incoming, item, refusal))

    def _act(self, tx: Connection, incoming: Incoming, item: InboxMark) -> Answered:
        item.mark_done(tx)
        work = UnitOfWork(tx, self.clock(), self.company)
        reply, person = self._answer(work, incoming)
        return self._owed(tx, incoming, item, Answered(reply, person, wakes=work.wakes))

    def _owed(self, tx: Connection, incoming: Incoming, item: InboxMark, answered: Answered) -> Answered:
        calls = screen_calls.calls_of(incoming, answered.reply)
        if self.is_unsure(item.update):
            locale = answered.person.locale if answered.person is not None else self._language(incoming)
            mark = translator.translator(locale, self.company.calendar.zone)("Возможно, повтор")
            calls = [screen_calls.marked(call, mark) for call in calls]
        if item.id:  # else nothing can be written now
            self._turn(tx, incoming, calls, answered.person)
            self.owed.owe(tx, incoming.chat_id, item.id, calls, answered.person)
        return replace(answered, calls=calls)

    def _turn(self, tx: Connection, incoming: Incoming, calls: list[ScreenCall], person: Employee | None) -> None:
        """The notice that was pressed shows something else from now on."""
        pressed = incoming.message_id if incoming.kind == "tap" else None
        if person is None or not pressed or self.answers.is_screen(incoming.chat_id, pressed):
            return
        if any(call.params.get("message_id") == pressed for call in calls):
            turned_notices.turn(tx, person.id, pressed)

    def _answer(self, work: UnitOfWork, incoming: Incoming) -> tuple[Reply, Employee | None]:
        person = employees.find_by_telegram(work, incoming.telegram_id)
        if incoming.kind == "membership":
            employees.mark_reachable(work, incoming.telegram_id, reachable=not incoming.blocked)
            return Reply(), person
        if incoming.group is not None:
            language = self._language(incoming)
            group_chats.leave(work, incoming.group, by=incoming.name, locale=language, added=incoming.added)
            return Reply(), person
        if person is None and incoming.edited:  # a stranger was answered when he wrote it
            return Reply(), None
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
