"""What the owners are told when an update was put aside, and what is said to whoever sent it."""

from __future__ import annotations

from typing import Any

from aiogram.exceptions import TelegramAPIError

from bot import log
from bot.telegram_client import TelegramClient
from bot.unit_of_work_factory import UnitOfWorkFactory
from bot.updates.inbox import InboxItem
from keyboards import translator
from keyboards.translator import Translator
from models.entities import Employee
from models.notices.deal_notices import Reminder
from services.outbox import notices, schedule
from services.people import employees
from services.unit_of_work import UnitOfWork

RULE = "quarantine"
logger = log.get("bot.updates.quarantine_alerts")


class Alerts:
    """Tells people about trouble, by the same road as every other message."""

    def __init__(self, units: UnitOfWorkFactory, telegram: TelegramClient) -> None:
        self._units, self._telegram = units, telegram

    async def quarantined(self, item: InboxItem, error: BaseException) -> None:
        """An update failed three times: the owners hear of it, and its sender is not left without an answer."""
        sender = await self._units.run(lambda work: self._tell_owners(work, item, type(error).__name__))
        if sender is not None:
            await self._apologise(item.update, self._speak(sender))

    def _tell_owners(self, work: UnitOfWork, item: InboxItem, what: str) -> Employee | None:
        rows = []
        for one in employees.of_role(work, "owner"):
            t = self._speak(one)
            said = t(
                "Сообщение № {number} не удалось обработать ({error}), оно отложено. "
                "Когда причина будет устранена, его можно повторить командой: verstak replay {number}",
                number=item.id,
                error=what,
            )
            cause = f"{RULE}-{item.id}-{work.now.isoformat()}"
            rows.append(notices.to(work, one, Reminder(said), rule=RULE, cause=cause, at=work.now))
        schedule.put(work, rows)
        return employees.find_by_telegram(work, item.chat_id)

    async def _apologise(self, update: dict[str, Any], t: Translator) -> None:
        said = t("Не получилось: ошибка на нашей стороне. Владелец уже знает.")
        query = update.get("callback_query")
        try:
            if isinstance(query, dict):
                given = {"callback_query_id": query.get("id"), "text": said, "show_alert": True}
                await self._telegram.call("answerCallbackQuery", given)
            elif isinstance(message := update.get("message"), dict):
                await self._telegram.call("sendMessage", {"chat_id": message["chat"]["id"], "text": said})
        except (TelegramAPIError, KeyError, TypeError) as trouble:
            logger.warning("nobody could be told", reason=type(trouble).__name__)

    def _speak(self, person: Employee) -> Translator:
        return translator.translator(person.locale, self._units.company.calendar.zone)
