"""sms.ru: POST /sms/send and /sms/status with `json=1`; answers are HTTP 200 with a status code inside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yarl import URL

from bot.sms.gateway import SmsAccepted, SmsNotSent, SmsRefused, SmsStatus, SmsUnsure
from bot.sms.gateway_calls import Caller

TAKEN = 100
BUSY = frozenset({220, 500})  # «temporarily out of order», «repeat the request»
# a wrong key, no money, a sender's name not agreed on, the day's limit, an unconfirmed account
ACCOUNT = frozenset({200, 201, 204, 206, 221, 300, 301, 302})
WAITING = frozenset({100, 101, 102})
DELIVERED = frozenset({103, 110})
NOT_DELIVERED = frozenset({104, 105, 106, 107, 108, 109, 150})
WORDS = {
    201: "не хватает средств на счёте",
    202: "неверный номер телефона или на него нет маршрута",
    204: "имя отправителя не согласовано",
    206: "превышен дневной лимит сообщений",
    207: "на этот номер нет маршрута",
    230: "превышен дневной лимит на этот номер",
    301: "неверный api_id",
}


@dataclass(frozen=True)
class SmsRu:
    """`sender` is a name agreed on with sms.ru; None: the account's own."""

    base: str
    call: Caller
    api_id: str = field(repr=False)
    sender: str | None = None
    test: bool = False
    name: str = "sms.ru"
    repeats: bool = False
    finds: bool = False

    async def send(self, sms_id: str, phone: str, text: str) -> SmsAccepted:
        form = {"to": phone.lstrip("+"), "msg": text}
        form |= {"from": self.sender} if self.sender else {}
        form |= {"test": "1"} if self.test else {}
        one = await self._ask("send", form)
        code = _code(one)
        if code != TAKEN:
            raise self._refusal(one, code)
        return SmsAccepted(str(one["sms_id"]) if one.get("sms_id") else None)

    async def state(self, provider_id: str) -> SmsStatus | None:
        one = await self._ask("status", {"sms_id": provider_id})
        code = _code(one)
        if code in WAITING:
            return SmsStatus("waiting")
        if code in DELIVERED:
            return SmsStatus("delivered")
        if code in NOT_DELIVERED:
            return SmsStatus("failed", self._words(one, code))
        raise self._refusal(one, code)

    async def find(self, sms_id: str, phone: str, text: str, since: datetime) -> SmsAccepted | None:
        return None  # sms.ru cannot be asked for a message whose id was not heard

    async def _ask(self, verb: str, form: dict[str, str]) -> dict[str, Any]:
        """What it says of the one message, or of the whole request where that was refused."""
        reply = await self.call.ask("POST", URL(f"{self.base}/sms/{verb}"), form={
            "api_id": self.api_id, "json": "1", **form,
        })  # fmt: skip
        if reply.status != 200:
            raise self.call.refused(reply)
        whole = reply.json()
        if whole is None or _code(whole) is None:
            raise SmsUnsure("no JSON in the answer")
        found = whole.get("sms")
        if _code(whole) != TAKEN:
            return whole
        one = next(iter(found.values()), None) if isinstance(found, dict) else None
        if not isinstance(one, dict):
            raise SmsUnsure("no message in the answer")
        return one

    def _refusal(self, said: dict[str, Any], code: int | None) -> SmsRefused | SmsNotSent | SmsUnsure:
        if code is None:
            return SmsUnsure("no status in the answer")
        words = self._words(said, code)
        return SmsNotSent(words) if code in BUSY else SmsRefused(words, account=code in ACCOUNT)

    def _words(self, said: dict[str, Any], code: int) -> str:
        words = str(said.get("status_text") or WORDS.get(code) or "отказ").rstrip(". ")
        return self.call.hide(f"{words} (код {code})")


def _code(said: dict[str, Any]) -> int | None:
    try:
        return int(said["status_code"])
    except (KeyError, TypeError, ValueError):
        return None
