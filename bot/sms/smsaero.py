"""SMS Aero, API v2: POST /v2/sms/send, /v2/sms/status, /v2/sms/list with JSON and a basic login (e-mail, key)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yarl import URL

from bot.sms.gateway import SmsAccepted, SmsRefused, SmsStatus, SmsUnsure
from bot.sms.gateway_calls import Caller

DELIVERED, NOT_DELIVERED, REJECTED = 1, 2, 6  # 0 queue, 3 passed on, 4 no word yet, 8 moderation
WORDS = {NOT_DELIVERED: "не доставлено", REJECTED: "отклонено оператором"}
ACCOUNT = ("no credits", "not enough", "money", "balance", "недостаточно", "sign", "подпис")
CLOCKS = timedelta(minutes=2)  # their clock and ours may differ by so much


@dataclass(frozen=True)
class SmsAero:
    """`sign` is the sender's name, agreed on with SMS Aero."""

    base: str
    call: Caller
    sign: str = "SMS Aero"
    name: str = "SMS Aero"
    repeats: bool = False
    finds: bool = True

    async def send(self, sms_id: str, phone: str, text: str) -> SmsAccepted:
        found = await self._ask("send", {"number": phone.lstrip("+"), "text": text, "sign": self.sign})
        one = next(_messages(found), None)
        if one is None:
            raise SmsUnsure("no message in the answer")
        if one.get("status") == REJECTED:
            raise SmsRefused(WORDS[REJECTED])
        return SmsAccepted(str(one["id"]))

    async def state(self, provider_id: str) -> SmsStatus | None:
        if not provider_id.isdecimal():  # of another gateway, which was in use before
            return None
        one = next(_messages(await self._ask("status", {"id": int(provider_id)})), None)
        if one is None:
            raise SmsUnsure("no message in the answer")
        status = one.get("status")
        if status == DELIVERED:
            return SmsStatus("delivered")
        return SmsStatus("failed", WORDS[status]) if status in WORDS else SmsStatus("waiting")

    async def find(self, sms_id: str, phone: str, text: str, since: datetime) -> SmsAccepted | None:
        """It knows no ids of ours, but lists what went to a number: the same text, not older than our attempt."""
        found = await self._ask("list", {"number": phone.lstrip("+"), "text": text})
        oldest = (since - CLOCKS).timestamp()
        for one in _messages(found):
            if one.get("text") == text and _number(one.get("dateCreate")) >= oldest:
                return SmsAccepted(str(one["id"]))
        return None

    async def _ask(self, verb: str, body: dict[str, Any]) -> Any:
        reply = await self.call.ask("POST", URL(f"{self.base}/v2/sms/{verb}"), body=body)
        found = reply.json()
        if found is None:
            raise SmsUnsure("no JSON in the answer") if reply.status == 200 else self.call.refused(reply)
        if found.get("success") is True:
            return found.get("data")
        if reply.status != 200 and not found.get("message"):
            raise self.call.refused(reply)
        said = self.call.hide(_said(found))
        account = reply.status in (401, 402, 403) or any(word in said.lower() for word in ACCOUNT)
        raise SmsRefused(said, account=account)


def _said(found: dict[str, Any]) -> str:
    """The message, and of a validation error which field was wrong."""
    words = str(found.get("message") or found.get("reason") or found.get("result") or "отказ").rstrip(". ")
    data = found.get("data")
    details = [str(one) for value in data.values() for one in _listed(value)] if isinstance(data, dict) else []
    return f"{words}: {'; '.join(details)}" if details else words


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _messages(data: Any) -> Iterator[dict[str, Any]]:
    """A message alone, a list of them, or an object with them under «0», «1» …"""
    heap = [data] if isinstance(data, dict) and "id" in data else []
    heap = heap or (list(data.values()) if isinstance(data, dict) else data if isinstance(data, list) else [])
    return (one for one in heap if isinstance(one, dict) and one.get("id") is not None)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0
