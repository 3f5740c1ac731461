"""The intake of leads over HTTP (F-L1): `POST /intake/leads`, with reasons for every refusal."""

from __future__ import annotations

import asyncio
import hmac
from collections import deque
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError

from bot.unit_of_work_factory import UnitOfWorkFactory
from models.personal import consent
from models.values.invalid_value import InvalidValue
from services.deals import lead_intake
from services.personal import consents
from services.unit_of_work import UnitOfWork

NAMES = ("name", "phone", "comment", "source", "idempotency_key", "consent")
LONGEST = {"name": 300, "phone": 100, "comment": 5_000, "source": 300, "idempotency_key": 200, "consent": 100}
PER_MINUTE = 60  # requests from one address
MANY = 10_000
PATIENCE = 8.0  # seconds for a lead to be stored; who asks is told to come again


class RequestRefused(Exception):
    """A request that is not accepted; `errors` name fields and reasons."""

    def __init__(self, status: int, field: str | None, reason: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status, self.headers = status, headers
        self.errors: list[dict[str, str | None]] = [{"field": field, "reason": reason}]


class RequestRate:
    """How often one address may ask: `most` times in `per` seconds."""

    def __init__(self, most: int, per: float = 60.0) -> None:
        self._most, self._per = most, per
        self._seen: dict[str, deque[float]] = {}

    def wait(self, who: str) -> float:
        """Seconds until the address may ask again; 0.0 if it may now, which counts."""
        now = asyncio.get_running_loop().time()
        if len(self._seen) > MANY:
            self._seen = {key: times for key, times in self._seen.items() if times[-1] > now - self._per}
        times = self._seen.setdefault(who, deque())
        while times and times[0] <= now - self._per:
            times.popleft()
        if len(times) >= self._most:
            return times[0] + self._per - now
        times.append(now)
        return 0.0


class LeadRequests:
    """Takes leads for whoever knows the token."""

    def __init__(self, units: UnitOfWorkFactory, token: str, *, per_minute: int = PER_MINUTE) -> None:
        self._units, self._token = units, token
        self._pace, self._guesses = RequestRate(per_minute), RequestRate(per_minute)

    def check(self, given: str, who: str) -> None:
        """Raise Refused: 401 for a wrong token, 429 if this address asks too often.

        The token goes first, and wrong ones have a pace of their own: behind a proxy everybody may have one address,
        and an outsider who guesses must not use up the pace of the site that sends leads.
        """
        is_right = same(given, self._token)
        wait = (self._pace if is_right else self._guesses).wait(who)
        if wait:
            raise RequestRefused(429, None, "too many requests", {"Retry-After": str(int(wait) + 1)})
        if not is_right:
            raise RequestRefused(401, None, "wrong or missing bearer token", {"WWW-Authenticate": "Bearer"})

    async def take(self, given: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        """(The lead's number, whether it is new). Raises Refused (400) with what is wrong with which field.

        While the database is away: TimeoutError, or its own errors.
        """
        values = {name: _text(given, name) for name in NAMES}
        if not values["phone"]:
            raise RequestRefused(400, "phone", "is missing")

        def receive(work: UnitOfWork) -> tuple[str, bool]:
            lead, is_new = lead_intake.receive(
                work,
                name=values["name"],
                phone=values["phone"],
                comment=values["comment"],
                source=values["source"],
                idempotency_key=values["idempotency_key"] or None,
            )
            if is_new and consent.is_given(values["consent"]):
                consents.note(work, "intake", deal_id=lead.id)
            return lead.number, is_new

        try:
            async with asyncio.timeout(PATIENCE):
                try:
                    number, is_new = await self._units.run(receive)
                except IntegrityError:
                    # two requests with one key at once: the other one has won, and this one finds its lead
                    number, is_new = await self._units.run(receive)
        except InvalidValue as wrong:
            field = wrong.code.partition(".")[0]
            raise RequestRefused(400, field if field in NAMES else None, _reason(wrong)) from None
        except LookupError as error:
            raise RequestRefused(400, None, str(error)) from None
        return {"number": number}, is_new


def same(given: str, wanted: str) -> bool:
    """Whether a secret is right, in a time that tells nothing; bytes, because a header may hold anything."""
    return bool(wanted) and hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if isinstance(value, int) and (name == "consent" or not isinstance(value, bool)):
        value = str(value)
    if not isinstance(value, str):
        raise RequestRefused(400, name, "must be a text")
    if len(value) > LONGEST[name]:
        raise RequestRefused(400, name, f"must have at most {LONGEST[name]} characters")
    return value


def _reason(wrong: InvalidValue) -> str:
    return f"{wrong} {wrong.example}".strip()
