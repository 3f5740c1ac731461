"""Presses of «Оплата»."""

from __future__ import annotations

from dataclasses import dataclass

from keyboards.callback_data import CallbackData, callback
from models.ids import DealId, PaymentId


@callback("pay")
@dataclass(frozen=True, slots=True)
class OpenPayments(CallbackData):
    """The deal's payments."""

    deal: DealId


@callback("pay_in")
@dataclass(frozen=True, slots=True)
class EnterPayment(CallbackData):
    """Money has come; without a field it goes under the next in turn."""

    deal: DealId
    field: str | None = None


@callback("pay_out")
@dataclass(frozen=True, slots=True)
class EnterRefund(CallbackData):
    """Money was given back to the client; without a field it is that of the account which has some."""

    deal: DealId
    field: str | None = None


@callback("pay_back")
@dataclass(frozen=True, slots=True)
class ChoosePayment(CallbackData):
    """Which payment is taken back?"""

    deal: DealId


@callback("pay_line")
@dataclass(frozen=True, slots=True)
class AskReversalReason(CallbackData):
    """Why is it taken back?"""

    deal: DealId
    payment: PaymentId


@callback("pay_undo")
@dataclass(frozen=True, slots=True)
class ReversePayment(CallbackData):
    """Take it back."""

    deal: DealId
    payment: PaymentId


@callback("pay_keep")
@dataclass(frozen=True, slots=True)
class KeepPayment(CallbackData):
    """Leave it as it is."""

    deal: DealId
