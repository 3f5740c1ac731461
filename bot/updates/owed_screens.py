"""What a person was to see and has not: shown when it can be, the newest only.

A message of its own that may have been sent already says so, as every repeat does; drawing a message anew repeats
nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence

from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from sqlalchemy import Connection

from bot import log
from bot.background import TaskGroup
from bot.delivery import outgoing_messages
from bot.telegram_client import TelegramClient
from bot.unit_of_work_factory import UnitOfWorkFactory
from bot.updates import screen_calls
from bot.updates.screen_calls import ScreenCall
from keyboards import translator
from models.entities import Employee
from services import drafts
from services.outbox import owed_screens
from services.outbox.owed_screens import OwedScreen
from services.people import employees
from services.unit_of_work import UnitOfWork

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0  # seconds between two tries
EVERY = 0.9  # seconds between two looks: the ticks that the bell rings in between would pay for each
logger = log.get("bot.updates.owed_screens")


class OwedScreens:
    """Keeps what is not shown yet, as the running bot `holder`; `others` are those that run beside it."""

    def __init__(
        self,
        units: UnitOfWorkFactory,
        api: TelegramClient,
        holder: int = 0,
        others: Callable[[Connection], Collection[int]] = lambda _: (),
        is_away: Callable[[], bool] = lambda: False,
    ) -> None:
        self._units, self._api, self._holder, self._others, self._is_away = units, api, holder, others, is_away
        self._tasks = TaskGroup()
        self._showing: dict[int, int] = {}  # chats whose screen is on its way, and what it answers
        self._drawing: dict[int, asyncio.Task[bool]] = {}  # chats in which one of before is on its way
        self._shown: list[tuple[int, int]] = []
        self._forgetting: list[tuple[int, int]] = []
        self._unsure: set[tuple[int, int]] = set()  # what may have been shown: by chat, and what it answers
        self._looked_at = float("-inf")
        self._pauses: dict[int, tuple[float, float]] = {}  # chat → when it may be tried again, after how long a pause

    def owe(
        self, tx: Connection, chat_id: int, cause: int, calls: Sequence[ScreenCall], person: Employee | None
    ) -> None:  # fmt: skip
        """In the transaction of a press: note what is to be seen."""
        if calls:
            key, data = person.id if person is not None else None, [call.to_data() for call in calls]
            owed_screens.owe(tx, chat_id, cause, data, key, self._holder, self._units.clock())
            self._showing[chat_id] = cause

    def seen(self, chat_id: int, cause: int) -> None:
        """It has been shown, or never can be."""
        if self._showing.pop(chat_id, None) is not None:
            self._shown.append((chat_id, cause))
            self._pauses.pop(chat_id, None)

    def missed(self, chat_id: int, cause: int, *, unsure: bool) -> None:
        """It could not be shown now; `unsure`: it may have been."""
        self._showing.pop(chat_id, None)
        if unsure:
            self._unsure.add((chat_id, cause))
        self._rest(chat_id)

    async def overtaken(self, chat_id: int, cause: int, call: ScreenCall) -> None:
        """What the press `cause` was to draw anew and has not drawn could not be shown now."""
        await self.forget_shown()
        await self._units.run(
            lambda work: owed_screens.owe_first(work.tx, chat_id, cause, call.to_data(), self._holder, work.now)
        )
        self._rest(chat_id)

    async def forget_shown(self) -> None:
        """Forget what was shown. What is not forgotten when the process dies is shown again, so an answer that is a
        message of its own is not left for the next tick."""
        shown, self._shown = self._shown, []
        if not shown:
            return
        self._forgetting += shown
        try:
            await self._units.run(lambda work: owed_screens.shown(work.tx, shown))
        except BaseException:
            self._shown += shown
            raise
        finally:
            self._forgetting = [one for one in self._forgetting if one not in shown]

    async def tick(self, *, at_once: bool = False) -> int:
        """Forget what was shown; begin to show what can be shown after a pause, or show it `at_once`. How many then
        were: it is not waited for else, so that a chat that hangs holds up nobody."""
        now = asyncio.get_running_loop().time()
        if not at_once and now - self._looked_at < EVERY:
            return 0
        self._looked_at = now
        await self.forget_shown()
        if self._is_away():
            return 0
        for one in await self._units.run(lambda work: self._waiting(work.tx)):
            if self._may_try(one.chat_id, at_once):
                self._draw(one)
        return sum(await asyncio.gather(*self._drawing.values())) if at_once else 0

    async def close(self) -> None:
        """Cut off what is on its way: the next run shows it again, and says so."""
        await self._tasks.close()

    def _draw(self, one: OwedScreen) -> None:
        task = self._drawing[one.chat_id] = self._tasks.spawn(self._show(one), f"screen for {one.chat_id}")
        task.add_done_callback(lambda _: self._drawing.pop(one.chat_id, None))

    def _waiting(self, tx: Connection) -> list[OwedScreen]:
        others = set(self._others(tx)) - {self._holder}
        busy = {*self._showing, *self._drawing, *(chat for chat, _ in [*self._shown, *self._forgetting])}
        return owed_screens.waiting(tx, others, busy)

    def _may_try(self, chat_id: int, at_once: bool) -> bool:
        rests = not at_once and asyncio.get_running_loop().time() < self._pauses.get(chat_id, (0.0, 0.0))[0]
        return not rests and not self._api.limits.parked(chat_id)

    def _rest(self, chat_id: int) -> None:
        pause = min(2 * self._pauses.get(chat_id, (0.0, FIRST_PAUSE / 2))[1], LONGEST_PAUSE)
        self._pauses[chat_id] = (asyncio.get_running_loop().time() + pause, pause)

    async def _show(self, one: OwedScreen) -> bool:
        """Show it; False if Telegram still does not take it."""
        key = (one.chat_id, one.cause)
        # who was to show it is dead, and may have begun to
        mark = await self._mark(one) if one.holder != self._holder or key in self._unsure else ""
        try:
            for data in one.calls:
                await self._carry_out(one, ScreenCall.from_data(dict(data)), mark)
        except TelegramForbiddenError:
            await self._units.run(lambda work: employees.mark_reachable(work, one.chat_id, reachable=False))
        except TelegramBadRequest as error:
            logger.warning("a screen can never be shown", reason=log.describe(error))
        except TelegramAPIError as error:
            logger.info("a screen still cannot be shown", reason=type(error).__name__)
            if outgoing_messages.verdict(error) == "doubt":
                self._unsure.add(key)
            self._rest(one.chat_id)
            return False
        self._pauses.pop(one.chat_id, None)
        self._unsure.discard(key)
        self._shown.append(key)  # it is known here before it can be written down: that may fail, and be tried again
        await self.forget_shown()
        return True

    async def _mark(self, one: OwedScreen) -> str:
        """What is written below a message that may have been sent before, in its reader's language."""

        def say(work: UnitOfWork) -> str:
            reader = employees.find_by_telegram(work, one.chat_id)
            locale = reader.locale if reader is not None else work.company.locale
            return translator.translator(locale, work.company.calendar.zone)("Возможно, повтор")

        return await self._units.run(say)

    async def _carry_out(self, one: OwedScreen, call: ScreenCall, mark: str) -> None:
        number, who = await screen_calls.carry_out(self._api, screen_calls.marked(call, mark)), one.employee_id
        if call.form and number is not None and who is not None:
            await self._units.run(lambda work: drafts.remember_message(work, number, who))
