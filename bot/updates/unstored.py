"""Updates that cannot be stored now: who only looks is shown what there is, everybody else is told honestly, once.

Nothing of it is confirmed to Telegram: it gives the updates again, and they take effect when the database is back. Only
what was shown already is not handled a second time: it changed nothing. What Telegram did not take is, and what it may
have taken is then marked as a repeat. Nothing is refused, and no message is read while something earlier of its chat
waits: how things stand now is not what it will meet in its turn. Strangers are shown nothing: they are many.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from enum import Enum, auto
from pathlib import Path
from typing import Any, TypeVar

from aiogram.exceptions import TelegramAPIError
from sqlalchemy import Connection

from bot import database_faults, log
from bot.database import Database
from bot.database_faults import FULL, LOCKED
from bot.telegram_client import TelegramClient
from bot.unit_of_work_factory import UnitOfWorkFactory
from bot.updates import inbox, inline_queries
from bot.updates.owed_screens import OwedScreens
from bot.updates.update_handler import UpdateHandler
from keyboards import translator
from keyboards.translator import Translator
from models.errors import CrmError
from models.values.invalid_value import InvalidValue
from scheduler.clock import Clock
from services.people import employees
from services.unit_of_work import Company, UnitOfWork

T = TypeVar("T")
REMEMBERED = 10_000  # updates that were answered, and chats that were told
AT_ONCE = 8
PATIENCE = 5.0  # seconds that a look may take
logger = log.get("bot.updates.unstored")


class Shown(Enum):
    """Whether somebody has seen what he asked for."""

    NO = auto()
    PERHAPS = auto()
    YES = auto()


class NotShown(Exception):
    """Telegram has not taken it; `unsure`: nobody knows."""

    def __init__(self, *, unsure: bool) -> None:
        super().__init__()
        self.unsure = unsure


class NothingOwed(OwedScreens):
    """Nothing can be noted: what is not shown now is shown when its update is handled."""

    def missed(self, chat_id: int, cause: int, *, unsure: bool) -> None:
        raise NotShown(unsure=unsure)


class ReadingDatabase:
    """The database as somebody who only looks may use it: whoever would write is refused by the database itself."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.name, self.state = db.name, db.state

    async def run(self, work: Callable[[Connection], T]) -> T:
        async with asyncio.timeout(PATIENCE):
            return await self._db.read(work)

    async def read(self, look: Callable[[Connection], T]) -> T:
        return await self.run(look)

    async def rewrite(self) -> None:
        """Nothing: it only looks."""

    async def close(self) -> None:
        """It is not ours to close."""


class UnstoredItem:
    """An update without a row: there is nothing to mark."""

    def __init__(self, update: dict[str, Any]) -> None:
        self.id, self.update = 0, update

    def mark_done(self, tx: Connection) -> None:
        """Nothing: it only looks."""

    def committed(self) -> None:
        """Nothing was."""

    def pressed_again(self, message: int, /) -> bool:
        """Nobody knows what comes next."""
        return False


class UnstoredUpdates:
    """Answers updates while they cannot be stored, each once."""

    def __init__(self, db: Database, telegram: TelegramClient, company: Company, clock: Clock, data_dir: Path) -> None:
        self._telegram, self._company, self._db, self._clock = telegram, company, db, clock
        self._reading = ReadingDatabase(db)
        owed = NothingOwed(UnitOfWorkFactory(self._reading, clock, company), telegram)
        self._desk = UpdateHandler(
            self._reading, telegram, company, clock, data_dir=data_dir, owed=owed, refuses=False
        )  # fmt: skip
        self._answered: OrderedDict[int, Shown] = OrderedDict()  # by update: whether it was shown what it asked for
        self._told: OrderedDict[int, None] = OrderedDict()
        self._waiting: set[int] = set()  # chats of which something was not shown, and is to be done when it can be
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._answering: dict[int, asyncio.Event] = {}  # by update; set when it has been answered

    def shown(self, update: dict[str, Any]) -> bool:
        """Whether it has been shown what it asked for, and so has taken all the effect that it can."""
        return self._answered.get(_number(update)) is Shown.YES

    def is_unsure(self, update: dict[str, Any]) -> bool:
        """Whether it may have been: nobody knows whether Telegram took it."""
        return self._answered.get(_number(update)) is Shown.PERHAPS

    async def is_shown(self, update: dict[str, Any]) -> bool:
        """The same; of one that is just being shown, once that is done."""
        if (answered := self._answering.get(_number(update))) is not None:
            await answered.wait()
        return self.shown(update)

    async def answer(self, updates: Sequence[dict[str, Any]]) -> None:
        """Answer those that have not been answered yet, each chat's in their order; inline queries are never stored."""
        chats = defaultdict[int, list[dict[str, Any]]](list)
        for one in updates:
            if _number(one) not in self._answered and inline_queries.KIND not in one:
                self._remember(one, Shown.NO)
                self._answering[_number(one)] = asyncio.Event()
                chats[inbox.chat_of(one)].append(one)
        await asyncio.gather(*(self._answer_all(group) for group in chats.values()))

    def over(self) -> None:
        """The database is back: the next time is another one."""
        self._told.clear()
        self._waiting.clear()

    async def _answer_all(self, updates: Sequence[dict[str, Any]]) -> None:
        try:
            for one in updates:
                async with self._gate:
                    await self._answer(one)
                self._answering.pop(_number(one)).set()
        finally:  # also when it is cut off: nobody may wait for it any more
            for one in updates:
                if (answered := self._answering.pop(_number(one), None)) is not None:
                    answered.set()

    async def _answer(self, update: dict[str, Any]) -> None:
        chat = inbox.chat_of(update)
        if not self._db.state.is_silent:
            self._remember(update, await self._show(update))
        if not self.shown(update):
            self._waiting.add(chat)
            await self._tell(update)

    async def _show(self, update: dict[str, Any]) -> Shown:
        try:
            if await self._reading.read(lambda tx: self._has_to_wait(tx, update)):
                return Shown.NO
            await self._desk.handle(UnstoredItem(update))
        except (CrmError, InvalidValue):  # refused when its turn comes, if it still is
            return Shown.NO
        except NotShown as missed:
            return Shown.PERHAPS if missed.unsure else Shown.NO
        except Exception as error:  # it is handled again when it can be stored, and then its own faults count
            if not database_faults.is_refused_write(error) and database_faults.kind_of(error) is None:
                logger.error("an update could not be shown what it asks for", exc_info=error)
            return Shown.NO
        return Shown.YES

    def _has_to_wait(self, tx: Connection, update: dict[str, Any]) -> bool:
        """Whether it is of nobody who works here, or a message behind something that waits: what that says depends on
        what was asked before, while a button says itself what it shows."""
        chat = inbox.chat_of(update)
        work = UnitOfWork(tx, self._clock(), self._company)
        if not employees.find_accounts(work, {chat}):
            return True
        return "callback_query" not in update and (chat in self._waiting or inbox.has_waiting(tx, chat))

    async def _tell(self, update: dict[str, Any]) -> None:
        """A press gets its answer each time; a chat gets one message."""
        said, chat = self._sentence(_translator(update, self._company)), inbox.chat_of(update)
        query = update.get("callback_query")
        try:
            if isinstance(query, dict):
                given = {"callback_query_id": query.get("id"), "text": said[:200], "show_alert": True}
                await self._telegram.call("answerCallbackQuery", given)
            elif isinstance(update.get("message"), dict) and chat > 0 and chat not in self._told:
                self._told[chat] = None
                while len(self._told) > REMEMBERED:
                    self._told.popitem(last=False)
                await self._telegram.call("sendMessage", {"chat_id": chat, "text": said})
        except TelegramAPIError as trouble:
            logger.warning("nobody could be told", reason=type(trouble).__name__)

    def _sentence(self, t: Translator) -> str:
        why = self._db.state.trouble.why if self._db.state.trouble else ""
        if why == FULL:
            return t("На сервере нет места: записать не могу. Сделаю сам, как только оно появится; повторять не нужно.")
        if why == LOCKED:
            return t(
                "База данных занята: записать не могу. Сделаю сам, как только она освободится; повторять не нужно."
            )
        return t("База данных не отвечает. Сделаю сам, как только она вернётся; повторять не нужно.")

    def _remember(self, update: dict[str, Any], shown: Shown) -> None:
        self._answered[_number(update)] = shown
        while len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)


def _translator(update: dict[str, Any], company: Company) -> Translator:
    """In the language of the person's Telegram: what he has chosen in the bot stands in the database."""
    whole = next((one for key, one in update.items() if key != "update_id" and isinstance(one, dict)), {})
    sender = whole.get("from")
    said = str(sender.get("language_code") or "")[:2] if isinstance(sender, dict) else ""
    return translator.translator(said if said in ("ru", "en") else company.locale, company.calendar.zone)


def _number(update: dict[str, Any]) -> int:
    number = update.get("update_id")
    return number if isinstance(number, int) else -1
