"""An update that was put aside is a trouble that the owner hears of, and its sender gets an answer."""

from __future__ import annotations

from typing import Any

from aiogram.exceptions import TelegramAPIError
from sqlalchemy import bindparam, select

from bot import log
from bot.telegram_client import TelegramClient
from bot.unit_of_work_factory import UnitOfWorkFactory
from bot.updates import inbox
from bot.updates.inbox import InboxItem
from keyboards import translator
from keyboards.translator import Translator
from models.entities import Employee
from models.tables.updates import FAILED, PENDING, InboxRow
from models.troubles import TroubleKind
from services.operation import troubles
from services.people import employees
from services.unit_of_work import UnitOfWork

KIND = TroubleKind.UPDATE_QUARANTINED
MANY = "many"  # what all further ones are told as, together
MOST_ALONE = 3
UNDONE = select(InboxRow.id).where(
    InboxRow.id.in_(bindparam("ids", expanding=True)), InboxRow.state.in_((PENDING, FAILED))
)
logger = log.get("bot.updates.quarantine_alerts")


class Alerts:
    """Tells people about updates that failed."""

    def __init__(self, units: UnitOfWorkFactory, telegram: TelegramClient) -> None:
        self._units, self._telegram = units, telegram

    async def quarantined(self, item: InboxItem, error: BaseException) -> None:
        """An update failed three times: the owner hears of it, and its sender is not left without an answer."""
        sender = await self._units.run(lambda work: _report(work, item, type(error).__name__))
        if sender is not None:
            await self._apologise(item.update, self._speak(sender))

    async def _apologise(self, update: dict[str, Any], t: Translator) -> None:
        said = t("Не получилось: ошибка на нашей стороне. Владелец уже знает.")
        query = update.get("callback_query")
        try:
            if isinstance(query, dict):
                given = {"callback_query_id": query.get("id"), "text": said, "show_alert": True}
                await self._telegram.call("answerCallbackQuery", given)
            elif isinstance(message := update.get("message"), dict) and message["chat"]["type"] == "private":
                await self._telegram.call("sendMessage", {"chat_id": message["chat"]["id"], "text": said})
        except (TelegramAPIError, KeyError, TypeError) as trouble:
            logger.warning("nobody could be told", reason=type(trouble).__name__)

    def _speak(self, person: Employee) -> Translator:
        return translator.translator(person.locale, self._units.company.calendar.zone)


def settle(work: UnitOfWork) -> int:
    """End the troubles of updates that have been handled since (`verstak replay`); how many ended."""
    lasting = [one.about for one in troubles.open_now(work.tx) if one.kind is KIND]
    if not lasting:
        return 0
    numbers = [int(about) for about in lasting if about.isdecimal()]
    undone = {str(key) for key in work.tx.execute(UNDONE, {"ids": numbers}).scalars()} if numbers else set()
    ended = [about for about in lasting if about.isdecimal() and about not in undone]
    if MANY in lasting and inbox.count_quarantined(work.tx) == 0:
        ended.append(MANY)
    return sum(troubles.end(work, KIND, about) for about in ended)


def _report(work: UnitOfWork, item: InboxItem, what: str) -> Employee | None:
    """Begin a trouble: the first few each by itself, the rest as one. Gives who sent the update, if he works here."""
    alone = sum(one.kind is KIND and one.about != MANY for one in troubles.open_now(work.tx))
    if alone < MOST_ALONE:
        troubles.begin(work, KIND, str(item.id), number=item.id, error=what)
    else:
        troubles.begin(work, KIND, MANY)
    return employees.find_by_telegram(work, item.chat_id)
