"""One HTTP call to a gateway, carried out at most once, and what its failure means."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse, ClientTimeout
from yarl import URL

from bot.sms.gateway import SmsNotSent, SmsRefused, SmsUnsure

TIMEOUT = ClientTimeout(total=25, sock_connect=10)  # shorter than a job's deadline
NOT_REACHED = (aiohttp.ClientConnectorError, aiohttp.ClientConnectorCertificateError, aiohttp.ConnectionTimeoutError)
LONGEST_REASON = 150


async def once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """aiohttp repeats a GET whose connection broke; a message to a client would go out twice."""
    try:
        return await handler(request)
    except NOT_REACHED:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise SmsUnsure(type(error).__name__) from None


@dataclass(frozen=True)
class HttpReply:
    """What came back."""

    status: int
    text: str

    def json(self) -> dict[str, Any] | None:
        """The JSON object of the body, None if it is none."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None


@dataclass(frozen=True)
class Caller:
    """Calls one gateway. `secrets` are taken out of every reason that a person might read."""

    http: Callable[[], aiohttp.ClientSession] = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    login: str | None = field(default=None, repr=False)  # the Authorization header

    async def ask(
        self, method: str, url: URL, *, body: Mapping[str, Any] | None = None, form: Mapping[str, str] | None = None
    ) -> HttpReply:
        """Make the call once. NotSent: it was not reached or was too busy to listen; Doubt: no answer came."""
        headers = {"Authorization": self.login} if self.login else {}
        try:
            async with self.http().request(
                method, url, json=body, data=form, headers=headers, timeout=TIMEOUT, allow_redirects=False,
                middlewares=(once,),
            ) as answer:  # fmt: skip
                reply = HttpReply(answer.status, await answer.text(errors="replace"))
        except NOT_REACHED as error:
            raise SmsNotSent(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError) as error:  # their texts name the address, and in it the key
            raise SmsUnsure(type(error).__name__) from None
        if reply.status in (429, 503):
            raise SmsNotSent(f"HTTP {reply.status}")
        if reply.status >= 500:
            raise SmsUnsure(f"HTTP {reply.status}")
        return reply

    def refused(self, reply: HttpReply) -> SmsRefused:
        """A refusal by HTTP status, with what the gateway said of it."""
        found = reply.json() or {}
        said = next((found[key] for key in ("message", "error", "reason", "description") if found.get(key)), "")
        shown = f"{said} (HTTP {reply.status})" if isinstance(said, str) and said else f"HTTP {reply.status}"
        return SmsRefused(self.hide(shown), account=reply.status in (401, 402, 403))

    def hide(self, text: str) -> str:
        """The text without secrets, in one short line."""
        for secret in self.secrets:
            if secret:
                text = text.replace(secret, "…")
        return " ".join(text.split())[:LONGEST_REASON]
