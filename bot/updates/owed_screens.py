"""What a person was to see and has not: shown when it can be, the newest only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence

from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from sqlalchemy import Connection

from bot import log
from bot.telegram_client import TelegramClient
from bot.unit_of_work_factory import UnitOfWorkFactory
from bot.updates import screen_calls
from bot.updates.screen_calls import ScreenCall
from models.entities import Employee
from services import drafts
from services.outbox import owed_screens
from services.outbox.owed_screens import OwedScreen
from services.people import employees

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0  # seconds between two tries
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
        self._showing: dict[int, int] = {}  # chats whose screen is on its way, and what it answers
        self._shown: list[tuple[int, int]] = []
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

    def missed(self, chat_id: int) -> None:
        """It could not be shown now."""
        self._showing.pop(chat_id, None)
        self._rest(chat_id)

    async def tick(self, *, at_once: bool = False) -> int:
        """Forget what was shown; show what can be shown, `at_once` or after a pause. How many were."""
        shown, self._shown = self._shown, []
        if shown:
            await self._units.run(lambda work: owed_screens.shown(work.tx, shown))
        if self._is_away():
            return 0
        waiting = await self._units.run(lambda work: self._waiting(work.tx))
        done = await asyncio.gather(*(self._show(one) for one in waiting if self._may_try(one.chat_id, at_once)))
        return sum(done)

    def _waiting(self, tx: Connection) -> list[OwedScreen]:
        others = set(self._others(tx)) - {self._holder}
        busy = {*self._showing, *(chat for chat, _ in self._shown)}
        return owed_screens.waiting(tx, others, busy)

    def _may_try(self, chat_id: int, at_once: bool) -> bool:
        rests = not at_once and asyncio.get_running_loop().time() < self._pauses.get(chat_id, (0.0, 0.0))[0]
        return not rests and not self._api.limits.parked(chat_id)

    def _rest(self, chat_id: int) -> None:
        pause = min(2 * self._pauses.get(chat_id, (0.0, FIRST_PAUSE / 2))[1], LONGEST_PAUSE)
        self._pauses[chat_id] = (asyncio.get_running_loop().time() + pause, pause)

    async def _show(self, one: OwedScreen) -> bool:
        """Show it; False if Telegram still does not take it."""
        try:
            for data in one.calls:
                await self._carry_out(one, ScreenCall.from_data(dict(data)))
        except TelegramForbiddenError:
            await self._units.run(lambda work: employees.mark_reachable(work, one.chat_id, reachable=False))
        except TelegramBadRequest as error:
            logger.warning("a screen can never be shown", reason=error.message)
        except TelegramAPIError as error:
            logger.info("a screen still cannot be shown", reason=type(error).__name__)
            self._rest(one.chat_id)
            return False
        self._pauses.pop(one.chat_id, None)
        await self._units.run(lambda work: owed_screens.shown(work.tx, [(one.chat_id, one.cause)]))
        return True

    async def _carry_out(self, one: OwedScreen, call: ScreenCall) -> None:
        number, who = await screen_calls.carry_out(self._api, call), one.employee_id
        if call.form and number is not None and who is not None:
            await self._units.run(lambda work: drafts.remember_message(work, number, who))
