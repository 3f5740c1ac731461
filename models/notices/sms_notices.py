"""What the responsible is told of a message to the client (K-21)."""

from __future__ import annotations

from dataclasses import dataclass

from models.notices.notice import Notice, notice


@dataclass(frozen=True, slots=True)
class SmsTold(Notice):
    """About one SMS: to which phone, with which text (empty while it has placeholders), and why not.

    `left`: the gateway had taken it.
    """

    sms: int | None = None
    phone: str = ""
    said: str = ""
    reason: str = ""
    left: bool = False


@notice("sms_none")
@dataclass(frozen=True, slots=True)
class SmsWithoutPhone(SmsTold):
    """There is no phone to send it to."""


@notice("sms_failed")
@dataclass(frozen=True, slots=True)
class SmsFailed(SmsTold):
    """It was not sent, or did not arrive."""


@notice("sms_by_hand")
@dataclass(frozen=True, slots=True)
class SmsByHand(SmsTold):
    """There is no gateway: a person is to send it."""


@notice("sms_doubt")
@dataclass(frozen=True, slots=True)
class SmsUnknown(SmsTold):
    """Nobody knows whether it went out: a person is to call."""


@notice("sms_practice")
@dataclass(frozen=True, slots=True)
class SmsPractised(SmsTold):
    """A learner reads what the client would have got (K-2)."""
