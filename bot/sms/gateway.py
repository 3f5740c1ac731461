"""What an SMS gateway is, and the three ways in which sending can fail. They are not the same to a client's phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class SmsAccepted:
    """The gateway has taken the message; `provider_id` is what it calls it, None if it did not say."""

    provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class SmsStatus:
    """What has become of a message; `reason` in the provider's words where it failed."""

    state: Literal["waiting", "delivered", "failed"]
    reason: str = ""


class SmsGateway(Protocol):
    """Somebody who sends SMS. `sms_id` is ours, the same at every attempt; `phone` is E.164.

    `name` can be shown to anybody. `repeats`: the same `sms_id` twice is one message, so a doubt may be tried again.
    `finds`: it can be asked after a doubt whether it has the message.
    """

    @property
    def name(self) -> str: ...
    @property
    def repeats(self) -> bool: ...
    @property
    def finds(self) -> bool: ...

    async def send(self, sms_id: str, phone: str, text: str) -> SmsAccepted:
        """Send. Raises Refused, NotSent, Doubt."""
        ...

    async def state(self, provider_id: str) -> SmsStatus | None:
        """What became of it; None if this gateway does not tell. Raises Refused, NotSent, Doubt."""
        ...

    async def find(self, sms_id: str, phone: str, text: str, since: datetime) -> SmsAccepted | None:
        """The message that was sent not before `since`, None if it has none. Raises Refused, NotSent, Doubt."""
        ...


class SmsError(Exception):
    """The root. The text is fit for a person and holds no secret."""


class SmsRefused(SmsError):
    """It will never go like this. `account`: money, key or sender's name, which the owner has to see to."""

    def __init__(self, reason: str, *, account: bool = False) -> None:
        super().__init__(reason)
        self.account = account


class SmsNotSent(SmsError):
    """Surely not taken (not reached, too many calls, out of order): may be tried again."""


class SmsUnsure(SmsError):
    """It may have been taken: the line broke after the message was on its way."""
