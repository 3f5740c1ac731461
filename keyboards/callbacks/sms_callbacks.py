"""Presses about messages to clients' phones."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import DealId, SmsId


@callback("sms")
@dataclass(frozen=True, slots=True)
class ListSms(CallbackData):
    """Those of a deal."""

    deal: DealId


@callback("sms_again")
@dataclass(frozen=True, slots=True)
class RepeatSms(CallbackData):
    """A failed one goes once more."""

    sms: SmsId


@callback("sms_set")
@dataclass(frozen=True, slots=True)
class OpenSmsSettings(CallbackData):
    """The gateway and every text, page by page."""

    page: int | None = None
