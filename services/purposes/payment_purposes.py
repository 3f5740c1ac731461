"""Forms about payments."""

from __future__ import annotations

from dataclasses import dataclass

from models.ids import DealId, PaymentId, TaskId
from services.form_purposes import Purpose, purpose


@purpose("pay")
@dataclass(frozen=True, slots=True)
class PaymentPurpose(Purpose):
    """Money that has come in."""

    deal: DealId


@purpose("refund")
@dataclass(frozen=True, slots=True)
class RefundPurpose(Purpose):
    """Money that was given back to the client: how much, when, how."""

    deal: DealId


@purpose("refund_why")
@dataclass(frozen=True, slots=True)
class RefundReasonPurpose(Purpose):
    """Why it was given back; `amount` in kopecks, `on` as the ordinal of the day."""

    deal: DealId
    field: str
    amount: int
    on: int
    method: str


@purpose("keep_money")
@dataclass(frozen=True, slots=True)
class KeepMoneyPurpose(Purpose):
    """Why the money of a client whose deal is over stays."""

    deal: DealId
    task: TaskId


@purpose("unpay")
@dataclass(frozen=True, slots=True)
class ReversalPurpose(Purpose):
    """Why a payment is taken back; `why` once it was typed."""

    deal: DealId
    payment: PaymentId
    why: str | None = None
