"""Any gateway with an HTTP address: `https://host/path?to={phone}&text={text}&id={id}`.

What stands in the address is sent: by GET in the address itself, by POST (`post+https://…`) as a JSON object of the
same names. `{phone}` is 79123456789 (write `%2B{phone}` where a plus is wanted), `{id}` is ours, so that a gateway can
refuse a repeat (409: it has it already). 2xx is success, unless a JSON answer has an `error`, or `ok` or `success` is
false; its `id` is kept. `#state=/path?id={id}` says where to ask what became of a message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from yarl import URL

from bot.sms.gateway import SmsAccepted, SmsRefused, SmsStatus
from bot.sms.gateway_calls import Caller, HttpReply

PLACE = re.compile(r"\{(\w+)\}")
DELIVERED = frozenset({"delivered", "read", "ok"})
FAILED = frozenset({"failed", "undelivered", "undeliverable", "not_delivered", "rejected", "expired", "error"})


@dataclass(frozen=True)
class Generic:
    """`address` and `state_address` are templates without user name and password."""

    name: str
    call: Caller
    post: bool
    address: str = field(repr=False)
    state_address: str | None = field(default=None, repr=False)

    @property
    def repeats(self) -> bool:
        """With our id in the address a gateway can refuse a repeat."""
        return "id" in PLACE.findall(self.address)

    @property
    def finds(self) -> bool:
        return self.state_address is not None and "id" in PLACE.findall(self.state_address)

    async def send(self, sms_id: str, phone: str, text: str) -> SmsAccepted:
        reply = await self._ask(self.address, self.post, {"phone": phone.lstrip("+"), "text": text, "id": sms_id})
        said = reply.json() or {}
        if reply.status == 409 and self.repeats:  # it has our id already: an earlier call got through
            return SmsAccepted(sms_id if self.finds else None)
        if not 200 <= reply.status < 300 or said.get("error") or False in (said.get("ok"), said.get("success")):
            raise self.call.refused(reply)
        if self.finds:
            return SmsAccepted(sms_id)
        found = said.get("id")
        return SmsAccepted(str(found)[:100] if isinstance(found, str | int) and found != "" else None)

    async def state(self, provider_id: str) -> SmsStatus | None:
        if self.state_address is None:
            return None
        reply = await self._ask(self.state_address, False, {"id": provider_id, "provider_id": provider_id})
        if not 200 <= reply.status < 300:
            raise self.call.refused(reply)
        found = reply.json() or {}
        word = str(found.get("state") or found.get("status") or "").strip().lower()
        if word in DELIVERED:
            return SmsStatus("delivered")
        if word in FAILED:
            return SmsStatus("failed", self.call.hide(str(found.get("reason") or found.get("error") or word)))
        return SmsStatus("waiting")

    async def find(self, sms_id: str, phone: str, text: str, since: datetime) -> SmsAccepted | None:
        try:
            return SmsAccepted(sms_id) if await self.state(sms_id) else None
        except SmsRefused:  # 404: it knows no such message
            return None

    async def _ask(self, template: str, post: bool, values: dict[str, str]) -> HttpReply:
        parts = urlsplit(template)
        path = fill(parts.path, {key: quote(value, safe="") for key, value in values.items()})
        pairs = [(key, fill(value, values)) for key, value in parse_qsl(parts.query, keep_blank_values=True)]
        base = URL(f"{parts.scheme}://{parts.netloc}{path or '/'}", encoded=True)
        if post:
            return await self.call.ask("POST", base, body=dict(pairs))
        query = "&".join(f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in pairs)
        return await self.call.ask("GET", URL(f"{base}?{query}" if query else str(base), encoded=True))


def fill(template: str, values: dict[str, str]) -> str:
    """Put the values in, in one pass: braces in a client's text stay what they are."""
    return PLACE.sub(lambda found: values.get(found[1], found[0]), template)


def check(address: str, state: str | None) -> None:
    """ValueError if a template cannot work; its text repeats nothing of the template."""
    parts = urlsplit(address)
    places = set(PLACE.findall(f"{parts.path}?{parts.query}"))
    if not {"phone", "text"} <= places:
        raise ValueError("must have {phone} and {text} in it, like https://host/send?to={phone}&text={text}")
    if places - {"phone", "text", "id"}:
        raise ValueError("knows {phone}, {text} and {id} only")
    if state is not None and not set(PLACE.findall(state)) & {"id", "provider_id"}:
        raise ValueError("#state= must have {id} or {provider_id} in it")


def state_address(base: str, fragment: str) -> str | None:
    """The address to ask for the state, out of the part behind «#»; relative to the gateway's own."""
    if not fragment:
        return None
    if not fragment.startswith("state="):
        raise ValueError("may end in #state=/path?id={id} and nothing else")
    found = urljoin(base, fragment.removeprefix("state="))
    if urlsplit(found).scheme not in ("http", "https") or not urlsplit(found).hostname:
        raise ValueError("#state= must be a path or an address")
    if urlsplit(found).netloc != urlsplit(base).netloc:  # the password must not go to somebody else
        raise ValueError("#state= must be at the same host")
    return found
